/*
 * Which recording a demo shows, by its attributes. `recording` always replaces the program. `fallback` replaces it
 * when the user asks for it, or when the live run fails or takes longer than `limit` seconds; `fallback-dask` does so
 * while the scheduler `dask` is chosen. It fetches recordings and shows nothing.
 */
import { fetchRecording } from '../model/recording-file.js';
import { abortedAfter, LimitError } from './time-limit.js';

/** @import { Recording } from '../model/recording.js' */

/** How long a run with a fallback may take, if there is no `limit`. */
const LIMIT_SECONDS = 15;

/** How long a recording may take to load. */
const LOAD_SECONDS = 20;

export class RecordingChoice {
  #host;
  #scheduler;
  #wanted = false;

  /**
   * @param {Element} host whose attributes they are
   * @param {() => unknown} [scheduler] the one that is chosen
   */
  constructor(host, scheduler = () => null) {
    this.#host = host;
    this.#scheduler = scheduler;
  }

  /** Whether the user wants the recording of `fallback` in place of the program. */
  get wanted() {
    return this.#wanted;
  }

  set wanted(wanted) {
    this.#wanted = wanted && this.hasFallback;
  }

  get hasFallback() {
    return this.#fallback !== null;
  }

  get #fallback() {
    const onDask = this.#scheduler() === 'dask' ? this.#host.getAttribute('fallback-dask') : null;
    return onDask ?? this.#host.getAttribute('fallback');
  }

  /** The URL of the recording to show in place of the program; null to show the program. */
  get url() {
    const fallback = this.#wanted ? this.#fallback : null;
    return this.#host.getAttribute('recording') ?? fallback;
  }

  /** How many seconds a run may take. */
  get limit() {
    const seconds = Number(this.#host.getAttribute('limit') ?? LIMIT_SECONDS);
    const limited = this.#host.hasAttribute('limit') || this.hasFallback;
    return limited && seconds > 0 ? seconds : Infinity;
  }

  /**
   * Fetches the recording to show in place of the program.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<Recording>}
   * @throws {Error} with a message for the user, or the reason of the signal
   */
  load(signal) {
    return load(this.url ?? '', signal);
  }

  /**
   * Fetches the recording that replaces a run that failed. A recording of a failed run is no better, so it is not
   * used.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<Recording | null>}
   */
  async standIn(signal) {
    const url = this.#fallback;
    if (url === null) return null;
    try {
      const recording = await load(url, signal);
      return recording.failure === null ? recording : null;
    } catch {
      // The page keeps the message about the failed run.
      return null;
    }
  }
}

/**
 * @param {string} url
 * @param {AbortSignal} signal
 * @returns {Promise<Recording>}
 */
async function load(url, signal) {
  const base = document.baseURI;
  const whole = URL.canParse(url, base) ? new URL(url, base).href : url;
  try {
    return await abortedAfter(LOAD_SECONDS, 'loading', signal, (stop) =>
      fetchRecording(url, { signal: stop }),
    );
  } catch (error) {
    if (error instanceof LimitError) {
      const message = `The recording did not arrive within ${LOAD_SECONDS} s (${whole}).`;
      throw new Error(message, { cause: error });
    }
    // What browsers throw when there is no answer: “Failed to fetch”, “Load failed”, “network error”.
    if (error instanceof TypeError) {
      const message = `The recording could not be loaded: the server did not answer (${whole}).`;
      throw new Error(message, { cause: error });
    }
    throw error;
  }
}
