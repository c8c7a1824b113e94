/*
 * What a worker does between two stops of its timeline: the action codes of the trace, and the page's
 * only list of them. All codes but OTHER are those of the engine's trace (src/trace/action.rs). LOST is
 * for runs whose workers can leave; only recordings have it so far. Names follow Dask's task stream, and
 * those of threads that share an interpreter's lock follow CPython (src/interpreter/README.md).
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
/** Any action that this page does not know, from a newer engine. The engine never writes this code. */
export const OTHER = 11;

/** Ran and held the interpreter's lock. */
export const HOLD = 12;
/** Waited for the lock. */
export const LOCK_WAIT = 13;
/** Was woken because the lock was released, and found it taken again. Has no length in live runs. */
export const FALSE_ALARM = 14;
/** A mark of no length: the thread asked the holder of the lock to drop it. */
export const DROP_REQUEST = 15;
/** Dropped the lock on request, and waited until another thread had taken it. */
export const FORCED_SWITCH = 16;
/** Waited for something outside of the program, without the lock. */
export const BLOCKED = 17;
/** Ran native code without the lock. */
export const NATIVE = 18;
/** Ran interpreted code in an interpreter that has no lock. */
export const LOCK_FREE = 19;
/** Could run, but had no core. */
export const NO_CORE = 20;

/** A mark of no length: the task was submitted. */
export const SUBMIT = 21;
/** A mark of no length: the task was cancelled before it started. */
export const CANCEL = 22;

/** A mark of no length: the task was sent to a node that is gone, and runs elsewhere. */
export const TAKEN_BACK = 23;

/** Moved the value of the task from memory to a file. */
export const SPILL = 24;
/** Read the value of the task back from a file. */
export const UNSPILL = 25;
/** A mark of no length: the node takes no new tasks, since its values take too much memory. */
export const PAUSE = 26;
/** A mark of no length: the node takes tasks again. */
export const RESUME = 27;

/** The number of actions. */
export const ACTIONS = 28;

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
  'hold',
  'lock wait',
  'false alarm',
  'drop request',
  'forced switch',
  'blocked',
  'native',
  'lock-free',
  'no core',
  'submit',
  'cancel',
  'taken back',
  'spill',
  'unspill',
  'pause',
  'resume',
];

/** The task of an event that has none, such as `idle`. */
export const NO_TASK = 0xffffffff;

/**
 * The action that a code stands for, of this page's or of a newer engine.
 *
 * @param {number} code
 */
export function knownAction(code) {
  return code < ACTIONS ? code : OTHER;
}

/**
 * Whether a worker spends the time of an event in its task.
 *
 * @param {number} action
 */
export function runsTask(action) {
  return action === COMPUTE || action === COMPUTE_ERRED || action === RETRY;
}

/**
 * Whether an action is one of a thread of an interpreter: only runs of interpreter programs have such events.
 *
 * @param {number} action
 */
export function isOfThread(action) {
  return action >= HOLD && action <= NO_CORE;
}
