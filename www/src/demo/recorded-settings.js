/*
 * What a recorded run was given, as a list to read where a live demo has its controls.
 */
import { flatten, textsOf } from './settings.js';

/** @import { Recording } from '../model/recording.js' */
/** @import { SettingValues } from './settings.js' */

/**
 * The settings of a recording, as controls would show them.
 *
 * @param {Recording} recording
 * @returns {SettingValues}
 */
export function settingsOfRecording({ params, options }) {
  return flatten({ params, ...options });
}

/**
 * @param {HTMLElement} list a definition list
 * @param {Recording} recording
 */
export function showRecordedSettings(list, recording) {
  const texts = textsOf(settingsOfRecording(recording));
  const rows = Object.entries({ program: recording.program, ...texts }).map(([name, text]) => {
    const row = document.createElement('div');
    const term = document.createElement('dt');
    const value = document.createElement('dd');
    term.textContent = name.replaceAll('-', ' ');
    value.textContent = text;
    row.append(term, value);
    return row;
  });
  list.replaceChildren(...rows);
}
