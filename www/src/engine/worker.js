/*
 * The engine worker. It instantiates the module, has the page start the pool, and answers the page's
 * messages (protocol.js). The same file is also the code of every pool worker, of every process, and of every slot of
 * a node, which are recognised by their names, so that the glue code exists only once.
 *
 *     page --start--> engine worker: Plan -> Run --+-- the pool runs it, we wait
 *                                                  +-- processes run it, we pass messages on
 *                                                  +-- we run it here (sync, a model), 8 ms at a time,
 *                                                      and look for messages in between
 *
 * It does not check what the page asks for. Rust does, and its error messages are passed on.
 */
import init, {
  Child,
  initThreadPool,
  Member,
  memoryImage,
  module as compiledModule,
  Plan,
  programs,
  release,
  Run,
  schedulers,
  serveSlot,
  version,
  wbg_rayon_start_worker,
} from '#wasm';
import { blockFeed } from './block-feed.js';
import { holdLife } from './life.js';
import { liveAsNode, startSlots } from './node.js';
import { POOL_WORKER, poolSize, startAtMost } from './pool-starter.js';
import { memoryOf, PROCESS_WORKER, SLOT_WORKER } from './process.js';
import { processDied, ProcessPorts } from './process-ports.js';
import { Spares } from './spares.js';
import { cut, transferable } from './trace-cut.js';

/** @import * as Protocol from './protocol.js' */

/**
 * The part of DedicatedWorkerGlobalScope that is used here.
 *
 * @typedef {Object} WorkerScope
 * @property {string} name
 * @property {boolean} crossOriginIsolated
 * @property {(message: unknown, transfer?: Transferable[]) => void} postMessage
 * @property {(type: 'message', listener: (event: MessageEvent) => void) => void} addEventListener
 */

const scope = /** @type {WorkerScope} */ (/** @type {unknown} */ (self));

/** How long runs compute here before the worker looks for messages. */
const STEP_MS = 8;

/** How often events are copied to a page that cannot share the memory. */
const EVENTS_EVERY_MS = 16;

/** How often newly finished blocks of the result are posted to a page that draws them. */
const BLOCKS_EVERY_MS = 50;

/** The pool has as many workers as the machine has processors, but at least this many. */
const LEAST_POOL = 8;

/** Pages of 64 KiB that the module's memory may have where the browser refuses what the module declares. */
const LESS_MEMORY = 4096;

/** What `fetch` and `compileStreaming` say in each browser's own words, or not at all. */
const NOT_DOWNLOADED =
  'its WebAssembly module could not be downloaded. Check the network connection, then reload the page.';

const tooOld = (/** @type {Error} */ { message }) =>
  `this browser cannot run its WebAssembly module (${message}). Update the browser.`;

/** A cluster that is open has no result. */
const CLUSTER_RUN = { trace: false, blocks: false, hold: [] };

/** Bytes that the values of a run may take when it sets no limit; null is the module's own limit. */
let memoryLimit = /** @type {number | null} */ (null);

const processors = () => navigator.hardwareConcurrency || 1;

if (scope.name === POOL_WORKER) joinPool();
else if (scope.name === PROCESS_WORKER) liveAsProcess();
else if (scope.name === SLOT_WORKER) liveAsSlot();
else serve();

/** A pool worker's life: instantiate the shared module, then run Rust until the page ends it. */
function joinPool() {
  const say = (/** @type {Protocol.ModuleWorkerMessage} */ message) => scope.postMessage(message);
  scope.addEventListener('message', async (event) => {
    /** @type {Protocol.PoolStart} */
    const { module, memory, receiver, life } = event.data;
    try {
      await init({ module_or_path: module, memory });
    } catch (error) {
      say({ failed: messageOf(error) });
      return;
    }
    say({ held: await holdLife(life) });
    wbg_rayon_start_worker(receiver);
  });
}

/** A process's life: instantiate the module on a memory of its own, then run tasks until the page ends it. */
function liveAsProcess() {
  const say = (/** @type {Protocol.ModuleWorkerMessage} */ message) => scope.postMessage(message);
  scope.addEventListener('message', async (event) => {
    /** @type {Protocol.ProcessStart} */
    const { module, port, fork, role, slots = 1, life } = event.data;
    try {
      const { memory, joined, most } = memoryOf(fork);
      await init({ module_or_path: module, memory });
      if (role === 'node') {
        say({ held: await holdLife(life) });
        const look = liveAsNode(new Member(slots, most), port, (error) => {
          say({ failed: messageOf(error) });
        });
        if (slots > 1) {
          const toPage = (
            /** @type {Protocol.SlotsRequest} */ request,
            /** @type {Transferable[]} */ transfer,
          ) => scope.postMessage(request, transfer);
          await startSlots(slots, { module, memory }, toPage, look);
        }
        port.postMessage(joined);
        return;
      }
      const child = new Child();
      const spares = new Spares();
      say({ held: await holdLife(life) });
      port.onmessage = ({ data }) => {
        try {
          const reply = child.onMessage(spares.receive(data));
          const bytes = spares.take(reply.length);
          reply.write(bytes);
          reply.free();
          spares.post(port, bytes);
        } catch (error) {
          // After a trap the state of the module is unknown.
          say({ failed: messageOf(error) });
        }
      };
      port.postMessage(joined);
    } catch (error) {
      say({ failed: messageOf(error) });
    }
  });
}

/** A slot's life: instantiate the module on the memory of its node, then run tasks in Rust until the page ends it. */
function liveAsSlot() {
  const say = (/** @type {Protocol.ModuleWorkerMessage} */ message) => scope.postMessage(message);
  scope.addEventListener('message', async (event) => {
    /** @type {Protocol.SlotStart} */
    const { module, memory, port, slot, life } = event.data;
    try {
      await init({ module_or_path: module, memory });
      say({ held: await holdLife(life) });
      const tell = () => port.postMessage(null);
      tell();
      serveSlot(slot, tell);
    } catch (error) {
      say({ failed: messageOf(error) });
    }
  });
}

/** The engine worker's life: come up, say so, and serve. */
function serve() {
  const isolated = scope.crossOriginIsolated;
  /** The runs whose nodes have changed since the page was told. @type {Set<number>} */
  const changed = new Set();
  /** @type {Map<number, { run: Run, cancelled: boolean, ports: ProcessPorts }>} */
  const runs = new Map();
  let broken = false;
  /**
   * The plan of a program that was made last: a graph that is drawn is usually run next, and a large one
   * takes a second to build.
   *
   * @type {{ made: string, plan: Plan } | null}
   */
  let last = null;

  /** What runs on processes need. */
  const around = { module: compiledModule, image: () => memoryImage(isolated), post, fail: stops };

  /**
   * The messages of the page, one after the other: the first brings the module up, and nothing is
   * served before. A run continues without being awaited.
   *
   * @type {Promise<void>}
   */
  let queue = Promise.resolve();

  scope.addEventListener('message', (event) => {
    /** @type {Protocol.PageMessage} */
    const message = event.data;
    queue = queue.then(() => answer(message)).catch(stops);
  });

  /** @param {Protocol.BootMessage} message */
  async function boot({ module, life }) {
    holdLife(life).then((held) => post({ type: 'alive', held }));
    try {
      await start(module);
    } catch (error) {
      breaks(messageOf(error));
    }
  }

  /** @param {WebAssembly.Module | null} module */
  async function start(module) {
    const instance = await instantiate(module);
    if (isolated) await startAtMost(Math.max(LEAST_POOL, processors()), initThreadPool);
    post({
      type: 'ready',
      version: version(),
      programs: programs(),
      schedulers: schedulers(isolated, processors()),
      isolated,
      poolSize: isolated ? poolSize() : 1,
      memory: isolated ? instance.memory : null,
      module: compiledModule(),
    });
  }

  /** @param {Protocol.PageMessage} message */
  async function answer(message) {
    if (broken) return;
    if (message.type === 'boot') await boot(message);
    else if (message.type === 'ping') post({ type: 'pong' });
    else if (message.type === 'plan') answerPlan(message);
    else if (message.type === 'assemble') answerAssemble(message);
    else if (message.type === 'start') answerStart(message);
    else if (message.type === 'open') answerOpen(message);
    else if (message.type === 'ask') answerAsk(message);
    else if (message.type === 'cancel') cancel(message.id);
    else if (message.type === 'release') release(message.id);
    else if (message.type === 'process-died') processDied(message.id, message.reason);
    else if (message.type === 'add-node') changeNodes(message.id, (run) => run.addNode());
    else if (message.type === 'kill-node') {
      changeNodes(message.id, (run) => run.killNode(message.place));
    } else if (message.type === 'scale') {
      changeNodes(message.id, (run) => {
        const places = run.places()?.places ?? [];
        for (let i = places.length; i < message.count; i++) run.addNode();
        for (const { place } of places.slice(message.count)) run.killNode(place);
      });
    } else dispose(message.id);
  }

  /** @param {Protocol.PlanMessage} message */
  function answerPlan({ id, work, seed, text }) {
    try {
      const planned = withPlan(work, seed, (plan) => ({
        graph: plan.graph(),
        ...(text && { json: plan.json() }),
      }));
      post({ type: 'planned', id, ...planned }, transferable(planned.graph));
    } catch (error) {
      fail(id, error);
    }
  }

  /** @param {Protocol.AssembleMessage} message */
  function answerAssemble({ id, work, seed, results }) {
    const { targets, workers, makespanMs } = results;
    try {
      const outcome = withPlan(work, seed, (plan) => plan.outcome(targets, workers, makespanMs));
      post({ type: 'assembled', id, outcome }, transferable(outcome));
    } catch (error) {
      fail(id, error);
    }
  }

  /**
   * Only the plan of a program is kept: that of an expression may hold the blocks of persisted arrays.
   *
   * @template T
   * @param {Protocol.Work} work
   * @param {number} seed
   * @param {(plan: Plan) => T} use
   * @returns {T}
   */
  function withPlan(work, seed, use) {
    if (work.kind === 'program') return use(keptPlan(work, seed));
    const plan = new Plan(work, BigInt(seed));
    try {
      return use(plan);
    } finally {
      plan.free();
    }
  }

  /**
   * @param {Protocol.ProgramWork} work
   * @param {number} seed
   */
  function keptPlan(work, seed) {
    const made = JSON.stringify([work, seed]);
    if (last?.made !== made) {
      // If this one cannot be made, the last one stays.
      const plan = new Plan(work, BigInt(seed));
      last?.plan.free();
      last = { made, plan };
    }
    return last.plan;
  }

  /** @param {Protocol.StartMessage} message */
  function answerStart({ id, work, options }) {
    /** @type {Run | undefined} */
    let run;
    try {
      const { graph: wanted, ...asked } = options;
      const machine = { isolated, processors: processors() };
      const limited = { ...asked, memoryLimit: asked.memoryLimit ?? memoryLimit, ...machine };
      const [started, graph] = withPlan(work, options.seed, (plan) => {
        const drawn = wanted ? plan.graph() : null;
        return /** @type {const} */ ([plan.start(limited), drawn]);
      });
      run = started;
      const ports = new ProcessPorts(run, around, () => postNodes(id));
      runs.set(id, { run, cancelled: false, ports });
      ports.obey();
      ports.serve().catch(stops);
      const layout = isolated && options.trace ? run.memoryLayout() : null;
      const [lanes, mode] = [run.lanes(), run.mode() ?? null];
      post({ type: 'started', id, graph, layout, lanes, mode }, transferable(graph));
    } catch (error) {
      run?.free();
      runs.delete(id);
      fail(id, error);
      return;
    }
    // Not awaited: other messages, a cancel among them, are served while the run goes on.
    follow(id, run, options).catch(stops);
  }

  /** @param {Protocol.OpenMessage} message */
  function answerOpen({ id, options }) {
    try {
      const limit = options.memoryLimit ?? memoryLimit;
      const run = Run.openCluster({ ...options, memoryLimit: limit, isolated });
      const told = () => postNews(id, run.news());
      const ports = new ProcessPorts(run, around, () => postNodes(id), told);
      runs.set(id, { run, cancelled: false, ports });
      ports.obey();
      follow(id, run, CLUSTER_RUN).catch(stops);
    } catch (error) {
      fail(id, error);
    }
  }

  /** @param {Protocol.AskMessage} message */
  function answerAsk({ id, request }) {
    const held = runs.get(id);
    if (!held) return;
    const { run, ports } = held;
    try {
      if (request.type === 'who-has') {
        const places = request.futures.map((future) => [...run.whoHas(future)]);
        postNews(id, [{ type: 'who-has', query: request.query, places }]);
        return;
      }
      ask(run, request);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) stops(error);
      const futures = 'futures' in request ? request.futures : [request.future];
      const message = messageOf(error);
      postNews(
        id,
        futures.map((future) => ({ type: 'error', future, message })),
      );
      return;
    }
    ports.obey();
  }

  /**
   * @param {number} id
   * @param {Protocol.News[]} news
   */
  function postNews(id, news) {
    if (news.length > 0) post({ type: 'news', id, news }, transferable(news));
  }

  /**
   * Follows a run to its end, and tells the page how it went.
   *
   * @param {number} id
   * @param {Run} run
   * @param {Pick<Protocol.RunOptions, 'trace' | 'blocks' | 'hold'>} options
   */
  async function follow(id, run, options) {
    const copies = options.trace && !isolated ? every(EVENTS_EVERY_MS, eventsOf(id, run)) : null;
    const blocks = options.blocks ? every(BLOCKS_EVERY_MS, blocksOf(id, run)) : null;
    if (run.steps()) {
      let over = false;
      while (!over) {
        await macrotask();
        if (!runs.has(id)) return;
        over = run.step(STEP_MS);
        copies?.(over);
        if (!over) blocks?.(false);
      }
    } else {
      const look = () => {
        if (!runs.has(id)) return;
        blocks?.(false);
        copies?.(false);
      };
      const often = copies ? EVENTS_EVERY_MS : BLOCKS_EVERY_MS;
      const timer = (blocks || copies) && setInterval(look, often);
      await run.finished();
      if (timer) clearInterval(timer);
      if (!runs.has(id)) return;
      copies?.(true);
    }
    const trace = run.trace();
    let outcome;
    try {
      const holds = options.hold.length > 0;
      const heldChunks = holds ? run.hold(Float64Array.from(options.hold)) : undefined;
      outcome = { ...run.outcome(!holds), heldChunks };
      // A result that is whole has the last blocks in it.
      if (outcome.value === null) blocks?.(true);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) blocks?.(true);
      fail(id, error, trace);
      return;
    }
    post({ type: 'finished', id, outcome, trace }, transferable({ outcome, trace }));
  }

  /** @param {number} id */
  function cancel(id) {
    const held = runs.get(id);
    if (!held) return;
    held.cancelled = true;
    held.run.cancel();
    held.ports.obey();
  }

  /**
   * Adds a node to the cluster of a run, or kills one.
   *
   * @param {number} id
   * @param {(run: Run) => void} change
   */
  function changeNodes(id, change) {
    const held = runs.get(id);
    if (!held) return;
    change(held.run);
    held.ports.obey();
    postNodes(id);
  }

  /**
   * Tells the page which nodes a run has: once, if several start or end together.
   *
   * @param {number} id
   */
  function postNodes(id) {
    if (changed.has(id)) return;
    changed.add(id);
    queueMicrotask(() => {
      changed.delete(id);
      const run = runs.get(id)?.run;
      const places = run?.places();
      if (run && places) post({ type: 'nodes', id, lanes: run.lanes(), ...places });
    });
  }

  /** @param {number} id */
  function dispose(id) {
    const held = runs.get(id);
    if (!held) return;
    runs.delete(id);
    held.ports.end();
    held.run.free();
  }

  /**
   * @param {number} id
   * @param {unknown} error
   * @param {Protocol.Trace | null} [trace]
   */
  function fail(id, error, trace = null) {
    const cancelled = runs.get(id)?.cancelled ?? false;
    post({ type: 'failed', id, message: messageOf(error), cancelled, trace }, transferable(trace));
    if (error instanceof WebAssembly.RuntimeError) stops(error);
  }

  /**
   * After a trap the state of the module is unknown: the page has to start a new engine.
   *
   * @param {unknown} error
   */
  function stops(error) {
    breaks(messageOf(error));
  }

  /** @param {string} reason */
  function breaks(reason) {
    if (broken) return;
    broken = true;
    post({ type: 'broken', reason });
  }
}

/**
 * @param {Run} run
 * @param {Exclude<Protocol.Ask, { type: 'who-has' }>} request
 */
function ask(run, request) {
  if (request.type === 'submit') {
    const { work, futures, inputs, priority } = request;
    run.submit(work, Uint32Array.from(futures), inputs, priority);
  } else if (request.type === 'scatter') {
    const { future, key, bytes, shape, dtype } = request;
    run.scatter(future, key, bytes, Uint32Array.from(shape), dtype);
  } else if (request.type === 'gather') run.gather(request.future);
  else if (request.type === 'release') run.releaseFuture(request.future);
  else run.cancelFuture(request.future);
}

/**
 * Instantiates the module. Some browsers refuse to reserve the memory that it declares as its
 * maximum: they are asked again with less.
 *
 * @param {WebAssembly.Module | null} compiled
 */
async function instantiate(compiled) {
  const module = compiled ? { module_or_path: compiled } : {};
  try {
    return await init(module);
  } catch (error) {
    if (error instanceof TypeError) throw new Error(NOT_DOWNLOADED, { cause: error });
    if (error instanceof WebAssembly.CompileError) throw new Error(tooOld(error), { cause: error });
    if (!(error instanceof RangeError)) throw error;
    const memory = new WebAssembly.Memory({ initial: 256, maximum: LESS_MEMORY, shared: true });
    const instance = await init({ ...module, memory });
    // Three quarters, as of the whole (MEMORY_LIMIT in src/scheduler/mod.rs).
    memoryLimit = LESS_MEMORY * 65536 * 0.75;
    return instance;
  }
}

/**
 * Posts the events of a run that are new.
 *
 * @param {number} id
 * @param {Run} run
 */
function eventsOf(id, run) {
  /** @type {number[]} */
  const sent = [];
  return () => {
    const workers = cut(run.trace().workers, sent);
    post({ type: 'events', id, workers }, transferable(workers));
  };
}

/**
 * Posts the blocks of the result that have finished since.
 *
 * @param {number} id
 * @param {Run} run
 */
function blocksOf(id, run) {
  return blockFeed(
    () => /** @type {Protocol.Block[]} */ (run.blocks()),
    (blocks) => post({ type: 'blocks', id, blocks }, transferable(blocks)),
  );
}

/**
 * Does something now and then, in at most a fifth of the time, and at the end.
 *
 * @param {number} ms
 * @param {() => void} act
 */
function every(ms, act) {
  let nextMs = 0;
  return (/** @type {boolean} */ atEnd) => {
    const fromMs = performance.now();
    if (!atEnd && fromMs < nextMs) return;
    act();
    const toMs = performance.now();
    nextMs = Math.max(fromMs + ms, toMs + 4 * (toMs - fromMs));
  };
}

/** A turn of the event loop, without the 4 ms that timers wait when they are nested. */
function macrotask() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(undefined);
    };
    port2.postMessage(null);
  });
}

/**
 * @param {Protocol.EngineMessage | Protocol.CrewMessage} message
 * @param {Transferable[]} [transfer]
 */
function post(message, transfer = []) {
  scope.postMessage(message, transfer);
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
