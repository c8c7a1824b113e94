/*
 * What is beside the views of a recording: a banner that says what it is, and the settings of the
 * recorded run, where a live demo has its controls.
 */
import { showListing } from './listing-panel.js';
import { flatten, textsOf } from './settings.js';

/** @import { Recording } from '../model/recording.js' */
/** @import { Parts } from './parts.js' */

/**
 * @param {Parts} parts
 * @param {Recording} recording
 * @param {string | null} reason why the live run is not shown, if it was wanted
 * @param {string | null} focus the names whose lines of the listing are shown
 */
export function showRecordedPanel({ banner, notice, listing, recorded }, recording, reason, focus) {
  const mark = document.createElement('strong');
  mark.textContent = 'Recorded run';
  const words = ` of dagdeck ${recording.version}: it is played as it happened, and nothing is computed.`;
  const why = reason ? ` It stands in for the live run: ${reason}.` : '';
  banner.replaceChildren(mark, words, why);
  notice.hidden = true;

  const { params, options, program } = recording;
  const values = flatten({ params, ...options });
  showListing(listing, program, values, focus);
  const rows = Object.entries({ program, ...textsOf(values) }).map(([name, text]) => {
    const row = document.createElement('div');
    const term = document.createElement('dt');
    const value = document.createElement('dd');
    term.textContent = name.replaceAll('-', ' ');
    value.textContent = text;
    row.append(term, value);
    return row;
  });
  recorded.replaceChildren(...rows);
}
