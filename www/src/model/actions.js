/*
 * What a worker does between two stops of its timeline: the action codes of the trace, the page's
 * only list of them. They are fixed by the trace's layout in memory and must stay equal to the
 * engine's. Names after Dask's task stream.
 */

export const COMPUTE = 0;
/** A compute that failed. Of no length: the task did not run, since one that it depends on erred. */
export const COMPUTE_ERRED = 1;
export const IDLE = 2;
/** A mark of no length: the worker took this task from another, and runs it in a later event. */
export const STEAL = 3;
export const TRANSFER = 4;
export const SERIALIZE = 5;
export const DESERIALIZE = 6;
export const WAIT = 7;
/** A compute that failed and will be retried. */
export const RETRY = 8;
/** What a worker does between two tasks. The event names the task that follows. */
export const OVERHEAD = 9;

/** The number of actions. */
export const ACTIONS = 10;

/** The words for the actions, by code. */
export const actionNames = [
  'compute',
  'erred',
  'idle',
  'steal',
  'transfer',
  'serialize',
  'deserialize',
  'wait',
  'retry',
  'overhead',
];

/** The task of an event that has none, such as `idle`. */
export const NO_TASK = 0xffffffff;

/**
 * Whether a worker spends the time of an event in its task.
 *
 * @param {number} action
 */
export function runsTask(action) {
  return action === COMPUTE || action === COMPUTE_ERRED || action === RETRY;
}
