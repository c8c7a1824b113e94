/*
 * The pool: the Web Workers that run Rust threads. The page creates and ends them, on behalf of the
 * engine's worker, which asks for them (pool-starter.js).
 *
 * Once started, a pool worker sits in a Rust loop and receives no messages. The page holds on to it for
 * two reasons: to end it with the engine, and to notice when it dies.
 */
import { startWatched } from './watched-worker.js';

/** @import { PoolStart } from './protocol.js' */

export class Pool {
  #createWorker;
  #onDeath;
  /**
   * Also keeps Firefox from collecting the workers as garbage.
   * https://bugzilla.mozilla.org/show_bug.cgi?id=1702191
   *
   * @type {Worker[]}
   */
  #workers = [];
  /** @type {(() => void)[]} */
  #watches = [];

  /**
   * @param {() => Worker} createWorker
   * @param {(message: string) => void} onDeath called when a worker dies after it has started
   */
  constructor(createWorker, onDeath) {
    this.#createWorker = createWorker;
    this.#onDeath = onDeath;
  }

  /**
   * Starts workers in place of those before.
   *
   * @param {number} threads
   * @param {Omit<PoolStart, 'life'>} start
   * @returns {Promise<void>} resolves when each worker has instantiated the module; rejects when one of
   *   them fails to, after ending them all
   */
  async start(threads, start) {
    this.end();
    try {
      await Promise.all(Array.from({ length: threads }, () => this.#startOne(start)));
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** Ends all workers, whatever they do. */
  end() {
    for (const stop of this.#watches) stop();
    for (const worker of this.#workers) worker.terminate();
    this.#watches = [];
    this.#workers = [];
  }

  /** @param {Omit<PoolStart, 'life'>} start */
  async #startOne(start) {
    const worker = this.#createWorker();
    this.#workers.push(worker);
    const { up, stop } = startWatched(worker, 'pool worker', start, [], this.#onDeath);
    this.#watches.push(stop);
    await up;
  }
}
