/*
 * The collections and schedulers of the figure, as plain data: for each collection a line of code and a small version
 * of the graph that Dask builds for it, with Dask's task names, before optimisation.
 */

/**
 * @typedef {Object} SmallTask
 * @property {string} prefix
 * @property {number} layer from the left
 * @property {number[]} needs indices of tasks before it
 *
 * @typedef {Object} Collection
 * @property {string} name
 * @property {string} code
 * @property {string} becomes what the collection is made of
 * @property {boolean} here whether a demo of this deck runs it
 * @property {SmallTask[]} tasks
 *
 * @typedef {Object} SmallScheduler
 * @property {string} name
 * @property {string} does
 * @property {string} worker what its workers are called
 * @property {number} workers in this figure
 * @property {'never' | 'always' | 'between'} moves when the input of a task is moved: always, or between workers
 * @property {boolean} here whether a demo of this deck uses it
 */

/**
 * Builds a graph of partitions that go through the same steps and are then combined.
 *
 * @param {string[]} steps of each partition
 * @param {string[]} end of all
 * @returns {SmallTask[]}
 */
function partitions(steps, end) {
  const count = 4;
  const tasks = steps.flatMap((prefix, layer) =>
    Array.from({ length: count }, (_, i) => ({
      prefix,
      layer,
      needs: layer === 0 ? [] : [(layer - 1) * count + i],
    })),
  );
  end.forEach((prefix, i) => {
    const last = tasks.length;
    const needs = Array.from({ length: i === 0 ? count : 1 }, (_, k) => last - 1 - k).reverse();
    tasks.push({ prefix, layer: steps.length + i, needs });
  });
  return tasks;
}

/** @type {Collection[]} */
export const collections = [
  {
    name: 'Array',
    code: 'x.mean()',
    becomes: 'Blocks, each a NumPy array',
    here: true,
    tasks: partitions(['normal', 'mean_chunk'], ['mean_agg-aggregate']),
  },
  {
    name: 'Data frame',
    code: 'df.groupby("g").v.mean()',
    becomes: 'Ranges of rows, each a pandas data frame',
    here: false,
    tasks: partitions(['frompandas', '_mean_chunk'], ['mean-tree', 'getitem']),
  },
  {
    name: 'Bag',
    code: 'numbers.map(inc).sum()',
    becomes: 'Partitions, each a sequence of Python objects',
    here: false,
    tasks: partitions(['from_sequence', 'inc', 'sum-part'], ['sum-aggregate']),
  },
  {
    name: 'Delayed',
    code: 'report(merge(clean(load(a)), load(b)))',
    becomes: 'Calls of any function, each a task',
    here: false,
    tasks: [
      { prefix: 'load', layer: 0, needs: [] },
      { prefix: 'load', layer: 0, needs: [] },
      { prefix: 'clean', layer: 1, needs: [0] },
      { prefix: 'merge', layer: 2, needs: [1, 2] },
      { prefix: 'report', layer: 3, needs: [3] },
    ],
  },
];

/** @type {SmallScheduler[]} */
export const schedulers = [
  {
    name: 'One thread',
    does: 'One task after the other: for debugging',
    worker: 'thread',
    workers: 1,
    moves: 'never',
    here: true,
  },
  {
    name: 'Threads',
    does: 'Shared memory, so values are not moved',
    worker: 'thread',
    workers: 3,
    moves: 'never',
    here: true,
  },
  {
    name: 'Processes',
    does: 'No common lock, but every value is pickled',
    worker: 'process',
    workers: 3,
    moves: 'always',
    here: false,
  },
  {
    name: 'Cluster',
    does: 'Values move between machines when needed',
    worker: 'machine',
    workers: 3,
    moves: 'between',
    here: false,
  },
];
