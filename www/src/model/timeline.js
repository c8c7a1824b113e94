/*
 * What one worker did: columns of events that only grow. Event i lasts from the stop of event i - 1
 * (0 for the first) to its own stop, so a timeline has no gaps and needs no start column.
 *
 *     stopMs   1.2      1.9   2.4           4.0
 *         |--- 7 ---|- idle -|- 8 -|---- 11 ----|
 *
 * The columns double when they are full: appending costs O(1) amortised and allocates nothing per
 * event. Marks (events of no length, such as steals) are listed apart, so that a view finds them
 * without walking all events. It does not know tasks, states or pixels.
 */
import { ACTIONS, COMPUTE, COMPUTE_ERRED, OVERHEAD, RETRY, STEAL } from './actions.js';

/**
 * A slice of a worker's trace, as the engine gives it.
 *
 * @typedef {{ task: Uint32Array, action: Uint8Array, stopMs: Float64Array }} TraceSlice
 */

const FIRST_CAPACITY = 256;

export class Timeline {
  /** How many events the columns hold; what lies behind is not yet written. */
  length = 0;
  stopMs = new Float64Array(FIRST_CAPACITY);
  task = new Uint32Array(FIRST_CAPACITY);
  action = new Uint8Array(FIRST_CAPACITY);
  /** Milliseconds per action so far. */
  spentMs = new Float64Array(ACTIONS);
  /** The stop of the last event, 0 before the first. */
  endMs = 0;
  /** The task this worker is executing now, -1 for none. */
  running = -1;

  /** Events that are steals. */
  steals = new Column();
  /** Events in which a task erred without being run. */
  unrun = new Column();

  /** Milliseconds spent in tasks. */
  get busyMs() {
    return this.spentMs[COMPUTE] + this.spentMs[COMPUTE_ERRED] + this.spentMs[RETRY];
  }

  /** Milliseconds spent between tasks. */
  get overheadMs() {
    return this.spentMs[OVERHEAD];
  }

  clear() {
    this.length = 0;
    this.spentMs.fill(0);
    this.steals.length = 0;
    this.unrun.length = 0;
    this.endMs = 0;
    this.running = -1;
  }

  /**
   * Appends events `from` (included) to `to` (excluded) of a slice.
   *
   * @param {TraceSlice} slice
   * @param {number} from
   * @param {number} to
   */
  append(slice, from, to) {
    this.#reserve(this.length + to - from);
    const { stopMs, task, action, spentMs } = this;
    let at = this.length;
    let end = this.endMs;
    for (let i = from; i < to; i++, at++) {
      const stop = slice.stopMs[i];
      const what = slice.action[i];
      stopMs[at] = stop;
      task[at] = slice.task[i];
      action[at] = what;
      spentMs[what] += stop - end;
      if (what === STEAL) this.steals.push(at);
      else if (what === COMPUTE_ERRED && stop === end) this.unrun.push(at);
      end = stop;
    }
    this.length = at;
    this.endMs = end;
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
   * @returns {number} its index; `length` when all have stopped
   */
  eventAt(timeMs) {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.stopMs[middle] > timeMs) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** @param {number} length */
  #reserve(length) {
    let capacity = this.stopMs.length;
    if (length <= capacity) return;
    while (capacity < length) capacity *= 2;
    this.stopMs = grown(this.stopMs, new Float64Array(capacity));
    this.task = grown(this.task, new Uint32Array(capacity));
    this.action = grown(this.action, new Uint8Array(capacity));
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
}

/**
 * @template {Float64Array | Uint32Array | Uint8Array} T
 * @param {T} column
 * @param {T} longer
 * @returns {T}
 */
function grown(column, longer) {
  longer.set(column);
  return longer;
}
