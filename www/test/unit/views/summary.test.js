import { describe, expect, test } from 'vitest';
import { COMPUTE, COMPUTE_ERRED, STEAL } from '../../../src/model/actions.js';
import { createRunModel } from '../../../src/model/run.js';
import { formatBytes, formatCount, formatDuration } from '../../../src/views/format.js';
import { describeSummary, figuresOf } from '../../../src/views/summary.js';
import { graphOf, sliceOf } from '../model/graphs.js';

/** @param {import('../../../src/model/run.js').RunModel} model */
const values = (model) => Object.fromEntries(figuresOf(model, 8).map((f) => [f.name, f.value]));

/** @param {number[]} stops of tasks 0, 1 ... on one worker */
const computed = (stops, first = 0) =>
  sliceOf(stops.map((stopMs, i) => ({ task: first + i, action: COMPUTE, stopMs })));

describe('the summary', () => {
  test('has no figures before the run but the number of tasks', () => {
    const model = createRunModel(graphOf([[], []]), 2);
    expect(values(model)).toMatchObject({ tasks: '0 / 2', elapsed: '–', work: '–' });
  });

  test('follows the run', () => {
    const model = createRunModel(graphOf([[], [], []]), 2);
    model.append(0, computed([10]));
    model.nowMs = 20;
    expect(values(model)).toMatchObject({
      tasks: '1 / 3',
      elapsed: '20.0 ms',
      work: '10.0 ms',
      utilisation: '25 %',
      'speed-up': '0.50 ×',
    });
  });

  test('says work, utilisation and speed-up of a finished run', () => {
    const model = createRunModel(graphOf([[], [], [], []]), 2);
    model.append(0, computed([50, 90]));
    model.append(1, computed([40, 90], 2));
    model.finish({ tasks: 4, makespanMs: 100, workMs: 180, utilisation: 0.9, workers: 2 });
    expect(values(model)).toEqual({
      tasks: '4',
      makespan: '100 ms',
      work: '180 ms',
      utilisation: '90 %',
      'speed-up': '1.80 ×',
    });
    expect(describeSummary(model)).toContain('makespan 100 ms, work 180 ms');
  });

  test('calls a speed-up a bound when workers share processors', () => {
    const model = createRunModel(graphOf([[]]), 4);
    model.finish({ tasks: 1, makespanMs: 100, workMs: 380, utilisation: 0.95, workers: 4 });
    const shown = (/** @type {number} */ processors) =>
      figuresOf(model, processors).find(({ name }) => name === 'speed-up')?.value;
    expect([shown(2), shown(4)]).toEqual(['≤ 3.80 ×', '3.80 ×']);
  });

  test("says peak memory, steals and retries where there are some, and each worker's share", () => {
    const model = createRunModel(graphOf([[], []]), 2);
    model.append(0, computed([50]));
    model.append(
      1,
      sliceOf([
        { task: 1, action: STEAL, stopMs: 0 },
        { task: 1, action: COMPUTE, stopMs: 25 },
      ]),
    );
    const figures = { tasks: 2, makespanMs: 100, workMs: 75, utilisation: 0.375, workers: 2 };
    expect(Object.keys(values(model))).not.toContain('steals');
    model.finish({ ...figures, peakBytes: 3 * 2 ** 20, retries: 4, steals: 1 });
    expect(values(model)).toMatchObject({ 'peak memory': '3.00 MiB', steals: '1', retries: '4' });
    const share = figuresOf(model).find(({ name }) => name === 'utilisation');
    expect(share?.help).toContain('One by one: 50 %, 25 %.');
  });

  test('takes the peak from the trace where the run does not say it', () => {
    const model = createRunModel(graphOf([[]]), 1);
    model.append(0, computed([50]));
    model.finish(null, Float64Array.of(2048));
    expect(values(model)['peak memory']).toBe('2.00 KiB');
  });

  test('leaves out what a run without a trace cannot know', () => {
    const model = createRunModel(graphOf([[], []]), 2);
    model.finish({ tasks: 2, makespanMs: 3, workMs: null, utilisation: null, workers: 2 });
    expect(values(model)).toMatchObject({ tasks: '2', makespan: '3.00 ms', work: '–' });
  });

  test('counts the erred tasks of a run that failed', () => {
    const model = createRunModel(graphOf([[], [0], []]), 1);
    model.append(0, sliceOf([{ task: 0, action: COMPUTE_ERRED, stopMs: 1 }]));
    model.finish(null);
    expect(values(model).tasks).toBe('0 / 3, 2 erred');
  });
});

describe('durations', () => {
  test.each([
    [0, '0 ms'],
    [1234, '1.23 s'],
    [12_345, '12.3 s'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [35.12, '35.1 ms'],
    [0.9996, '1.00 ms'],
    [0.0186, '18.6 µs'],
    [0.00031, '310 ns'],
    [0.0000004, '0.40 ns'],
    [1e-12, '0 ms'],
  ])('%d ms read as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

test('counts are grouped by thin spaces', () => {
  expect(formatCount(1048576)).toBe('1\u202f048\u202f576');
  expect(formatCount(999)).toBe('999');
});

test('sizes are written with three digits', () => {
  expect(
    [0, 310, 1023.9, 1024, 1.5 * 2 ** 20, 35.1 * 2 ** 20, 1.24 * 2 ** 30].map(formatBytes),
  ).toEqual(['0 B', '310 B', '1.00 KiB', '1.00 KiB', '1.50 MiB', '35.1 MiB', '1.24 GiB']);
});
