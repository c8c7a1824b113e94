/*
 * What the graph view says in words: of the whole graph, for those who cannot see it, and of a task, at
 * the pointer.
 */
import { keyOf } from '../model/graph.js';
import { stateNameOf } from '../model/run.js';
import { stateNames } from '../model/states.js';
import { formatCount, formatDuration } from './format.js';
import { durationOf } from './task-slice.js';

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
