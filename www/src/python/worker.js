/*
 * The code of all workers that run Python. One is the main thread: it starts the interpreter and runs cells. The others
 * run Python's threads in the same memory. Their first message says which one a worker is.
 */
import init, { module, run, serve, start, warm_up, words } from '#python';
import wasmUrl from '#python-wasm';
import { holdLife } from '../engine/life.js';
import { loadModule } from './loading.js';

/** @import { PageMessage, StartMessage, ThreadMessage, WorkerMessage } from './protocol.js' */

/** The stack of a thread in memory: more than Python is told (python/src/stack.rs). */
const THREAD_STACK_BYTES = 1 << 20;

const scope =
  /** @type {{ postMessage: (message: WorkerMessage) => void, addEventListener: typeof addEventListener }} */ (
    /** @type {unknown} */ (self)
  );

/** One message after the other. */
let queue = Promise.resolve();

scope.addEventListener('message', ({ data }) => {
  queue = queue.then(() => answer(data)).catch(fail);
});

/** @param {PageMessage} message */
async function answer(message) {
  if (message.type === 'thread') await liveAsThread(message);
  else if (message.type === 'start') await liveAsMain(message);
  else if (message.type === 'warm-up') warm_up();
  else {
    const raised = run(message.source, message.name, message.interrupts) ?? null;
    scope.postMessage({ type: 'ran', raised });
  }
}

/**
 * Python reaches none of these; without them no mistake in the module can reach them either. The page's Content Security
 * Policy does not hold in a worker.
 */
function forgetTheOutside() {
  const outside = [
    'fetch',
    'XMLHttpRequest',
    'WebSocket',
    'WebTransport',
    'EventSource',
    'indexedDB',
    'caches',
  ];
  for (const name of [...outside, 'BroadcastChannel', 'importScripts']) {
    Object.defineProperty(self, name, { value: undefined });
  }
}

/** @param {StartMessage} message */
async function liveAsMain({ module: compiled, cores, process, life }) {
  const arriving = () =>
    loadModule(wasmUrl, __PYTHON_BYTES__, (progress) =>
      scope.postMessage({ type: 'loading', progress }),
    );
  const { memory } = await init({ module_or_path: compiled ?? (await arriving()) });
  forgetTheOutside();
  start(cores, process);
  const at = words();
  const addresses = {
    output: at.output,
    toPage: at.to_page,
    fromPage: at.from_page,
    ringBytes: at.ring_bytes,
    workers: at.workers,
    interrupts: at.interrupts,
  };
  const held = await holdLife(life);
  scope.postMessage({ type: 'ready', module: module(), memory, words: addresses, held });
}

/** @param {ThreadMessage} message */
async function liveAsThread({ module: compiled, memory }) {
  await init({ module_or_path: compiled, memory, thread_stack_size: THREAD_STACK_BYTES });
  forgetTheOutside();
  serve();
}

/** @param {unknown} error */
function fail(error) {
  const why = error instanceof Error ? error.message : String(error);
  // A trap: Rust aborts if it gets no memory.
  const isTrap = error instanceof WebAssembly.RuntimeError;
  const message = isTrap ? `it ran out of memory, or has a bug (${why})` : why;
  scope.postMessage({ type: 'failed', message });
}
