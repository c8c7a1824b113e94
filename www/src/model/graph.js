/*
 * The task graph as the engine sends it: flat tables with one entry per task, which the page never
 * changes. This file has their types and a few lookups for views.
 */

/**
 * Compressed rows: the row of task t is `tasks[starts[t]]` to `tasks[starts[t + 1] - 1]`. A row may
 * contain a task twice (`x + x`).
 *
 * @typedef {{ starts: Uint32Array, tasks: Uint32Array }} Rows
 */

/**
 * @typedef {object} GraphData
 * @property {number} tasks the number of tasks
 * @property {string[]} prefixes
 * @property {Uint16Array} prefixOf per task, an index into `prefixes`
 * @property {Rows} dependencies
 * @property {Rows} dependents
 * @property {Uint32Array} order per task, its static priority; 0 runs first
 * @property {Uint32Array} targets the tasks whose values were asked for
 * @property {{ starts: Uint32Array, text: Uint8Array }} keys UTF-8, as Python prints them: `sum-1c`, or
 *   `('mean_chunk-8f3a', 0, 3)` for a block
 * @property {{ x: Float32Array, y: Float32Array, width: number, height: number }} layout
 *   x is the layer, a whole number from 0, y the position in it, in unit spacing; width and height
 *   are the largest of each
 */

const decoder = new TextDecoder();

/**
 * Returns the key of a task as the engine writes it: the same in tooltips, error messages and exports.
 *
 * @param {GraphData} graph
 * @param {number} task
 * @returns {string}
 */
export function keyOf(graph, task) {
  const { starts, text } = graph.keys;
  return decoder.decode(text.slice(starts[task], starts[task + 1]));
}

/** The number of keys that `keyReader` decodes together. Decoding them one by one takes ten times as long. */
const BLOCK = 4096;

/**
 * A faster `keyOf` for callers that need the keys of all tasks.
 *
 * @param {GraphData} graph
 * @returns {(task: number) => string}
 */
export function keyReader(graph) {
  const { starts, text } = graph.keys;
  /** @type {string[]} */
  const blocks = [];
  return (task) => {
    const index = Math.floor(task / BLOCK);
    const from = starts[index * BLOCK];
    const to = starts[Math.min((index + 1) * BLOCK, graph.tasks)];
    const block = (blocks[index] ??= decoder.decode(text.slice(from, to)));
    // Characters of several bytes shift the ones after them.
    if (block.length !== to - from) return keyOf(graph, task);
    return block.slice(starts[task] - from, starts[task + 1] - from);
  };
}

/**
 * @param {GraphData} graph
 * @param {number} task
 * @returns {string}
 */
export function prefixOf(graph, task) {
  return graph.prefixes[graph.prefixOf[task]];
}
