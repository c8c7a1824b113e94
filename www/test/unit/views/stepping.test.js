/* What the arrow keys reach in each view. */
import { describe, expect, test } from 'vitest';
import { COMPUTE, IDLE } from '../../../src/model/actions.js';
import { createRunModel } from '../../../src/model/run.js';
import { arrange } from '../../../src/views/graph-arrangement.js';
import { sitesOf } from '../../../src/views/graph-sites.js';
import { nextTask } from '../../../src/views/graph-steps.js';
import { progress } from '../../../src/views/progress.js';
import { taskStream } from '../../../src/views/task-stream.js';
import { graphOf, sliceOf } from '../model/graphs.js';
import { frameOf } from './frames.js';

const NO_TASK = 0xffffffff;

/** @typedef {import('../../../src/views/view.js').Step} Step */

describe('in a graph', () => {
  // Four tasks, summed in pairs, then all: three layers from top to bottom.
  const graph = graphOf([[], [], [], [], [0, 1], [2, 3], [4, 5]]);
  const sites = sitesOf(graph);
  const arrangement = arrange(sites, { left: 0, top: 0, width: 400, height: 300 }, false);
  const scene = /** @type {any} */ ({ sites, arrangement });

  test('an arrow goes to the nearest task in its direction', () => {
    expect(nextTask(scene, 'right', 0)).toBe(1);
    expect(nextTask(scene, 'left', 1)).toBe(0);
    expect(nextTask(scene, 'down', 0)).toBe(4);
    expect(nextTask(scene, 'down', 5)).toBe(6);
    expect(nextTask(scene, 'up', 6)).toBe(4);
  });

  test('it stops at the border, and begins at the first task', () => {
    expect(nextTask(scene, 'left', 0)).toBe(-1);
    expect(nextTask(scene, 'down', 6)).toBe(-1);
    expect(nextTask(scene, 'right', -1)).toBe(0);
    expect(nextTask(scene, 'last', 0)).toBe(6);
  });
});

describe('in the task stream', () => {
  /** Two workers, and values that take memory. */
  const frame = () => {
    const model = createRunModel(graphOf([[], [], []]), 2);
    model.append(
      0,
      sliceOf([
        { task: 0, action: COMPUTE, stopMs: 10 },
        { task: NO_TASK, action: IDLE, stopMs: 30 },
        { task: 1, action: COMPUTE, stopMs: 40 },
      ]),
    );
    model.append(1, sliceOf([{ task: 2, action: COMPUTE, stopMs: 40 }]));
    const outcome = { tasks: 3, makespanMs: 40, workMs: 60, utilisation: 0.75, workers: 2 };
    model.finish(outcome, Float64Array.of(100, 200, 300));
    return frameOf(taskStream, model);
  };
  const show = () => {};
  /** @param {Step[]} steps @param {any} [on] */
  const walk = (steps, on = frame()) =>
    steps.reduce(
      (from, step) => taskStream.step?.(step, from, on, show) ?? from,
      /** @type {any} */ (null),
    );

  test('left and right go from event to event, up and down from worker to worker', () => {
    expect(walk(['right'])).toMatchObject({ row: 0, task: 0 });
    expect(walk(['right', 'right'])).toMatchObject({ row: 0, task: -1, action: 'idle' });
    expect(walk(['right', 'right', 'right'])).toMatchObject({ row: 0, task: 1, timeMs: 35 });
    expect(walk(['right', 'right', 'right', 'right'])).toMatchObject({ task: 1 });
    expect(walk(['right', 'right', 'right', 'down'])).toMatchObject({ row: 1, task: 2 });
    expect(walk(['last', 'left', 'left', 'left'])).toMatchObject({ row: 0, task: 0 });
  });

  test('below the last worker a cursor moves over the memory band, and says what is held', () => {
    const on = frame();
    const at = walk(['right', 'down', 'down', 'right', 'right'], on);
    expect(at).toMatchObject({ row: 2, task: -1 });
    expect(at.timeMs).toBeGreaterThan(0);
    expect(taskStream.words(on, at)[0]).toMatch(/ at \d/);
    const before = walk(['right', 'down', 'down', 'right', 'right', 'left'], on);
    expect(before.timeMs).toBeLessThan(at.timeMs);
    expect(walk(['right', 'down', 'down', 'down'], on).row).toBe(2);
    const end = walk(['down', 'down', 'last', 'right'], on);
    expect(taskStream.words(on, end)[0]).toMatch(/600 B .* 40\.0 ms/);
  });

  test('the shown part of the run follows', () => {
    const on = frame();
    on.window = { startMs: 0, endMs: 8 };
    /** @type {any} */
    let shown = null;
    const first = taskStream.step?.('right', null, on, show) ?? null;
    taskStream.step?.('last', first, on, (/** @type {any} */ window) => (shown = window));
    expect(shown.endMs).toBeCloseTo(40);
    expect(shown.startMs).toBeCloseTo(32);
  });

  test('what is pointed at is found again where it is', () => {
    const on = frame();
    const at = walk(['right', 'right', 'right'], on);
    const point = taskStream.place?.(at, on);
    expect(taskStream.hit?.(point ?? { x: 0, y: 0 }, on)).toMatchObject({ row: 0, task: 1 });
  });
});

test('in the progress, the rows are scrolled into sight', () => {
  const prefixes = Array.from({ length: 60 }, (_, i) => `p${i}`);
  const graph = graphOf(
    prefixes.map(() => []),
    { prefixes, prefixOf: [...prefixes.keys()] },
  );
  const frame = frameOf(progress, createRunModel(graph, 1), {
    viewport: { width: 300, height: 100, ratio: 1, textSize: 14 },
  });
  const first = progress.step?.('down', null, frame, () => {}) ?? null;
  expect(first).toMatchObject({ row: 0 });
  const last = progress.step?.('last', first, frame, () => {});
  if (!last) throw new Error('there is a last row');
  expect(last).toMatchObject({ row: 59 });
  const { y } = progress.place?.(last, frame) ?? { y: -1 };
  expect(y).toBeGreaterThan(0);
  expect(y).toBeLessThan(100);
  expect(progress.words(frame, last)).toEqual([
    'p59',
    '0 released, 0 in memory',
    '0 running, 1 ready, 0 waiting',
  ]);
});
