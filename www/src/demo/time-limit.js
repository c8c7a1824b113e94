/*
 * Time limits for promises.
 */

/** Something took longer than its limit. */
export class LimitError extends Error {
  /**
   * @param {string} what
   * @param {number} seconds
   */
  constructor(what, seconds) {
    super(`${what} took longer than ${seconds} s`);
    this.name = 'LimitError';
  }
}

/**
 * @template T
 * @param {number} seconds Infinity: no limit
 * @param {string} what for the message
 * @param {Promise<T>} promise
 * @returns {Promise<T>} rejects with a LimitError when the time is up
 */
export async function within(seconds, what, promise) {
  if (seconds === Infinity) return promise;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const over = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new LimitError(what, seconds)), seconds * 1000);
  });
  try {
    return await /** @type {Promise<T>} */ (Promise.race([promise, over]));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Like `within`, for work that can be aborted. The work gets a signal, which aborts when the time is up or when the
 * caller aborts.
 *
 * @template T
 * @param {number} seconds
 * @param {string} what for the message
 * @param {AbortSignal} signal the caller's
 * @param {(signal: AbortSignal) => Promise<T>} work
 * @returns {Promise<T>} rejects with a LimitError, or with the reason of the caller's signal
 */
export async function abortedAfter(seconds, what, signal, work) {
  signal.throwIfAborted();
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new LimitError(what, seconds)), seconds * 1000);
  const forward = () => stop.abort(signal.reason);
  signal.addEventListener('abort', forward);
  /** @type {Promise<never>} */
  const aborted = new Promise((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason));
  });
  try {
    return await Promise.race([work(stop.signal), aborted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', forward);
  }
}
