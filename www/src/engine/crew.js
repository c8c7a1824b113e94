/*
 * The workers of one engine, as the page owns them: the engine's worker and, at its request, the pool and
 * processes. The engine's worker and the pool live and die together: when one of them dies, all are ended,
 * and `onDeath` says why. A process that dies is the engine's business, which is told.
 *
 * It passes messages on without reading them, apart from those about the workers themselves.
 */
import { newLife, watchAnswers, watchLife } from './life.js';
import { Pool } from './pool.js';
import { Processes } from './processes.js';

/** @import * as Protocol from './protocol.js' */

/** @typedef {(role: 'engine' | 'pool' | 'process' | 'slot') => Worker} CreateWorker creates a worker that runs worker.js */

/**
 * Bundlers read the options of a worker, and understand nothing but literals. The names are those that
 * worker.js looks at.
 *
 * @type {CreateWorker}
 */
export const createWorker = (role) => {
  if (role === 'engine') {
    return new Worker(new URL('./worker.js', import.meta.url), {
      type: 'module',
      name: 'dagdeck engine',
    });
  }
  if (role === 'pool') {
    return new Worker(new URL('./worker.js', import.meta.url), {
      type: 'module',
      name: 'dagdeck pool worker',
    });
  }
  if (role === 'slot') {
    return new Worker(new URL('./worker.js', import.meta.url), {
      type: 'module',
      name: 'dagdeck slot',
    });
  }
  return new Worker(new URL('./worker.js', import.meta.url), {
    type: 'module',
    name: 'dagdeck process',
  });
};

export class Crew {
  /** Called with each message for the page. @type {(message: Protocol.EngineMessage) => void} */
  onMessage = () => {};
  /** Called once, when a worker dies without being ended. @type {(reason: string) => void} */
  onDeath = () => {};
  #engine;
  #life = newLife();
  #pool;
  #processes;
  #ended = false;
  #stopWatching = () => {};
  #answered = () => {};

  /**
   * @param {CreateWorker} create
   * @param {WebAssembly.Module | null} module of an earlier engine, which saves compiling it again
   */
  constructor(create, module) {
    this.#pool = new Pool(
      () => create('pool'),
      (message) => this.#die(message || 'one of its pool workers ended unexpectedly'),
    );
    this.#processes = new Processes(create, (id, reason) =>
      this.say({ type: 'process-died', id, reason }),
    );
    const engine = create('engine');
    this.#engine = engine;
    engine.addEventListener('message', ({ data }) => this.#hear(data));
    engine.addEventListener('messageerror', () => this.#die('one of its messages was unreadable'));
    engine.addEventListener('error', (event) => {
      event.preventDefault?.();
      this.#die(event.message || 'its worker could not be loaded');
    });
    this.say({ type: 'boot', module, life: this.#life });
  }

  /** @param {Protocol.PageMessage} message */
  say(message) {
    if (!this.#ended) this.#engine.postMessage(message);
  }

  /** Ends all workers, whatever they do. */
  end() {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopWatching();
    this.#engine.terminate();
    this.#pool.end();
    this.#processes.endAll();
  }

  /** @param {Protocol.EngineMessage | Protocol.CrewMessage} message */
  #hear(message) {
    // What a worker had posted before it was ended may still arrive.
    if (this.#ended) return;
    if (message.type === 'alive') this.#watch(message.held);
    else if (message.type === 'pong') this.#answered();
    else if (message.type === 'pool') this.#startPool(message);
    else if (message.type === 'process') this.#processes.start(message.id, message.start);
    else if (message.type === 'end-process') this.#processes.end(message.id);
    else this.onMessage(message);
  }

  /** @param {boolean} held whether the engine's worker holds its lock */
  #watch(held) {
    const onDeath = () => this.#die('its worker ended unexpectedly');
    if (held) {
      this.#stopWatching = watchLife(this.#life, onDeath);
    } else {
      const watch = watchAnswers(() => this.say({ type: 'ping' }), onDeath);
      this.#answered = watch.answered;
      this.#stopWatching = watch.stop;
    }
  }

  /** @param {Protocol.PoolRequest} request */
  async #startPool({ threads, start, port }) {
    /** @type {string | null} */
    let failed = null;
    try {
      await this.#pool.start(threads, start);
    } catch (error) {
      failed = /** @type {Error} */ (error).message;
    }
    // All workers were ended meanwhile, so the new pool is not needed.
    if (this.#ended) this.#pool.end();
    else port.postMessage(/** @type {Protocol.PoolReply} */ ({ failed }));
  }

  /** @param {string} reason */
  #die(reason) {
    if (this.#ended) return;
    this.end();
    this.onDeath(reason);
  }
}
