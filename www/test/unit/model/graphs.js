/*
 * Graphs and traces for tests: small ones by hand, random ones from a seed. The random trace is what
 * a correct scheduler could have written; it is made the slow and obvious way.
 */

/** @typedef {import('../../../src/model/graph.js').GraphData} GraphData */
/** @typedef {import('../../../src/model/timeline.js').TraceSlice} TraceSlice */

/**
 * Numbers from 0 to 1, the same for the same seed (mulberry32).
 *
 * @param {number} seed
 * @returns {() => number}
 */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * @param {number[][]} rows
 * @returns {import('../../../src/model/graph.js').Rows}
 */
export function compressed(rows) {
  const starts = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => (starts[i + 1] = starts[i] + row.length));
  return { starts, tasks: Uint32Array.from(rows.flat()) };
}

/** @param {number[]} numbers many, perhaps more than a call has room for */
const highest = (numbers) => numbers.reduce((most, number) => Math.max(most, number), 0);

/**
 * A graph from the dependencies of each task, which must come before it.
 *
 * @param {number[][]} dependencies
 * @param {{ prefixes?: string[], prefixOf?: number[], targets?: number[] }} [more]
 * @returns {GraphData}
 */
export function graphOf(dependencies, { prefixes = ['task'], prefixOf, targets } = {}) {
  const tasks = dependencies.length;
  /** @type {number[][]} */
  const dependents = dependencies.map(() => []);
  dependencies.forEach((row, task) => row.forEach((other) => dependents[other].push(task)));
  /** @type {number[]} */
  const depth = [];
  dependencies.forEach((row, task) => {
    depth[task] = row.length ? highest(row.map((other) => depth[other])) + 1 : 0;
  });
  /** @type {number[]} */
  const used = [];
  const y = depth.map((layer) => (used[layer] = (used[layer] ?? -1) + 1));
  const keys = dependencies.map((_, task) => [
    ...new TextEncoder().encode(`${prefixes[prefixOf?.[task] ?? 0]}-${task}`),
  ]);
  const text = compressed(keys);
  return {
    tasks,
    prefixes,
    prefixOf: Uint16Array.from(prefixOf ?? dependencies.map(() => 0)),
    dependencies: compressed(dependencies),
    dependents: compressed(dependents),
    order: Uint32Array.from(dependencies.keys()),
    targets: Uint32Array.from(
      targets ?? [...dependencies.keys()].filter((task) => dependents[task].length === 0),
    ),
    keys: { starts: text.starts, text: Uint8Array.from(text.tasks) },
    layout: {
      x: Float32Array.from(depth),
      y: Float32Array.from(y),
      width: highest(depth),
      height: highest(y),
    },
  };
}

/**
 * A graph in which tasks name earlier tasks at random, some of them twice.
 *
 * @param {() => number} random
 * @param {number} tasks
 * @returns {GraphData}
 */
export function randomGraph(random, tasks) {
  const prefixes = ['inc', 'double', 'add', 'sum'];
  const dependencies = Array.from({ length: tasks }, (_, task) =>
    Array.from({ length: task === 0 ? 0 : Math.floor(random() * 4) }, () =>
      Math.floor(random() * task),
    ),
  );
  const prefixOf = dependencies.map(() => Math.floor(random() * prefixes.length));
  const extra = Math.floor(random() * tasks);
  const graph = graphOf(dependencies, { prefixes, prefixOf });
  return { ...graph, targets: Uint32Array.from(new Set([...graph.targets, extra])) };
}

/**
 * What a scheduler could have done: at each moment a free worker takes a ready task.
 *
 * @param {GraphData} graph
 * @param {number} workers
 * @param {() => number} random
 * @returns {{ workers: TraceSlice[], makespanMs: number }}
 */
export function randomTrace(graph, workers, random) {
  const { starts, tasks } = graph.dependencies;
  const stopOf = new Float64Array(graph.tasks);
  /** @type {{ task: number, action: number, stopMs: number }[][]} */
  const lanes = Array.from({ length: workers }, () => []);
  const free = new Float64Array(workers);
  // Tasks in order of number: dependencies come first, and any order of workers will do.
  for (let task = 0; task < graph.tasks; task++) {
    const worker = Math.floor(random() * workers);
    let start = free[worker];
    for (let i = starts[task]; i < starts[task + 1]; i++) {
      start = Math.max(start, stopOf[tasks[i]]);
    }
    if (start > free[worker]) lanes[worker].push({ task: 0xffffffff, action: 2, stopMs: start });
    const stopMs = start + 0.1 + random();
    lanes[worker].push({ task, action: 0, stopMs });
    stopOf[task] = stopMs;
    free[worker] = stopMs;
  }
  return {
    makespanMs: Math.max(0, ...free),
    workers: lanes.map((lane) => sliceOf(lane)),
  };
}

/**
 * @param {{ task: number, action: number, stopMs: number }[]} events
 * @returns {TraceSlice}
 */
export function sliceOf(events) {
  return {
    task: Uint32Array.from(events, ({ task }) => task),
    action: Uint8Array.from(events, ({ action }) => action),
    stopMs: Float64Array.from(events, ({ stopMs }) => stopMs),
  };
}
