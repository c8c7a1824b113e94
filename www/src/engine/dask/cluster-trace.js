/*
 * The trace of a run on a cluster, from the slices that the cluster tells. Slices have a start and a stop; a timeline of
 * the page has no gaps, so idle time is put between them.
 *
 * Everything is checked: what comes from a cluster may be anything.
 */
import {
  listAt,
  numberAt,
  objectAt,
  refuse,
  switchAt,
  textAt,
  wholeAt,
} from '../../data/checked.js';
import { COMPUTE, COMPUTE_ERRED, IDLE, NO_TASK, RETRY } from '../../model/actions.js';

/** @import { Lane, Trace, WorkerTrace } from '../protocol.js' */

/** Limits on what one message may hold. */
const MOST_SLICES = 2_000_000;

/** The lanes of a trace. */
const MOST_LANES = 100_000;

/** A page may watch a cluster for months. */
const MOST_MS = 1e12;

/** No lane at the other end. */
const NO_PEER = 0xffff;

const COLUMNS = /** @type {const} */ (['lane', 'task', 'action', 'start', 'stop', 'bytes', 'peer']);

/** What one lane did. */
class Columns {
  /** @type {number[]} */ task = [];
  /** @type {number[]} */ action = [];
  /** @type {number[]} */ stopMs = [];
  /** @type {number[]} */ bytes = [];
  /** @type {number[]} */ peer = [];
  /** The number of events that were taken. */
  taken = 0;

  /**
   * @param {Lane} lane
   * @param {boolean} isThread
   */
  constructor(lane, isThread) {
    this.lane = lane;
    this.isThread = isThread;
  }

  get endMs() {
    return this.stopMs.at(-1) ?? 0;
  }

  /**
   * @param {number} task
   * @param {number} action
   * @param {number} stopMs
   * @param {number} bytes
   * @param {number} peer
   */
  push(task, action, stopMs, bytes, peer) {
    this.task.push(task);
    this.action.push(action);
    this.stopMs.push(stopMs);
    this.bytes.push(bytes);
    this.peer.push(peer);
  }

  /**
   * @param {number} [from]
   * @param {number} [to]
   * @returns {WorkerTrace}
   */
  slice(from = 0, to = this.stopMs.length) {
    return {
      lane: { ...this.lane },
      task: Uint32Array.from(this.task.slice(from, to)),
      action: Uint8Array.from(this.action.slice(from, to)),
      stopMs: Float64Array.from(this.stopMs.slice(from, to)),
      bytes: Float64Array.from(this.bytes.slice(from, to)),
      peer: Uint16Array.from(this.peer.slice(from, to)),
    };
  }
}

export class ClusterTrace {
  /** Time inside tasks, in ms. */
  workMs = 0;
  retries = 0;
  erred = 0;
  #tasks;
  /** @type {Columns[]} */
  #lanes = [];
  #bytes;
  #dropped = 0;

  /** @param {number} tasks the number of tasks that the run has; it may grow */
  constructor(tasks) {
    this.#tasks = tasks;
    this.#bytes = new Float64Array(tasks);
  }

  /** The number of lanes that are threads; the others are for transfers. */
  get threads() {
    return this.#lanes.filter(({ isThread }) => isThread).length;
  }

  /** The number of events that the cluster dropped. */
  get dropped() {
    return this.#dropped;
  }

  /** Per lane, the time inside tasks, in ms. */
  get busyMs() {
    return this.#lanes.map(({ action, stopMs }) =>
      action.reduce(
        (sum, one, i) => (runs(one) ? sum + stopMs[i] - (i === 0 ? 0 : stopMs[i - 1]) : sum),
        0,
      ),
    );
  }

  /** @param {number} tasks */
  grow(tasks) {
    if (tasks <= this.#tasks) return;
    const bytes = new Float64Array(tasks);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#tasks = tasks;
  }

  /**
   * Takes in a message of events.
   *
   * @param {Record<string, unknown>} message
   * @throws {Error} that names the place
   */
  add({ lanes, left, slices, dropped }) {
    for (const [i, lane] of listAt(lanes, 'events.lanes', MOST_LANES).entries()) {
      this.#join(lane, `events.lanes[${i}]`);
    }
    const given = objectAt(slices, 'events.slices');
    const columns = COLUMNS.map((name) =>
      listAt(given[name], `events.slices.${name}`, MOST_SLICES),
    );
    const [{ length }] = columns;
    for (const [i, column] of columns.entries()) {
      if (column.length !== length) {
        refuse(`events.slices.${COLUMNS[i]}`, `${length} items are needed, got ${column.length}`);
      }
    }
    for (let i = 0; i < length; i++) this.#slice(columns, i);
    for (const [i, pair] of listAt(left, 'events.left', MOST_LANES).entries()) {
      const [id, ms] = listAt(pair, `events.left[${i}]`, 2);
      const lane = this.#laneAt(id, `events.left[${i}][0]`).lane;
      lane.leftMs = numberAt(ms, `events.left[${i}][1]`, 0, MOST_MS);
    }
    this.#dropped = wholeAt(dropped, 'events.dropped', 0, Number.MAX_SAFE_INTEGER);
  }

  /**
   * Takes the events that are new, by lane; of each lane those before the first that names a task of `tasks` or more.
   *
   * @param {number} [tasks]
   * @returns {WorkerTrace[]}
   */
  take(tasks = Infinity) {
    return this.#lanes.map((lane) => {
      const from = lane.taken;
      const { task } = lane;
      while (
        lane.taken < task.length &&
        (task[lane.taken] < tasks || task[lane.taken] === NO_TASK)
      ) {
        lane.taken++;
      }
      return lane.slice(from, lane.taken);
    });
  }

  /** Gives all events again. */
  rewind() {
    for (const lane of this.#lanes) lane.taken = 0;
  }

  /** All of it. @returns {Trace} */
  whole() {
    return {
      workers: this.#lanes.map((lane) => lane.slice()),
      dropped: this.#dropped,
      bytes: this.#bytes.some((bytes) => bytes > 0) ? this.#bytes : null,
      scratch: null,
    };
  }

  /**
   * @param {unknown} value
   * @param {string} place
   */
  #join(value, place) {
    const { id, label, node, thread, joinedMs } = objectAt(value, place);
    const next = this.#lanes.length;
    wholeAt(next, 'the number of lanes', 0, MOST_LANES - 1);
    if (id !== next) refuse(`${place}.id`, `${next} is needed, got ${String(id)}`);
    const lane = {
      id: next,
      label: textAt(label, `${place}.label`, 200),
      node: textAt(node, `${place}.node`, 200),
      joinedMs: numberAt(joinedMs, `${place}.joinedMs`, 0, MOST_MS),
      leftMs: null,
    };
    this.#lanes.push(new Columns(lane, switchAt(thread, `${place}.thread`)));
  }

  /**
   * @param {unknown} id
   * @param {string} place
   */
  #laneAt(id, place) {
    return this.#lanes[wholeAt(id, place, 0, this.#lanes.length - 1)];
  }

  /**
   * @param {unknown[][]} columns
   * @param {number} i
   */
  #slice(columns, i) {
    const at = (/** @type {number} */ column) => `events.slices.${COLUMNS[column]}[${i}]`;
    const whole = (/** @type {number} */ column, /** @type {number} */ least, most = 0) => {
      const value = columns[column][i];
      // The place is only written down if it is needed.
      return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
        ? Number(value)
        : wholeAt(value, at(column), least, most);
    };
    const time = (/** @type {number} */ column, /** @type {number} */ least) => {
      const value = columns[column][i];
      return typeof value === 'number' && value >= least && value <= MOST_MS
        ? value
        : numberAt(value, at(column), least, MOST_MS);
    };
    const lane = this.#lanes[whole(0, 0, this.#lanes.length - 1)];
    const task = whole(1, 0, this.#tasks - 1);
    const action = whole(2, 0, 255);
    const start = time(3, lane.endMs);
    const stop = time(4, start);
    const bytes = whole(5, 0, Number.MAX_SAFE_INTEGER);
    const peer = whole(6, -1, this.#lanes.length - 1);
    if (start > lane.endMs) lane.push(NO_TASK, IDLE, start, 0, NO_PEER);
    // The size of a value is not something that was moved.
    const isValue = action === COMPUTE;
    if (isValue) this.#bytes[task] = bytes;
    lane.push(
      task,
      action,
      stop,
      isValue ? 0 : bytes,
      peer < 0 ? NO_PEER : Math.min(peer, NO_PEER),
    );
    if (runs(action)) this.workMs += stop - start;
    if (action === RETRY) this.retries++;
    if (action === COMPUTE_ERRED) this.erred++;
  }
}

/** @param {number} action */
function runs(action) {
  return action === COMPUTE || action === COMPUTE_ERRED || action === RETRY;
}
