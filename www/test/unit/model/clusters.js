/*
 * A small run of a cluster for tests: node 1 dies, and its task runs again on node 0.
 *
 *     node 0  |== 0 ==|  recv 1  |== 2 ==|== 1 ==|
 *     node 1  |== 1 ==|------ 3 ... died |starts |
 *             0       10         15      25      40
 */
import { createRunModel } from '../../../src/model/run.js';
import {
  COMPUTE,
  IDLE,
  LOST,
  NO_TASK,
  STEAL,
  TAKEN_BACK,
  TRANSFER,
} from '../../../src/model/actions.js';
import { DIED, STARTS } from '../../../src/model/nodes.js';
import { NO_PEER } from '../../../src/model/timeline.js';
import { graphOf } from './graphs.js';

/** @typedef {{ action: number, stopMs: number, task?: number, bytes?: number, peer?: number, reason?: number }} Entry */

/**
 * @param {string} node
 * @param {number} id
 * @param {Entry[]} entries
 * @param {{ joinedMs?: number, leftMs?: number }} [when]
 */
export function laneOf(node, id, entries, { joinedMs = 0, leftMs } = {}) {
  return {
    lane: { id, label: node, node, joinedMs, leftMs: leftMs ?? entries.at(-1)?.stopMs ?? 0 },
    task: Uint32Array.from(entries, ({ task = NO_TASK }) => task),
    action: Uint8Array.from(entries, ({ action }) => action),
    stopMs: Float64Array.from(entries, ({ stopMs }) => stopMs),
    bytes: Float64Array.from(entries, ({ bytes = 0 }) => bytes),
    peer: Uint16Array.from(entries, ({ peer = NO_PEER }) => peer),
    reason: Uint8Array.from(entries, ({ reason = 0 }) => reason),
  };
}

/** 2 = f(0, 1), and 3 waits for 1. */
export const graph = graphOf([[], [], [0, 1], [1]], { targets: [2, 3] });

const died = 1;
const starts = 2;

/**
 * @param {import('../../../src/model/timeline.js').TraceSlice[]} workers
 * @param {number} makespanMs
 * @param {import('../../../src/model/graph.js').GraphData} [of]
 * @param {Float64Array | null} [bytes]
 */
export function clusterOf(workers, makespanMs, of = graph, bytes = Float64Array.of(100, 40, 7, 5)) {
  const model = createRunModel(of);
  const outcome = {
    tasks: of.tasks,
    makespanMs,
    workMs: 40,
    utilisation: 0.5,
    workers: workers.length,
  };
  model.load(workers, { outcome, bytes, scratch: null, dropped: 0 });
  model.reasons = ['', DIED, STARTS];
  return model;
}

export function smallCluster() {
  const model = clusterOf(
    [
      laneOf('node 0', 0, [
        { action: COMPUTE, task: 0, stopMs: 10 },
        { action: TRANSFER, task: 1, stopMs: 15, bytes: 40, peer: 1 },
        { action: COMPUTE, task: 2, stopMs: 25 },
        { action: STEAL, task: 3, stopMs: 25, peer: 1 },
        { action: COMPUTE, task: 1, stopMs: 35 },
        { action: COMPUTE, task: 3, stopMs: 40 },
      ]),
      laneOf('node 1', 1, [
        { action: COMPUTE, task: 1, stopMs: 10 },
        { action: IDLE, stopMs: 20, reason: died },
        { action: TAKEN_BACK, task: 3, stopMs: 20 },
        { action: LOST, task: 1, stopMs: 20 },
        { action: IDLE, stopMs: 30, reason: starts },
        { action: IDLE, stopMs: 40 },
      ]),
    ],
    40,
  );
  model.seek(Infinity);
  return model;
}
