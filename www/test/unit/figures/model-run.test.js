import { describe, expect, test } from 'vitest';
import { MOVE, modelRun, TASK } from '../../../src/figures/model-run.js';
import { collections, schedulers } from '../../../src/figures/small-graphs.js';

/** @param {string} name */
const scheduler = (name) => {
  const found = schedulers.find((one) => one.name === name);
  if (!found) throw new Error(`no scheduler named ${name}`);
  return found;
};

describe.each(collections)('$name', ({ tasks }) => {
  test('needs stand before what needs them, one layer or more to the left', () => {
    tasks.forEach(({ layer, needs }, i) => {
      for (const need of needs) {
        expect(need).toBeLessThan(i);
        expect(tasks[need].layer).toBeLessThan(layer);
      }
    });
  });

  test.each(schedulers)('$name: a run keeps the laws of time', (chosen) => {
    const slices = modelRun(tasks, chosen);
    expect(slices.map(({ task }) => task).sort((a, b) => a - b)).toEqual(tasks.map((_, i) => i));
    for (const { task, worker, moving, start, stop } of slices) {
      expect(stop - start).toBe(TASK);
      expect(worker).toBeLessThan(chosen.workers);
      for (const need of tasks[task].needs) {
        expect(slices.find((slice) => slice.task === need)?.stop).toBeLessThanOrEqual(moving);
      }
      const others = slices.filter((slice) => slice.worker === worker && slice.task !== task);
      for (const other of others) {
        expect(other.stop <= moving || other.moving >= stop).toBe(true);
      }
    }
  });

  test('one thread takes the sum, and values move between processes only', () => {
    const end = (/** @type {string} */ name) =>
      Math.max(...modelRun(tasks, scheduler(name)).map(({ stop }) => stop));
    const moved = (/** @type {string} */ name) =>
      modelRun(tasks, scheduler(name)).reduce((sum, { moving, start }) => sum + start - moving, 0) /
      MOVE;
    expect(end('One thread')).toBe(tasks.length * TASK);
    expect(end('Threads')).toBeLessThan(end('One thread'));
    expect(moved('Threads')).toBe(0);
    expect(moved('Processes')).toBe(tasks.reduce((sum, { needs }) => sum + needs.length, 0));
    expect(moved('Cluster')).toBeGreaterThan(0);
    expect(moved('Cluster')).toBeLessThan(moved('Processes'));
  });
});
