/*
 * Which recording a demo may show, by its attributes: `recording`, always in the program's place;
 * `fallback`, when it is wanted, or when the live run fails or takes longer than `limit` seconds. It
 * fetches, and shows nothing.
 */
import { fetchRecording } from '../model/recording-file.js';
import { abortedAfter, LimitError } from './time-limit.js';

/** @import { Recording } from '../model/recording.js' */

/** How long a run that has a fallback may take, where `limit` does not say. */
const LIMIT_SECONDS = 15;

/** How long a recording may take to load. */
const LOAD_SECONDS = 20;

export class RecordingChoice {
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
   * Fetches the recording that is shown in the place of the program.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<Recording>}
   * @throws {Error} with a message for people, or the reason of the signal
   */
  load(signal) {
    return load(this.address ?? '', signal);
  }

  /**
   * Fetches what can stand in for a run that failed. A run that was recorded as failing too has
   * nothing better to show.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<Recording | null>}
   */
  async standIn(signal) {
    const address = this.#host.getAttribute('fallback');
    if (address === null) return null;
    try {
      const recording = await load(address, signal);
      return recording.failure === null ? recording : null;
    } catch {
      // The message about the failed run stays.
      return null;
    }
  }
}

/**
 * @param {string} address
 * @param {AbortSignal} signal
 * @returns {Promise<Recording>}
 */
async function load(address, signal) {
  const base = document.baseURI;
  const url = URL.canParse(address, base) ? new URL(address, base).href : address;
  try {
    return await abortedAfter(LOAD_SECONDS, 'loading', signal, (stop) =>
      fetchRecording(address, { signal: stop }),
    );
  } catch (error) {
    if (error instanceof LimitError) {
      const message = `The recording did not arrive within ${LOAD_SECONDS} s (${url}).`;
      throw new Error(message, { cause: error });
    }
    // What browsers throw when there is no answer: “Failed to fetch”, “Load failed”, “network error”.
    if (error instanceof TypeError) {
      const message = `The recording could not be loaded: the server did not answer (${url}).`;
      throw new Error(message, { cause: error });
    }
    throw error;
  }
}
