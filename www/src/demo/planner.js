/*
 * When a graph is planned anew while controls move: one plan at a time, the newest settings last, and
 * none before the controls rest. It does not know what a plan is.
 */

/** How long the controls must rest. */
const REST_MS = 120;

export class Planner {
  #plan;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #planning = false;
  #stale = false;

  /** @param {() => Promise<void>} plan handles its own failures */
  constructor(plan) {
    this.#plan = plan;
  }

  /** When the controls have come to rest. */
  soon() {
    this.stop();
    this.#timer = setTimeout(() => this.now(), REST_MS);
  }

  async now() {
    if (this.#planning) {
      this.#stale = true;
      return;
    }
    this.#planning = true;
    this.#stale = false;
    await this.#plan();
    this.#planning = false;
    if (this.#stale) this.now();
  }

  /** What was to be planned soon is not. */
  stop() {
    clearTimeout(this.#timer);
  }
}
