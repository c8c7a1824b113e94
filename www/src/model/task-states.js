/*
 * The state of every task of a graph. Every table is a typed array of the graph's size, so an event costs
 * O(its dependencies and dependents) and allocates nothing.
 *
 * The states follow from the set of events that have stopped, in whatever order they came:
 *
 *     executed(t)   its computes, less the times at which its value was lost, are more than 0
 *     missing(t)    the number of edges to t from dependencies that are not executed
 *     uses(t)       the number of edges from t to dependents that are neither executed nor erred
 *
 * So an event is taken back by counting the other way: `lose` takes back `execute`, and `mend` takes back
 * `fail`.
 */
import { CANCELLED, ERRED, FINISHED, READY, RELEASED, RUNNING, STATES, WAITING } from './states.js';

/** @import { GraphData } from './graph.js' */

/**
 * The tasks of one prefix. `counts` is a live view, by state.
 *
 * @typedef {{ name: string, total: number, counts: Uint32Array }} PrefixCounts
 */

/** The log of changes keeps at most this many. A reader that is further behind looks at every task. */
const LOG_CAPACITY = 1 << 16;

export class TaskStates {
  /** Per task, one of the numbers in states.js. */
  state;
  /** Tasks per state. */
  totals = new Uint32Array(STATES);
  /**
   * Changes of state, in a ring whose length is a power of two: change number n is at
   * `log[n % log.length]`.
   */
  changes = { total: 0, log: new Uint32Array(0) };
  /** @type {PrefixCounts[]} */
  prefixes;

  #graph;
  /** @type {Uint32Array} */
  #counts;
  /** Per task: its computes, less the times at which its value was lost. */
  #executed;
  /** Per task: the number of times it failed for good, or was not run because a dependency erred. */
  #failed;
  /** Per task: the number of times it was cancelled before it started. */
  #cancelled;
  /** Per task: the number of edges from dependencies that are not executed. */
  #missing;
  /** Per task: the number of edges to dependents that are neither executed nor erred. */
  #uses;
  /** Tasks that the end has erred, since a dependency erred. @type {number[]} */
  #spread = [];
  /** @type {Uint8Array} */
  #isTarget;

  /** @param {GraphData} graph */
  constructor(graph) {
    const { tasks, prefixes } = graph;
    this.#graph = graph;
    this.state = new Uint8Array(tasks);
    this.#counts = new Uint32Array(prefixes.length * STATES);
    this.#executed = new Int8Array(tasks);
    this.#failed = new Uint16Array(tasks);
    this.#cancelled = new Uint16Array(tasks);
    this.#missing = new Uint32Array(tasks);
    this.#uses = new Uint32Array(tasks);
    this.#isTarget = new Uint8Array(tasks);
    for (const target of graph.targets) this.#isTarget[target] = 1;
    let capacity = 1;
    while (capacity < tasks && capacity < LOG_CAPACITY) capacity *= 2;
    this.changes.log = new Uint32Array(capacity * 2);

    const total = new Uint32Array(prefixes.length);
    for (let task = 0; task < tasks; task++) total[graph.prefixOf[task]]++;
    this.prefixes = prefixes.map((name, prefix) => ({
      name,
      total: total[prefix],
      counts: this.#counts.subarray(prefix * STATES, (prefix + 1) * STATES),
    }));
    this.reset();
  }

  /** Back to before the run. O(tasks + edges). */
  reset() {
    const { state } = this;
    const { dependents, dependencies, prefixOf } = this.#graph;
    this.#spread = [];
    // Counted from the rows that will be walked when a task finishes, so that a repeated edge is
    // added and taken away equally often, whether or not the other table repeats it too.
    this.#executed.fill(0);
    this.#failed.fill(0);
    this.#cancelled.fill(0);
    const missing = countNamed(dependents.tasks, this.#missing);
    countNamed(dependencies.tasks, this.#uses);

    const counts = this.#counts.fill(0);
    const totals = this.totals.fill(0);
    for (let task = 0; task < state.length; task++) {
      const initial = missing[task] === 0 ? READY : WAITING;
      state[task] = initial;
      totals[initial]++;
      counts[prefixOf[task] * STATES + initial]++;
    }
    // More changes than the log holds: every reader looks at every task.
    this.changes.total += this.changes.log.length + 1;
  }

  /** @param {number} task */
  isTarget(task) {
    return this.#isTarget[task] === 1;
  }

  /**
   * A worker is executing a task.
   *
   * @param {number} task
   * @returns {boolean} whether it can be: it has no value, and no other worker executes it
   */
  run(task) {
    if (this.state[task] >= RUNNING && this.state[task] !== CANCELLED) return false;
    this.#move(task, RUNNING);
    return true;
  }

  /** No worker is executing a task any more. @param {number} task */
  rest(task) {
    if (this.state[task] === RUNNING) this.#move(task, this.#idleState(task));
  }

  /**
   * A task has a value: its dependents may become ready, its dependencies may be released.
   *
   * @param {number} task
   */
  execute(task) {
    if (this.#executed[task]++ !== 0) return;
    const { state } = this;
    const { dependents } = this.#graph;
    const erred = state[task] === ERRED;
    const kept = this.#uses[task] > 0 || this.#isTarget[task] === 1;
    this.#move(task, kept ? FINISHED : RELEASED);
    for (let i = dependents.starts[task]; i < dependents.starts[task + 1]; i++) {
      const dependent = dependents.tasks[i];
      if (--this.#missing[dependent] === 0 && state[dependent] === WAITING) {
        this.#move(dependent, READY);
      }
    }
    // An erred task has let go of them already.
    if (!erred) this.#letGo(task);
  }

  /**
   * A task has no value any more, and may have to run again; or what it did is taken back.
   *
   * @param {number} task
   */
  lose(task) {
    if (this.#executed[task]-- !== 1) return;
    const { state } = this;
    const { dependents } = this.#graph;
    for (let i = dependents.starts[task]; i < dependents.starts[task + 1]; i++) {
      const dependent = dependents.tasks[i];
      if (this.#missing[dependent]++ === 0 && state[dependent] === READY) {
        this.#move(dependent, WAITING);
      }
    }
    if (this.#failed[task] === 0) this.#need(task);
    this.#move(task, this.#idleState(task));
  }

  /**
   * A task has failed for good, or will not run because a dependency has. Either way it does not need
   * its dependencies any more.
   *
   * @param {number} task
   */
  fail(task) {
    if (this.#failed[task]++ !== 0 || this.#executed[task] > 0) return;
    this.#move(task, ERRED);
    this.#letGo(task);
  }

  /**
   * The failure of a task is taken back.
   *
   * @param {number} task
   */
  mend(task) {
    if (this.#failed[task]-- !== 1 || this.#executed[task] > 0) return;
    this.#need(task);
    this.#move(task, this.#idleState(task));
  }

  /**
   * A task was cancelled before it started, and nothing depends on it.
   *
   * @param {number} task
   */
  cancel(task) {
    this.#cancelled[task]++;
    if (this.state[task] < RUNNING) this.#move(task, CANCELLED);
  }

  /**
   * The cancel of a task is taken back.
   *
   * @param {number} task
   */
  takeBackCancel(task) {
    this.#cancelled[task]--;
    if (this.state[task] === CANCELLED) this.#move(task, this.#idleState(task));
  }

  /**
   * The state of a task, by what has stopped.
   *
   * @param {number} task
   */
  #idleState(task) {
    if (this.#executed[task] > 0) {
      return this.#uses[task] > 0 || this.#isTarget[task] === 1 ? FINISHED : RELEASED;
    }
    if (this.#failed[task] > 0) return ERRED;
    if (this.#cancelled[task] > 0) return CANCELLED;
    return this.#missing[task] === 0 ? READY : WAITING;
  }

  /**
   * A task needs its dependencies no longer. Values that no other task needs are released.
   *
   * @param {number} task
   */
  #letGo(task) {
    const { state } = this;
    const { dependencies } = this.#graph;
    for (let i = dependencies.starts[task]; i < dependencies.starts[task + 1]; i++) {
      const dependency = dependencies.tasks[i];
      if (--this.#uses[dependency] > 0 || this.#isTarget[dependency]) continue;
      if (state[dependency] === FINISHED) this.#move(dependency, RELEASED);
    }
  }

  /**
   * A task needs its dependencies again.
   *
   * @param {number} task
   */
  #need(task) {
    const { state } = this;
    const { dependencies } = this.#graph;
    for (let i = dependencies.starts[task]; i < dependencies.starts[task + 1]; i++) {
      const dependency = dependencies.tasks[i];
      if (this.#uses[dependency]++ === 0 && state[dependency] === RELEASED) {
        this.#move(dependency, FINISHED);
      }
    }
  }

  /**
   * The run has ended. No event says what became of tasks that never ran, and a run without a trace has
   * no events.
   *
   * @param {boolean} hasOutcome whether it finished: else it failed or was cancelled
   */
  end(hasOutcome) {
    const { state } = this;
    this.#spreadErrors();
    for (let task = 0; task < state.length; task++) {
      if (!hasOutcome) {
        if (state[task] < FINISHED) this.#move(task, CANCELLED);
        continue;
      }
      if (state[task] === ERRED || state[task] === CANCELLED) continue;
      // A finished run has executed every other task and holds the targets alone.
      const last = this.#isTarget[task] ? FINISHED : RELEASED;
      if (state[task] !== last) this.#move(task, last);
    }
  }

  /** Takes the end back: to what the events alone say. */
  takeBackEnd() {
    for (const task of this.#spread) {
      this.#failed[task]--;
      this.#need(task);
    }
    this.#spread = [];
    for (let task = 0; task < this.state.length; task++) {
      const state = this.#idleState(task);
      if (this.state[task] !== state) this.#move(task, state);
    }
  }

  /** Tasks that depend on an erred task, directly or not, erred with it. */
  #spreadErrors() {
    const { starts, tasks } = this.#graph.dependents;
    /** @type {number[]} */
    const pending = [];
    for (let task = 0; task < this.state.length; task++) {
      if (this.state[task] === ERRED) pending.push(task);
    }
    for (let task = pending.pop(); task !== undefined; task = pending.pop()) {
      for (let i = starts[task]; i < starts[task + 1]; i++) {
        const dependent = tasks[i];
        if (this.state[dependent] >= FINISHED) continue;
        this.fail(dependent);
        this.#spread.push(dependent);
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
    const row = this.#graph.prefixOf[task] * STATES;
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
