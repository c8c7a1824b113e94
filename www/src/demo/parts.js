/*
 * What a demo shows beside its views: the listing, the controls, the buttons and the result. All of it is rendered from
 * one plain object; `show` replaces some of its properties and renders again, at once. Nothing here changes from frame
 * to frame.
 */
import { render } from 'preact';
import { h } from '../page/h.js';
import { Controls } from './controls.js';
import { Listing } from './listing-panel.js';
import { NodesPanel } from './nodes-panel.js';
import { Banner, RecordedSettings } from './recorded-panel.js';
import { Result } from './result.js';
import { Buttons } from './state-panel.js';

/** @import { ControlsProps } from './controls.js' */
/** @import { ListingText } from './listing-panel.js' */
/** @import { Nodes } from './nodes-panel.js' */
/** @import { RecordedText } from './recorded-panel.js' */
/** @import { Offer, ResultText } from './result.js' */
/** @import { ButtonActions, DemoSituation } from './state-panel.js' */

/**
 * @typedef {Object} Shown
 * @property {DemoSituation} situation
 * @property {ListingText | null} listing
 * @property {ControlsProps} controls
 * @property {RecordedText | null} recording shown while the situation is `recorded`
 * @property {string} notice what is wrong with the settings; empty: nothing
 * @property {Nodes | null} nodes those of a cluster, while it runs
 * @property {ResultText} result
 * @property {Offer | null} offer
 */

/** @typedef {ReturnType<typeof createParts>} Parts */

/** @param {ButtonActions} actions */
export function createParts(actions) {
  const root = document.createElement('div');
  root.className = 'demo';
  /** @type {Shown} */
  let shown = {
    situation: {
      state: 'loading',
      recorded: false,
      closes: false,
      choosable: false,
      cancellable: false,
    },
    listing: null,
    controls: {
      program: '',
      parameters: [],
      values: {},
      hints: {},
      hidden: false,
      disabled: false,
      onChange() {},
    },
    recording: null,
    notice: '',
    nodes: null,
    result: { kind: 'hint', text: '' },
    offer: null,
  };
  const show = (/** @type {Partial<Shown>} */ changes) => {
    shown = { ...shown, ...changes };
    const { state, recorded } = shown.situation;
    root.dataset.state = state;
    root.toggleAttribute('data-recorded', recorded);
    render(h(DemoParts, { ...shown, actions }), root);
  };
  show({});
  return {
    root,
    show,
    get shown() {
      return shown;
    },
  };
}

/** @param {Shown & { actions: ButtonActions }} props */
function DemoParts({
  situation,
  listing,
  controls,
  recording,
  notice,
  nodes,
  result,
  offer,
  actions,
}) {
  const { recorded } = situation;
  return [
    h(Banner, { recording, hidden: !recorded }),
    h('div', { class: 'side' }, [
      h(Listing, { listing }),
      // Another program's controls share nothing with these.
      h(Controls, { key: controls.program, ...controls }),
      h(RecordedSettings, { recording, hidden: !recorded }),
      h('p', { class: 'notice', role: 'alert', hidden: notice === '' }, notice),
      h(Buttons, { situation, actions }),
      h(NodesPanel, { nodes }),
      h(Result, { result, offer }),
    ]),
    h('slot', { name: 'over' }),
  ];
}
