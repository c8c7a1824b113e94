/*
 * One run of a graph, as the page knows it: events in, task states out. Every table is a typed array
 * of the graph's size, so an event costs O(its dependencies and dependents) and allocates nothing.
 *
 * Events of several workers arrive in batches, worker by worker, so a dependent may be heard of
 * before its dependency. The counts are kept so that the order of batches does not matter: when all
 * events are in, the states are the same.
 *
 * It is a reducer: it draws nothing, reads no clock and asks nothing of the engine. Views compare
 * `version` with what they drew last, and find the tasks whose state changed in `changes`.
 */
import { COMPUTE, COMPUTE_ERRED, NO_TASK, RETRY } from './actions.js';
import { memoryHeld } from './memory.js';
import {
  CANCELLED,
  ERRED,
  FINISHED,
  READY,
  RELEASED,
  RUNNING,
  STATES,
  stateNames,
  WAITING,
} from './states.js';
import { Timeline } from './timeline.js';

/** @typedef {import('./graph.js').GraphData} GraphData */
/** @typedef {import('./timeline.js').TraceSlice} TraceSlice */

/**
 * The tasks of one prefix. `counts` is a live view, by state.
 *
 * @typedef {{ name: string, total: number, counts: Uint32Array }} PrefixCounts
 */

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
 */

/** @typedef {'waiting' | 'running' | 'finished' | 'stopped'} RunPhase */

/** The log of changes keeps at most this many; whoever is further behind looks at every task. */
const LOG_CAPACITY = 1 << 16;

/**
 * @param {GraphData} graph
 * @param {number} [workers] how many timelines to begin with; more appear as they are heard of
 * @returns {RunModel}
 */
export function createRunModel(graph, workers = 0) {
  return new RunModel(graph, workers);
}

export class RunModel {
  /** Live clock, ms since the run's start; set each frame while it runs. */
  nowMs = 0;
  /** Grows with every change of anything but the clock. */
  version = 0;
  /** @type {RunPhase} */
  phase = 'waiting';
  /** @type {RunOutcome | null} */
  outcome = null;
  /** Processor cores of the machine, as its browser reports them; null when that is unknown. @type {number | null} */
  cores = null;
  /** Bytes that the run's values may take; null when it set no limit. @type {number | null} */
  memoryLimit = null;
  /** Events the engine had no room for. */
  dropped = 0;
  /** Per task, the size of its value; null where that is not known (yet). @type {Float64Array | null} */
  bytes = null;
  /** Per task, the memory that it needs besides its value while it runs. @type {Float64Array | null} */
  scratch = null;
  /** @type {import('./memory.js').MemoryCurve | null} */
  #memory = null;
  /** @type {Timeline[]} */
  workers = [];
  /**
   * Changes of state, in a ring whose length is a power of two: change number n is at
   * `log[n % log.length]`.
   */
  changes = { total: 0, log: new Uint32Array(0) };

  /** @type {Uint32Array} */
  #counts;
  /** Per task: how often a dependency that has not finished names it. */
  #missing;
  /** Per task: how often a dependent that has not finished uses it. */
  #uses;
  /** @type {Uint8Array} */
  #isTarget;

  /**
   * @param {GraphData} graph
   * @param {number} workers
   */
  constructor(graph, workers) {
    const { tasks, prefixes } = graph;
    this.graph = graph;
    this.tasks = tasks;
    /** Per task, one of the numbers in states.js. */
    this.state = new Uint8Array(tasks);
    /** Tasks per state. */
    this.totals = new Uint32Array(STATES);
    this.#counts = new Uint32Array(prefixes.length * STATES);
    this.#missing = new Uint32Array(tasks);
    this.#uses = new Uint32Array(tasks);
    this.#isTarget = new Uint8Array(tasks);
    for (const target of graph.targets) this.#isTarget[target] = 1;
    let capacity = 1;
    while (capacity < tasks && capacity < LOG_CAPACITY) capacity *= 2;
    this.changes.log = new Uint32Array(capacity * 2);

    const total = new Uint32Array(prefixes.length);
    for (let task = 0; task < tasks; task++) total[graph.prefixOf[task]]++;
    /** @type {PrefixCounts[]} */
    this.prefixes = prefixes.map((name, prefix) => ({
      name,
      total: total[prefix],
      counts: this.#counts.subarray(prefix * STATES, (prefix + 1) * STATES),
    }));
    this.reset(workers);
  }

  /**
   * Back to before the run. O(tasks + edges).
   *
   * @param {number} [workers] as at creation
   */
  reset(workers = this.workers.length) {
    const { graph, state } = this;
    this.nowMs = 0;
    this.phase = 'waiting';
    this.outcome = null;
    this.dropped = 0;
    this.bytes = null;
    this.scratch = null;
    this.#memory = null;
    this.setWorkers(workers);
    for (const worker of this.workers) worker.clear();

    // Counted from the rows that will be walked when a task finishes, so that a repeated edge is
    // added and taken away equally often, whether or not the other table repeats it too.
    const missing = countNamed(graph.dependents.tasks, this.#missing);
    countNamed(graph.dependencies.tasks, this.#uses);

    const counts = this.#counts.fill(0);
    const totals = this.totals.fill(0);
    const { prefixOf } = graph;
    for (let task = 0; task < state.length; task++) {
      const initial = missing[task] === 0 ? READY : WAITING;
      state[task] = initial;
      totals[initial]++;
      counts[prefixOf[task] * STATES + initial]++;
    }
    // More changes than the log holds: every reader looks at every task.
    this.changes.total += this.changes.log.length + 1;
    this.version++;
  }

  /**
   * How many workers there are, so that idle ones have a row from the start.
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
   * Takes in events `from` (included) to `to` (excluded) of a worker's trace.
   *
   * @param {number} worker
   * @param {TraceSlice} slice
   * @param {number} [from]
   * @param {number} [to]
   */
  append(worker, slice, from = 0, to = slice.stopMs.length) {
    if (to <= from) return;
    if (worker >= this.workers.length) this.setWorkers(worker + 1);
    if (this.phase === 'waiting') this.phase = 'running';
    const timeline = this.workers[worker];
    timeline.append(slice, from, to);
    for (let i = from; i < to; i++) {
      const task = slice.task[i];
      if (task === NO_TASK) continue;
      const what = slice.action[i];
      if (what === COMPUTE) this.#finish(task);
      else if (what === COMPUTE_ERRED) this.#err(task);
      else if (what === RETRY) this.#putBack(task);
      else continue;
      if (timeline.running === task) timeline.running = -1;
    }
    if (timeline.endMs > this.nowMs) this.nowMs = timeline.endMs;
    this.version++;
  }

  /**
   * What a worker is executing now.
   *
   * @param {number} worker
   * @param {number} task -1 for none
   */
  setRunning(worker, task) {
    if (worker >= this.workers.length) this.setWorkers(worker + 1);
    const timeline = this.workers[worker];
    const before = timeline.running;
    if (before === task) return;
    // Its event is not yet here; until it is, the worker cannot be shown with two tasks.
    if (before >= 0 && this.state[before] === RUNNING) this.#move(before, READY);
    const taken = task >= 0 && this.state[task] < RUNNING;
    if (taken) this.#move(task, RUNNING);
    timeline.running = taken ? task : -1;
    this.version++;
  }

  /**
   * The run is over and all its events are in.
   *
   * @param {RunOutcome | null} outcome null when it failed or was cancelled
   * @param {Float64Array | null} [bytes] per task, the size of its value
   * @param {Float64Array | null} [scratch] per task, what it needs besides while it runs
   */
  finish(outcome, bytes = null, scratch = null) {
    this.outcome = outcome;
    this.bytes = bytes;
    this.scratch = scratch;
    this.phase = outcome ? 'finished' : 'stopped';
    if (outcome) {
      if (outcome.workers > this.workers.length) this.setWorkers(outcome.workers);
      this.nowMs = outcome.makespanMs;
    }
    for (const worker of this.workers) worker.running = -1;
    this.#spreadErrors();
    for (let task = 0; task < this.tasks; task++) {
      if (!outcome) {
        if (this.state[task] < FINISHED) this.#move(task, CANCELLED);
        continue;
      }
      if (this.state[task] === ERRED) continue;
      // Without a trace no event said so, but a finished run has executed every other task and holds
      // the targets alone.
      const last = this.#isTarget[task] ? FINISHED : RELEASED;
      if (this.state[task] !== last) this.#move(task, last);
    }
    this.version++;
  }

  /** Tasks executed so far, whether or not their values are still held. */
  get done() {
    return this.totals[FINISHED] + this.totals[RELEASED];
  }

  /** Whether the workers have to share cores; true if it is unknown how many there are. */
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
      const workers = this.workers.map(({ task, action, stopMs, length }) => ({
        task: task.subarray(0, length),
        action: action.subarray(0, length),
        stopMs: stopMs.subarray(0, length),
      }));
      this.#memory = memoryHeld(this.graph, { workers, bytes, scratch });
    }
    return this.#memory;
  }

  /** @param {number} task */
  isTarget(task) {
    return this.#isTarget[task] === 1;
  }

  /**
   * A worker has executed a task: its dependents may become ready, its dependencies be let go.
   *
   * @param {number} task
   */
  #finish(task) {
    const state = this.state;
    if (state[task] === FINISHED || state[task] === RELEASED) return;
    const { dependents } = this.graph;
    const kept = this.#uses[task] > 0 || this.#isTarget[task] === 1;
    this.#move(task, kept ? FINISHED : RELEASED);
    for (let i = dependents.starts[task]; i < dependents.starts[task + 1]; i++) {
      const dependent = dependents.tasks[i];
      if (--this.#missing[dependent] === 0 && state[dependent] === WAITING) {
        this.#move(dependent, READY);
      }
    }
    this.#letGo(task);
  }

  /**
   * A task has failed for good, or will never run since one that it depends on did: either way it
   * reads no value any more.
   *
   * @param {number} task
   */
  #err(task) {
    if (this.state[task] >= FINISHED) return;
    this.#move(task, ERRED);
    this.#letGo(task);
  }

  /**
   * A task has failed, and will be tried again.
   *
   * @param {number} task
   */
  #putBack(task) {
    if (this.state[task] === RUNNING) this.#move(task, READY);
  }

  /**
   * A task needs its dependencies no longer. Values that nobody else needs are released.
   *
   * @param {number} task
   */
  #letGo(task) {
    const { state } = this;
    const { dependencies } = this.graph;
    for (let i = dependencies.starts[task]; i < dependencies.starts[task + 1]; i++) {
      const dependency = dependencies.tasks[i];
      if (--this.#uses[dependency] > 0 || this.#isTarget[dependency]) continue;
      if (state[dependency] === FINISHED) this.#move(dependency, RELEASED);
    }
  }

  /** Whoever depends on an erred task, directly or not, erred with it. */
  #spreadErrors() {
    const { starts, tasks } = this.graph.dependents;
    /** @type {number[]} */
    const pending = [];
    for (let task = 0; task < this.tasks; task++) {
      if (this.state[task] === ERRED) pending.push(task);
    }
    for (let task = pending.pop(); task !== undefined; task = pending.pop()) {
      for (let i = starts[task]; i < starts[task + 1]; i++) {
        const dependent = tasks[i];
        if (this.state[dependent] >= FINISHED) continue;
        this.#err(dependent);
        pending.push(dependent);
      }
    }
  }

  /**
   * @param {number} task
   * @param {number} to
   */
  #move(task, to) {
    const from = this.state[task];
    const row = this.graph.prefixOf[task] * STATES;
    this.state[task] = to;
    this.totals[from]--;
    this.totals[to]++;
    this.#counts[row + from]--;
    this.#counts[row + to]++;
    const { changes } = this;
    changes.log[changes.total & (changes.log.length - 1)] = task;
    changes.total++;
  }
}

/**
 * How often each task is named.
 *
 * @param {Uint32Array} tasks
 * @param {Uint32Array} counts is overwritten
 * @returns {Uint32Array} `counts`
 */
function countNamed(tasks, counts) {
  counts.fill(0);
  for (let i = 0; i < tasks.length; i++) counts[tasks[i]]++;
  return counts;
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
