/*
 * How often the lock of a section changed hands, and at what cost, at the time that is shown. The events are read once,
 * when they are new; a count is a binary search. So it is cheap while a run goes on and when it is looked at as it was
 * before.
 *
 *     thread 0   |Hold  |    |Hold     |            a switch: a thread takes the lock that another one had
 *     thread 1          |Hold|         |Hold |
 *                       ^    ^         ^            3 switches
 */
import {
  ACTIONS,
  DROP_REQUEST,
  FALSE_ALARM,
  FORCED_SWITCH,
  HOLD,
  LOCK_WAIT,
} from '../model/actions.js';
import { Column } from '../model/timeline.js';

/** @typedef {import('../model/timeline.js').Timeline} Timeline */

/**
 * @typedef {object} Counts
 * @property {boolean} shared whether the threads share a lock
 * @property {number} switches
 * @property {number} falseAlarms
 * @property {number} dropRequests
 * @property {number} forcedSwitches
 */

/** The events of one thread that are counted, by their places in its timeline. */
class ThreadEvents {
  falseAlarms = new Column();
  dropRequests = new Column();
  forcedSwitches = new Column();
  /** Slices in which the thread held the lock. */
  holds = new Column();
  /** Per action, whether there is an event of it. */
  has = new Uint8Array(ACTIONS);
  #read = 0;

  /** @param {Timeline} timeline */
  constructor(timeline) {
    this.timeline = timeline;
  }

  /** @returns {boolean} whether the timeline has started again, so that what was read is gone */
  get outdated() {
    return this.timeline.recorded < this.#read;
  }

  /** Reads the events that are new. O(new events). */
  advance() {
    const { recorded, action } = this.timeline;
    for (let event = this.#read; event < recorded; event++) {
      const what = action[event];
      if (what === HOLD) this.holds.push(event);
      else if (what === FALSE_ALARM) this.falseAlarms.push(event);
      else if (what === DROP_REQUEST) this.dropRequests.push(event);
      else if (what === FORCED_SWITCH) this.forcedSwitches.push(event);
      this.has[what] = 1;
    }
    this.#read = recorded;
  }

  /** When a hold started; Infinity if there is none (yet). @param {number} i a place in `holds` */
  holdStart(i) {
    return i < this.holds.length ? this.timeline.startMs(this.holds.values[i]) : Infinity;
  }

  /** When a hold stopped. @param {number} i a place in `holds` */
  holdStop(i) {
    return this.timeline.stopMs[this.holds.values[i]];
  }
}

/** By how much the clocks of two threads may differ. */
const CLOCK_MS = 0.2;

export class SectionCounts {
  /** @type {ThreadEvents[]} */
  #threads;
  /** When the lock was taken by another thread than before, in order. */
  #switchMs = new Float64Array(64);
  #switches = 0;
  /** Per thread, the first of its holds that is not sorted in yet. @type {number[]} */
  #next;
  /** The thread that had the lock last; -1 before the first. */
  #holder = -1;
  /** When it released the lock. */
  #releasedMs = 0;
  /** Whether two threads held a lock at the same time: then each has its own. */
  #overlaps = false;

  /** @param {Timeline[]} timelines of the section's threads */
  constructor(timelines) {
    this.#threads = timelines.map((timeline) => new ThreadEvents(timeline));
    this.#next = timelines.map(() => 0);
  }

  /** Whether any event that is known has this action. @param {number} action */
  has(action) {
    return this.#threads.some((thread) => thread.has[action] === 1);
  }

  /**
   * Reads the events that are new.
   *
   * @param {boolean} complete whether no more events will come
   */
  advance(complete) {
    if (this.#threads.some(({ outdated }) => outdated)) this.#restart();
    for (const thread of this.#threads) thread.advance();
    // Later events of a thread that is read up to a time cannot start before it.
    const until = complete
      ? Infinity
      : Math.min(...this.#threads.map(({ timeline }) => timeline.lastMs));
    const { holder, next, releasedMs } = this.#merge(until, (startMs) => this.#keep(startMs));
    this.#holder = holder;
    this.#releasedMs = releasedMs;
    this.#next = next;
  }

  /**
   * The counts of what is shown.
   *
   * @param {number} nowMs the time at which the run is looked at
   * @returns {Counts}
   */
  at(nowMs) {
    let switches = upTo(this.#switchMs, this.#switches, nowMs);
    // Holds that are not sorted in yet, since an earlier one may still come: at the end of a run that goes on.
    if (switches === this.#switches) this.#merge(nowMs, () => switches++);
    const shared = this.#shared;
    return {
      // Interpreters with a lock each never hand it over.
      shared,
      switches: shared ? switches : 0,
      falseAlarms: this.#count('falseAlarms'),
      dropRequests: this.#count('dropRequests'),
      forcedSwitches: this.#count('forcedSwitches'),
    };
  }

  /** The false alarms of a thread, by their places in its timeline. @param {number} thread */
  falseAlarmsOf(thread) {
    return this.#threads[thread].falseAlarms;
  }

  /**
   * The number of false alarms of a thread that ended in an interval.
   *
   * @param {number} thread
   * @param {number} fromMs excluded
   * @param {number} toMs included
   */
  falseAlarmsIn(thread, fromMs, toMs) {
    const { timeline, falseAlarms } = this.#threads[thread];
    const before = (/** @type {number} */ ms) =>
      upTo(falseAlarms.values, falseAlarms.length, timeline.eventAt(ms) - 1);
    return before(toMs) - before(fromMs);
  }

  /** The drop requests of a thread, by their places in its timeline. @param {number} thread */
  dropRequestsOf(thread) {
    return this.#threads[thread].dropRequests;
  }

  /**
   * Whether the threads share a lock. A thread with a lock of its own never has to ask for it, but a short wait is
   * measured when it takes it.
   */
  get #shared() {
    if (this.#threads.length < 2) return false;
    if ([FALSE_ALARM, DROP_REQUEST, FORCED_SWITCH].some((action) => this.has(action))) return true;
    return this.has(LOCK_WAIT) && !this.#overlaps;
  }

  /** @param {'falseAlarms' | 'dropRequests' | 'forcedSwitches'} kind */
  #count(kind) {
    return this.#threads.reduce((sum, thread) => {
      const events = thread[kind];
      return sum + upTo(events.values, events.length, thread.timeline.length - 1);
    }, 0);
  }

  /**
   * Goes through the holds of all threads that are not sorted in yet, in the order in which they started.
   *
   * @param {number} untilMs
   * @param {(startMs: number) => void} onSwitch
   */
  #merge(untilMs, onSwitch) {
    const threads = this.#threads;
    const next = [...this.#next];
    const starts = threads.map((thread, i) => thread.holdStart(next[i]));
    let holder = this.#holder;
    let releasedMs = this.#releasedMs;
    for (;;) {
      let first = 0;
      for (let i = 1; i < starts.length; i++) {
        // A hold in which the clock showed no time comes before a longer one.
        const sooner = threads[i].holdStop(next[i]) < threads[first].holdStop(next[first]);
        if (starts[i] < starts[first] || (starts[i] === starts[first] && sooner)) first = i;
      }
      const startMs = starts[first];
      if (!(startMs <= untilMs) || startMs === Infinity) return { holder, next, releasedMs };
      if (holder >= 0 && holder !== first) {
        onSwitch(startMs);
        this.#overlaps ||= startMs < releasedMs - CLOCK_MS;
      }
      holder = first;
      releasedMs = threads[first].holdStop(next[first]);
      next[first]++;
      starts[first] = threads[first].holdStart(next[first]);
    }
  }

  /** @param {number} startMs */
  #keep(startMs) {
    if (this.#switches === this.#switchMs.length) {
      const longer = new Float64Array(this.#switches * 2);
      longer.set(this.#switchMs);
      this.#switchMs = longer;
    }
    this.#switchMs[this.#switches++] = startMs;
  }

  #restart() {
    this.#threads = this.#threads.map(({ timeline }) => new ThreadEvents(timeline));
    this.#next = this.#threads.map(() => 0);
    this.#switches = 0;
    this.#holder = -1;
    this.#releasedMs = 0;
    this.#overlaps = false;
  }
}

/**
 * The number of values that are not above a limit. O(log length).
 *
 * @param {ArrayLike<number>} values in rising order
 * @param {number} length
 * @param {number} most
 */
function upTo(values, length, most) {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}
