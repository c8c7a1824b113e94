/*
 * What one worker did: columns of events that only grow. Event i lasts from the stop of event i - 1
 * (0 for the first) to its own stop, so a timeline has no gaps and needs no start column.
 *
 *     stopMs   1.2      1.9   2.4           4.0
 *         |--- 7 ---|- idle -|- 8 -|---- 11 ----|
 *                                  ^ length        ^ recorded
 *
 * All events that are known are recorded. Those that had stopped at the time at which the run is looked
 * at are shown: `length` of them, with sums and marks. `show` and `hide` move that border forwards and
 * backwards, and give the same sums either way.
 *
 * The columns double when they are full: appending costs O(1) amortised and allocates nothing per
 * event. Marks (events of no length, such as steals) are listed apart, so that a view finds them
 * without walking all events. It does not know tasks, states or pixels.
 */
import {
  ACTIONS,
  COMPUTE,
  COMPUTE_ERRED,
  HOLD,
  knownAction,
  LOCK_FREE,
  NATIVE,
  OVERHEAD,
  RETRY,
  STEAL,
} from './actions.js';

/** @import { Lane } from '../engine/protocol.js' */

/**
 * A part of a worker's trace, as the engine gives it: WorkerTrace in engine/protocol.js.
 *
 * @typedef {{
 *   lane?: Lane, task: Uint32Array, action: Uint8Array, stopMs: Float64Array,
 *   bytes?: Float64Array, peer?: Uint16Array, reason?: Uint8Array,
 * }} TraceSlice
 */

/**
 * What a trace says of a lane and its events besides the events themselves.
 *
 * @typedef {{ lane?: Lane | null } & Pick<TraceSlice, 'bytes' | 'peer' | 'reason'>} TraceDetails
 */

/** The peer of an event that has none. */
export const NO_PEER = 0xffff;

/**
 * What a worker is called.
 *
 * @param {Lane | null | undefined} lane
 * @param {number} worker its place among the workers of its run
 */
export function laneName(lane, worker) {
  return lane?.label ?? `worker ${worker}`;
}

const FIRST_CAPACITY = 256;

/** The number of events between two stored sums, from which `hide` adds up again. */
const STRIDE = 1024;

export class Timeline {
  /** The number of events that are known. */
  recorded = 0;
  /** The number of events that are shown. */
  length = 0;
  stopMs = new Float64Array(FIRST_CAPACITY);
  task = new Uint32Array(FIRST_CAPACITY);
  action = new Uint8Array(FIRST_CAPACITY);
  /** How much was moved; null if no event has said so. @type {Float64Array | null} */
  bytes = null;
  /** The lane at the other end; null if no event has one. @type {Uint16Array | null} */
  peer = null;
  /** Why it happened; null if no event has said so. @type {Uint8Array | null} */
  reason = null;
  /** What it is called, and when it was there; null if the trace does not say (yet). @type {Lane | null} */
  lane = null;
  /** Milliseconds per action, of the events that are shown. */
  spentMs = new Float64Array(ACTIONS);
  /** The stop of the last event that is shown, 0 before the first. */
  endMs = 0;
  /** The task it is executing now, -1 for none. */
  running = -1;

  /** Events that are steals. */
  steals = new Column();
  /** Events in which a task erred without being run. */
  unrun = new Column();

  /** The sums before each stride of events. */
  #sums = new Float64Array(ACTIONS);

  /** Milliseconds spent in tasks. */
  get busyMs() {
    const { spentMs } = this;
    const inThreads = spentMs[HOLD] + spentMs[NATIVE] + spentMs[LOCK_FREE];
    return spentMs[COMPUTE] + spentMs[COMPUTE_ERRED] + spentMs[RETRY] + inThreads;
  }

  /** Milliseconds spent between tasks. */
  get overheadMs() {
    return this.spentMs[OVERHEAD];
  }

  /** The stop of the last event that is known, 0 before the first. */
  get lastMs() {
    return this.recorded === 0 ? 0 : this.stopMs[this.recorded - 1];
  }

  /** Forgets all events. */
  clear() {
    this.recorded = 0;
    this.length = 0;
    this.spentMs.fill(0);
    this.steals.length = 0;
    this.unrun.length = 0;
    this.endMs = 0;
    this.running = -1;
    this.bytes = this.peer = this.reason = this.lane = null;
  }

  /**
   * Records events `from` (included) to `to` (excluded) of a slice. They are not shown yet.
   *
   * @param {TraceSlice} slice
   * @param {number} from
   * @param {number} to
   */
  record(slice, from, to) {
    const at = this.recorded;
    this.#reserve(at + to - from);
    this.stopMs.set(slice.stopMs.subarray(from, to), at);
    this.task.set(slice.task.subarray(from, to), at);
    this.action.set(slice.action.subarray(from, to), at);
    const capacity = this.stopMs.length;
    if (slice.bytes) {
      this.bytes ??= new Float64Array(capacity);
      this.bytes.set(slice.bytes.subarray(from, to), at);
    }
    if (slice.peer) {
      this.peer ??= new Uint16Array(capacity).fill(NO_PEER);
      this.peer.set(slice.peer.subarray(from, to), at);
    }
    if (slice.reason) {
      this.reason ??= new Uint8Array(capacity);
      this.reason.set(slice.reason.subarray(from, to), at);
    }
    if (slice.lane) this.lane = slice.lane;
    this.recorded = at + to - from;
  }

  /**
   * Takes details of the events that are recorded already.
   *
   * @param {TraceDetails} details of all events of the trace
   */
  describe({ lane, bytes, peer, reason }) {
    const { recorded, stopMs } = this;
    const capacity = stopMs.length;
    if (bytes) {
      this.bytes ??= new Float64Array(capacity);
      this.bytes.set(bytes.subarray(0, recorded));
    }
    if (peer) {
      this.peer ??= new Uint16Array(capacity).fill(NO_PEER);
      this.peer.set(peer.subarray(0, recorded));
    }
    if (reason) {
      this.reason ??= new Uint8Array(capacity);
      this.reason.set(reason.subarray(0, recorded));
    }
    if (lane) this.lane = lane;
  }

  /**
   * Shows the events up to `to` (excluded).
   *
   * @param {number} to
   */
  show(to) {
    const { stopMs, action, spentMs } = this;
    let end = this.endMs;
    for (let at = this.length; at < to; at++) {
      if (at % STRIDE === 0) this.#keepSums(at / STRIDE);
      const stop = stopMs[at];
      const what = knownAction(action[at]);
      action[at] = what;
      spentMs[what] += stop - end;
      if (what === STEAL) this.steals.push(at);
      else if (what === COMPUTE_ERRED && stop === end) this.unrun.push(at);
      end = stop;
    }
    this.length = to;
    this.endMs = end;
  }

  /**
   * Hides the events from `from` on. O(log marks), besides at most a stride of events to be summed up again.
   *
   * @param {number} from
   */
  hide(from) {
    const block = Math.floor(from / STRIDE);
    this.spentMs.set(this.#sums.subarray(block * ACTIONS, (block + 1) * ACTIONS));
    const first = block * STRIDE;
    this.steals.cut(first);
    this.unrun.cut(first);
    this.length = first;
    this.endMs = first === 0 ? 0 : this.stopMs[first - 1];
    this.show(from);
  }

  /**
   * @param {number} i an event
   * @returns {number} when it began, in ms since the run's start
   */
  startMs(i) {
    return i === 0 ? 0 : this.stopMs[i - 1];
  }

  /**
   * The event that is under way at a time: the first that stops after it. O(log events).
   *
   * @param {number} timeMs
   * @param {number} [among] the number of events to search: those that are shown
   * @returns {number} its index; `among` when all have stopped
   */
  eventAt(timeMs, among = this.length) {
    let low = 0;
    let high = among;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.stopMs[middle] > timeMs) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** All events that are known, as a slice; a view of the columns. @returns {TraceSlice} */
  get slice() {
    const { recorded, task, action, stopMs, bytes, peer, reason, lane } = this;
    return {
      ...(lane && { lane }),
      task: task.subarray(0, recorded),
      action: action.subarray(0, recorded),
      stopMs: stopMs.subarray(0, recorded),
      ...(bytes && { bytes: bytes.subarray(0, recorded) }),
      ...(peer && { peer: peer.subarray(0, recorded) }),
      ...(reason && { reason: reason.subarray(0, recorded) }),
    };
  }

  /** @param {number} block */
  #keepSums(block) {
    if ((block + 1) * ACTIONS > this.#sums.length) {
      this.#sums = grown(this.#sums, new Float64Array(this.#sums.length * 2));
    }
    this.#sums.set(this.spentMs, block * ACTIONS);
  }

  /** @param {number} length */
  #reserve(length) {
    let capacity = this.stopMs.length;
    if (length <= capacity) return;
    while (capacity < length) capacity *= 2;
    this.stopMs = grown(this.stopMs, new Float64Array(capacity));
    this.task = grown(this.task, new Uint32Array(capacity));
    this.action = grown(this.action, new Uint8Array(capacity));
    if (this.bytes) this.bytes = grown(this.bytes, new Float64Array(capacity));
    if (this.reason) this.reason = grown(this.reason, new Uint8Array(capacity));
    if (this.peer) this.peer = grown(this.peer, new Uint16Array(capacity).fill(NO_PEER));
  }
}

/** A column of whole numbers that grows. */
export class Column {
  length = 0;
  values = new Uint32Array(16);

  /** @param {number} value */
  push(value) {
    if (this.length === this.values.length) {
      this.values = grown(this.values, new Uint32Array(this.length * 2));
    }
    this.values[this.length++] = value;
  }

  /**
   * Drops the values from `from` on. They are in rising order. O(log values).
   *
   * @param {number} from
   */
  cut(from) {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.values[middle] >= from) high = middle;
      else low = middle + 1;
    }
    this.length = low;
  }
}

/**
 * @template {Float64Array | Uint32Array | Uint16Array | Uint8Array} T
 * @param {T} column
 * @param {T} longer
 * @returns {T}
 */
function grown(column, longer) {
  longer.set(column);
  return longer;
}
