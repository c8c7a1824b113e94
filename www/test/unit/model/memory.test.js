import { describe, expect, test } from 'vitest';
import {
  COMPUTE,
  COMPUTE_ERRED,
  IDLE,
  NO_TASK,
  OVERHEAD,
  STEAL,
} from '../../../src/model/actions.js';
import { memoryHeld } from '../../../src/model/memory.js';
import { graphOf, seeded, sliceOf } from './graphs.js';
import { randomRecording } from './recordings.js';

/** @import { Recording } from '../../../src/model/recording.js' */

describe('the memory that values take', () => {
  test('is held from a task to the last of its dependents, and for ever for targets', () => {
    // a (4 bytes) -> b (2 bytes); c (3 bytes) is a target, as is b.
    const graph = graphOf([[], [0], []], { targets: [1, 2] });
    const workers = [
      sliceOf([
        { task: 0, action: COMPUTE, stopMs: 1 },
        { task: NO_TASK, action: IDLE, stopMs: 2 },
        { task: 1, action: COMPUTE, stopMs: 4 },
      ]),
      sliceOf([
        { task: 2, action: STEAL, stopMs: 0 },
        { task: 2, action: COMPUTE, stopMs: 3 },
      ]),
    ];
    const curve = memoryHeld(graph, { workers, bytes: Float64Array.of(4, 2, 3) });
    expect([...curve.timesMs]).toEqual([1, 3, 4]);
    expect([...curve.bytes]).toEqual([4, 7, 5]);
    expect([curve.peakBytes, curve.peakMs]).toEqual([9, 4]);
  });

  test('includes what a task needs besides its value, while it runs', () => {
    // One fused task each: a block of 100 bytes, and its sum.
    const graph = graphOf([[], [0]]);
    const workers = [
      sliceOf([
        { task: NO_TASK, action: IDLE, stopMs: 1 },
        { task: 0, action: COMPUTE, stopMs: 3 },
        { task: 1, action: OVERHEAD, stopMs: 4 },
        { task: 1, action: COMPUTE, stopMs: 6 },
      ]),
    ];
    const sizes = { bytes: Float64Array.of(8, 8), scratch: Float64Array.of(100, 0) };
    const curve = memoryHeld(graph, { workers, ...sizes });
    expect([...curve.timesMs]).toEqual([1, 3, 4, 6]);
    expect([...curve.bytes]).toEqual([108, 8, 16, 8]);
    expect([curve.peakBytes, curve.peakMs]).toEqual([108, 1]);
  });

  test('that an erred task would have read is let go', () => {
    const graph = graphOf([[], [0], [1]]);
    const workers = [
      sliceOf([
        { task: 0, action: COMPUTE, stopMs: 1 },
        { task: 1, action: COMPUTE_ERRED, stopMs: 2 },
        { task: 2, action: COMPUTE_ERRED, stopMs: 2 },
      ]),
    ];
    const curve = memoryHeld(graph, { workers, bytes: Float64Array.of(8, 8, 8) });
    expect([...curve.bytes]).toEqual([8, 0]);
  });

  test('of a value named twice by one task is taken away once', () => {
    const graph = graphOf([[], [0, 0]]);
    const workers = [
      sliceOf([
        { task: 0, action: COMPUTE, stopMs: 1 },
        { task: 1, action: COMPUTE, stopMs: 2 },
      ]),
    ];
    const curve = memoryHeld(graph, { workers, bytes: Float64Array.of(5, 1) });
    expect([...curve.bytes]).toEqual([5, 1]);
  });

  test('is unknown where no task has a value with bytes', () => {
    expect(memoryHeld(graphOf([[]]), { workers: [], bytes: null })).toMatchObject({ peakBytes: 0 });
  });

  test('agrees with a count by the definition, at every step of random runs', () => {
    for (let seed = 0; seed < 60; seed++) {
      const recording = randomRecording(seeded(seed), { tasks: 30, err: seed % 2 ? 0.1 : 0 });
      // Older recordings know no scratch memory.
      if (seed % 3 === 0) recording.trace.scratch = null;
      const curve = memoryHeld(recording.graph, recording.trace);
      curve.timesMs.forEach((timeMs, i) => {
        if (curve.timesMs[i + 1] === timeMs) return;
        expect(curve.bytes[i], `seed ${seed}, step ${i}`).toBe(heldAt(recording, timeMs));
      });
      expect(curve.peakBytes).toBeGreaterThanOrEqual(Math.max(0, ...curve.bytes));
    }
  });
});

/**
 * What is held just after a time: values made by then, of targets or of tasks that someone has yet to read, and the
 * room of the tasks that run, if their scratch memory is known.
 *
 * @param {Recording} recording
 * @param {number} timeMs
 */
function heldAt({ graph, trace }, timeMs) {
  /** @type {Map<number, number>} */
  const ended = new Map();
  for (const { task, action, stopMs } of trace.workers) {
    stopMs.forEach((stop, i) => {
      const ends = action[i] === COMPUTE || action[i] === COMPUTE_ERRED;
      if (ends && stop <= timeMs) ended.set(task[i], action[i]);
    });
  }
  let sum = 0;
  for (const { task, action, stopMs } of trace.scratch ? trace.workers : []) {
    stopMs.forEach((stop, i) => {
      const runs = action[i] === COMPUTE && (stopMs[i - 1] ?? 0) <= timeMs && stop > timeMs;
      if (runs) sum += (trace.bytes?.[task[i]] ?? 0) + (trace.scratch?.[task[i]] ?? 0);
    });
  }
  for (const [task, action] of ended) {
    if (action !== COMPUTE) continue;
    const { starts, tasks } = graph.dependents;
    const readers = [...tasks.subarray(starts[task], starts[task + 1])];
    const wanted = graph.targets.includes(task) || readers.some((reader) => !ended.has(reader));
    if (wanted) sum += trace.bytes?.[task] ?? 0;
  }
  return sum;
}
