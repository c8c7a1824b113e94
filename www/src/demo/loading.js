/*
 * What is being loaded, for those who wait for it. Only the newest counts.
 */

export class Loading {
  /** @type {Promise<void> | null} */
  #newest = null;

  /** Whether something is being loaded. */
  get busy() {
    return this.#newest !== null;
  }

  /** @param {Promise<void>} work handles its own failures */
  begin(work) {
    const newest = work.finally(() => {
      if (this.#newest === newest) this.#newest = null;
    });
    this.#newest = newest;
    return newest;
  }

  /** Nobody waits for it any more. */
  forget() {
    this.#newest = null;
  }

  /** Resolves when nothing is being loaded. */
  async over() {
    while (this.#newest) await this.#newest;
  }
}
