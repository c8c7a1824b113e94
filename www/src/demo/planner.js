/*
 * Decides when a graph is planned again while the user moves controls: one plan at a time, the newest settings
 * last, and only after the controls have been still for a moment. It does not know what a plan is.
 */

/** How long the controls must be still. */
const REST_MS = 120;

export class Planner {
  #plan;
  /** @type {ReturnType<typeof setTimeout> | null} */
  #timer = null;
  #planning = false;
  #stale = false;

  /** @param {() => Promise<void>} plan handles its own failures */
  constructor(plan) {
    this.#plan = plan;
  }

  /** Whether a plan is being made, or will be soon. */
  get busy() {
    return this.#planning || this.#timer !== null;
  }

  /** Plans when the controls have been still for a moment. */
  soon() {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.now();
    }, REST_MS);
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

  /** Cancels what was to be planned soon. */
  stop() {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
