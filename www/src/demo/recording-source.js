/*
 * Which recording a demo may show, by its attributes: `recording`, always in the program's place;
 * `fallback`, when it is wanted, or when the live run fails or takes longer than `limit` seconds. It
 * fetches, and shows nothing.
 */
import { fetchRecording } from '../model/recording-file.js';

/** @import { Recording } from '../model/recording.js' */

/** How long a run that has a fallback may take, where `limit` does not say. */
const LIMIT_SECONDS = 15;

export class RecordingSource {
  #host;
  #wanted = false;

  /** @param {Element} host whose attributes they are */
  constructor(host) {
    this.#host = host;
  }

  /** Whether the recording of `fallback` is wanted in the place of the program. */
  get wanted() {
    return this.#wanted;
  }

  set wanted(wanted) {
    this.#wanted = wanted && this.hasFallback;
  }

  get hasFallback() {
    return this.#host.hasAttribute('fallback');
  }

  /** The address of what is to be shown in the place of the program; null for the program itself. */
  get address() {
    const fallback = this.#wanted ? this.#host.getAttribute('fallback') : null;
    return this.#host.getAttribute('recording') ?? fallback;
  }

  /** How many seconds a run may take. */
  get limit() {
    const seconds = Number(this.#host.getAttribute('limit') ?? LIMIT_SECONDS);
    const limited = this.#host.hasAttribute('limit') || this.hasFallback;
    return limited && seconds > 0 ? seconds : Infinity;
  }

  /**
   * What can stand in for a run that failed: a run that was recorded as failing too has nothing
   * better to show.
   *
   * @returns {Promise<Recording | null>}
   */
  async standIn() {
    const address = this.#host.getAttribute('fallback');
    if (address === null) return null;
    try {
      const recording = await fetchRecording(address);
      return recording.failure === null ? recording : null;
    } catch {
      // What failed first stays what is told.
      return null;
    }
  }
}
