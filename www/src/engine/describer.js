/*
 * Describes arrays in the page, at once: a second, small instance of the compiled module, without a
 * pool, which works out shapes, dtypes, chunks and names, and never computes. It is there so that
 * `x.shape` needs no promise, and a wrong axis is an error of the call that names it. It holds the
 * arrays that it has described, by ids that the caller gives: later ones are made from them.
 *
 * Runs are the engine worker's: this instance is never asked for one.
 */

/**
 * @typedef {Object} Description
 * @property {Float64Array} shape
 * @property {string} dtype
 * @property {Float64Array[]} chunks the lengths of the blocks, axis by axis
 * @property {string} text as Dask prints it
 *
 * @typedef {Object} Describer
 * @property {(expression: string, id: number) => Description} describe the expression has one target,
 *   which is held under the id; throws what is wrong with it
 * @property {(id: number) => void} release
 */

const NOT_DOWNLOADED =
  'The code that describes arrays could not be downloaded. Check the network connection and try again.';

/** Pages of 64 KiB: what the module needs to start, and the most that it may grow to. */
const MEMORY_PAGES = { initial: 64, maximum: 4096 };

/** @type {Describer | null} */
let current = null;

/** @type {Promise<Describer> | null} */
let loading = null;

/** The page's describer; null until it is loaded. */
export const currentDescriber = () => current;

/**
 * Loads it, once for a page.
 *
 * @param {WebAssembly.Module} module the engine's
 * @returns {Promise<Describer>}
 */
export function loadDescriber(module) {
  if (!loading) {
    loading = load(module);
    loading.catch(() => (loading = null));
  }
  return loading;
}

/** @param {WebAssembly.Module} module */
async function load(module) {
  const wasm = await import('#wasm').catch((error) => {
    throw new Error(NOT_DOWNLOADED, { cause: error });
  });
  const memory = new WebAssembly.Memory({ ...MEMORY_PAGES, shared: true });
  await wasm.default({ module_or_path: module, memory });
  current = { describe: wasm.describe, release: wasm.release };
  return current;
}
