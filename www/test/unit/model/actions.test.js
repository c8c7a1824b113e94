import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as actions from '../../../src/model/actions.js';
import { createRunModel } from '../../../src/model/run.js';
import { graphOf, sliceOf } from './graphs.js';

const { ACTIONS, actionNames, HOLD, isOfThread, knownAction, NO_CORE, OTHER } = actions;

describe('action codes', () => {
  test('are those of the engine', () => {
    const path = new URL('../../../../src/trace/action.rs', import.meta.url);
    const [list] = /pub enum Action \{[^}]*\}/.exec(readFileSync(path, 'utf8')) ?? [''];
    const engine = [...list.matchAll(/(\w+) = (\d+),/g)];
    expect(engine.length).toBeGreaterThan(15);
    for (const [, name, code] of engine) {
      const here =
        name === 'Erred' ? 'COMPUTE_ERRED' : name.replace(/\B[A-Z]/g, '_$&').toUpperCase();
      expect([here, /** @type {Record<string, unknown>} */ (actions)[here]]).toEqual([here, +code]);
    }
    // The engine must not use the code that the page uses for unknown actions.
    expect(engine.map(([, , code]) => +code)).not.toContain(OTHER);
  });

  test('have a word each, and unknown ones have one together', () => {
    expect(actionNames).toHaveLength(ACTIONS);
    expect(new Set(actionNames).size).toBe(ACTIONS);
    expect([0, OTHER, HOLD, NO_CORE, ACTIONS, 255].map(knownAction)).toEqual([
      0,
      OTHER,
      HOLD,
      NO_CORE,
      OTHER,
      OTHER,
    ]);
    expect([0, OTHER, HOLD, NO_CORE].map(isOfThread)).toEqual([false, false, true, true]);
  });

  test('of threads that run count as busy, those that wait do not', () => {
    const model = createRunModel(graphOf([[]]), 1);
    const { LOCK_WAIT, NATIVE, LOCK_FREE, BLOCKED } = actions;
    const events = [HOLD, LOCK_WAIT, NATIVE, BLOCKED, LOCK_FREE, NO_CORE];
    const stops = [1, 3, 7, 15, 31, 63];
    model.append(0, sliceOf(events.map((action, i) => ({ task: 0, action, stopMs: stops[i] }))));
    expect(model.workers[0].busyMs).toBe(1 + 4 + 16);
  });
});
