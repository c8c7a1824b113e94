/*
 * Sums over a worker's timeline, so that the share of each kind of work in any interval is found without walking
 * over the interval. A checkpoint every 64 events has the time spent so far per lane colour. A query costs a binary
 * search and at most 64 steps, so a million events in a thousand columns cost about 64,000 steps instead of a million.
 *
 *     events       ................................................................
 *     checkpoints  |               |               |               |
 *                       query: up to here ----------------^
 *
 * Events are added once, when they are new: O(1) amortised. It does not know pixels.
 */
import {
  ACTIONS,
  COMPUTE,
  COMPUTE_ERRED,
  DESERIALIZE,
  IDLE,
  LOST,
  NO_TASK,
  OVERHEAD,
  RETRY,
  SERIALIZE,
  STEAL,
  TRANSFER,
  WAIT,
} from '../model/actions.js';
import { prefixColourIndex, viridis } from './colours.js';

/** @typedef {import('../model/graph.js').GraphData} GraphData */
/** @typedef {import('../model/timeline.js').Timeline} Timeline */

/** Lane colours: those of prefixes come first, then those of other actions; idle is the last. */
export const LANE_ERRED = viridis.length;
export const LANE_STEAL = LANE_ERRED + 1;
export const LANE_TRANSFER = LANE_ERRED + 2;
export const LANE_SERIALIZE = LANE_ERRED + 3;
export const LANE_DESERIALIZE = LANE_ERRED + 4;
export const LANE_WAIT = LANE_ERRED + 5;
export const LANE_RETRY = LANE_ERRED + 6;
export const LANE_OVERHEAD = LANE_ERRED + 7;
export const LANE_OTHER = LANE_ERRED + 8;
export const LANE_IDLE = LANE_ERRED + 9;
/** How many lane colours there are. */
export const LANES = LANE_IDLE + 1;

const STRIDE = 64;

/** The lane colour of each action; a compute has the one of its prefix. */
const laneOfAction = new Uint8Array(ACTIONS).fill(LANE_OTHER);
laneOfAction[COMPUTE_ERRED] = LANE_ERRED;
laneOfAction[IDLE] = LANE_IDLE;
laneOfAction[STEAL] = LANE_STEAL;
laneOfAction[TRANSFER] = LANE_TRANSFER;
laneOfAction[SERIALIZE] = LANE_SERIALIZE;
laneOfAction[DESERIALIZE] = LANE_DESERIALIZE;
laneOfAction[WAIT] = LANE_WAIT;
laneOfAction[RETRY] = LANE_RETRY;
laneOfAction[OVERHEAD] = LANE_OVERHEAD;
laneOfAction[LOST] = LANE_ERRED;

export class StreamDigest {
  #timeline;
  #prefixOf;
  #laneOfPrefix;
  /** Per checkpoint, milliseconds per lane before it. */
  #sums = new Float64Array(LANES * 16);
  /** Per event, its lane colour. */
  #lanes = new Uint8Array(256);
  /** The number of events added. */
  #length = 0;
  #running = new Float64Array(LANES);

  /**
   * @param {Timeline} timeline
   * @param {GraphData} graph
   */
  constructor(timeline, graph) {
    this.#timeline = timeline;
    this.#prefixOf = graph.prefixOf;
    this.#laneOfPrefix = Uint8Array.from(graph.prefixes, prefixColourIndex);
  }

  /** Adds the events that are new. O(new events). */
  advance() {
    const { length, stopMs, task, action } = this.#timeline;
    if (length < this.#length) {
      this.#length = 0;
      this.#running.fill(0);
    }
    const needed = (Math.floor(length / STRIDE) + 1) * LANES;
    if (needed > this.#sums.length) {
      const longer = new Float64Array(Math.max(needed, this.#sums.length * 2));
      longer.set(this.#sums);
      this.#sums = longer;
    }
    if (length > this.#lanes.length) {
      const longer = new Uint8Array(Math.max(length, this.#lanes.length * 2));
      longer.set(this.#lanes);
      this.#lanes = longer;
    }
    let start = this.#length === 0 ? 0 : stopMs[this.#length - 1];
    for (let i = this.#length; i < length; i++) {
      if (i % STRIDE === 0) this.#sums.set(this.#running, (i / STRIDE) * LANES);
      const lane = this.#laneFor(task[i], action[i]);
      this.#lanes[i] = lane;
      this.#running[lane] += stopMs[i] - start;
      start = stopMs[i];
    }
    if (length % STRIDE === 0) this.#sums.set(this.#running, (length / STRIDE) * LANES);
    this.#length = length;
  }

  /**
   * Returns the lane colour of an event that has been added.
   *
   * @param {number} i
   * @returns {number}
   */
  laneOf(i) {
    return this.#lanes[i];
  }

  /** The lane colour of what the worker does now, after its last event. */
  get laneNow() {
    const { running } = this.#timeline;
    return running < 0 ? LANE_IDLE : this.#laneFor(running, COMPUTE);
  }

  /**
   * Computes the milliseconds per lane from the start of the run to a time. The time after the last event counts
   * as `laneNow`.
   *
   * @param {number} timeMs not after now
   * @param {Float64Array} out of length `LANES`
   */
  timesBefore(timeMs, out) {
    const { stopMs, endMs } = this.#timeline;
    const lanes = this.#lanes;
    const event = Math.min(this.#timeline.eventAt(timeMs), this.#length);
    const checkpoint = Math.floor(event / STRIDE);
    const row = checkpoint * LANES;
    for (let lane = 0; lane < LANES; lane++) out[lane] = this.#sums[row + lane];
    let start = checkpoint === 0 ? 0 : stopMs[checkpoint * STRIDE - 1];
    for (let i = checkpoint * STRIDE; i < event; i++) {
      out[lanes[i]] += stopMs[i] - start;
      start = stopMs[i];
    }
    if (event < this.#length) out[lanes[event]] += Math.max(0, timeMs - start);
    else if (timeMs > endMs) out[this.laneNow] += timeMs - endMs;
  }

  /**
   * @param {number} task
   * @param {number} action
   */
  #laneFor(task, action) {
    if (action !== COMPUTE) return laneOfAction[action];
    return task === NO_TASK ? LANE_IDLE : this.#laneOfPrefix[this.#prefixOf[task]];
  }
}
