/*
 * Starts the pool: the page's Web Workers that run Rust threads. It takes the place of the start-up
 * code that wasm-bindgen-rayon brings (vite.config.js swaps it in), with the same `startWorkers`.
 *
 *     engine worker --startWorkers--> pool worker 1..n, each from the engine worker's own file
 *                   <---- up --------
 *                    builder.build()   rayon hands a thread to each; from here on they are Rust's
 *
 * It does not say how many workers there are, and it never speaks to one again: a pool worker that
 * runs Rust loops cannot be reached by messages.
 *
 * Idea: https://github.com/RReverser/wasm-bindgen-rayon
 */

/** The name that tells a worker, started from the engine's file, that it belongs to the pool. */
export const POOL_WORKER = 'dagdeck pool worker';

/** How long a pool worker may take to come up before the start counts as failed. */
const START_LIMIT_MS = 20_000;

/**
 * Held for ever: Firefox collects workers that share memory with nobody who holds them.
 * https://bugzilla.mozilla.org/show_bug.cgi?id=1702191
 *
 * @type {Worker[]}
 */
let pool = [];

/** @type {(message: string) => void} */
let onCrash = () => {};

/**
 * Says who wants to know when a pool worker dies after start-up (a Rust abort: the engine is lost).
 *
 * @param {(message: string) => void} listener
 */
export function whenPoolCrashes(listener) {
  onCrash = listener;
}

/**
 * What wasm-bindgen-rayon hands over.
 *
 * @typedef {Object} PoolBuilder
 * @property {() => number} numThreads
 * @property {() => number} receiver address of the channel that threads come through
 * @property {() => void} build
 */

/**
 * @typedef {{ type: 'dagdeck-pool-start', module: WebAssembly.Module, memory: WebAssembly.Memory, receiver: number }} PoolStart
 */

/**
 * Starts all workers, waits until each has instantiated the module, and builds the pool.
 * When one of them fails to start, all are ended and the promise rejects.
 *
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Memory} memory
 * @param {PoolBuilder} builder
 */
export async function startWorkers(module, memory, builder) {
  /** @type {PoolStart} */
  const start = { type: 'dagdeck-pool-start', module, memory, receiver: builder.receiver() };
  /** @type {Worker[]} */
  const workers = [];
  try {
    await Promise.all(
      Array.from({ length: builder.numThreads() }, () => {
        const worker = new Worker(self.location.href, { type: 'module', name: POOL_WORKER });
        workers.push(worker);
        return up(worker, start);
      }),
    );
  } catch (error) {
    for (const worker of workers) worker.terminate();
    throw error;
  }
  for (const worker of workers) {
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      onCrash(event.message || 'a pool worker ended');
    });
  }
  pool = workers;
  builder.build();
}

/**
 * Starts a pool of the size that is wished for, or the largest half, quarter, ... that starts: on
 * some machines there is not enough memory for all.
 *
 * @param {number} threads
 * @param {(threads: number) => Promise<void>} start
 */
export async function startAtMost(threads, start) {
  for (let size = threads; ; size >>= 1) {
    try {
      await start(size);
      return;
    } catch (error) {
      if (size <= 1) throw error;
    }
  }
}

/** How many workers the pool has. */
export function poolSize() {
  return pool.length;
}

/**
 * @param {Worker} worker
 * @param {PoolStart} start
 * @returns {Promise<void>} resolved when the worker has instantiated the module
 */
function up(worker, start) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => settle(new Error(`a pool worker was not up after ${START_LIMIT_MS / 1000} s`)),
      START_LIMIT_MS,
    );
    const onMessage = (/** @type {MessageEvent} */ event) =>
      settle(event.data?.failed ? new Error(event.data.failed) : null);
    const onError = (/** @type {ErrorEvent} */ event) => {
      event.preventDefault();
      settle(new Error(event.message || 'a pool worker could not be loaded'));
    };
    const settle = (/** @type {Error | null} */ error) => {
      clearTimeout(timer);
      worker.removeEventListener('message', onMessage);
      worker.removeEventListener('error', onError);
      if (error) reject(error);
      else resolve();
    };
    worker.addEventListener('message', onMessage);
    worker.addEventListener('error', onError);
    worker.postMessage(start);
  });
}
