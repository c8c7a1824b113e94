/*
 * The states of a demo, and how its parts look in each: the labels of its buttons, which of them are
 * enabled, and whether the banner of a recording is shown.
 */
import { showParameters } from './listing-panel.js';

/** @import { Parts } from './parts.js' */

/**
 * loading: no engine or recording yet; ready: a graph is drawn, nothing has run; replaying and
 * replayed: a recording is shown; the others: how the last run went, or (failed) why there is no graph.
 *
 * @typedef {'loading' | 'ready' | 'running' | 'finished' | 'cancelled' | 'failed' | 'replaying'
 *   | 'replayed'} DemoState
 */

/**
 * @typedef {Object} Shown
 * @property {DemoState} state
 * @property {boolean} recorded whether a recording is in the place of the program
 * @property {boolean} closes whether the program can come back into its place
 * @property {boolean} choosable whether a recording can be put there
 * @property {boolean} cancellable whether loading can be cancelled
 */

/**
 * @param {Parts} parts
 * @param {Shown} shown
 */
export function showState(parts, { state, recorded, closes, choosable, cancellable }) {
  const { root, banner, listing, run, reset, recordedRun } = parts;
  const changed = root.hasAttribute('data-recorded') !== recorded;
  root.dataset.state = state;
  root.toggleAttribute('data-recorded', recorded);
  banner.hidden = !recorded;
  parts.recorded.hidden = !recorded;

  const cancels = state === 'running' || cancellable;
  run.textContent = recorded ? 'Replay' : 'Run';
  if (cancels) run.textContent = 'Cancel';
  if (state === 'replaying') run.textContent = 'Skip to end';
  run.classList.toggle('cancel', cancels);
  run.disabled = state === 'loading' && !cancellable;
  reset.textContent = closes ? 'Close the recording' : 'Reset';
  reset.disabled = state === 'loading';
  recordedRun.hidden = recorded || !choosable;
  // The listing has another height now.
  if (changed) showParameters(listing);
}
