import { describe, expect, test } from 'vitest';
import {
  COMPUTE,
  COMPUTE_ERRED,
  IDLE,
  NO_TASK,
  OVERHEAD,
  STEAL,
} from '../../../src/model/actions.js';
import { createRunModel } from '../../../src/model/run.js';
import { formatBytes, formatCount, formatDuration } from '../../../src/views/format.js';
import { describeSummary, figuresOf } from '../../../src/views/figures.js';
import { graphOf, sliceOf } from '../model/graphs.js';

/** @typedef {import('../../../src/model/run.js').RunModel} RunModel */

/**
 * @param {RunModel} model
 * @param {import('../../../src/views/figures.js').Beside} [beside]
 */
const values = (model, beside) =>
  Object.fromEntries(figuresOf(model, beside).map((f) => [f.name, f.value]));

/**
 * A model on a machine with cores.
 *
 * @param {Parameters<typeof createRunModel>[0]} graph
 * @param {number} workers
 * @param {number | null} [cores]
 */
function modelOf(graph, workers, cores = 8) {
  const model = createRunModel(graph, workers);
  model.cores = cores;
  return model;
}

/** @param {number[]} stops of tasks 0, 1 ... on one worker */
const computed = (stops, first = 0) =>
  sliceOf(stops.map((stopMs, i) => ({ task: first + i, action: COMPUTE, stopMs })));

describe('the summary', () => {
  test('has no figures before the run but the number of tasks', () => {
    const model = modelOf(graphOf([[], []]), 2);
    expect(values(model)).toMatchObject({ tasks: '0 / 2', elapsed: '–', work: '–' });
  });

  test('follows the run', () => {
    const model = modelOf(graphOf([[], [], []]), 2);
    model.append(0, computed([10]));
    model.nowMs = 20;
    expect(values(model)).toMatchObject({
      tasks: '1 / 3',
      elapsed: '20.0 ms',
      work: '10.0 ms',
      utilisation: '25 %',
    });
  });

  test('counts the time of a node from when it joined until it left', () => {
    const model = modelOf(graphOf([[], []]), 2);
    model.append(0, computed([50]));
    const idle = { task: NO_TASK, action: IDLE, stopMs: 60 };
    model.append(1, sliceOf([idle, { task: 1, action: COMPUTE, stopMs: 90 }]));
    model.setLanes([
      { lane: { id: 0, label: '0', node: 'node 0', joinedMs: 0, leftMs: 60 } },
      { lane: { id: 1, label: '1', node: 'node 1', joinedMs: 60, leftMs: null } },
    ]);
    model.nowMs = 100;
    expect(values(model)).toMatchObject({ utilisation: '89 %' });
  });

  test('says work and utilisation of a finished run, and no speed-up that was not measured', () => {
    const model = modelOf(graphOf([[], [], [], []]), 2);
    model.append(0, computed([50, 90]));
    model.append(1, computed([40, 90], 2));
    model.finish({ tasks: 4, makespanMs: 100, workMs: 180, utilisation: 0.9, workers: 2 });
    expect(values(model)).toEqual({
      tasks: '4',
      makespan: '100 ms',
      work: '180 ms',
      utilisation: '90 %',
    });
    expect(describeSummary(model)).toContain('makespan 100 ms, work 180 ms');
  });

  test('counts what lies between tasks as overhead, not as work', () => {
    const model = modelOf(graphOf([[], []]), 1);
    model.append(
      0,
      sliceOf([
        { task: 0, action: OVERHEAD, stopMs: 30 },
        { task: 0, action: COMPUTE, stopMs: 40 },
        { task: 1, action: OVERHEAD, stopMs: 70 },
        { task: 1, action: COMPUTE, stopMs: 80 },
      ]),
    );
    model.finish({ tasks: 2, makespanMs: 80, workMs: 20, utilisation: 0.25, workers: 1 });
    expect(values(model)).toMatchObject({
      tasks: '2',
      work: '20.0 ms',
      overhead: '60.0 ms, 75 %',
      utilisation: '25 %',
    });
  });

  test('shows a speed-up against a measured run with one worker only', () => {
    const model = modelOf(graphOf([[]]), 4);
    const figures = { tasks: 1, workMs: 380, utilisation: 0.95, workers: 4 };
    expect(values(model, { oneWorkerMs: 300 })).not.toHaveProperty('speed-up');
    model.finish({ ...figures, makespanMs: 100 });
    expect(values(model, { oneWorkerMs: 300 })).toMatchObject({
      'speed-up': '3.00 ×',
      'one worker': '300 ms',
    });
    const offered = figuresOf(model, { oneWorkerMs: null }).find(({ missing }) => missing);
    expect(offered).toMatchObject({ name: 'speed-up', value: 'Measure' });
    // Of a recording nothing can be measured.
    expect(values(model, {})).not.toHaveProperty('speed-up');
  });

  test('calls nothing work or utilisation where workers share cores', () => {
    const figures = { tasks: 1, makespanMs: 100, workMs: 784, utilisation: 0.98, workers: 8 };
    const model = modelOf(graphOf([[]]), 8, 2);
    model.finish(figures);
    expect(values(model)).toEqual({
      tasks: '1',
      makespan: '100 ms',
      'workers busy': '98 %',
    });
    const help = figuresOf(model).find(({ name }) => name === 'workers busy')?.help;
    expect(help).toContain('not processor time: 8 workers share 2 cores');
    const recorded = modelOf(graphOf([[]]), 8, null);
    recorded.finish(figures);
    expect(values(recorded)).toEqual(values(model));
    const alone = modelOf(graphOf([[]]), 8, 8);
    alone.finish(figures);
    expect(values(alone)).toMatchObject({ work: '784 ms', utilisation: '98 %' });
  });

  test("says peak memory, steals and retries where there are some, and each worker's share", () => {
    const model = modelOf(graphOf([[], []]), 2);
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
    expect(share?.help).toContain('By worker: 50 %, 25 %.');
  });

  test('takes the peak from the trace where the run does not say it', () => {
    const model = modelOf(graphOf([[]]), 1);
    model.append(0, computed([50]));
    model.finish(null, Float64Array.of(2048));
    expect(values(model)['peak memory']).toBe('2.00 KiB');
  });

  test('leaves out what a run without a trace cannot know', () => {
    const model = modelOf(graphOf([[], []]), 2);
    model.finish({ tasks: 2, makespanMs: 3, workMs: null, utilisation: null, workers: 2 });
    expect(values(model)).toMatchObject({ tasks: '2', makespan: '3.00 ms', work: '–' });
  });

  test('counts the erred tasks of a run that failed', () => {
    const model = modelOf(graphOf([[], [0], []]), 1);
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
