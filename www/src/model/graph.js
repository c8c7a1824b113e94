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
  return quoted(decoder.decode(text.slice(starts[task], starts[task + 1])));
}

/** Keys that are decoded at once where all are wanted: one by one takes ten times as long. */
const BLOCK = 4096;

/**
 * `keyOf` for whoever needs the keys of all tasks.
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
    // A letter that takes several bytes moves those after it.
    if (block.length !== to - from) return keyOf(graph, task);
    return quoted(block.slice(starts[task] - from, starts[task + 1] - from));
  };
}

/** @param {string} plain a key without quotes */
function quoted(plain) {
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
