/*
 * The engine as the page sees it: promises and run handles over the messages of protocol.js. Many
 * plans and runs may be under way at once; each has its id. Errors carry the crate's own words.
 *
 *     const engine = await connect();
 *     const run = engine.run('array-mean', { n: 4000 }, { scheduler: 'threads', workers: 4 });
 *     const { graph, live } = await run.started;     // draw
 *     const { outcome, trace } = await run.finished; // rejects when the run fails or is cancelled
 *     run.dispose();                                 // the live trace may not be read after this
 *     const next = await engine.restart();           // when this one is stuck, or lost
 *
 * It computes nothing and draws nothing. It does not own the workers (crew.js does), and it does not keep
 * one engine for the page (shared.js does).
 */

import { createWorker, Crew } from './crew.js';
import { DASK, runOnDask } from './dask/run.js';
import { defaultScheduler, mostWorkers, optionNames, workersOf } from './schedulers.js';
import { withResolvers } from './with-resolvers.js';

/** @import { CreateWorker } from './crew.js' */
/** @import { Finished, RunHandle, RunRequest, Started } from './run-handle.js' */
/** @import * as Protocol from './protocol.js' */

/** How long the engine may take to start, including the download of its module. */
const START_LIMIT_MS = 60_000;

/** How long an engine may take to answer an abort. After that the run rejects without an answer. */
const ABORT_LIMIT_MS = 2000;

/** A run that was cancelled without an abort signal rejects with this name, as an aborted one does. */
const ABORTED = 'AbortError';

/** The engine did not start, or it stopped. */
export class EngineError extends Error {
  /**
   * @param {string} message
   * @param {boolean} [restarted] whether another engine is already starting
   */
  constructor(message, restarted = false) {
    super(message);
    this.name = 'EngineError';
    this.restarted = restarted;
  }
}

/**
 * Starts an engine in a worker of its own.
 *
 * @param {CreateWorker} [create]
 * @param {WebAssembly.Module | null} [module] of an earlier engine, which saves compiling it again
 * @returns {Promise<Engine>} rejects with an EngineError when the engine does not start
 */
export function connect(create = createWorker, module = null) {
  return new Promise((resolve, reject) => {
    const crew = new Crew(create, module);
    const refuse = (/** @type {string} */ reason) => {
      clearTimeout(timer);
      crew.end();
      reject(new EngineError(`The engine did not start: ${sentence(reason)}`));
    };
    const timer = setTimeout(
      () => refuse(`it was not ready after ${START_LIMIT_MS / 1000} s`),
      START_LIMIT_MS,
    );
    crew.onDeath = refuse;
    crew.onMessage = (message) => {
      if (message.type === 'broken') refuse(message.reason);
      if (message.type !== 'ready') return;
      clearTimeout(timer);
      resolve(new Engine(crew, message, create));
    };
  });
}

/**
 * What waits for the engine's answers to one id.
 *
 * @typedef {{ answer: (message: Protocol.EngineMessage) => void, abandon: (error: Error) => void }} Waiting
 */

/**
 * A cluster that is open. `ended` rejects when it ends without having been closed.
 *
 * @typedef {Object} Cluster
 * @property {Promise<never>} ended
 * @property {(request: Protocol.Ask) => void} ask
 * @property {() => void} addNode
 * @property {(place: number) => void} killNode
 * @property {(count: number) => void} scale
 * @property {() => void} close
 */

export class Engine {
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  #nextId = 1;
  #crew;
  /** @type {Error | null} */
  #lost = null;
  #create;
  /** The engine that replaces this one. @type {Promise<Engine> | null} */
  #next = null;

  /**
   * @param {Crew} crew
   * @param {Protocol.ReadyMessage} ready
   * @param {CreateWorker} create for the next engine
   */
  constructor(crew, ready, create) {
    this.#crew = crew;
    this.#create = create;
    /** Compiled; for the page's describer too. */
    this.module = ready.module;
    this.version = ready.version;
    this.programs = ready.programs;
    this.schedulers = [...ready.schedulers, DASK];
    /** Whether there are threads. */
    this.isolated = ready.isolated;
    this.poolSize = ready.poolSize;
    /** @type {WebAssembly.Memory | null} */
    this.memory = ready.memory;
    crew.onMessage = (message) => this.#hear(message);
    crew.onDeath = (reason) => this.#stop(reason);
  }

  /** Why the engine is gone, or null while it works. */
  get lost() {
    return this.#lost;
  }

  /**
   * Builds a program's graph without running it.
   *
   * @param {string} program
   * @param {Protocol.Params} [params] missing ones take their defaults
   * @param {number} [seed]
   */
  plan(program, params = {}, seed = 0) {
    return this.planOf({ kind: 'program', program, params }, seed);
  }

  /**
   * Builds a graph without running it.
   *
   * @param {Protocol.Work} work
   * @param {number} [seed]
   * @returns {Promise<Protocol.GraphData>}
   */
  async planOf(work, seed = 0) {
    const id = this.#nextId++;
    const { graph } = await this.#ask({ type: 'plan', id, work, seed }, 'planned');
    return graph;
  }

  /**
   * Builds a graph without running it, and writes it as JSON (src/graph/json.rs), its tasks in static order.
   *
   * @param {Protocol.Work} work
   * @param {number} [seed]
   * @returns {Promise<{ graph: Protocol.GraphData, json: string }>}
   */
  async exportOf(work, seed = 0) {
    const id = this.#nextId++;
    const { graph, json } = await this.#ask(
      { type: 'plan', id, work, seed, text: true },
      'planned',
    );
    return { graph, json: /** @type {string} */ (json) };
  }

  /**
   * The outcome of what another scheduler computed.
   *
   * @param {Protocol.Work} work
   * @param {number} seed
   * @param {Protocol.Results} results
   * @returns {Promise<Protocol.Outcome>}
   */
  async outcomeOf(work, seed, results) {
    const id = this.#nextId++;
    const { outcome } = await this.#ask({ type: 'assemble', id, work, seed, results }, 'assembled');
    return outcome;
  }

  /**
   * Starts a run of a program.
   *
   * @param {string} program
   * @param {Protocol.Params} [params] missing ones take their defaults
   * @param {RunRequest} [request]
   */
  run(program, params = {}, request = {}) {
    return this.runOf({ kind: 'program', program, params }, request);
  }

  /**
   * Starts a run.
   *
   * @param {Protocol.Work} work
   * @param {RunRequest} [request]
   * @returns {RunHandle}
   */
  runOf(work, request = {}) {
    return request.scheduler === DASK.name
      ? runOnDask(this.#planner(work), request)
      : this.#runHere(work, request);
  }

  /**
   * What a run elsewhere needs of this engine.
   *
   * @param {Protocol.Work} work
   * @returns {import('./dask/run.js').Planner}
   */
  #planner(work) {
    return {
      exported: (seed) => this.exportOf(work, seed),
      outcomeOf: (seed, results) => this.outcomeOf(work, seed, results),
      runHere: (request) => this.#runHere(work, { ...request, scheduler: undefined }),
    };
  }

  /**
   * Starts a run of this engine.
   *
   * @param {Protocol.Work} work
   * @param {RunRequest} request
   * @returns {RunHandle}
   */
  #runHere(work, request) {
    const { signal, onEvents, onBlocks, onTrace, onNodes } = request;
    const id = this.#nextId++;
    /** @type {PromiseWithResolvers<Started>} */
    const started = withResolvers();
    /** @type {PromiseWithResolvers<Finished>} */
    const finished = withResolvers();
    // A caller may wait for only one of the two promises. The other's rejection is then no error.
    started.promise.catch(() => {});
    finished.promise.catch(() => {});

    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let abortTimer;
    const settle = () => {
      signal?.removeEventListener('abort', abort);
      clearTimeout(abortTimer);
    };
    const fail = (/** @type {unknown} */ error) => {
      settle();
      started.reject(error);
      finished.reject(error);
    };
    const cancel = () => this.#say({ type: 'cancel', id });
    const abort = () => {
      cancel();
      abortTimer = setTimeout(() => fail(signal?.reason), ABORT_LIMIT_MS);
    };
    const dispose = () => {
      if (!this.#waiting.delete(id)) return;
      this.#say({ type: 'cancel', id });
      this.#say({ type: 'dispose', id });
      fail(new DOMException('The run was disposed of.', ABORTED));
    };
    const addNode = () => this.#say({ type: 'add-node', id });
    const killNode = (/** @type {number} */ place) => this.#say({ type: 'kill-node', id, place });
    const [begun, ended] = [started.promise, finished.promise];
    const handle = { started: begun, finished: ended, cancel, dispose, addNode, killNode };

    if (signal?.aborted) {
      fail(signal.reason);
      return handle;
    }

    /** @type {Protocol.RunOptions} */
    let options;
    try {
      options = this.#options(work, request);
    } catch (error) {
      fail(error);
      return handle;
    }

    this.#wait(id, {
      answer: (message) => {
        if (message.type === 'started') {
          const { graph, layout, lanes, mode } = message;
          const live = this.memory && layout ? { memory: this.memory, layout } : null;
          started.resolve({ graph, live, lanes, mode });
        } else if (message.type === 'events') {
          onEvents?.(message.workers);
        } else if (message.type === 'blocks') {
          onBlocks?.(message.blocks);
        } else if (message.type === 'nodes') {
          onNodes?.(message);
        } else if (message.type === 'finished') {
          onTrace?.(message.trace);
          // Aborted just before its end: the caller does not expect a value any more.
          if (signal?.aborted) return fail(signal.reason);
          settle();
          finished.resolve({ outcome: message.outcome, trace: message.trace });
        } else if (message.type === 'failed') {
          if (message.trace) onTrace?.(message.trace);
          fail(failure(message, signal));
        }
      },
      abandon: fail,
    });
    if (this.#lost) return handle;
    signal?.addEventListener('abort', abort, { once: true });
    this.#say({ type: 'start', id, work, options });
    return handle;
  }

  /**
   * Opens a cluster, which runs what it is asked for until it is closed.
   *
   * @param {Protocol.ClusterOptions} options
   * @param {{ onNews: (news: Protocol.News[]) => void, onNodes: (nodes: Protocol.Place[]) => void }} hooks
   * @returns {Cluster}
   */
  openCluster(options, { onNews, onNodes }) {
    const id = this.#nextId++;
    /** @type {PromiseWithResolvers<never>} */
    const ended = withResolvers();
    ended.promise.catch(() => {});
    this.#wait(id, {
      answer: (message) => {
        if (message.type === 'news') onNews(message.news);
        else if (message.type === 'nodes') onNodes(message.places);
        else if (message.type === 'failed') ended.reject(failure(message, undefined));
      },
      abandon: ended.reject,
    });
    this.#say({ type: 'open', id, options });
    return {
      ended: ended.promise,
      ask: (request) => this.#say({ type: 'ask', id, request }),
      addNode: () => this.#say({ type: 'add-node', id }),
      killNode: (place) => this.#say({ type: 'kill-node', id, place }),
      scale: (count) => this.#say({ type: 'scale', id, count }),
      close: () => {
        if (!this.#waiting.delete(id)) return;
        this.#say({ type: 'cancel', id });
        this.#say({ type: 'dispose', id });
      },
    };
  }

  /** An id under which the engine may hold an array. */
  newId() {
    return this.#nextId++;
  }

  /**
   * Lets the engine drop an array that it holds.
   *
   * @param {number} id
   */
  release(id) {
    this.#say({ type: 'release', id });
  }

  /** Ends the engine with its pool. Everything under way rejects. */
  close() {
    this.#lose(new EngineError('The engine was closed.'));
  }

  /**
   * Ends this engine with its pool, whatever they do, and starts one in its place. Asking twice gives the
   * same one. Everything under way rejects.
   *
   * @returns {Promise<Engine>} rejects with an EngineError when it does not start; asking again retries
   */
  restart() {
    this.#lose(new EngineError(RESTARTED, true));
    if (!this.#next) {
      const next = connect(this.#create, this.module);
      this.#next = next;
      next.catch(() => {
        if (this.#next === next) this.#next = null;
      });
    }
    return this.#next;
  }

  /**
   * Checks what Rust cannot: it takes whole numbers, and JavaScript would round others on the way; and
   * only the page knows whether it is isolated.
   *
   * @param {Protocol.Work} work
   * @param {RunRequest} request
   * @returns {Protocol.RunOptions}
   */
  #options(work, request) {
    const { scheduler, workers, policy = 'ordered', seed = 0, schedulerOptions = {} } = request;
    const {
      keepGoing = false,
      memoryLimit = null,
      trace = true,
      graph = true,
      hold = [],
    } = request;
    const program = work.kind === 'program' ? work.program : null;
    const own = this.programs.find(({ name }) => name === program)?.scheduler;
    const chosen = scheduler ?? defaultScheduler(this.schedulers, own)?.name ?? '';
    // If there is no such scheduler, Rust says which there are.
    const schema = this.schedulers.find(({ name }) => name === chosen);
    if (schema?.unavailable) {
      throw new Error(`The scheduler '${chosen}' is unavailable. ${schema.unavailable}`);
    }
    const count = workers ?? workersOf(this.schedulers, chosen);
    const most = mostWorkers(this.schedulers, chosen);
    if (!Number.isSafeInteger(count) || count < 1 || count > most) {
      throw new Error(
        most === 1
          ? `\`workers\` must be 1 without threads, got ${count}.`
          : `\`workers\` must be a whole number from 1 to ${most}, got ${count}.`,
      );
    }
    const known = optionNames(this.schedulers);
    const unknown = Object.keys(schedulerOptions).find((name) => !known.includes(name));
    if (unknown !== undefined) {
      throw new Error(
        `\`schedulerOptions\` must have names from ${known.join(', ')}, got ${unknown}.`,
      );
    }
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new Error(`\`seed\` must be a whole number from 0 to 2^53 - 1, got ${seed}.`);
    }
    if (memoryLimit !== null && (!Number.isSafeInteger(memoryLimit) || memoryLimit < 1)) {
      throw new Error(
        `\`memoryLimit\` must be a whole number of bytes from 1 to 2^53 - 1, or null, got ${memoryLimit}.`,
      );
    }
    return {
      scheduler: chosen,
      workers: count,
      policy,
      schedulerOptions,
      seed,
      trace: Boolean(trace),
      keepGoing: Boolean(keepGoing),
      memoryLimit,
      graph,
      blocks: request.onBlocks !== undefined,
      hold,
    };
  }

  /** @param {Protocol.EngineMessage} message */
  #hear(message) {
    if (message.type === 'broken') this.#stop(message.reason);
    else if ('id' in message) this.#waiting.get(message.id)?.answer(message);
  }

  /** @param {Protocol.PageMessage} message */
  #say(message) {
    this.#crew.say(message);
  }

  /**
   * Asks something that has one answer.
   *
   * @template {Protocol.EngineMessage['type']} T
   * @param {Protocol.PlanMessage | Protocol.AssembleMessage} message
   * @param {T} type of the answer
   * @returns {Promise<Extract<Protocol.EngineMessage, { type: T }>>}
   */
  #ask(message, type) {
    return new Promise((resolve, reject) => {
      this.#wait(message.id, {
        answer: (answer) => {
          if (answer.type === type) {
            resolve(/** @type {Extract<Protocol.EngineMessage, { type: T }>} */ (answer));
          } else if (answer.type === 'failed') reject(new Error(answer.message));
          this.#waiting.delete(message.id);
        },
        abandon: reject,
      });
      this.#say(message);
    });
  }

  /**
   * @param {number} id
   * @param {Waiting} waiting
   */
  #wait(id, waiting) {
    if (this.#lost) waiting.abandon(this.#lost);
    else this.#waiting.set(id, waiting);
  }

  /** @param {string} reason why the engine stopped */
  #stop(reason) {
    const words = `The engine stopped: ${sentence(reason)} The next run starts a new one.`;
    this.#lose(new EngineError(words));
  }

  /** @param {Error} error */
  #lose(error) {
    if (this.#lost) return;
    this.#lost = error;
    // Keeping a reference to a lost engine does not keep its memory.
    this.memory = null;
    this.#crew.end();
    const abandoned = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiting of abandoned) waiting.abandon(error);
  }
}

/** What runs reject with that a restart ends. */
const RESTARTED = 'The engine was restarted while this run was under way.';

/**
 * @param {Protocol.FailedMessage} message
 * @param {AbortSignal | undefined} signal
 */
function failure(message, signal) {
  if (!message.cancelled) return new Error(message.message);
  return signal?.aborted ? signal.reason : new DOMException(message.message, ABORTED);
}

/** @param {string} reason */
function sentence(reason) {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
