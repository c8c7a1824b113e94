/*
 * What the graph view says in words: of the whole graph, for those who cannot see it, and of a task, at
 * the pointer.
 */
import { COMPUTE, COMPUTE_ERRED } from '../model/actions.js';
import { keyOf } from '../model/graph.js';
import { stateNameOf } from '../model/run.js';
import { stateNames } from '../model/states.js';
import { formatCount, formatDuration } from './format.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */

/**
 * The view in words.
 *
 * @param {RunModel} model
 * @returns {string}
 */
export function describeGraph(model) {
  const parts = stateNames
    .map((name, state) => ({ name, count: model.totals[state] }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${formatCount(count)} ${name}`);
  const edges = formatCount(model.graph.dependencies.tasks.length);
  return `Task graph of ${formatCount(model.tasks)} tasks and ${edges} dependencies: ${parts.join(', ')}.`;
}

/**
 * What a tooltip says of a task.
 *
 * @param {RunModel} model
 * @param {number} task
 * @returns {string[]}
 */
export function tipOf(model, task) {
  const { graph } = model;
  const lasted = durationOf(model, task);
  const state = stateNameOf(model, task) + (lasted === null ? '' : `, ${formatDuration(lasted)}`);
  const count = (
    /** @type {import('../model/graph.js').Rows} */ { starts },
    /** @type {string} */ word,
  ) => {
    const edges = starts[task + 1] - starts[task];
    return `${formatCount(edges)} ${edges === 1 ? word : word.replace(/y$/, 'ie').concat('s')}`;
  };
  const edges = `${count(graph.dependencies, 'dependency')}, ${count(graph.dependents, 'dependent')}`;
  return [keyOf(graph, task), state, edges];
}

/**
 * How long a task took, from the timelines; null when it has not been executed. O(events), at the
 * speed of a memory search.
 *
 * @param {RunModel} model
 * @param {number} task
 * @returns {number | null} ms
 */
export function durationOf(model, task) {
  for (const timeline of model.workers) {
    let event = timeline.task.indexOf(task);
    while (event >= 0 && event < timeline.length) {
      const what = timeline.action[event];
      if (what === COMPUTE || what === COMPUTE_ERRED) {
        return timeline.stopMs[event] - timeline.startMs(event);
      }
      event = timeline.task.indexOf(task, event + 1);
    }
  }
  return null;
}
