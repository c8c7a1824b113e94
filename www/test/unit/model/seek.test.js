import { describe, expect, test } from 'vitest';
import {
  ACTIONS,
  COMPUTE,
  COMPUTE_ERRED,
  IDLE,
  LOST,
  NO_TASK,
  RETRY,
  runsTask,
} from '../../../src/model/actions.js';
import { NO_WORKER } from '../../../src/model/history.js';
import { createRunModel } from '../../../src/model/run.js';
import { CANCELLED, ERRED, FINISHED, READY, RELEASED, WAITING } from '../../../src/model/states.js';
import { graphOf, randomGraph, seeded, sliceOf } from './graphs.js';
import { randomRecording } from './recordings.js';

/** @import { RunModel } from '../../../src/model/run.js' */
/** @import { TraceSlice } from '../../../src/model/timeline.js' */

const WORKERS = 3;

/** Any events at all, of any tasks. @param {() => number} random @param {number} tasks */
function randomEvents(random, tasks) {
  const likely = [COMPUTE, COMPUTE, COMPUTE, COMPUTE_ERRED, LOST, RETRY];
  return Array.from({ length: WORKERS }, () => {
    let stopMs = 0;
    const events = Array.from({ length: Math.floor(random() * 40) }, () => {
      const action =
        random() < 0.7 ? likely[Math.floor(random() * 6)] : Math.floor(random() * ACTIONS);
      const task = !runsTask(action) && random() < 0.3 ? NO_TASK : Math.floor(random() * tasks);
      // Often at the same time as others.
      if (random() < 0.8) stopMs += Math.floor(random() * 3);
      return { task, action, stopMs };
    });
    return sliceOf(events);
  });
}

/**
 * A fresh model that has only heard what had stopped by a time.
 *
 * @param {RunModel['graph']} graph
 * @param {TraceSlice[]} workers
 * @param {number} ms
 */
function replayed(graph, workers, ms) {
  const model = createRunModel(graph, WORKERS);
  model.start();
  const stopped = workers.map(({ stopMs }) => stopMs.filter((stop) => stop <= ms).length);
  workers.forEach((slice, worker) => model.append(worker, slice, 0, stopped[worker]));
  workers.forEach(({ task, action }, worker) => {
    const event = stopped[worker];
    const runs = event < task.length && runsTask(action[event]);
    model.setRunning(worker, runs ? task[event] : -1);
  });
  model.tick(ms);
  return model;
}

/** All that views read of a model. @param {RunModel} model */
function shownOf(model) {
  return {
    state: [...model.state],
    totals: [...model.totals],
    prefixes: model.prefixes.map(({ counts }) => [...counts]),
    nowMs: model.nowMs,
    phase: model.phase,
    done: model.done,
    endMs: model.endMs,
    workMs: model.workMs,
    workers: model.workers.map((timeline) => ({
      stops: [...timeline.stopMs.subarray(0, timeline.length)],
      endMs: timeline.endMs,
      running: timeline.running,
      spentMs: [...timeline.spentMs],
      steals: [...timeline.steals.values.subarray(0, timeline.steals.length)],
      unrun: [...timeline.unrun.values.subarray(0, timeline.unrun.length)],
    })),
  };
}

describe('the state at any time', () => {
  test('is that of a fresh replay up to then, whichever way one comes there', () => {
    for (let seed = 0; seed < 80; seed++) {
      const random = seeded(seed);
      const graph = randomGraph(random, 1 + Math.floor(random() * 20));
      const workers = randomEvents(random, graph.tasks);
      const lastMs = Math.max(...workers.map(({ stopMs }) => stopMs.at(-1) ?? 0));
      const model = createRunModel(graph, WORKERS);
      workers.forEach((slice, worker) => model.append(worker, slice));
      for (let n = 0; n < 15; n++) {
        const ms = Math.floor(random() * (lastMs + 1));
        expect(model.seek(ms)).toBe(false);
        expect(shownOf(model), `seed ${seed}, ${ms} ms`).toEqual(
          shownOf(replayed(graph, workers, ms)),
        );
      }
    }
  });

  test('can be reached in pieces, when a frame has no time for more', () => {
    const random = seeded(5);
    const graph = randomGraph(random, 20_000);
    const task = Uint32Array.from({ length: 20_000 }, (_, i) => i);
    const stopMs = Float64Array.from(task, (i) => i / 100);
    const slice = { task, action: new Uint8Array(20_000), stopMs };
    const model = createRunModel(graph, WORKERS);
    model.append(0, slice);
    for (const ms of [3, 190, 50]) {
      let calls = 1;
      while (model.seek(ms, 0)) calls++;
      expect(calls).toBeGreaterThan(2);
      const fresh = replayed(graph, [slice, sliceOf([]), sliceOf([])], ms);
      expect(shownOf(model)).toEqual(shownOf(fresh));
    }
  });

  test('comes back from the end of a run, and goes there again', () => {
    for (let seed = 0; seed < 40; seed++) {
      const { graph, trace, outcome } = randomRecording(seeded(seed), { err: seed % 2 ? 0.1 : 0 });
      const model = createRunModel(graph, WORKERS);
      trace.workers.forEach((slice, worker) => model.append(worker, slice));
      model.finish(seed % 3 ? outcome : null, trace.bytes);
      const end = shownOf(model);
      const ms = model.endMs / 2;
      model.seek(ms);
      expect(model.outcome).toBeNull();
      expect(shownOf(model)).toEqual(shownOf(replayed(graph, trace.workers, ms)));
      model.seek(Infinity);
      expect(shownOf(model), `seed ${seed}`).toEqual({ ...end, nowMs: model.nowMs });
      expect(model.bytes).toBe(trace.bytes);
    }
  });

  test('stays where it is while more is heard, until the run is followed again', () => {
    const model = createRunModel(graphOf([[], [0], [1]]));
    model.append(0, sliceOf([{ task: 0, action: COMPUTE, stopMs: 1 }]));
    model.seek(0.5);
    model.append(0, sliceOf([{ task: 1, action: COMPUTE, stopMs: 2 }]));
    model.tick(3);
    model.setRunning(0, 2);
    expect([model.nowMs, model.done, model.workers[0].running]).toEqual([0.5, 0, 0]);
    model.seek(Infinity);
    expect([model.nowMs, model.done]).toEqual([2, 2]);
    model.append(0, sliceOf([{ task: 2, action: COMPUTE, stopMs: 4 }]));
    expect([model.nowMs, model.done]).toEqual([4, 3]);
  });
});

describe('a value that is lost', () => {
  /** A chain of three tasks and a target that reads the first and the last. */
  const graph = graphOf([[], [0], [1], [0, 2]]);
  const lost = sliceOf([
    { task: 0, action: COMPUTE, stopMs: 1 },
    { task: 1, action: COMPUTE, stopMs: 2 },
    { task: 1, action: LOST, stopMs: 3 },
    { task: 1, action: COMPUTE, stopMs: 4 },
    { task: 2, action: COMPUTE, stopMs: 5 },
  ]);

  test('makes its task run again, and those wait that read it', () => {
    const model = createRunModel(graph);
    model.append(0, lost, 0, 2);
    expect([...model.state]).toEqual([FINISHED, FINISHED, READY, WAITING]);
    model.append(0, lost, 2, 3);
    expect([...model.state]).toEqual([FINISHED, READY, WAITING, WAITING]);
    model.append(0, lost, 3, 5);
    expect([...model.state]).toEqual([FINISHED, RELEASED, FINISHED, READY]);
    model.seek(3);
    expect(model.state[1]).not.toBe(FINISHED);
  });

  test('counts as an attempt more', () => {
    const model = createRunModel(graph);
    model.append(0, lost);
    const { attempts, worker, startMs, stopMs } = model.history;
    expect([...attempts]).toEqual([1, 2, 1, 0]);
    expect([...worker]).toEqual([0, 0, 0, NO_WORKER]);
    expect([startMs[1], stopMs[1]]).toEqual([3, 4]);
  });
});

describe('the history of a task', () => {
  test('says who ran it, from when to when, how often, and when its value went', () => {
    const model = createRunModel(graphOf([[], [0], [0]], { targets: [1, 2] }), 2);
    model.append(
      1,
      sliceOf([
        { task: 0, action: RETRY, stopMs: 1 },
        { task: NO_TASK, action: IDLE, stopMs: 2 },
        { task: 0, action: COMPUTE, stopMs: 4 },
        { task: 2, action: COMPUTE, stopMs: 9 },
      ]),
    );
    const { history } = model;
    expect(history.attempts[0]).toBe(2);
    expect([history.worker[0], history.startMs[0], history.stopMs[0]]).toEqual([1, 2, 4]);
    expect(history.releaseMs(0)).toBeNaN();
    // News of another worker, about an earlier time.
    const other = sliceOf([
      { task: NO_TASK, action: IDLE, stopMs: 4 },
      { task: 1, action: COMPUTE, stopMs: 6 },
    ]);
    model.append(0, other);
    expect(model.history.releaseMs(0)).toBe(9);
    expect(model.history.releaseMs(1)).toBeNaN();
    expect(model.history.worker[1]).toBe(0);
  });

  test('knows no attempt of a task that was not run', () => {
    const model = createRunModel(graphOf([[], [0]]));
    const events = [
      { task: 0, action: COMPUTE_ERRED, stopMs: 1 },
      { task: 1, action: COMPUTE_ERRED, stopMs: 1 },
    ];
    model.append(0, sliceOf(events));
    expect([...model.state]).toEqual([ERRED, ERRED]);
    expect([...model.history.attempts]).toEqual([1, 0]);
    model.finish(null);
    expect(model.totals[CANCELLED]).toBe(0);
  });
});
