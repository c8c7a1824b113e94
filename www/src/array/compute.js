/*
 * Sends arrays to the page's engine: to be computed, to be held there (persist), or for their task
 * graph. One request names any number of arrays, whose common tasks run once.
 *
 * What an engine holds ends with it: an array that was persisted in an engine that is gone says so
 * when it is used.
 */
import { plainValue } from '../engine/plain.js';
import { sharedEngine } from '../engine/shared.js';
import { inOrder, write } from './expression.js';

/** @import { Engine, RunRequest } from '../engine/client.js' */
/** @import { PlainValue } from '../engine/plain.js' */
/** @import { ExpressionWork, GraphData } from '../engine/protocol.js' */
/** @import { Lazy } from './node.js' */

/**
 * `optimize: false` leaves the graph as it was built.
 *
 * @typedef {{ optimize?: boolean }} GraphOptions
 *
 * @typedef {GraphOptions & Pick<RunRequest, 'scheduler' | 'workers' | 'policy' | 'seed' | 'keepGoing'
 *   | 'memoryLimit' | 'signal'>} ComputeOptions
 *
 * Where the blocks of a persisted array are.
 *
 * @typedef {{ engine: Engine, id: number, released: boolean }} Holding
 */

/** What a run may be told. */
const OPTIONS = [
  ...['scheduler', 'workers', 'policy', 'seed', 'keepGoing', 'memoryLimit', 'signal', 'optimize'],
];

/** @type {WeakMap<Lazy, Holding>} */
const holdings = new WeakMap();

const collected = new FinalizationRegistry(release);

/**
 * @param {Lazy[]} arrays
 * @param {ComputeOptions} [options]
 * @returns {Promise<PlainValue[]>} in the order of the arrays; null, with `keepGoing`, where one needs a task
 *   that erred
 */
export async function compute(arrays, options = {}) {
  const { values } = await run(arrays, options);
  return values.map(plainValue);
}

/**
 * Computes an array, and has the engine hold its blocks.
 *
 * @template {Lazy} Array
 * @param {Array} array
 * @param {(id: number, chunks: Float64Array[]) => Array} make the array that stands for them; it is given the
 *   lengths of the blocks, which may not have been known before
 * @param {ComputeOptions} [options]
 */
export async function persist(array, make, options = {}) {
  const { engine, held, heldChunks } = await run([array], { ...options, hold: true });
  const [id] = held;
  const made = make(id, heldChunks[0]);
  const holding = { engine, id, released: false };
  holdings.set(made, holding);
  collected.register(made, holding);
  return made;
}

/**
 * Lets the engine drop the blocks of a persisted array.
 *
 * @param {Lazy} array
 */
export function dispose(array) {
  const holding = holdings.get(array);
  if (holding) release(holding);
}

/** @param {Holding} holding */
function release(holding) {
  if (!holding.released) holding.engine.release(holding.id);
  holding.released = true;
}

/**
 * @param {Lazy} array
 * @param {GraphOptions} [options]
 * @returns {Promise<GraphData>}
 */
export async function graphOf(array, { optimize = true } = {}) {
  const engine = await sharedEngine();
  return engine.planOf(workOf(engine, [array], optimize));
}

/**
 * @param {Lazy[]} arrays
 * @param {ComputeOptions & { hold?: boolean }} options
 */
async function run(arrays, { hold = false, optimize = true, ...options }) {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown) {
    throw new TypeError(
      `compute: unknown option “${unknown}”; the options are ${OPTIONS.join(', ')}`,
    );
  }
  const engine = await sharedEngine(options.signal);
  const held = hold ? arrays.map(() => engine.newId()) : [];
  const request = { ...options, graph: false, trace: false, hold: held };
  const handle = engine.runOf(workOf(engine, arrays, optimize), request);
  try {
    const { outcome } = await handle.finished;
    return { engine, held, heldChunks: outcome.heldChunks ?? [], values: outcome.values ?? [] };
  } finally {
    handle.dispose();
  }
}

/**
 * Some arrays as work for this engine.
 *
 * @param {Engine} engine
 * @param {Lazy[]} arrays
 * @param {boolean} optimize
 * @returns {ExpressionWork}
 */
function workOf(engine, arrays, optimize) {
  for (const array of inOrder(arrays, (each) => each.operands)) {
    const holding = holdings.get(array);
    if (holding?.released) throw new Error('a persisted array was used after it was disposed of');
    if (holding && holding.engine !== engine) throw new Error(GONE);
  }
  return { kind: 'expression', expression: JSON.stringify(write(arrays)), optimize };
}

const GONE = 'the engine that held the blocks of this persisted array is gone: persist it again';
