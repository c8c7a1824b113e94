/*
 * What a worker does between two stops of its timeline: the action codes of the trace, and the page's
 * only list of them. The codes up to LOST are those of the engine's trace (src/trace/action.rs). LOST is
 * for runs whose workers can leave; only recordings have it so far. Names follow Dask's task stream.
 */

export const COMPUTE = 0;
/** A compute that failed. If it has no length, the task did not run, because a dependency erred. */
export const COMPUTE_ERRED = 1;
export const IDLE = 2;
/** A mark of no length: the worker took this task from another worker, and runs it in a later event. */
export const STEAL = 3;
export const TRANSFER = 4;
export const SERIALIZE = 5;
export const DESERIALIZE = 6;
export const WAIT = 7;
/** A compute that failed and will be retried. */
export const RETRY = 8;
/** What a worker does between two tasks. The event names the task that follows. */
export const OVERHEAD = 9;

/** A mark of no length: the value of this task is gone, so the task will run again. */
export const LOST = 10;
/** Any action that this page does not know, from a newer engine. */
export const OTHER = 11;

/** The number of actions. */
export const ACTIONS = 12;

/** The number of actions that files of version 1 may have. */
export const ACTIONS_OF_VERSION_1 = OVERHEAD + 1;

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
  'lost',
  'other',
];

/** The task of an event that has none, such as `idle`. */
export const NO_TASK = 0xffffffff;

/**
 * The action that a code stands for, of this page's or of a newer engine.
 *
 * @param {number} code
 */
export function knownAction(code) {
  return code < OTHER ? code : OTHER;
}

/**
 * Whether a worker spends the time of an event in its task.
 *
 * @param {number} action
 */
export function runsTask(action) {
  return action === COMPUTE || action === COMPUTE_ERRED || action === RETRY;
}
