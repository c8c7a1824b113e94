/*
 * What a thread of an interpreter can be doing, and what it is called. The states follow from the actions of the trace
 * (src/interpreter/README.md has the list). Those of threads that run come first, and the last is a thread that is not
 * there (yet, or any more).
 */
import {
  ACTIONS,
  BLOCKED,
  FALSE_ALARM,
  FORCED_SWITCH,
  HOLD,
  LOCK_FREE,
  LOCK_WAIT,
  NATIVE,
  NO_CORE,
  OTHER,
  OVERHEAD,
  TRANSFER,
} from '../model/actions.js';

/**
 * @typedef {'hold' | 'lockFree' | 'native' | 'overhead' | 'forcedSwitch' | 'falseAlarm' | 'lockWait' | 'noCore'
 *   | 'blocked' | 'transfer' | 'away'} ThreadStateName
 *
 * @typedef {object} ThreadState
 * @property {ThreadStateName} name
 * @property {number} action that stands for it in the trace
 * @property {string} short for a slice
 * @property {string} legend
 * @property {string} words for a tooltip
 */

/**
 * @param {ThreadStateName} name
 * @param {number} action
 * @param {string} short
 * @param {string} legend
 * @param {string} words
 * @returns {ThreadState}
 */
function state(name, action, short, legend, words) {
  return { name, action, short, legend, words };
}

/** The states, in the order of the legend. */
export const threadStates = [
  state('hold', HOLD, 'runs', 'runs with the lock', 'runs and holds the lock'),
  state('lockFree', LOCK_FREE, 'runs', 'runs, no lock', 'runs; there is no lock'),
  state('native', NATIVE, 'native', 'native, lock released', 'runs native code, without the lock'),
  state(
    'overhead',
    OVERHEAD,
    'overhead',
    'overhead',
    'overhead: releases the lock and wakes a thread, or starts',
  ),
  state(
    'forcedSwitch',
    FORCED_SWITCH,
    'forced switch',
    'forced switch',
    'forced switch: dropped the lock, waits until another thread has it',
  ),
  state(
    'falseAlarm',
    FALSE_ALARM,
    'false alarm',
    'false alarm: woken in vain',
    'false alarm: woken, but the lock was taken again',
  ),
  state('lockWait', LOCK_WAIT, 'waits', 'waits for the lock', 'waits for the lock'),
  state('noCore', NO_CORE, 'no core', 'waits for a core', 'waits for a core'),
  state(
    'blocked',
    BLOCKED,
    'blocked',
    'blocked, lock released',
    'blocked, without the lock: waits for something else',
  ),
  state('transfer', TRANSFER, 'starts', 'a process starts', 'starts: a fork copies the memory'),
  state('away', OTHER, '', '', 'not running'),
];

/** The number of states. */
export const THREAD_STATES = threadStates.length;
/** A thread that is not there. */
export const AWAY = THREAD_STATES - 1;

/** What the mark of a drop request means. */
export const DROP_REQUEST_WORDS = 'drop request: asks for the lock';

const stateOfAction = new Uint8Array(ACTIONS).fill(AWAY);
for (const [i, { action }] of threadStates.entries()) stateOfAction[action] = i;

/**
 * The state that an action means.
 *
 * @param {number} action
 * @returns {number}
 */
export function threadStateOf(action) {
  return stateOfAction[action] ?? AWAY;
}

/** The kinds of a thread's digest. @type {import('./timeline-digest.js').Kinds} */
export const threadKinds = {
  count: THREAD_STATES,
  of: (_task, action) => threadStateOf(action),
  // In a replay the event is known that is under way.
  now: ({ length, recorded, action }) => (length < recorded ? threadStateOf(action[length]) : AWAY),
};
