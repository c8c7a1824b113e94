/*
 * What is beside the views of a recording: a banner that says what it is, and the settings of the
 * recorded run, where a live demo has its controls.
 */
import { h } from '../page/h.js';
import { listingText } from './listing-panel.js';
import { flatten, textsOf } from './settings.js';

/** @import { Recording } from '../model/recording.js' */
/** @import { ListingText } from './listing-panel.js' */

/**
 * @typedef {Object} RecordedText
 * @property {string} about says what the recording is, and why it is shown
 * @property {[name: string, text: string][]} settings
 */

/**
 * @param {{
 *   show: (changes: { recording: RecordedText, listing: ListingText | null, notice: string }) => void,
 * }} parts
 * @param {Recording} recording
 * @param {string | null} reason why the live run is not shown, if it was wanted
 * @param {string | null} focus the names whose lines of the listing are shown
 */
export function showRecordedPanel(parts, recording, reason, focus) {
  const { params, options, program, version } = recording;
  const values = flatten({ params, ...options });
  const where = options.scheduler === 'dask' ? ' on a real Dask cluster, with' : ' of';
  const about = `${where} dagdeck ${version}: it is played as it happened, and nothing is computed.`;
  const why = reason ? ` It stands in for the live run: ${reason}.` : '';
  parts.show({
    recording: {
      about: about + why,
      settings: Object.entries({ program, ...textsOf(values) }),
    },
    listing: listingText(program, values, focus),
    notice: '',
  });
}

/** @param {{ recording: RecordedText | null, hidden: boolean }} props */
export function Banner({ recording, hidden }) {
  const words = recording && [h('strong', null, 'Recorded run'), recording.about];
  return h('p', { class: 'banner', hidden }, words);
}

/** @param {{ recording: RecordedText | null, hidden: boolean }} props */
export function RecordedSettings({ recording, hidden }) {
  const rows = recording?.settings.map(([name, text]) =>
    h('div', { key: name }, [h('dt', null, name.replaceAll('-', ' ')), h('dd', null, text)]),
  );
  return h('dl', { class: 'recorded', 'aria-label': 'Settings of the recorded run', hidden }, rows);
}
