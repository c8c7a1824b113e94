/*
 * The states of a task, as small numbers. They index every table of counts and colours on the page,
 * so that a state is one byte per task. A task whose value is lost goes back to waiting or ready. How a
 * state is reached is in run.js.
 *
 *     waiting -> ready -> running -> finished -> released
 *        |         ^---------|  retry
 *        '----------------> erred         and cancelled, for all that a stopped run never ran
 */

/** At least one dependency has not finished. */
export const WAITING = 0;
/** Every dependency has finished; no worker has taken the task yet. */
export const READY = 1;
/** A worker is executing the task. */
export const RUNNING = 2;
/** Executed; its value is in memory. */
export const FINISHED = 3;
/** Executed, and its value is released: all its dependents have finished, and it is not a target. */
export const RELEASED = 4;
/** It failed, or one of its dependencies did. */
export const ERRED = 5;
/** The run stopped before the task was executed. */
export const CANCELLED = 6;

/** The number of states. */
export const STATES = 7;

/** The words for the states, by number; the only ones the page uses. */
export const stateNames = [
  'waiting',
  'ready',
  'running',
  'in memory',
  'released',
  'erred',
  'cancelled',
];
