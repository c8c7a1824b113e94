/* Web Locks of one origin, all exclusive: a test takes one as a worker does, and lets that worker die. */

export class FakeLocks {
  /** Who waits for each name; the first one has the lock. @type {Map<string, (() => void)[]>} */
  #queues = new Map();

  /**
   * @param {string} name
   * @param {{ signal?: AbortSignal } | (() => unknown)} options
   * @param {() => unknown} [callback]
   */
  request(name, options, callback) {
    const grant = callback ?? /** @type {() => unknown} */ (options);
    const signal = typeof options === 'function' ? undefined : options.signal;
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(name) ?? [];
      this.#queues.set(name, queue);
      const turn = () => resolve(grant());
      signal?.addEventListener('abort', () => {
        queue.splice(queue.indexOf(turn), 1);
        reject(signal.reason);
      });
      queue.push(turn);
      if (queue.length === 1) queueMicrotask(turn);
    });
  }

  /** The names of all locks that somebody has. */
  get held() {
    return [...this.#queues].filter(([, queue]) => queue.length > 0).map(([name]) => name);
  }

  /**
   * How many requests wait for a lock, beside the one that has it.
   *
   * @param {string} name
   */
  waiting(name) {
    return Math.max(0, (this.#queues.get(name)?.length ?? 0) - 1);
  }

  /**
   * Does what the browser does when the worker that has the lock dies.
   *
   * @param {string} name
   */
  async kill(name) {
    const queue = this.#queues.get(name);
    queue?.shift();
    queue?.[0]?.();
    await new Promise((resolve) => setTimeout(resolve));
  }

  /** As `navigator.locks`. */
  get manager() {
    return /** @type {LockManager} */ (/** @type {unknown} */ (this));
  }
}
