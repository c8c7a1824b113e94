/*
 * Where in the timelines of a run a task was executed. It is looked for only for a task that is pointed at or
 * selected, so a search at the speed of memory is enough.
 */
import { COMPUTE, COMPUTE_ERRED } from '../model/actions.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */

/** The last event of a task in which it was computed. @typedef {{ worker: number, event: number }} TaskSlice */

/**
 * O(events).
 *
 * @param {RunModel} model
 * @param {number} task
 * @returns {TaskSlice | null} null when it has not been executed
 */
export function sliceOfTask(model, task) {
  for (let worker = 0; worker < model.workers.length; worker++) {
    const timeline = model.workers[worker];
    let event = timeline.task.indexOf(task);
    while (event >= 0 && event < timeline.length) {
      const what = timeline.action[event];
      if (what === COMPUTE || what === COMPUTE_ERRED) return { worker, event };
      event = timeline.task.indexOf(task, event + 1);
    }
  }
  return null;
}

/**
 * How long a task took. O(events).
 *
 * @param {RunModel} model
 * @param {number} task
 * @returns {number | null} ms; null when it has not been executed
 */
export function durationOf(model, task) {
  const slice = sliceOfTask(model, task);
  if (!slice) return null;
  const timeline = model.workers[slice.worker];
  return timeline.stopMs[slice.event] - timeline.startMs(slice.event);
}
