import { describe, expect, test } from 'vitest';
import {
  BLOCKED,
  CANCEL,
  COMPUTE,
  COMPUTE_ERRED,
  DROP_REQUEST,
  HOLD,
  IDLE,
  NO_TASK,
  SUBMIT,
} from '../../../src/model/actions.js';
import { createRunModel } from '../../../src/model/run.js';
import { CANCELLED, ERRED, FINISHED } from '../../../src/model/states.js';
import { FutureTimes, hasFutures } from '../../../src/views/future-times.js';
import { futures } from '../../../src/views/futures.js';
import { hasThreads } from '../../../src/views/thread-sections.js';
import { graphOf, sliceOf } from '../model/graphs.js';
import { frameOf } from './frames.js';
import { recordingContext } from './recording.js';

/** @typedef {[action: number, stopMs: number, task?: number][]} Slices */

/**
 * Four futures: one returns, one raises, one is cancelled, and one waits in between.
 *
 * @type {{ label: string, slices: Slices }[]}
 */
const lanes = [
  {
    label: 'main',
    slices: [
      [HOLD, 1],
      [SUBMIT, 1, 0],
      [SUBMIT, 1, 1],
      [HOLD, 2],
      [SUBMIT, 2, 2],
      [SUBMIT, 2, 3],
      [BLOCKED, 6],
      [CANCEL, 6, 2],
      [BLOCKED, 30],
    ],
  },
  {
    label: 'thread 0',
    slices: [
      [IDLE, 2],
      [HOLD, 10, 0],
      [COMPUTE, 10, 0],
      [HOLD, 20, 1],
      [DROP_REQUEST, 20, 1],
      [COMPUTE_ERRED, 20, 1],
      [HOLD, 22, 3],
      [BLOCKED, 28, 3],
      [COMPUTE, 30, 3],
    ],
  },
];

function runOf(given = lanes) {
  const model = createRunModel(graphOf([[], [], [], []], { prefixes: ['download'] }));
  const workers = given.map(({ label, slices }, id) => ({
    lane: { id, label, node: 'threads', joinedMs: 0, leftMs: null },
    ...sliceOf(slices.map(([action, stopMs, task = NO_TASK]) => ({ task, action, stopMs }))),
  }));
  const outcome = { tasks: 4, makespanMs: 30, workMs: null, utilisation: null, workers: 2 };
  model.load(workers, { outcome, bytes: null, scratch: null, dropped: 0 });
  model.seek(Infinity);
  return model;
}

describe('the times of futures', () => {
  test('follow from the marks and the first slice of each', () => {
    const times = new FutureTimes(runOf());
    times.catchUp();
    expect([...times.submitMs]).toEqual([1, 1, 2, 2]);
    expect([...times.startMs]).toEqual([2, 10, NaN, 20]);
    expect([...times.stopMs]).toEqual([10, 20, 6, 30]);
    expect([...times.worker]).toEqual([1, 1, -1, 1]);
  });

  test('say what each is at any time', () => {
    const times = new FutureTimes(runOf());
    times.catchUp();
    const at = (/** @type {number} */ ms) => [0, 1, 2, 3].map((task) => times.stateAt(task, ms));
    expect(at(0)).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
    expect(at(1.5)).toEqual(['pending', 'pending', 'waiting', 'waiting']);
    expect(at(6)).toEqual(['running', 'pending', 'cancelled', 'pending']);
    expect(at(30)).toEqual(['finished', 'erred', 'cancelled', 'finished']);
    expect(times.countAt(25)).toMatchObject({ finished: 1, erred: 1, cancelled: 1, running: 1 });
  });

  test('are forgotten when the model is reset', () => {
    const model = runOf();
    const times = new FutureTimes(model);
    times.catchUp();
    model.reset();
    times.catchUp();
    expect(times.countAt(30)).toMatchObject({ waiting: 4, finished: 0 });
  });
});

test('a cancelled future is a cancelled task, forwards and backwards', () => {
  const model = runOf();
  expect([...model.state]).toEqual([FINISHED, ERRED, CANCELLED, FINISHED]);
  model.seek(7);
  expect(model.totals[CANCELLED]).toBe(1);
  model.seek(5);
  expect(model.totals[CANCELLED]).toBe(0);
  model.seek(Infinity);
  expect(model.totals[CANCELLED]).toBe(1);
});

test('a run whose first lane is a main thread has futures, and threads', () => {
  expect([hasFutures(runOf()), hasThreads(runOf())]).toEqual([true, true]);
  const others = lanes.map(({ slices }, i) => ({ label: `thread ${i}`, slices }));
  expect(hasFutures(runOf(others))).toBe(false);
});

describe('the view', () => {
  test('draws a bar from start to end, and counts the states', () => {
    const model = runOf();
    const frame = frameOf(futures, model);
    const { context, calls, texts } = recordingContext();
    futures.draw(context, frame);
    const bars = calls.filter(
      ({ name, fill }) => name === 'fillRect' && fill === frame.theme.state[2],
    );
    expect(bars).toHaveLength(2);
    expect(texts()).toEqual(
      expect.arrayContaining(['0 pending', '0 running', '2 finished', '1 erred', '1 cancelled']),
    );
  });

  test('says what is at a point, and the keys reach every future', () => {
    const model = runOf();
    const frame = frameOf(futures, model);
    const show = () => {};
    const first = futures.step?.('first', null, frame, show) ?? null;
    const last = futures.step?.('last', first, frame, show) ?? null;
    expect([first?.task, last?.task]).toEqual([0, 3]);
    const point = futures.place?.(/** @type {any} */ (last), frame) ?? { x: 0, y: 0 };
    expect(futures.hit?.(point, frame)?.task).toBe(3);
    expect(futures.words(frame, last)).toEqual([
      expect.any(String),
      'submitted at 2.00 ms',
      'started at 20.0 ms on thread 0',
      'finished at 30.0 ms',
    ]);
    expect(futures.words(frame, null)[0]).toContain('2 finished, 1 erred, 1 cancelled');
  });
});
