/*
 * Sums over a timeline, so that the share of each kind of event in any interval is found without walking over the
 * interval. A checkpoint every 64 events has the time spent so far per kind. A query costs a binary search and at most
 * 64 steps, so a million events in a thousand columns cost about 64,000 steps instead of a million.
 *
 *     events       ................................................................
 *     checkpoints  |               |               |               |
 *                       query: up to here ----------------^
 *
 * Events are added once, when they are new: O(1) amortised. What the kinds mean is up to the view. It does not know
 * pixels.
 */

/** @typedef {import('../model/timeline.js').Timeline} Timeline */

/**
 * @typedef {object} Kinds
 * @property {number} count the number of kinds
 * @property {(task: number, action: number) => number} of the kind of an event
 * @property {(timeline: Timeline) => number} now the kind of what goes on after the last event that is shown
 */

const STRIDE = 64;

export class TimelineDigest {
  #timeline;
  #kindsOf;
  /** Per checkpoint, milliseconds per kind before it. */
  #sums;
  /** Per event, its kind. */
  #kinds = new Uint8Array(256);
  /** The number of events added. */
  #length = 0;
  #running;

  /**
   * @param {Timeline} timeline
   * @param {Kinds} kinds
   */
  constructor(timeline, kinds) {
    this.#timeline = timeline;
    this.#kindsOf = kinds;
    /** The number of kinds. */
    this.count = kinds.count;
    this.#sums = new Float64Array(kinds.count * 16);
    this.#running = new Float64Array(kinds.count);
  }

  /** Adds the events that are new. O(new events). */
  advance() {
    const { length, stopMs, task, action } = this.#timeline;
    const { count } = this;
    if (length < this.#length) {
      this.#length = 0;
      this.#running.fill(0);
    }
    const needed = (Math.floor(length / STRIDE) + 1) * count;
    if (needed > this.#sums.length) {
      const longer = new Float64Array(Math.max(needed, this.#sums.length * 2));
      longer.set(this.#sums);
      this.#sums = longer;
    }
    if (length > this.#kinds.length) {
      const longer = new Uint8Array(Math.max(length, this.#kinds.length * 2));
      longer.set(this.#kinds);
      this.#kinds = longer;
    }
    let start = this.#length === 0 ? 0 : stopMs[this.#length - 1];
    for (let i = this.#length; i < length; i++) {
      if (i % STRIDE === 0) this.#sums.set(this.#running, (i / STRIDE) * count);
      const kind = this.#kindsOf.of(task[i], action[i]);
      this.#kinds[i] = kind;
      this.#running[kind] += stopMs[i] - start;
      start = stopMs[i];
    }
    if (length % STRIDE === 0) this.#sums.set(this.#running, (length / STRIDE) * count);
    this.#length = length;
  }

  /**
   * Returns the kind of an event that has been added.
   *
   * @param {number} i
   * @returns {number}
   */
  kindOf(i) {
    return this.#kinds[i];
  }

  /** The kind of what goes on now, after the last event. */
  get kindNow() {
    return this.#kindsOf.now(this.#timeline);
  }

  /**
   * Computes the milliseconds per kind from the start of the run to a time. The time after the last event counts
   * as `kindNow`.
   *
   * @param {number} timeMs not after now
   * @param {Float64Array} out a number per kind
   */
  timesBefore(timeMs, out) {
    const { stopMs, endMs } = this.#timeline;
    const { count } = this;
    const kinds = this.#kinds;
    const event = Math.min(this.#timeline.eventAt(timeMs), this.#length);
    const checkpoint = Math.floor(event / STRIDE);
    const row = checkpoint * count;
    for (let kind = 0; kind < count; kind++) out[kind] = this.#sums[row + kind];
    let start = checkpoint === 0 ? 0 : stopMs[checkpoint * STRIDE - 1];
    for (let i = checkpoint * STRIDE; i < event; i++) {
      out[kinds[i]] += stopMs[i] - start;
      start = stopMs[i];
    }
    if (event < this.#length) out[kinds[event]] += Math.max(0, timeMs - start);
    else if (timeMs > endMs) out[this.kindNow] += timeMs - endMs;
  }
}
