/*
 * How much memory the values of a run took, from its trace: a task's bytes are held from its stop
 * until the last of its dependents has stopped; those of targets stay.
 *
 *     worker 0  |-- a, 4 bytes --|------ b = f(a), 2 bytes ------|
 *     worker 1  |------- c, 3 bytes, a target -------|
 *     held      0                4                   7           5      (the peak: 9, with a and b)
 *
 * It draws nothing, and knows no allocator: what kernels take while they run is not in it.
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
 * @param {{ workers: TraceSlice[], bytes: Float64Array | null }} trace
 * @returns {MemoryCurve} empty when no task has a value with bytes
 */
export function memoryHeld(graph, trace) {
  const { dependencies, targets, tasks } = graph;
  const { bytes } = trace;
  /** Per task: how often it is named by tasks that have not stopped. */
  const uses = new Uint32Array(tasks);
  for (const task of dependencies.tasks) uses[task]++;
  // A target is used by whoever asked for it, for ever.
  for (const target of targets) uses[target]++;
  const stopped = new Uint8Array(tasks);
  const held = new Uint8Array(tasks);
  const timesMs = new Float64Array(bytes ? tasks : 0);
  const levels = new Float64Array(bytes ? tasks : 0);
  let steps = 0;
  let level = 0;
  let peakBytes = 0;
  let peakMs = 0;
  if (!bytes) return { timesMs, bytes: levels, peakBytes, peakMs };

  inOrderOfStop(trace.workers, ({ task: column, action, stopMs }, event) => {
    const task = column[event];
    if (task === NO_TASK || (action[event] !== COMPUTE && action[event] !== COMPUTE_ERRED)) return;
    if (stopped[task]) return;
    stopped[task] = 1;
    const before = level;
    if (action[event] === COMPUTE && uses[task] > 0) {
      held[task] = 1;
      level += bytes[task];
    }
    // The worker still has the values that its task has read when the task's own comes to be.
    if (level > peakBytes) {
      peakBytes = level;
      peakMs = stopMs[event];
    }
    for (let i = dependencies.starts[task]; i < dependencies.starts[task + 1]; i++) {
      const dependency = dependencies.tasks[i];
      if (--uses[dependency] > 0 || !held[dependency]) continue;
      held[dependency] = 0;
      level -= bytes[dependency];
    }
    if (level === before) return;
    timesMs[steps] = stopMs[event];
    levels[steps++] = level;
  });
  return { timesMs: timesMs.slice(0, steps), bytes: levels.slice(0, steps), peakBytes, peakMs };
}
