/*
 * Has the pool started, from inside the engine's worker: the page creates the Web Workers that run Rust
 * threads (pool.js), and this module asks it to. It replaces the start-up code of wasm-bindgen-rayon
 * (vite.common.js swaps it in) and exports the same `startWorkers`.
 *
 *     engine worker --PoolRequest--> page --PoolStart--> pool worker 1..n
 *                   <--PoolReply----      <---- up ----
 *     builder.build()   rayon hands a thread to each worker; from here on they belong to Rust
 *
 * The page creates the workers because Firefox often hangs where one worker creates another, when the
 * browser is driven through WebDriver BiDi. It also lets the page notice when one of them dies.
 *
 * Based on https://github.com/RReverser/wasm-bindgen-rayon
 */

/** @import { PoolReply, PoolRequest } from './protocol.js' */

/** Workers with this name belong to the pool (crew.js gives it). They run the same file as the engine. */
export const POOL_WORKER = 'dagdeck pool worker';

/** The number of workers in the pool that was started last. */
let started = 0;

/**
 * What wasm-bindgen-rayon hands over.
 *
 * @typedef {Object} PoolBuilder
 * @property {() => number} numThreads
 * @property {() => number} receiver address of the channel through which threads arrive
 * @property {() => void} build
 */

/**
 * Has the page start all workers, waits until each has instantiated the module, and builds the pool.
 * Rejects when one of them fails to start; the page has ended the others by then.
 *
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Memory} memory
 * @param {PoolBuilder} builder
 */
export async function startWorkers(module, memory, builder) {
  const threads = builder.numThreads();
  const { port1, port2 } = new MessageChannel();
  /** @type {Promise<PoolReply>} */
  const reply = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  /** @type {PoolRequest} */
  const request = {
    type: 'pool',
    threads,
    start: { module, memory, receiver: builder.receiver() },
    port: port2,
  };
  self.postMessage(request, { transfer: [port2] });
  const { failed } = await reply;
  port1.close();
  if (failed !== null) throw new Error(failed);
  started = threads;
  builder.build();
}

/**
 * Starts a pool of the requested size, or of the largest half, quarter, ... that starts: some machines
 * do not have enough memory for all workers.
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

/** Returns the number of workers in the pool. */
export function poolSize() {
  return started;
}
