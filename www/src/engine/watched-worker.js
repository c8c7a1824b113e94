/*
 * Starts a worker that runs the module, and watches it from then on: it may fail to start, report an error
 * later, or die without a word (life.js).
 */
import { newLife, watchLife } from './life.js';
import { withResolvers } from './with-resolvers.js';

/** @import { ModuleWorkerMessage } from './protocol.js' */

/** How long a worker may take to start. */
const START_LIMIT_MS = 20_000;

/**
 * @typedef {Object} Watched
 * @property {Promise<void>} up resolves when the worker has instantiated the module; rejects if that fails
 * @property {() => void} stop stops watching. `up` does not settle after that
 */

/**
 * @param {Worker} worker
 * @param {string} kind for error messages: 'pool worker'
 * @param {object} start what the worker is told, besides the name of the lock that it has to hold
 * @param {Transferable[]} transfer
 * @param {(message: string) => void} onDeath called once if the worker dies after it has started
 * @returns {Watched}
 */
export function startWatched(worker, kind, start, transfer, onDeath) {
  /** @type {PromiseWithResolvers<void>} */
  const { promise, resolve, reject } = withResolvers();
  const life = newLife();
  const stopper = new AbortController();
  const { signal } = stopper;
  let isUp = false;
  let release = () => {};
  const stop = () => {
    clearTimeout(timer);
    stopper.abort();
    release();
  };
  const fail = (/** @type {string} */ message, /** @type {string} */ otherwise) => {
    if (signal.aborted) return;
    stop();
    if (isUp) onDeath(message);
    else reject(new Error(message || otherwise));
  };
  const timer = setTimeout(
    () => fail(`a ${kind} did not start within ${START_LIMIT_MS / 1000} s`, ''),
    START_LIMIT_MS,
  );
  const onMessage = (/** @type {MessageEvent<ModuleWorkerMessage>} */ { data }) => {
    if ('failed' in data) return fail(data.failed, '');
    if (!('held' in data)) return;
    isUp = true;
    clearTimeout(timer);
    if (data.held) release = watchLife(life, () => fail('', ''));
    resolve();
  };
  worker.addEventListener('message', onMessage, { signal });
  worker.addEventListener(
    'error',
    (event) => {
      event.preventDefault();
      fail(event.message, `the script of a ${kind} could not be loaded`);
    },
    { signal },
  );
  worker.postMessage({ ...start, life }, transfer);
  return { up: promise, stop };
}
