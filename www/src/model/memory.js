/*
 * Computes from a trace how much memory the values of a run took. The bytes of a task are held from its
 * stop until the last of its dependents has stopped; those of targets are held to the end.
 *
 *     worker 0  |-- a, 4 bytes --|------ b = f(a), 2 bytes ------|
 *     worker 1  |------- c, 3 bytes, a target -------|
 *     held      0                4                   7           5      (the peak: 9, with a and b)
 *
 * If the trace has the scratch memory of tasks, a task holds the bytes of both from its start, as the
 * engine reserves them.
 */
import { COMPUTE, COMPUTE_ERRED, NO_TASK } from './actions.js';
import { inOrderOfStop } from './merge.js';

/** @typedef {import('./graph.js').GraphData} GraphData */
/** @typedef {import('./timeline.js').TraceSlice} TraceSlice */

/**
 * A curve of steps: from `timesMs[i]` on, `bytes[i]` are held.
 *
 * @typedef {{ timesMs: Float64Array, bytes: Float64Array, peakBytes: number, peakMs: number }} MemoryCurve
 */

/**
 * O(events x log workers + edges).
 *
 * @param {GraphData} graph
 * @param {{ workers: TraceSlice[], bytes: Float64Array | null, scratch?: Float64Array | null }} trace
 * @returns {MemoryCurve} empty when no task has a value with bytes
 */
export function memoryHeld(graph, trace) {
  const { dependencies, targets, tasks } = graph;
  const { bytes, scratch } = trace;
  /** Per task: the number of edges from it to tasks that have not stopped. */
  const uses = new Uint32Array(tasks);
  for (const task of dependencies.tasks) uses[task]++;
  // The caller keeps the targets.
  for (const target of targets) uses[target]++;
  const stopped = new Uint8Array(tasks);
  const held = new Uint8Array(tasks);
  // With scratch a task makes two steps: at its start and at its stop.
  const most = bytes ? 2 * tasks + 1 : 0;
  const timesMs = new Float64Array(most);
  const levels = new Float64Array(most);
  let steps = 0;
  let level = 0;
  let peakBytes = 0;
  let peakMs = 0;
  if (!bytes) return { timesMs, bytes: levels, peakBytes, peakMs };

  const seePeak = (/** @type {number} */ atMs) => {
    if (level <= peakBytes) return;
    peakBytes = level;
    peakMs = atMs;
  };
  /** An event starts and holds the memory that it needs. @param {TraceSlice} slice @param {number} event */
  const start = ({ task: column, action }, event) => {
    if (!scratch || action[event] !== COMPUTE || stopped[column[event]]) return;
    level += scratch[column[event]] + bytes[column[event]];
  };
  /** A task stops: its value is held, and the values that it has read may be released. @param {TraceSlice} slice @param {number} event */
  const stop = ({ task: column, action, stopMs }, event) => {
    const task = column[event];
    if (task === NO_TASK || (action[event] !== COMPUTE && action[event] !== COMPUTE_ERRED)) return;
    if (stopped[task]) return;
    stopped[task] = 1;
    if (scratch && action[event] === COMPUTE) level -= scratch[task] + bytes[task];
    if (action[event] === COMPUTE && uses[task] > 0) {
      held[task] = 1;
      level += bytes[task];
    }
    // When the value of a task is made, the worker still holds the values that the task has read.
    seePeak(stopMs[event]);
    for (let i = dependencies.starts[task]; i < dependencies.starts[task + 1]; i++) {
      const dependency = dependencies.tasks[i];
      if (--uses[dependency] > 0 || !held[dependency]) continue;
      held[dependency] = 0;
      level -= bytes[dependency];
    }
  };

  for (const slice of trace.workers) if (slice.stopMs.length > 0) start(slice, 0);
  if (level > 0) levels[steps++] = level;
  seePeak(0);
  inOrderOfStop(trace.workers, (slice, event) => {
    const before = level;
    stop(slice, event);
    if (event + 1 < slice.stopMs.length) start(slice, event + 1);
    if (level === before) return;
    seePeak(slice.stopMs[event]);
    timesMs[steps] = slice.stopMs[event];
    levels[steps++] = level;
  });
  return { timesMs: timesMs.slice(0, steps), bytes: levels.slice(0, steps), peakBytes, peakMs };
}
