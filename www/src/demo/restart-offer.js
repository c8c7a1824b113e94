/*
 * Offers to restart the engine when a cancelled run does not stop, and when the engine was lost. It shows a button
 * below the result. player.js decides what happens after the restart.
 */

/** @import { ResultPanel } from './stage.js' */

/** How long a cancelled run may take to stop before the engine counts as stuck. */
const STUCK_AFTER_MS = 2000;

/**
 * @typedef {Object} Restarting
 * @property {() => Promise<void>} restart
 * @property {() => boolean} running whether a run of this demo is under way
 * @property {(wasRunning: boolean) => Promise<void>} onRestarted
 * @property {(error: unknown) => void} onFailed
 */

export class RestartOffer {
  /** Whether the user restarted the engine while a run of this demo was under way. */
  underRun = false;
  #result;
  #demo;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {ResultPanel} result
   * @param {Restarting} demo
   */
  constructor(result, demo) {
    this.#result = result;
    this.#demo = demo;
  }

  /** Shows the offer if the run that was just cancelled does not end. */
  whenStuck() {
    this.stop();
    this.#timer = setTimeout(() => {
      if (this.#demo.running()) this.show('The run has not stopped yet: a task is still busy.');
    }, STUCK_AFTER_MS);
  }

  /** The run has ended. */
  stop() {
    clearTimeout(this.#timer);
  }

  /** @param {string} why */
  show(why) {
    this.#result.offer(why, 'Restart the engine', () => this.#restart());
  }

  async #restart() {
    const running = this.#demo.running();
    this.underRun = running;
    this.#result.withdraw();
    this.#result.say('progress', 'Restarting the engine …');
    try {
      await this.#demo.restart();
    } catch (error) {
      this.#demo.onFailed(error);
      return;
    }
    await this.#demo.onRestarted(running);
  }
}
