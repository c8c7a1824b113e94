/*
 * The tasks of a graph sorted by layer, and within a layer by position: the order in which they are on the page.
 * So the tasks of a region are found by two binary searches. Sorted once per graph in O(tasks), by counting
 * sorts. It does not know pixels.
 */

/** @typedef {import('../model/graph.js').GraphData} GraphData */

/**
 * @typedef {object} Sites
 * @property {number} layers
 * @property {number} height how many positions a layer has
 * @property {Uint32Array} starts per layer, where its tasks begin in `tasks`
 * @property {Uint32Array} tasks by layer and position
 * @property {Float32Array} positions of `tasks`, from 0
 * @property {Uint32Array} layerOf per task
 */

/** @type {WeakMap<GraphData, Sites>} */
const known = new WeakMap();

/**
 * @param {GraphData} graph
 * @returns {Sites}
 */
export function sitesOf(graph) {
  let sites = known.get(graph);
  if (!sites) {
    sites = computeSites(graph);
    known.set(graph, sites);
  }
  return sites;
}

/**
 * Whether the tasks of a graph have been sorted already.
 *
 * @param {GraphData} graph
 */
export function isSorted(graph) {
  return known.has(graph);
}

/** Positions are sorted in steps of 1 / STEPS of a unit. */
const STEPS = 2;

/**
 * @param {GraphData} graph
 * @returns {Sites}
 */
function computeSites(graph) {
  const { x, y, width, height } = graph.layout;
  const count = graph.tasks;
  const layers = Math.round(width) + 1;
  const layerOf = new Uint32Array(count);
  for (let task = 0; task < count; task++) layerOf[task] = Math.round(x[task]);
  const starts = new Uint32Array(layers + 1);
  let tasks = countingSort(layerOf, layers, null, starts);
  if (!ascending(tasks, starts, y)) {
    const rows = Math.ceil(height) * STEPS + 1;
    const rowOf = new Uint32Array(count);
    for (let task = 0; task < count; task++) {
      rowOf[task] = Math.min(rows - 1, Math.round(y[task] * STEPS));
    }
    tasks = countingSort(layerOf, layers, countingSort(rowOf, rows, null), starts);
  }
  const positions = new Float32Array(count);
  if (graph.dependencies.tasks.length === 0) {
    // Without edges layers have no meaning, and one line of tasks fits any box.
    layerOf.fill(0);
    for (let i = 0; i < count; i++) positions[i] = i;
    return {
      layers: 1,
      height: count,
      starts: Uint32Array.of(0, count),
      tasks,
      positions,
      layerOf,
    };
  }
  for (let i = 0; i < count; i++) positions[i] = y[tasks[i]];
  return { layers, height: height + 1, starts, tasks, positions, layerOf };
}

/**
 * Whether tasks in the order of their numbers are also in the order of their positions, which is the usual case.
 *
 * @param {Uint32Array} tasks
 * @param {Uint32Array} starts
 * @param {Float32Array} y
 */
function ascending(tasks, starts, y) {
  for (let layer = 0; layer + 1 < starts.length; layer++) {
    for (let i = starts[layer] + 1; i < starts[layer + 1]; i++) {
      if (y[tasks[i]] < y[tasks[i - 1]]) return false;
    }
  }
  return true;
}

/**
 * Sorts items by a small key. The sort is stable.
 *
 * @param {Uint32Array} keyOf per item
 * @param {number} keys
 * @param {Uint32Array | null} order in which the items come; null for 0, 1, 2 ...
 * @param {Uint32Array} [starts] filled with where each key begins; length `keys + 1`
 * @returns {Uint32Array}
 */
function countingSort(keyOf, keys, order, starts = new Uint32Array(keys + 1)) {
  const next = new Uint32Array(keys);
  for (let item = 0; item < keyOf.length; item++) next[keyOf[item]]++;
  let sum = 0;
  for (let key = 0; key < keys; key++) {
    const count = next[key];
    starts[key] = sum;
    next[key] = sum;
    sum += count;
  }
  starts[keys] = sum;
  const sorted = new Uint32Array(keyOf.length);
  for (let i = 0; i < keyOf.length; i++) {
    const item = order ? order[i] : i;
    sorted[next[keyOf[item]]++] = item;
  }
  return sorted;
}

/**
 * Returns the first of `tasks` in a layer whose position is at least `position`.
 *
 * @param {Sites} sites
 * @param {number} layer
 * @param {number} position
 * @returns {number} an index into `tasks`
 */
export function firstFrom(sites, layer, position) {
  let low = sites.starts[layer];
  let high = sites.starts[layer + 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sites.positions[middle] >= position) high = middle;
    else low = middle + 1;
  }
  return low;
}
