/*
 * What became of each future, and when: read from the events of a run (src/futures/README.md).
 *
 *     main       |^Submit 0, 1   ...   ^Cancel 1
 *     thread 0              |--- 0 ---|^Compute or Erred
 *     future 0    ..........|=========|
 *     future 1    .................../            . pending   = running   / cancelled
 */
import { CANCEL, COMPUTE, COMPUTE_ERRED, DROP_REQUEST, NO_TASK, SUBMIT } from '../model/actions.js';
import { sectionsOf } from './thread-sections.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */

/** @typedef {'waiting' | 'pending' | 'running' | 'finished' | 'erred' | 'cancelled'} FutureState */

/** How a future ends, by number. The first has not ended. */
const ends = /** @type {const} */ (['running', 'finished', 'erred', 'cancelled']);
const FINISHED = 1;
const ERRED = 2;
const CANCELLED = 3;

/** The states, in the order of the legend. @type {Exclude<FutureState, 'waiting'>[]} */
export const futureStates = ['pending', 'running', 'finished', 'erred', 'cancelled'];

/**
 * Whether a run is one of futures: its first lane is that of a main thread.
 *
 * @param {RunModel} model
 */
export function hasFutures({ workers }) {
  return workers[0]?.lane?.label === 'main';
}

export class FutureTimes {
  /** When each was submitted, was started, and ended, in ms; NaN if that is not known. */
  submitMs;
  startMs;
  stopMs;
  /** The worker that ran it, -1 for none. */
  worker;
  /** The section, by its place; -1 before it was submitted. */
  section;

  #model;
  #how;
  /** The number of events that were read, per worker. @type {number[]} */
  #read = [];

  /** @param {RunModel} model */
  constructor(model) {
    const { tasks } = model;
    this.#model = model;
    this.submitMs = new Float64Array(tasks);
    this.startMs = new Float64Array(tasks);
    this.stopMs = new Float64Array(tasks);
    this.worker = new Int32Array(tasks);
    this.section = new Int32Array(tasks);
    this.#how = new Uint8Array(tasks);
    this.#clear();
  }

  #clear() {
    for (const times of [this.submitMs, this.startMs, this.stopMs]) times.fill(NaN);
    for (const place of [this.worker, this.section]) place.fill(-1);
    this.#how.fill(0);
    this.#read = [];
  }

  /** Reads the events that have come. O(new events). */
  catchUp() {
    const { workers } = this.#model;
    if (workers.some(({ recorded }, worker) => recorded < (this.#read[worker] ?? 0))) {
      // The model was reset, so it has other events.
      this.#clear();
    }
    for (const [section, { first, end }] of sectionsOf(this.#model).entries()) {
      for (let worker = first; worker < end; worker++) this.#readOf(worker, section);
    }
  }

  /**
   * @param {number} worker
   * @param {number} section
   */
  #readOf(worker, section) {
    const timeline = this.#model.workers[worker];
    const { recorded, action, task, stopMs } = timeline;
    for (let event = this.#read[worker] ?? 0; event < recorded; event++) {
      const future = task[event];
      if (future === NO_TASK || future >= this.#how.length) continue;
      const what = action[event];
      if (what === SUBMIT) {
        this.submitMs[future] = stopMs[event];
        this.section[future] = section;
      } else if (what === COMPUTE) this.#end(future, stopMs[event], FINISHED);
      else if (what === COMPUTE_ERRED) this.#end(future, stopMs[event], ERRED);
      else if (what === CANCEL) this.#end(future, stopMs[event], CANCELLED);
      else if (what !== DROP_REQUEST && Number.isNaN(this.startMs[future])) {
        this.startMs[future] = timeline.startMs(event);
        this.worker[future] = worker;
      }
    }
    this.#read[worker] = recorded;
  }

  /**
   * @param {number} future
   * @param {number} stopMs
   * @param {number} how
   */
  #end(future, stopMs, how) {
    this.stopMs[future] = stopMs;
    this.#how[future] = how;
  }

  /**
   * What a future is at a time.
   *
   * @param {number} future
   * @param {number} nowMs
   * @returns {FutureState}
   */
  stateAt(future, nowMs) {
    if (this.stopMs[future] <= nowMs) return ends[this.#how[future]];
    if (this.startMs[future] <= nowMs) return 'running';
    return this.submitMs[future] <= nowMs ? 'pending' : 'waiting';
  }

  /**
   * The number of futures in each state at a time.
   *
   * @param {number} nowMs
   */
  countAt(nowMs) {
    const counts = { waiting: 0, pending: 0, running: 0, finished: 0, erred: 0, cancelled: 0 };
    for (let future = 0; future < this.#how.length; future++) {
      counts[this.stateAt(future, nowMs)]++;
    }
    return counts;
  }
}
