/*
 * Who sent how many bytes to whom: a number per pair of nodes, of the events that are shown.
 *
 *              to 0   to 1
 *     from 0      .   4 MB
 *     from 1   9 MB      .
 */
import { TRANSFER } from './actions.js';
import { nodesOf } from './nodes.js';
import { NO_PEER } from './timeline.js';

/** @typedef {import('./run.js').RunModel} RunModel */

export class Transfers {
  /** @type {import('./nodes.js').ClusterNode[]} */
  nodes = [];
  /** Bytes that node `from` sent to node `to`: at `from * nodes.length + to`. */
  bytes = new Float64Array(0);
  /** How often it did. */
  counts = new Uint32Array(0);
  #model;
  /** Per lane, the number of events that are counted. @type {number[]} */
  #counted = [];
  /** Per lane, the column of peers when they were counted. @type {(Uint16Array | null)[]} */
  #peers = [];

  /** @param {RunModel} model */
  constructor(model) {
    this.#model = model;
  }

  /** Counts what is shown now. O(events shown or hidden since the last call + lanes). */
  advance() {
    const { workers } = this.#model;
    const { nodes, nodeOf } = nodesOf(this.#model);
    // Peers may become known later than the events, and then all are counted again.
    const known = workers.every(({ peer }, lane) => this.#peers[lane] === peer);
    if (!known || nodes.length !== this.nodes.length || workers.length !== this.#counted.length) {
      this.bytes = new Float64Array(nodes.length ** 2);
      this.counts = new Uint32Array(nodes.length ** 2);
      this.#counted = workers.map(() => 0);
      this.#peers = workers.map(({ peer }) => peer);
    }
    this.nodes = nodes;
    for (const [lane, { length, action, peer, bytes }] of workers.entries()) {
      const before = this.#counted[lane];
      this.#counted[lane] = length;
      const to = nodeOf[lane];
      if (!peer || to < 0) continue;
      const sign = length < before ? -1 : 1;
      for (let event = Math.min(before, length); event < Math.max(before, length); event++) {
        if (action[event] !== TRANSFER || peer[event] === NO_PEER) continue;
        const from = nodeOf[peer[event]] ?? -1;
        if (from < 0) continue;
        this.bytes[from * nodes.length + to] += sign * (bytes?.[event] ?? 0);
        this.counts[from * nodes.length + to] += sign;
      }
    }
  }

  /** All bytes. */
  get totalBytes() {
    return this.bytes.reduce((sum, bytes) => sum + bytes, 0);
  }

  /** The pairs between which anything moved, the largest first. @returns {{ from: number, to: number }[]} */
  get pairs() {
    const size = this.nodes.length;
    const places = [...this.counts.keys()].filter((place) => this.counts[place] > 0);
    places.sort((a, b) => this.bytes[b] - this.bytes[a] || a - b);
    return places.map((place) => ({ from: Math.floor(place / size), to: place % size }));
  }
}
