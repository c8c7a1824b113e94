/*
 * The buttons of a demo in each of its states: their labels, and which of them are enabled.
 */
import { h } from '../page/h.js';
import { showParameters } from './listing-panel.js';

/** @typedef {import('./demo-state.js').DemoState} DemoState */

/**
 * @typedef {Object} DemoSituation
 * @property {DemoState} state
 * @property {boolean} recorded whether a recording is shown in place of the program
 * @property {boolean} closes whether the reader can close the recording and return to the program
 * @property {boolean} choosable whether the reader can switch to a recording
 * @property {boolean} cancellable whether loading can be cancelled
 */

/**
 * What the buttons do.
 *
 * @typedef {{ run: () => void, reset: () => void, showRecorded: () => void }} ButtonActions
 */

/**
 * Shows a demo in a state.
 *
 * @param {{
 *   root: HTMLElement,
 *   shown: { situation: DemoSituation },
 *   show: (changes: { situation: DemoSituation }) => void,
 * }} parts
 * @param {DemoSituation} situation
 */
export function showState(parts, situation) {
  const changed = parts.shown.situation.recorded !== situation.recorded;
  parts.show({ situation });
  // The listing has another height now.
  if (changed) showParameters(parts.root);
}

/** @param {{ situation: DemoSituation, actions: ButtonActions }} props */
export function Buttons({ situation, actions }) {
  const { state, recorded, closes, choosable, cancellable } = situation;
  const loading = state === 'loading';
  const cancels = state === 'running' || cancellable;
  let label = recorded ? 'Replay' : 'Run';
  if (cancels) label = 'Cancel';
  if (state === 'replaying') label = 'Skip to end';
  const run = {
    class: cancels ? 'run cancel' : 'run',
    disabled: loading && !cancellable,
    onClick: actions.run,
  };
  const reset = { class: 'reset', disabled: loading, onClick: actions.reset };
  const recordedRun = {
    class: 'recorded-run',
    hidden: recorded || !choosable,
    onClick: actions.showRecorded,
  };
  return h('div', { class: 'buttons' }, [
    h('button', { type: 'button', ...run }, label),
    h('button', { type: 'button', ...reset }, closes ? 'Close the recording' : 'Reset'),
    h('button', { type: 'button', ...recordedRun }, 'Recorded run'),
  ]);
}
