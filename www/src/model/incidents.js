/*
 * What happened in a cluster besides tasks that ran as planned: nodes that join, leave and die, tasks that are stolen,
 * taken back, retried or err, values that are lost or spilled, and nodes that pause. What happens at once is one incident.
 */
import {
  COMPUTE_ERRED,
  LOST,
  NO_TASK,
  PAUSE,
  RESUME,
  RETRY,
  SPILL,
  STEAL,
  TAKEN_BACK,
  UNSPILL,
} from './actions.js';
import {
  DIED,
  isAs,
  isIdleAs,
  NO_STORAGE,
  nodesOf,
  presenceOf,
  STARTS,
  STORAGE_FULL,
} from './nodes.js';
import { NO_PEER } from './timeline.js';

/** @typedef {import('./run.js').RunModel} RunModel */

/**
 * In the order in which they are told if they happen at one time.
 *
 * @typedef {'joins' | 'starts' | 'dies' | 'leaves' | 'takenBack' | 'lost' | 'stolen' | 'retried' | 'erred'
 *   | 'spilled' | 'unspilled' | 'paused' | 'resumed'} Kind
 */

/**
 * @typedef {object} Incident
 * @property {Kind} kind
 * @property {number} timeMs of the first of `tasks` or `nodes`
 * @property {number} untilMs of the last
 * @property {number[]} nodes where it happened; for a steal the thief
 * @property {number} from the node that a task was stolen from, -1 if it is none or not known
 * @property {number[]} tasks
 * @property {number} bytes of the values, if it is about memory
 * @property {string} reason why a node that pauses does not spill values; empty if it does
 */

/** @type {Kind[]} */
const order = [
  'joins',
  'starts',
  'dies',
  'leaves',
  'takenBack',
  'lost',
  'stolen',
  'retried',
  'erred',
  'spilled',
  'unspilled',
  'paused',
  'resumed',
];

/** @type {Record<number, Kind>} */
const kindOf = {
  [STEAL]: 'stolen',
  [LOST]: 'lost',
  [TAKEN_BACK]: 'takenBack',
  [RETRY]: 'retried',
  [COMPUTE_ERRED]: 'erred',
  [SPILL]: 'spilled',
  [UNSPILL]: 'unspilled',
};

/** Those that are about no task. @type {Record<number, Kind>} */
const kindOfNode = { [PAUSE]: 'paused', [RESUME]: 'resumed' };

/** What a node spills within this time is one incident, and so is what it reads back. */
const SPILLS_MS = 1000;

/** With more incidents than this, steals that follow each other are one. */
const MOST_SINGLE = 300;

export class Incidents {
  #model;
  /** Per lane, the number of events that were looked at, and the column of reasons then. @type {number[]} */
  #seen = [];
  /** @type {(Uint8Array | null)[]} */
  #reasons = [];
  /** What the events say. @type {Incident[]} */
  #found = [];
  #version = -1;
  /** @type {Incident[]} */
  #all = [];

  /** @param {RunModel} model */
  constructor(model) {
    this.#model = model;
  }

  /** All that are known, by time. O(new events), and O(incidents x log incidents) if there are any. @returns {Incident[]} */
  get all() {
    if (this.#version === this.#model.version) return this.#all;
    this.#version = this.#model.version;
    const { workers } = this.#model;
    const { nodes, nodeOf } = nodesOf(this.#model);
    const known = workers.every(
      ({ reason, recorded }, lane) =>
        this.#reasons[lane] === reason && recorded >= (this.#seen[lane] ?? 0),
    );
    if (!known || workers.length !== this.#seen.length) {
      this.#found = [];
      this.#seen = workers.map(() => 0);
      this.#reasons = workers.map(({ reason }) => reason);
    }
    for (const lane of workers.keys()) {
      const node = nodeOf[lane];
      if (node >= 0) this.#look(lane, node, nodes[node].lanes[0] === lane, nodeOf);
    }
    this.#all = merged([...this.#found, ...this.#members(nodes)]);
    return this.#all;
  }

  /**
   * Looks at the new events of a lane.
   *
   * @param {number} lane
   * @param {number} node
   * @param {boolean} isFirst whether it is the first of its node: it speaks for the others
   * @param {Int32Array} nodeOf
   */
  #look(lane, node, isFirst, nodeOf) {
    const timeline = this.#model.workers[lane];
    const { recorded, action, task: column, stopMs, peer, bytes } = timeline;
    for (let event = this.#seen[lane]; event < recorded; event++) {
      const kind = kindOf[action[event]];
      const timeMs = stopMs[event];
      const task = column[event];
      if (kind && task !== NO_TASK) {
        // A task that errs without running only follows one that did.
        if (kind === 'erred' && timeMs === timeline.startMs(event)) continue;
        const other = peer?.[event] ?? NO_PEER;
        const from = other === NO_PEER ? -1 : (nodeOf[other] ?? -1);
        this.#found.push({
          ...ofNode(kind, node, timeMs),
          from,
          tasks: [task],
          bytes: bytes?.[event] ?? 0,
        });
      } else if (kindOfNode[action[event]]) {
        const reasons = [NO_STORAGE, STORAGE_FULL];
        const reason = reasons.find((each) => isAs(this.#model, timeline, event, each)) ?? '';
        const incident = ofNode(kindOfNode[action[event]], node, timeMs);
        this.#found.push({ ...incident, bytes: bytes?.[event] ?? 0, reason });
      } else if (isFirst && isIdleAs(this.#model, timeline, event, DIED)) {
        this.#found.push(ofNode('dies', node, timeMs));
      } else if (isFirst && event > 0 && isIdleAs(this.#model, timeline, event, STARTS)) {
        this.#found.push(ofNode('starts', node, timeMs));
      }
    }
    this.#seen[lane] = recorded;
  }

  /** @param {import('./nodes.js').ClusterNode[]} nodes @returns {Incident[]} */
  #members(nodes) {
    const { workers, ending, outcome } = this.#model;
    const makespan = (ending?.outcome ?? outcome)?.makespanMs ?? 0;
    const endMs = workers.reduce((end, { lastMs }) => Math.max(end, lastMs), makespan);
    return nodes.flatMap((node, place) => {
      const { joinedMs, leftMs } = presenceOf(this.#model, node);
      const joins = joinedMs < Infinity ? [ofNode('joins', place, joinedMs)] : [];
      // At the end of the run all leave.
      const leaves = leftMs < endMs * (1 - 1e-9) ? [ofNode('leaves', place, leftMs)] : [];
      return [...joins, ...leaves];
    });
  }
}

/**
 * @param {Kind} kind
 * @param {number} node
 * @param {number} timeMs
 * @returns {Incident}
 */
function ofNode(kind, node, timeMs) {
  return {
    kind,
    timeMs,
    untilMs: timeMs,
    nodes: [node],
    from: -1,
    tasks: [],
    bytes: 0,
    reason: '',
  };
}

/**
 * Sorts incidents by time, and makes one of those that belong together.
 *
 * @param {Incident[]} found
 * @returns {Incident[]}
 */
function merged(found) {
  found.sort((a, b) => a.timeMs - b.timeMs || order.indexOf(a.kind) - order.indexOf(b.kind));
  const many = found.length > MOST_SINGLE;
  /** @type {Incident[]} */
  const all = [];
  /** The last one of each node about spilled values, by the kind and the node. @type {Map<string, Incident>} */
  const spills = new Map();
  for (const incident of found) {
    const { kind, timeMs, nodes } = incident;
    const isSpill = kind === 'spilled' || kind === 'unspilled';
    const last = isSpill ? spills.get(`${kind} ${nodes[0]}`) : all.at(-1);
    const isSame = isSpill
      ? last && timeMs - last.timeMs < SPILLS_MS
      : last && belongs(last, incident, many);
    if (!last || !isSame) {
      const first = { ...incident, nodes: [...nodes], tasks: [...incident.tasks] };
      all.push(first);
      if (isSpill) spills.set(`${kind} ${nodes[0]}`, first);
      continue;
    }
    for (const node of incident.nodes) if (!last.nodes.includes(node)) last.nodes.push(node);
    last.tasks.push(...incident.tasks);
    last.bytes += incident.bytes;
    last.untilMs = incident.untilMs;
    if (last.from !== incident.from) last.from = -1;
  }
  return all;
}

/**
 * @param {Incident} last
 * @param {Incident} next
 * @param {boolean} many
 */
function belongs(last, next, many) {
  if (last.kind !== next.kind) return false;
  switch (next.kind) {
    case 'joins':
      return true;
    case 'stolen':
      return many;
    case 'takenBack':
    case 'lost':
      return last.untilMs === next.timeMs && last.nodes[0] === next.nodes[0];
    default:
      return false;
  }
}
