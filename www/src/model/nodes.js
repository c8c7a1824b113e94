/*
 * The nodes of a cluster: the machines that the lanes of a run are on. A lane is a slot of its node.
 */
import { IDLE } from './actions.js';

/** @typedef {import('./run.js').RunModel} RunModel */
/** @typedef {import('./timeline.js').Timeline} Timeline */

/**
 * @typedef {object} ClusterNode
 * @property {string} name
 * @property {number[]} lanes their places in the run
 */

/** Why a lane did nothing, as the engine says it (src/trace/action.rs): its node died. */
export const DIED = 'its process died';
/** Another node takes the place of one that died. */
export const STARTS = 'its process starts';
/** Why a node that pauses does not spill values. */
export const NO_STORAGE = 'the browser gives it no storage';
export const STORAGE_FULL = "the browser's storage is full";

/**
 * Whether a run is one of a cluster.
 *
 * @param {Pick<RunModel, 'workers'>} model
 */
export function hasNodes({ workers }) {
  return workers.some(({ lane }) => lane !== null && lane.node !== null);
}

/**
 * The nodes in the order of their first lanes. O(lanes).
 *
 * @param {Pick<RunModel, 'workers'>} model
 * @returns {{ nodes: ClusterNode[], nodeOf: Int32Array }} `nodeOf`: per lane, its node; -1 if it has none
 */
export function nodesOf({ workers }) {
  /** @type {ClusterNode[]} */
  const nodes = [];
  /** @type {Map<string, number>} */
  const places = new Map();
  const nodeOf = new Int32Array(workers.length).fill(-1);
  for (const [place, { lane }] of workers.entries()) {
    if (!lane || lane.node === null) continue;
    let node = places.get(lane.node);
    if (node === undefined) {
      node = nodes.push({ name: lane.node, lanes: [] }) - 1;
      places.set(lane.node, node);
    }
    nodes[node].lanes.push(place);
    nodeOf[place] = node;
  }
  return { nodes, nodeOf };
}

/**
 * When a node joined, and when it left.
 *
 * @param {Pick<RunModel, 'workers'>} model
 * @param {ClusterNode} node
 * @returns {{ joinedMs: number, leftMs: number }} Infinity if it stayed
 */
export function presenceOf({ workers }, { lanes }) {
  let joinedMs = Infinity;
  let leftMs = 0;
  for (const place of lanes) {
    const { lane } = workers[place];
    if (!lane) continue;
    joinedMs = Math.min(joinedMs, lane.joinedMs);
    leftMs = Math.max(leftMs, lane.leftMs ?? Infinity);
  }
  return { joinedMs, leftMs };
}

/**
 * Whether an event says that its lane did nothing for this reason.
 *
 * @param {Pick<RunModel, 'reasons'>} model
 * @param {Timeline} timeline
 * @param {number} event
 * @param {string} reason
 */
export function isIdleAs(model, timeline, event, reason) {
  return timeline.action[event] === IDLE && isAs(model, timeline, event, reason);
}

/**
 * Whether an event has this reason.
 *
 * @param {Pick<RunModel, 'reasons'>} model
 * @param {Timeline} timeline
 * @param {number} event
 * @param {string} reason
 */
export function isAs({ reasons }, { reason: column }, event, reason) {
  return column !== null && reasons[column[event]] === reason;
}
