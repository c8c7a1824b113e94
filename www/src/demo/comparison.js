/*
 * Few workers against many: what the same run of a demo took with another number of workers. It keeps
 * the least makespan of each, since the first run of a program is slower: the browser still compiles
 * it. It forgets them when anything else is set.
 */
import { formatDuration } from '../views/format.js';

/** @import { Outcome } from '../engine/protocol.js' */
/** @import { Settings } from './settings.js' */

export class Comparison {
  /** What is compared: all settings but the workers. */
  #about = '';
  /** The least makespan with each number of workers. @type {Map<number, number>} */
  #leastMs = new Map();

  /**
   * Notes a run, and says how it compares: with the fewest workers, or, if it had these, with the most.
   *
   * @param {string} program
   * @param {Settings} settings
   * @param {Pick<Outcome, 'makespanMs' | 'errors'>} outcome
   * @returns {string} empty when there is nothing to compare with
   */
  note(program, { workers, ...others }, { makespanMs, errors }) {
    if (errors.length > 0) return '';
    const about = JSON.stringify([program, others]);
    if (about !== this.#about) this.#leastMs.clear();
    this.#about = about;
    this.#leastMs.set(workers, Math.min(makespanMs, this.#leastMs.get(workers) ?? Infinity));
    const counts = [...this.#leastMs.keys()].sort((a, b) => a - b);
    const [few] = counts;
    const many = workers === few ? counts[counts.length - 1] : workers;
    if (few === many) return '';
    const fewMs = this.#leastMs.get(few) ?? NaN;
    const manyMs = this.#leastMs.get(many) ?? NaN;
    const times = (fewMs / manyMs).toFixed(2);
    return `${counted(few)} ${formatDuration(fewMs)}, ${counted(many)} ${formatDuration(manyMs)}: ${times} × as fast`;
  }
}

/** @param {number} workers */
function counted(workers) {
  return workers === 1 ? '1 worker' : `${workers} workers`;
}
