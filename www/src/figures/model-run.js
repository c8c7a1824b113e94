/*
 * A model of a run, for the figure: which worker would run which task, if all tasks took equally long and all values
 * took equally long to move. This is not a scheduler; those are in the engine.
 */

/** @import { SmallScheduler, SmallTask } from './small-graphs.js' */

/** Durations in the model's time: of a task, and of moving a value to the worker that needs it. */
export const TASK = 4;
export const MOVE = 1;

/**
 * @typedef {Object} Slice
 * @property {number} task
 * @property {number} worker
 * @property {number} moving when its first input starts to move; `start`, if none has to
 * @property {number} start
 * @property {number} stop
 */

/**
 * The worker that is free first takes a ready task: the one with most of its inputs on that worker, or the first of
 * several.
 *
 * @param {SmallTask[]} tasks each after those that it needs
 * @param {SmallScheduler} scheduler
 * @returns {Slice[]} in the order in which they start
 */
export function modelRun(tasks, { workers, moves }) {
  /** @type {Slice[]} */
  const slices = [];
  /** @type {Map<number, Slice>} */
  const done = new Map();
  const free = Array.from({ length: workers }, () => 0);
  while (done.size < tasks.length) {
    const readyAt = (/** @type {number} */ task) =>
      Math.max(0, ...tasks[task].needs.map((need) => done.get(need)?.stop ?? Infinity));
    const waiting = tasks.map((_, task) => task).filter((task) => !done.has(task));
    const now = Math.max(Math.min(...free), Math.min(...waiting.map(readyAt)));
    // Of the free workers, choose the one that needs the fewest values moved.
    const choices = waiting
      .filter((task) => readyAt(task) <= now)
      .flatMap((task) =>
        free.flatMap((time, worker) =>
          time <= now ? [{ task, worker, moved: moved(task, worker) }] : [],
        ),
      );
    const least = Math.min(...choices.map((choice) => choice.moved));
    const { task, worker } = choices.find((choice) => choice.moved === least) ?? choices[0];
    const start = now + least * MOVE;
    const slice = { task, worker, moving: now, start, stop: start + TASK };
    free[worker] = slice.stop;
    done.set(task, slice);
    slices.push(slice);
  }
  return slices;

  /**
   * @param {number} task
   * @param {number} worker
   */
  function moved(task, worker) {
    if (moves === 'never') return 0;
    const { needs } = tasks[task];
    if (moves === 'always') return needs.length;
    return needs.filter((need) => done.get(need)?.worker !== worker).length;
  }
}
