/*
 * How much memory the values of a run took, from its trace: a task's bytes are held from its stop
 * until the last of its dependents has stopped; those of targets stay.
 *
 *     worker 0  |-- a, 4 bytes --|------ b = f(a), 2 bytes ------|
 *     worker 1  |------- c, 3 bytes, a target -------|
 *     held      0                4                   7           5      (the peak: 9, with a and b)
 *
 * Where the trace knows what tasks need besides their values (scratch), the room for both is held from
 * the start of a task, as the engine reserves it. It draws nothing.
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
  /** Per task: how often it is named by tasks that have not stopped. */
  const uses = new Uint32Array(tasks);
  for (const task of dependencies.tasks) uses[task]++;
  // A target is used by whoever asked for it, for ever.
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
  /** An event starts: room for what it needs is held from now on. @param {TraceSlice} slice @param {number} event */
  const start = ({ task: column, action }, event) => {
    if (!scratch || action[event] !== COMPUTE || stopped[column[event]]) return;
    level += scratch[column[event]] + bytes[column[event]];
  };
  /** A task stops: it leaves its value, and lets go of what it has read. @param {TraceSlice} slice @param {number} event */
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
    // The worker still has the values that its task has read when the task's own comes to be.
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
