/*
 * One engine for the page: started when it is first asked for, shared by every demo and by
 * `window.dagdeck`. After one was lost or restarted, whoever asks gets the one in its place.
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
      // Whether or not it is lost by now: who asks next finds the one in its place.
      running?.restart().catch(() => {});
      return engine();
    },
  };
}

const shared = createShared(async () => {
  const started = await connect();
  // Nobody waits for it here, and who needs it hears why it did not come up: ready().
  loadDescriber(started.module).catch(() => {});
  return started;
});

/** The page's engine. @returns {Promise<Engine>} */
export const sharedEngine = shared.engine;

/** Puts a fresh engine in the place of the page's. @returns {Promise<Engine>} */
export const restartEngine = shared.restart;
