/*
 * One engine for the page: started when it is first asked for, shared by every demo and by
 * `window.dagdeck`. When it is lost, the next caller starts a new one and gets that.
 */
import { connect } from './client.js';
import { loadDescriber } from './describer.js';

/** @import { Engine } from './client.js' */

/**
 * @param {() => Promise<Engine>} start
 * @returns {{ engine: () => Promise<Engine>, restart: () => Promise<Engine> }}
 */
export function createShared(start) {
  /** @type {Promise<Engine> | null} */
  let current = null;

  /** @returns {Promise<Engine>} */
  const engine = async () => {
    const mine = (current ??= start());
    try {
      const connected = await mine;
      if (!connected.lost) return connected;
      if (current === mine) current = connected.restart();
    } catch (error) {
      if (current === mine) current = null;
      throw error;
    }
    return engine();
  };

  return {
    engine,
    async restart() {
      const running = await current?.catch(() => null);
      // This also covers an engine that is already lost: engine() then finds its successor.
      running?.restart().catch(() => {});
      return engine();
    },
  };
}

const shared = createShared(async () => {
  const started = await connect();
  // Nothing here waits for it; callers who need it learn from ready() why it did not load.
  loadDescriber(started.module).catch(() => {});
  return started;
});

/**
 * Returns the page's engine.
 *
 * @param {AbortSignal} [signal] stops waiting for it; it goes on starting
 * @returns {Promise<Engine>} rejects with the signal's reason when that comes first
 */
export async function sharedEngine(signal) {
  signal?.throwIfAborted();
  return signal ? unlessAborted(shared.engine(), signal) : shared.engine();
}

/** Replaces the page's engine by a new one. @returns {Promise<Engine>} */
export const restartEngine = shared.restart;

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
function unlessAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
