/*
 * What the run before took, so that one worker and many, or small chunks and large ones, are compared
 * without a notebook: "before, with workers = 1: 1.21 s". It remembers one run, and draws nothing.
 */
import { formatDuration } from '../views/format.js';

/** @import { SettingValues } from './settings.js' */

/** More differences than this are not named. */
const MOST_NAMED = 2;

export class Comparison {
  /** @type {{ values: SettingValues, makespanMs: number } | null} */
  #before = null;

  /**
   * @param {SettingValues} values what the run was given
   * @param {number} makespanMs
   */
  remember(values, makespanMs) {
    this.#before = { values, makespanMs };
  }

  forget() {
    this.#before = null;
  }

  /**
   * @param {SettingValues} values what the next run is given
   * @returns {string} empty when there was no run before
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
