/*
 * What each task has done in a run: on which worker it ran, from when to when, how often it was tried,
 * and when its value was released. It is read from the timelines when it is asked for, so that taking
 * in events costs nothing more. Each event is read once.
 */
import { COMPUTE_ERRED, runsTask } from './actions.js';

/** @import { GraphData } from './graph.js' */
/** @import { Timeline } from './timeline.js' */

/**
 * The part of a run model that is read here.
 *
 * @typedef {{ tasks: number, graph: GraphData, workers: Timeline[], isTarget: (task: number) => boolean }} Run
 */

/** The worker of a task that has not run. */
export const NO_WORKER = 0xffff;

export class TaskHistory {
  #model;
  /** Per worker, how many of its events have been read. @type {number[]} */
  #read = [];

  /** @param {Run} model */
  constructor(model) {
    this.#model = model;
    const { tasks } = model;
    /** Per task, the worker that ran it last. */
    this.worker = new Uint16Array(tasks).fill(NO_WORKER);
    /** Per task, when it last began to run, in ms since the run's start; NaN if it has not run. */
    this.startMs = new Float64Array(tasks).fill(NaN);
    /** Per task, when that stopped. */
    this.stopMs = new Float64Array(tasks).fill(NaN);
    /** Per task, how often it ran. */
    this.attempts = new Uint16Array(tasks);
  }

  /** Reads the events that are new. O(new events). */
  catchUp() {
    this.#model.workers.forEach((timeline, worker) => {
      const { recorded, task: tasks, action, stopMs } = timeline;
      for (let event = this.#read[worker] ?? 0; event < recorded; event++) {
        if (!runsTask(action[event])) continue;
        const task = tasks[event];
        const start = timeline.startMs(event);
        const stop = stopMs[event];
        // A task that was not run, because a dependency erred, has no attempt.
        if (action[event] === COMPUTE_ERRED && stop === start) continue;
        this.attempts[task]++;
        if (this.stopMs[task] > stop) continue;
        this.worker[task] = worker;
        this.startMs[task] = start;
        this.stopMs[task] = stop;
      }
      this.#read[worker] = recorded;
    });
  }

  /**
   * When the value of a task was let go: once all tasks that read it had stopped. O(its dependents).
   *
   * @param {number} task
   * @returns {number} ms since the run's start; NaN if it is still held, or never was
   */
  releaseMs(task) {
    if (this.#model.isTarget(task)) return NaN;
    let last = this.stopMs[task];
    const { starts, tasks } = this.#model.graph.dependents;
    for (let i = starts[task]; i < starts[task + 1]; i++) {
      // NaN as long as one of them has not stopped.
      last = Math.max(last, this.stopMs[tasks[i]]);
    }
    return last;
  }
}
