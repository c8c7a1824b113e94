/*
 * The graph in words: the whole graph, for readers who cannot see it, and one task, for its tooltip.
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
  const tasks = counted(model.tasks, 'task', 'tasks');
  const edges = counted(model.graph.dependencies.tasks.length, 'dependency', 'dependencies');
  return `Task graph of ${tasks} and ${edges}: ${parts.join(', ')}.`;
}

/**
 * The lines of a task's tooltip.
 *
 * @param {RunModel} model
 * @param {number} task
 * @returns {string[]}
 */
export function tipOf(model, task) {
  const { graph } = model;
  const lasted = durationOf(model, task);
  const state =
    stateNameOf(model, task) + (lasted === null ? '' : `, took ${formatDuration(lasted)}`);
  const edges = (/** @type {import('../model/graph.js').Rows} */ { starts }) =>
    starts[task + 1] - starts[task];
  const dependencies = counted(edges(graph.dependencies), 'dependency', 'dependencies');
  const dependents = counted(edges(graph.dependents), 'dependent', 'dependents');
  return [keyOf(graph, task), state, `${dependencies}, ${dependents}`];
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} several
 */
function counted(count, one, several) {
  return `${formatCount(count)} ${count === 1 ? one : several}`;
}
