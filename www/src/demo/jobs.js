/*
 * One job at a time: to begin another aborts the one before, and what an aborted job finds out is ignored.
 */

/**
 * `signal` is aborted when another job begins; `cancel` is aborted then too, and when the user cancels the job.
 *
 * @typedef {{ signal: AbortSignal, cancel: AbortSignal }} Job
 */

export class Jobs {
  #current = new AbortController();
  #cancel = new AbortController();

  /** @returns {Job} */
  begin() {
    this.#current.abort();
    this.#cancel.abort();
    this.#current = new AbortController();
    this.#cancel = new AbortController();
    return { signal: this.#current.signal, cancel: this.#cancel.signal };
  }

  /** @param {unknown} reason */
  cancel(reason) {
    this.#cancel.abort(reason);
  }
}
