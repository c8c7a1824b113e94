/*
 * Starts a run on the page's engine, a second time if need be. An engine may be dead without the page
 * knowing it yet. If it dies before the run has started, none of its tasks have run, so the run is started
 * once more on a new engine.
 */
import { EngineError } from '../engine/client.js';

/** @import { Engine } from '../engine/client.js' */

/**
 * @template {{ started: Promise<unknown>, dispose: () => void }} Run
 * @param {() => Promise<Engine>} live returns an engine that is not known to be lost
 * @param {(engine: Engine) => Run} begin starts the run; throws if it is no longer wanted
 * @returns {Promise<Run>} resolves when the run has started
 * @throws what made the run fail before it started
 */
export async function startRun(live, begin) {
  const first = begin(await live());
  try {
    await first.started;
    return first;
  } catch (error) {
    // After a restart by the user the run is not wanted any more.
    if (!(error instanceof EngineError) || error.restarted) throw error;
    first.dispose();
  }
  const second = begin(await live());
  await second.started;
  return second;
}
