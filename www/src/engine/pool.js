/*
 * The pool: the Web Workers that run Rust threads. The page creates and ends them, on behalf of the
 * engine's worker, which asks for them (pool-starter.js).
 *
 * Once started, a pool worker sits in a Rust loop and receives no messages. The page holds on to it for
 * two reasons: to end it with the engine, and to notice when it dies.
 */
import { newLife, watchLife } from './life.js';

/** @import { PoolStart, PoolWorkerMessage } from './protocol.js' */

/** How long a pool worker may take to start. */
const START_LIMIT_MS = 20_000;

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
    const life = newLife();
    const { held } = await up(worker, { ...start, life });
    // Another one may have failed in the meantime.
    if (!this.#workers.includes(worker)) return;
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#onDeath(event.message);
    });
    if (held) this.#watches.push(watchLife(life, () => this.#onDeath('')));
  }
}

/**
 * @param {Worker} worker
 * @param {PoolStart} start
 * @returns {Promise<{ held: boolean }>} whether the worker holds its lock, once it has instantiated the module
 */
function up(worker, start) {
  return new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ message) => settle(() => reject(new Error(message)));
    const timer = setTimeout(
      () => fail(`a pool worker did not start within ${START_LIMIT_MS / 1000} s`),
      START_LIMIT_MS,
    );
    const onMessage = (/** @type {MessageEvent<PoolWorkerMessage>} */ { data }) => {
      if ('failed' in data) fail(data.failed);
      else settle(() => resolve(data));
    };
    const onError = (/** @type {ErrorEvent} */ event) => {
      event.preventDefault();
      fail(event.message || 'the script of a pool worker could not be loaded');
    };
    const settle = (/** @type {() => void} */ then) => {
      clearTimeout(timer);
      worker.removeEventListener('message', onMessage);
      worker.removeEventListener('error', onError);
      then();
    };
    worker.addEventListener('message', onMessage);
    worker.addEventListener('error', onError);
    worker.postMessage(start);
  });
}
