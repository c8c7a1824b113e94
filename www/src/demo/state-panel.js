/*
 * How the parts of a demo look in each of its states: the words on its buttons, what can be pressed, and
 * whether it says that it shows a recording.
 */
import { showParameters } from './listing-panel.js';

/** @import { DemoState } from './course.js' */
/** @import { Parts } from './parts.js' */

/**
 * @typedef {Object} Shown
 * @property {DemoState} state
 * @property {boolean} recorded whether a recording is in the place of the program
 * @property {boolean} closes whether the program can come back into its place
 * @property {boolean} choosable whether a recording can be put there
 */

/**
 * @param {Parts} parts
 * @param {Shown} shown
 */
export function showState(parts, { state, recorded, closes, choosable }) {
  const { root, banner, listing, run, reset, recordedRun } = parts;
  const changed = root.hasAttribute('data-recorded') !== recorded;
  root.dataset.state = state;
  root.toggleAttribute('data-recorded', recorded);
  banner.hidden = !recorded;
  parts.recorded.hidden = !recorded;

  const running = state === 'running';
  run.textContent = recorded ? 'Replay' : 'Run';
  if (running) run.textContent = 'Cancel';
  if (state === 'replaying') run.textContent = 'To the end';
  run.classList.toggle('cancel', running);
  run.disabled = state === 'loading';
  reset.textContent = closes ? 'Close the recording' : 'Reset';
  reset.disabled = state === 'loading';
  recordedRun.hidden = recorded || !choosable;
  // The listing has another height now.
  if (changed) showParameters(listing);
}
