/*
 * One run of a graph, as the page knows it: events in, task states out.
 *
 * The states are those of one time: of now, or of any earlier one (`seek`). They follow from the set of
 * events that had stopped by then, in whatever order the events came (task-states.js). So events of
 * several workers may arrive worker by worker, and events can be taken back.
 *
 * It does not draw, and does not call the engine. Views compare
 * `version` with what they drew last, and find the tasks whose state changed in `changes`.
 */
import { CANCEL, COMPUTE, COMPUTE_ERRED, LOST, NO_TASK, runsTask } from './actions.js';
import { TaskHistory } from './history.js';
import { memoryHeld } from './memory.js';
import { CANCELLED, ERRED, FINISHED, RELEASED, stateNames } from './states.js';
import { TaskStates } from './task-states.js';
import { laneName, Timeline } from './timeline.js';

/** @typedef {import('../engine/protocol.js').ProgramValue} ProgramValue */
/** @typedef {import('./graph.js').GraphData} GraphData */
/** @typedef {import('./timeline.js').TraceSlice} TraceSlice */

/**
 * What the engine says of a finished run; the part the views need.
 *
 * @typedef {object} RunOutcome
 * @property {number} tasks
 * @property {number} makespanMs
 * @property {number | null} workMs
 * @property {number | null} utilisation
 * @property {number} workers
 * @property {number | null} [steals]
 * @property {number | null} [retries]
 * @property {number | null} [peakBytes]
 * @property {number | null} [overheadMs]
 * @property {'live' | 'model'} [mode] how threads were run
 * @property {ProgramValue | null} [value] of a program
 */

/**
 * How a run ended.
 *
 * @typedef {{ outcome: RunOutcome | null, bytes: Float64Array | null, scratch: Float64Array | null,
 *   dropped: number }} Ending
 */

/** @typedef {'waiting' | 'running' | 'finished' | 'stopped'} RunPhase */

/** Events of one worker that are shown or hidden before the next has its turn and the clock is looked at. */
const TURN = 2048;

/**
 * @param {GraphData} graph
 * @param {number} [workers] the number of timelines at the start; events of others add more
 * @returns {RunModel}
 */
export function createRunModel(graph, workers = 0) {
  return new RunModel(graph, workers);
}

export class RunModel {
  /** The time at which the run is looked at, ms since its start; of a run that is followed, its clock. */
  nowMs = 0;
  /** Grows with every change of anything but the clock. */
  version = 0;
  /** @type {RunPhase} */
  phase = 'waiting';
  /** @type {RunOutcome | null} */
  outcome = null;
  /** Processor cores of the machine, as its browser reports them; null when that is unknown. @type {number | null} */
  cores = null;
  /** How threads are run; null for a task graph. @type {'live' | 'model' | null} */
  mode = null;
  /** What is simulated if the mode is `model`. */
  simulated = { cores: 0, seed: 0 };
  /** Bytes that the run's values may take; null when it set no limit. @type {number | null} */
  memoryLimit = null;
  /** Events the engine had no room for. */
  dropped = 0;
  /** Per task, the size of its value; null where that is not known (yet). @type {Float64Array | null} */
  bytes = null;
  /** Reads `bytes` of a run that goes on; null where it cannot be read. @type {(() => Float64Array) | null} */
  bytesSoFar = null;
  /** Per task, the memory that it needs besides its value while it runs. @type {Float64Array | null} */
  scratch = null;
  /** The texts that the timelines' `reason` columns mean. @type {string[]} */
  reasons = [];
  /** @type {import('./memory.js').MemoryCurve | null} */
  #memory = null;
  /** @type {Timeline[]} */
  workers = [];

  #states;
  /** Whether all that is known is shown, and what comes is shown at once. */
  #following = true;
  /** How the run ended, once it has. @type {Ending | null} */
  #ending = null;
  /** Whether its end is shown. */
  #ended = false;
  /** @type {TaskHistory | null} */
  #history = null;

  /**
   * @param {GraphData} graph
   * @param {number} workers
   */
  constructor(graph, workers) {
    this.graph = graph;
    this.tasks = graph.tasks;
    const states = (this.#states = new TaskStates(graph));
    /** Per task, one of the numbers in states.js. */
    this.state = states.state;
    /** Tasks per state. */
    this.totals = states.totals;
    this.prefixes = states.prefixes;
    /** The changes of state, see task-states.js. */
    this.changes = states.changes;
    this.setWorkers(workers);
  }

  /**
   * Back to before the run. O(tasks + edges).
   *
   * @param {number} [workers] as at creation
   */
  reset(workers = this.workers.length) {
    this.nowMs = 0;
    this.phase = 'waiting';
    this.outcome = null;
    this.dropped = 0;
    this.bytes = null;
    this.bytesSoFar = null;
    this.scratch = null;
    this.reasons = [];
    this.#memory = null;
    this.#following = true;
    this.#ending = null;
    this.#ended = false;
    this.#history = null;
    this.setWorkers(workers);
    for (const worker of this.workers) worker.clear();

    this.#states.reset();
    this.version++;
  }

  /**
   * Sets the number of workers, so that idle ones have a row from the start.
   *
   * @param {number} count
   */
  setWorkers(count) {
    while (this.workers.length < count) this.workers.push(new Timeline());
    this.workers.length = count;
    this.version++;
  }

  /** The run has started: the clock counts. */
  start() {
    this.phase = 'running';
    this.version++;
  }

  /**
   * Takes in events `from` (included) to `to` (excluded) of a worker's trace. They are shown at once,
   * unless the run is looked at as it was at an earlier time.
   *
   * @param {number} worker
   * @param {TraceSlice} slice
   * @param {number} [from]
   * @param {number} [to]
   */
  append(worker, slice, from = 0, to = slice.stopMs.length) {
    if (to <= from) return;
    if (worker >= this.workers.length) this.setWorkers(worker + 1);
    const timeline = this.workers[worker];
    timeline.record(slice, from, to);
    this.version++;
    if (!this.#following) return;
    if (this.phase === 'waiting') this.phase = 'running';
    this.#show(timeline, timeline.recorded);
    if (timeline.endMs > this.nowMs) this.nowMs = timeline.endMs;
  }

  /**
   * Takes what the events in shared memory do not say: what the workers are called, when they joined and left, and
   * the details of events.
   *
   * @param {import('./timeline.js').TraceDetails[]} workers
   */
  setLanes(workers) {
    if (workers.length > this.workers.length) this.setWorkers(workers.length);
    for (const [worker, details] of workers.entries()) this.workers[worker].describe(details);
    this.version++;
  }

  /**
   * What a worker is called.
   *
   * @param {number} worker
   */
  nameOf(worker) {
    return laneName(this.workers[worker].lane, worker);
  }

  /**
   * Takes in a run that is over. Nothing of it is shown until `seek` asks for a time.
   *
   * @param {TraceSlice[]} workers
   * @param {Ending} ending
   */
  load(workers, ending) {
    this.reset(workers.length);
    this.workers.forEach((timeline, worker) => {
      timeline.record(workers[worker], 0, workers[worker].stopMs.length);
    });
    this.#following = false;
    this.#ending = ending;
  }

  /**
   * What a worker is executing now.
   *
   * @param {number} worker
   * @param {number} task -1 for none
   */
  setRunning(worker, task) {
    if (worker >= this.workers.length) this.setWorkers(worker + 1);
    if (this.#following) this.#setRunning(this.workers[worker], task);
  }

  /**
   * Sets the clock of a live run, which never goes back.
   *
   * @param {number} nowMs
   */
  tick(nowMs) {
    if (this.#following) this.nowMs = Math.max(this.nowMs, nowMs);
  }

  /**
   * Shows the run as it was at a time: what had stopped by then, and what was running. O(events in
   * between and their edges); and O(tasks) to come back from the end of a run.
   *
   * @param {number} ms since the run's start; Infinity follows a live run again, or shows the end
   * @param {number} [budgetMs] about how long this may take; the next call goes on
   * @returns {boolean} whether there is more to do
   */
  seek(ms, budgetMs = Infinity) {
    const until = performance.now() + budgetMs;
    const ending = this.#ending;
    const last = this.#lastMs;
    this.#following = ms === Infinity;
    if (this.#ended && ms >= last) return false;
    if (this.#ended) this.#hideEnd();
    if (this.phase === 'waiting') this.phase = 'running';
    this.nowMs = Math.min(this.nowMs, ms);
    for (const timeline of this.workers) this.#setRunning(timeline, -1);
    this.version++;
    let behind = true;
    while (behind) {
      behind = false;
      for (const timeline of this.workers) {
        const to = timeline.eventAt(ms, timeline.recorded);
        if (to > timeline.length) this.#show(timeline, Math.min(to, timeline.length + TURN));
        else if (to < timeline.length) this.#hide(timeline, Math.max(to, timeline.length - TURN));
        behind ||= timeline.length !== to;
      }
      if (behind && performance.now() >= until) return true;
    }
    this.nowMs = Math.max(0, Math.min(ms, last));
    if (ending && ms >= last) {
      this.#showEnd(ending);
      return false;
    }
    for (const timeline of this.workers) {
      const event = timeline.length;
      const runs = event < timeline.recorded && runsTask(timeline.action[event]);
      if (runs) this.#setRunning(timeline, timeline.task[event]);
    }
    return false;
  }

  /**
   * The run is over and all its events are in.
   *
   * @param {RunOutcome | null} outcome null when it failed or was cancelled
   * @param {Float64Array | null} [bytes] per task, the size of its value
   * @param {Float64Array | null} [scratch] per task, what it needs besides while it runs
   */
  finish(outcome, bytes = null, scratch = null) {
    this.#ending = { outcome, bytes, scratch, dropped: this.dropped };
    this.bytesSoFar = null;
    if (this.#following) this.#showEnd(this.#ending);
  }

  /** How the run ended, also when it is looked at as it was before; null while it runs. */
  get ending() {
    return this.#ending;
  }

  /** What each task has done, in all events that are known. */
  get history() {
    this.#history ??= new TaskHistory(this);
    this.#history.catchUp();
    return this.#history;
  }

  /** Tasks executed so far, whether or not their values are still held. */
  get done() {
    return this.totals[FINISHED] + this.totals[RELEASED];
  }

  /** Whether the workers have to share cores; true if the number of cores is unknown. */
  get oversubscribed() {
    const workers = this.outcome?.workers ?? this.workers.length;
    return workers > (this.cores ?? 1);
  }

  /** Whether no task is left to run, although the run's result may not be here yet. */
  get settled() {
    return this.done + this.totals[ERRED] + this.totals[CANCELLED] === this.tasks;
  }

  /** Milliseconds spent in tasks by all workers, up to now. */
  get workMs() {
    let sum = 0;
    for (const worker of this.workers) {
      sum += worker.busyMs;
      if (worker.running >= 0) sum += Math.max(0, this.nowMs - worker.endMs);
    }
    return sum;
  }

  /** Milliseconds spent between tasks by all workers. */
  get overheadMs() {
    return this.workers.reduce((sum, worker) => sum + worker.overheadMs, 0);
  }

  /** Events taken in, of all workers. */
  get events() {
    let sum = 0;
    for (const worker of this.workers) sum += worker.length;
    return sum;
  }

  /**
   * When the picture ends: the makespan of a finished run, the clock of a running one. The clock stops
   * with the last task: the time it takes to put the result together is not part of the run.
   */
  get endMs() {
    if (this.outcome) return this.outcome.makespanMs;
    let end = this.phase === 'running' && !this.settled ? this.nowMs : 0;
    for (const worker of this.workers) end = Math.max(end, worker.endMs);
    return end;
  }

  /**
   * Takes the memory curve of a run that is replayed: it is known before the run is at its end.
   *
   * @param {import('./memory.js').MemoryCurve} curve
   */
  knowMemory(curve) {
    this.#memory = curve;
    this.version++;
  }

  /** What its values took, over time; null when that is not known, as of a live run before its end. */
  get memory() {
    const { bytes, scratch } = this;
    if (!this.#memory && bytes) {
      const workers = this.workers.map(({ slice }) => slice);
      this.#memory = memoryHeld(this.graph, { workers, bytes, scratch });
    }
    return this.#memory;
  }

  /** @param {number} task */
  isTarget(task) {
    return this.#states.isTarget(task);
  }

  /** The last time that is known; the end of a run is shown from then on. */
  get #lastMs() {
    const makespan = this.#ending?.outcome?.makespanMs ?? 0;
    return this.workers.reduce((last, { lastMs }) => Math.max(last, lastMs), makespan);
  }

  /**
   * Shows a worker's events up to `to` (excluded).
   *
   * @param {Timeline} timeline
   * @param {number} to
   */
  #show(timeline, to) {
    let event = timeline.length;
    timeline.show(to);
    const { task: tasks, action } = timeline;
    for (; event < to; event++) {
      const task = tasks[event];
      if (task === NO_TASK) continue;
      const what = action[event];
      if (what === LOST) this.#states.lose(task);
      else if (what === CANCEL) this.#states.cancel(task);
      if (!runsTask(what)) continue;
      if (what === COMPUTE) this.#states.execute(task);
      else if (what === COMPUTE_ERRED) this.#states.fail(task);
      if (timeline.running === task) this.#setRunning(timeline, -1);
    }
  }

  /**
   * Hides a worker's events from `from` on.
   *
   * @param {Timeline} timeline
   * @param {number} from
   */
  #hide(timeline, from) {
    const { task: tasks, action } = timeline;
    for (let event = timeline.length - 1; event >= from; event--) {
      const task = tasks[event];
      if (task === NO_TASK) continue;
      const what = action[event];
      if (what === COMPUTE) this.#states.lose(task);
      else if (what === COMPUTE_ERRED) this.#states.mend(task);
      else if (what === LOST) this.#states.execute(task);
      else if (what === CANCEL) this.#states.takeBackCancel(task);
    }
    timeline.hide(from);
  }

  /**
   * @param {Timeline} timeline
   * @param {number} task -1 for none
   */
  #setRunning(timeline, task) {
    const before = timeline.running;
    if (before === task) return;
    // Its event may not be here yet; until it is, the worker cannot be shown with two tasks.
    if (before >= 0) this.#states.rest(before);
    const taken = task >= 0 && this.#states.run(task);
    timeline.running = taken ? task : -1;
    this.version++;
  }

  /**
   * Shows how the run ended.
   *
   * @param {Ending} ending
   */
  #showEnd({ outcome, bytes, scratch, dropped }) {
    this.#ended = true;
    this.outcome = outcome;
    this.bytes = bytes;
    this.scratch = scratch;
    this.dropped = dropped;
    this.phase = outcome ? 'finished' : 'stopped';
    if (outcome) {
      if (outcome.workers > this.workers.length) this.setWorkers(outcome.workers);
      this.nowMs = outcome.makespanMs;
    }
    for (const worker of this.workers) worker.running = -1;
    this.#states.end(outcome !== null);
    this.version++;
  }

  /** Back to what the events alone say. */
  #hideEnd() {
    this.#ended = false;
    this.outcome = null;
    this.bytes = null;
    this.scratch = null;
    this.dropped = 0;
    this.phase = 'running';
    this.#states.takeBackEnd();
  }
}

/**
 * The state of a task, as a word.
 *
 * @param {RunModel} model
 * @param {number} task
 * @returns {string}
 */
export function stateNameOf(model, task) {
  return stateNames[model.state[task]];
}
