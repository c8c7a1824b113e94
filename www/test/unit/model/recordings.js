/*
 * Recordings for tests, from a seed: random graphs run by a made-up scheduler that steals, retries
 * and errs, with values of random size.
 */
import { COMPUTE, COMPUTE_ERRED, IDLE, NO_TASK, RETRY, STEAL } from '../../../src/model/actions.js';
import { randomGraph, sliceOf } from './graphs.js';

/** @import { Recording } from '../../../src/model/recording.js' */
/** @import { Outcome } from '../../../src/engine/protocol.js' */

/**
 * @param {() => number} random
 * @param {{ tasks?: number, workers?: number, err?: number }} [size] `err`: the share of tasks that err
 * @returns {Recording}
 */
export function randomRecording(random, { tasks = 40, workers = 3, err = 0 } = {}) {
  const graph = randomGraph(random, tasks);
  const { starts, tasks: named } = graph.dependencies;
  const stopOf = new Float64Array(tasks);
  const erred = new Uint8Array(tasks);
  /** @type {{ task: number, action: number, stopMs: number }[][]} */
  const lanes = Array.from({ length: workers }, () => []);
  const free = new Float64Array(workers);
  for (let task = 0; task < tasks; task++) {
    const worker = Math.floor(random() * workers);
    const lane = lanes[worker];
    let start = free[worker];
    for (let i = starts[task]; i < starts[task + 1]; i++) {
      start = Math.max(start, stopOf[named[i]]);
      if (erred[named[i]]) erred[task] = 1;
    }
    if (start > free[worker]) lane.push({ task: NO_TASK, action: IDLE, stopMs: start });
    if (random() < 0.2) lane.push({ task, action: STEAL, stopMs: start });
    if (erred[task]) {
      lane.push({ task, action: COMPUTE_ERRED, stopMs: start });
      stopOf[task] = free[worker] = start;
      continue;
    }
    while (random() < 0.2) {
      start += random();
      lane.push({ task, action: RETRY, stopMs: start });
    }
    const stopMs = start + (random() < 0.1 ? 1e-6 : random());
    erred[task] = Number(random() < err);
    lane.push({ task, action: erred[task] ? COMPUTE_ERRED : COMPUTE, stopMs });
    stopOf[task] = free[worker] = stopMs;
  }
  const failed = erred.some(Boolean);
  return {
    program: 'made-up',
    params: { n: tasks, shape: 'random' },
    options: {
      scheduler: 'threads',
      workers,
      policy: 'ordered',
      seed: 7,
      keepGoing: failed,
      memoryLimit: null,
    },
    version: '1.2.3',
    result: { label: 'nothing', unit: '' },
    outcome: outcomeOf({ tasks, workers, makespanMs: Math.max(0, ...free) }),
    failure: null,
    cores: 4,
    oneWorkerMs: 12.5,
    graph,
    trace: {
      workers: lanes.map((lane) => sliceOf(lane)),
      dropped: 0,
      bytes: Float64Array.from({ length: tasks }, () => Math.floor(random() * 1e6)),
      scratch: Float64Array.from({ length: tasks }, () => Math.floor(random() * 1e6)),
    },
  };
}

/**
 * @param {Partial<Outcome>} [changes]
 * @returns {Outcome}
 */
export function outcomeOf(changes = {}) {
  return {
    value: { kind: 'scalar', value: 42 },
    errors: [],
    tasks: 0,
    workers: 1,
    makespanMs: 10,
    workMs: null,
    utilisation: null,
    busyMs: null,
    steals: null,
    retries: null,
    erred: null,
    overheadMs: null,
    peakBytes: null,
    ...changes,
  };
}
