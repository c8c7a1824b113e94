/*
 * A limit on how long something may take. What goes on after it is left to who asked.
 */

/** It took longer than it may. */
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
 * @returns {Promise<T>} rejects with a LimitError when the time is over
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
