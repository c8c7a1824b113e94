/*
 * What a worker does between two stops of its timeline: the action codes of the trace. They are
 * fixed by the trace's layout in memory and must stay equal to the engine's.
 */

export const COMPUTE = 0;
/** A compute that failed. */
export const COMPUTE_ERRED = 1;
export const IDLE = 2;
export const STEAL = 3;
export const TRANSFER = 4;
export const SERIALIZE = 5;
export const DESERIALIZE = 6;
export const WAIT = 7;

/** How many actions there are. */
export const ACTIONS = 8;

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
];

/** The task of an event that has none. */
export const NO_TASK = 0xffffffff;
