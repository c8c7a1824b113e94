/*
 * The duration of the previous run, so that a reader can compare one worker with many, or small chunks with
 * large ones: "before, with workers = 1: 1.21 s". It remembers one run, and draws nothing.
 */
import { formatDuration } from '../views/format.js';

/** @import { SettingValues } from './settings.js' */

/** The most settings that are named if they differ. */
const MOST_NAMED = 2;

export class Comparison {
  /** @type {{ values: SettingValues, makespanMs: number } | null} */
  #before = null;

  /**
   * @param {SettingValues} values the settings of the run
   * @param {number} makespanMs
   */
  remember(values, makespanMs) {
    this.#before = { values, makespanMs };
  }

  forget() {
    this.#before = null;
  }

  /**
   * @param {SettingValues} values the settings of the next run
   * @returns {string} empty if there was no previous run
   */
  textFor(values) {
    if (!this.#before) return '';
    const { values: given, makespanMs } = this.#before;
    const changed = Object.keys(values).filter((name) => given[name] !== values[name]);
    const named = changed.map((name) => `${name} = ${given[name] ?? 'none'}`).join(', ');
    const where = changed.length > 0 && changed.length <= MOST_NAMED ? `, with ${named}` : '';
    return `before${where}: ${formatDuration(makespanMs)}`;
  }
}
