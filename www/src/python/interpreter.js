/*
 * One Python interpreter: the worker of its main thread, the workers of its threads, and their memory. It runs one cell
 * at a time.
 *
 *     page ── run ──────────▶ main thread ── threading.Thread ──▶ a word in memory ──▶ page creates a worker
 *     page ◀── ring of output ── all threads
 *     page ── interrupt (a word in memory) ──▶ all threads raise KeyboardInterrupt
 */
import { newLife, watchLife } from '../engine/life.js';
import { withResolvers } from '../engine/with-resolvers.js';
import { watchWord } from './changes.js';
import { OutputRing } from './output-ring.js';
import { Processes } from './processes.js';

/** @import { Progress } from './loading.js' */
/** @import { Stream } from './output-ring.js' */
/** @import { PageMessage, ReadyMessage, WorkerMessage } from './protocol.js' */

/** The page reads output at most once in this time, so that endless output does not keep it busy. */
const READ_EVERY_MS = 16;

/** @typedef {(role: 'main' | 'thread') => Worker} CreateWorker */

/**
 * Bundlers understand only literal options.
 *
 * @type {CreateWorker}
 */
const createWorker = (role) =>
  role === 'main'
    ? new Worker(new URL('./worker.js', import.meta.url), {
        type: 'module',
        name: 'dagdeck python',
      })
    : new Worker(new URL('./worker.js', import.meta.url), {
        type: 'module',
        name: 'dagdeck python thread',
      });

/** The interpreter and all its variables are gone. */
export class PythonLost extends Error {
  /** @override */
  name = 'PythonLost';
}

export class Interpreter {
  /** Called with what Python writes. @type {(text: string, stream: Stream) => void} */
  onOutput = () => {};
  /** Called while the module is downloaded. @type {(progress: Progress) => void} */
  onLoading = () => {};
  /** Called when it has ended. */
  onEnd = () => {};
  /** Whether it has ended. */
  ended = false;
  /** Compiled, for the next interpreter. @type {WebAssembly.Module | null} */
  module;
  #create;
  #life = newLife();
  /** @type {Worker[]} */
  #workers = [];
  /** @type {Worker} */
  #main;
  /** What waits for the answer of the main thread. @type {PromiseWithResolvers<any> | null} */
  #waiting = null;
  /** The number of workers for threads that were created. */
  #threads = 0;
  /** @type {ReadyMessage | null} */
  #ready = null;
  /** @type {OutputRing | null} */
  #ring = null;
  #processes;
  /** @type {(() => void)[]} */
  #stops = [];

  /**
   * @param {WebAssembly.Module | null} module of an earlier interpreter
   * @param {CreateWorker} [create]
   * @param {Processes} [processes] those to which it belongs
   */
  constructor(module, create = createWorker, processes) {
    this.module = module;
    this.#create = create;
    this.#processes = processes ?? new Processes(() => this.#createProcess());
    if (!processes) this.#stops.push(() => this.#processes.end());
    this.#main = this.#createWorker('main');
  }

  /**
   * @param {number} cores what `os.cpu_count()` returns
   * @param {number} [process] its number
   * @returns {Promise<void>} rejects with PythonLost
   */
  async start(cores, process = 1) {
    const life = this.#life;
    const ready = await this.#ask({ type: 'start', module: this.module, cores, process, life });
    const { memory, words, held } = ready;
    this.#ready = ready;
    this.module = ready.module;
    const ring = new OutputRing(memory, words.output, words.ringBytes);
    this.#ring = ring;
    this.#stops.push(
      watchWord(memory, ring.written, () => this.#read(), READ_EVERY_MS),
      watchWord(memory, words.workers / 4, () => this.#createThreads()),
      this.#processes.serve(memory, words),
    );
    if (held) this.#stops.push(watchLife(life, () => this.end('its worker ended unexpectedly')));
  }

  /**
   * Runs a cell. Its whole output has been passed on when the promise settles.
   *
   * @param {string} source
   * @param {string} name for tracebacks
   * @returns {Promise<string | null>} the exception that ended it; rejects with PythonLost
   */
  async run(source, name) {
    const interrupts = this.#ready ? Atomics.load(this.#words(), this.#interrupts()) : 0;
    const { raised } = await this.#ask({ type: 'run', source, name, interrupts });
    this.#read();
    return raised;
  }

  /** Imports what the first traceback needs. The next cell waits for it. */
  warmUp() {
    this.#say(this.#main, { type: 'warm-up' });
  }

  /** Interrupts all threads: each raises KeyboardInterrupt. Ends all processes. */
  interrupt() {
    this.#processes.end();
    if (!this.#ready) return;
    Atomics.add(this.#words(), this.#interrupts(), 1);
    Atomics.notify(this.#words(), this.#interrupts());
  }

  /** Ends all workers, whatever they do. @param {string} reason for those that wait for an answer */
  end(reason) {
    if (this.ended) return;
    this.ended = true;
    for (const worker of this.#workers) worker.terminate();
    this.#read();
    for (const stop of this.#stops) stop();
    this.#waiting?.reject(
      new PythonLost(
        this.#ready
          ? `Python has ended: ${reason}. All its variables are gone.`
          : `Python did not start: ${reason}.`,
      ),
    );
    this.onEnd();
  }

  #words() {
    return new Int32Array(/** @type {ReadyMessage} */ (this.#ready).memory.buffer);
  }

  #interrupts() {
    return /** @type {ReadyMessage} */ (this.#ready).words.interrupts / 4;
  }

  #createProcess() {
    const process = new Interpreter(this.module, this.#create, this.#processes);
    process.onOutput = (text, stream) => this.onOutput(text, stream);
    return process;
  }

  /** @param {'main' | 'thread'} role */
  #createWorker(role) {
    const worker = this.#create(role);
    worker.addEventListener('message', ({ data }) => this.#hear(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.end(event.message || 'one of its workers could not be loaded');
    });
    this.#workers.push(worker);
    return worker;
  }

  /** @param {WorkerMessage} message */
  #hear(message) {
    if (message.type === 'failed') this.end(message.message);
    else if (message.type === 'loading') this.onLoading(message.progress);
    else if (!this.ended) this.#waiting?.resolve(message);
  }

  /**
   * @param {PageMessage} message
   * @returns {Promise<any>} the answer of the main thread
   */
  async #ask(message) {
    if (this.ended) throw new PythonLost('Python has ended.');
    this.#waiting = withResolvers();
    this.#say(this.#main, message);
    try {
      return await this.#waiting.promise;
    } finally {
      this.#waiting = null;
    }
  }

  /** @param {Worker} worker @param {PageMessage} message */
  #say(worker, message) {
    worker.postMessage(message);
  }

  #read() {
    for (const { text, stream } of this.#ring?.read() ?? []) {
      try {
        this.onOutput(text, stream);
      } catch (error) {
        // Python would wait for ever if nobody read its output any more.
        reportError(error);
      }
    }
  }

  #createThreads() {
    const { module, memory, words } = /** @type {ReadyMessage} */ (this.#ready);
    const wanted = Atomics.load(this.#words(), words.workers / 4);
    for (; this.#threads < wanted; this.#threads++) {
      this.#say(this.#createWorker('thread'), { type: 'thread', module, memory });
    }
  }
}
