import { describe, expect, test } from 'vitest';
import { createRunModel } from '../../../src/model/run.js';
import { contrast } from '../../../src/views/colours.js';
import { hasSweep, sweep } from '../../../src/views/sweep.js';
import { forcedTheme, themes } from '../../../src/views/theme.js';
import { graphOf } from '../model/graphs.js';
import { frameOf } from './frames.js';
import { recordingContext } from './recording.js';
import { sweepTable } from './sweeps.js';

/** @param {(number | null)[][] | null} times null before the end */
function runOf(times) {
  const model = createRunModel(
    graphOf([[], []], { prefixes: ['start', 'sweep'], prefixOf: [0, 1] }),
  );
  model.setLanes([{ lane: { id: 0, label: 'main', node: null, joinedMs: 0, leftMs: null } }]);
  if (!times) return model;
  const value = sweepTable(times);
  const outcome = { tasks: 2, makespanMs: 30, workMs: null, utilisation: null, workers: 2, value };
  model.load([], { outcome, bytes: null, scratch: null, dropped: 0 });
  model.seek(Infinity);
  return model;
}

const times = [
  [0.5, 0.02],
  [1.83, null],
];

/** @param {Partial<import('../../../src/views/view.js').Frame>} [more] */
function drawn(more, model = runOf(times)) {
  const frame = frameOf(sweep, model, more);
  const painted = recordingContext();
  sweep.draw(painted.context, frame);
  return { frame, ...painted };
}

test('a run is a sweep if it has calls of one', () => {
  expect(hasSweep(runOf(null))).toBe(true);
  expect(hasSweep(createRunModel(graphOf([[]], { prefixes: ['primes'] })))).toBe(false);
  // A task graph may have any keys.
  expect(hasSweep(createRunModel(graphOf([[]], { prefixes: ['sweep'] })))).toBe(false);
});

describe('the view', () => {
  test('says how far the run is, and draws the result when it is there', () => {
    const { frame, texts } = drawn({}, runOf(null));
    expect(texts()).toEqual(['0 of 2 calls measured']);
    expect(sweep.words(frame, null)).toEqual(['0 of 2 calls measured']);
    expect(sweep.hit?.({ x: 300, y: 50 }, frame)).toBeNull();
  });

  test('has a figure in each cell that was measured, axes with units, and a legend', () => {
    const { texts } = drawn();
    expect(texts()).toEqual([
      '0.50×',
      '0.02×',
      '1.8×',
      '0.1 ms',
      '1 ms',
      '4 KiB',
      '64 KiB',
      'work of a call',
      'data sent with each call',
      'break-even',
      'faster',
      'slower',
    ]);
  });

  test('draws the break-even line from below the slow cell to above the fast one', () => {
    const { calls, frame } = drawn();
    const { theme } = frame;
    const bold = calls.filter(({ name, stroke }) => name === 'stroke' && stroke === theme.text);
    // The line, and its mark in the legend.
    expect(bold).toHaveLength(2);
    const place = (/** @type {number} */ row) =>
      sweep.place?.(/** @type {any} */ ({ task: -1, timeMs: null, row, column: 0 }), frame);
    const [slow, fast] = [place(0)?.y ?? NaN, place(1)?.y ?? NaN];
    const ys = calls.filter(({ name }) => name === 'moveTo').map(({ args }) => args[1]);
    expect(ys[0]).toBeLessThan(slow);
    expect(ys[0]).toBeGreaterThan(fast);
  });

  test('needs no colours: in those of the reader the faster figures are bold', () => {
    const theme = forcedTheme((name) => (name === 'Canvas' ? '#000000' : '#ffffff'));
    const { calls, texts } = drawn({ theme });
    const fills = calls.filter(({ name }) => name === 'fillRect').map(({ fill }) => fill);
    expect(new Set(fills)).toEqual(new Set(['#000000']));
    expect(texts()).not.toContain('faster');
    expect(texts()).toContain('break-even');
  });

  test('is legible in the light and in the dark: figures contrast with their cells', () => {
    const all = [[0.01, 0.05, 0.1, 0.2, 0.4, 0.7, 0.9, 1, 1.1, 1.3, 1.5, 1.7, 1.9, 3]];
    for (const theme of [themes.light, themes.dark]) {
      const { calls } = drawn({ theme }, runOf(all));
      const figures = calls.flatMap(({ name, args, fill }, i) =>
        name === 'fillText' && String(args[0]).endsWith('×') ? [[fill, calls[i - 1].fill]] : [],
      );
      expect(figures).toHaveLength(all[0].length);
      for (const [text, ground] of figures) expect(contrast(text, ground)).toBeGreaterThan(4.5);
    }
  });

  test('says what is at a point, and keys reach every cell', () => {
    const { frame } = drawn();
    const show = () => {};
    const first = sweep.step?.('first', null, frame, show) ?? null;
    expect(first).toMatchObject({ row: 1, column: 0 });
    const down = sweep.step?.('down', first, frame, show) ?? null;
    const right = sweep.step?.('right', down, frame, show) ?? null;
    expect(right).toMatchObject({ row: 0, column: 1 });
    expect(sweep.step?.('last', first, frame, show)).toEqual(right);
    for (const at of [first, down, right]) {
      const point = sweep.place?.(/** @type {any} */ (at), frame) ?? { x: 0, y: 0 };
      expect(sweep.hit?.(point, frame)).toEqual(at);
    }
    expect(sweep.words(frame, first)).toEqual([
      '1 ms of work, 4 KiB sent',
      'processes are 1.8 times as fast',
      'with 4 KiB per call, processes are faster from 0.34 ms on',
    ]);
    expect(sweep.words(frame, right)[1]).toBe('processes are 0.02 times as fast');
    const all = sweep.words(frame, null)[0];
    expect(all).toContain('0.02 to 1.8 times as fast');
    expect(all).toContain('with 64 KiB per call, processes are never faster up to 1 ms');
  });
});
