/*
 * Turns an error into a message and a state of the demo. A cancelled run has not failed.
 */
import { EngineError } from '../engine/client.js';

/**
 * @typedef {Object} Failure
 * @property {'cancelled' | 'failed'} state
 * @property {'hint' | 'error'} kind
 * @property {string} text
 * @property {boolean} restart whether a new engine may help
 */

/**
 * @param {unknown} error
 * @param {boolean} restarting whether the user is restarting the engine
 * @returns {Failure}
 */
export function failureOf(error, restarting) {
  if (error instanceof DOMException && error.name === 'AbortError') {
    return { state: 'cancelled', kind: 'hint', text: 'Cancelled.', restart: false };
  }
  const lost = error instanceof EngineError;
  if (lost && restarting) {
    const text = 'Cancelled: the engine was restarted.';
    return { state: 'cancelled', kind: 'hint', text, restart: false };
  }
  const restart = lost && !error.restarted;
  return { state: 'failed', kind: 'error', text: messageOf(error), restart };
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** Returns the error with which a run rejects that the user has cancelled. */
export function cancelledError() {
  return new DOMException('the run was cancelled', 'AbortError');
}
