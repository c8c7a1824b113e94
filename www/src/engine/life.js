/*
 * Tells a worker that has died from one that is busy. A worker holds a Web Lock for as long as it lives;
 * the browser releases the lock when the worker ends, however it ends. The page waits for the same lock,
 * and getting it means that the worker is dead. A worker that computes for minutes keeps its lock.
 *
 *     worker  holdLife(name)  ─── has the lock ───────────╳ the worker dies
 *     page    watchLife(name) ─── waits for the lock ─────▶ onDeath()
 *
 * Pages without Web Locks (plain HTTP, sandboxed frames) fall back on asking: `watchAnswers`.
 *
 * https://developer.mozilla.org/docs/Web/API/Web_Locks_API
 */

/** How often a worker without a lock is asked for a sign of life. */
const ASK_EVERY_MS = 10_000;

/** The number of questions in a row that may stay unanswered: a single task may compute for minutes. */
const UNANSWERED = 30;

/** Returns a lock name that no other worker of this origin uses. */
export function newLife() {
  return `dagdeck worker ${performance.timeOrigin} ${Math.random()}`;
}

/**
 * Called by the worker: takes the lock and keeps it until the worker ends.
 *
 * @param {string} name
 * @param {LockManager | undefined} [locks]
 * @returns {Promise<boolean>} resolves when the worker has the lock; false where there are no locks
 */
export function holdLife(name, locks = globalThis.navigator?.locks) {
  if (!locks) return Promise.resolve(false);
  return new Promise((resolve) => {
    const forever = () => {
      resolve(true);
      return new Promise(() => {});
    };
    // Frames with an opaque origin have `navigator.locks`, but may not use it.
    locks.request(name, forever).catch(() => resolve(false));
  });
}

/**
 * Called by the page, after the worker has said that it has the lock.
 *
 * @param {string} name
 * @param {() => void} onDeath
 * @param {LockManager} [locks]
 * @returns {() => void} stops watching
 */
export function watchLife(name, onDeath, locks = navigator.locks) {
  const stopper = new AbortController();
  const { signal } = stopper;
  locks
    .request(name, { signal }, () => {
      if (!signal.aborted) onDeath();
    })
    // Stopping rejects the request.
    .catch(() => {});
  return () => stopper.abort();
}

/**
 * Asks a worker for a sign of life again and again. It counts questions rather than time, because
 * timers also run late: after the computer has slept, or in a page in the background.
 *
 * @param {() => void} ask
 * @param {() => void} onDeath
 * @returns {{ answered: () => void, stop: () => void }}
 */
export function watchAnswers(ask, onDeath) {
  let unanswered = 0;
  const timer = setInterval(() => {
    if (unanswered >= UNANSWERED) {
      clearInterval(timer);
      onDeath();
      return;
    }
    unanswered++;
    ask();
  }, ASK_EVERY_MS);
  return {
    answered: () => (unanswered = 0),
    stop: () => clearInterval(timer),
  };
}
