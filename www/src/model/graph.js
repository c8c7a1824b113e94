/*
 * The task graph as it comes from the engine: flat tables, one entry per task, which the page reads
 * and never changes. Here are their types, and the few questions views ask of them.
 */

/**
 * Compressed rows: the row of task t is `tasks[starts[t]]` to `tasks[starts[t + 1] - 1]`. A row may
 * name a task twice (`x + x`).
 *
 * @typedef {{ starts: Uint32Array, tasks: Uint32Array }} Rows
 */

/**
 * @typedef {object} GraphData
 * @property {number} tasks how many
 * @property {string[]} prefixes
 * @property {Uint16Array} prefixOf per task, an index into `prefixes`
 * @property {Rows} dependencies
 * @property {Rows} dependents
 * @property {Uint32Array} order per task, its static priority; 0 runs first
 * @property {Uint32Array} targets the tasks whose values were asked for
 * @property {{ starts: Uint32Array, text: Uint8Array }} keys UTF-8
 * @property {{ x: Float32Array, y: Float32Array, width: number, height: number }} layout
 *   x is the layer, a whole number from 0, y the position in it, in unit spacing; width and height
 *   are the largest of each
 */

const decoder = new TextDecoder();

/**
 * The key of a task as Dask writes it: `'sum-1c'` or `('mean_chunk-8f3a', 0, 3)`.
 *
 * @param {GraphData} graph
 * @param {number} task
 * @returns {string}
 */
export function keyOf(graph, task) {
  const { starts, text } = graph.keys;
  const plain = decoder.decode(text.slice(starts[task], starts[task + 1]));
  const comma = plain.indexOf(', ');
  return comma < 0 ? `'${plain}'` : `('${plain.slice(0, comma)}'${plain.slice(comma)})`;
}

/**
 * @param {GraphData} graph
 * @param {number} task
 * @returns {string}
 */
export function prefixOf(graph, task) {
  return graph.prefixes[graph.prefixOf[task]];
}
