/*
 * Sends arrays, and other collections, to the page's engine: to be computed, to be held there (persist), or for their task
 * graph. One request names any number of arrays, whose common tasks run once.
 *
 * What an engine holds ends with it: an array that was persisted in an engine that is gone says so
 * when it is used.
 */
import { plainValue } from '../engine/plain.js';
import { sharedEngine } from '../engine/shared.js';
import { inOrder, write as writeExpression } from './expression.js';

/** @import { Engine } from '../engine/client.js' */
/** @import { RunRequest } from '../engine/run-handle.js' */
/** @import { PlainValue } from '../engine/plain.js' */
/** @import { ExpressionWork, GraphData } from '../engine/protocol.js' */
/** @import { Lazy } from './node.js' */

/**
 * `optimize: false` leaves the graph as it was built.
 *
 * @typedef {{ optimize?: boolean }} GraphOptions
 *
 * @typedef {GraphOptions & Pick<RunRequest, 'scheduler' | 'workers' | 'policy' | 'schedulerOptions' | 'seed'
 *   | 'keepGoing' | 'memoryLimit' | 'signal'>} ComputeOptions
 *
 * What can be computed: an array, or something else that is written as an expression.
 *
 * @typedef {{ operands: Target[] }} Target
 *
 * Where the blocks of a persisted array are.
 *
 * @typedef {{ engine: Engine, id: number, released: boolean }} Holding
 */

/** Writes arrays. @type {(targets: any[]) => object} */
const writeArrays = writeExpression;

/** What a run may be told. */
const OPTIONS = [
  ...['scheduler', 'workers', 'policy', 'schedulerOptions', 'seed', 'keepGoing', 'memoryLimit'],
  ...['signal', 'optimize'],
];

/** @type {WeakMap<Target, Holding>} */
const holdings = new WeakMap();

const collected = new FinalizationRegistry(release);

/**
 * @template {Target} T
 * @param {T[]} targets
 * @param {ComputeOptions} [options]
 * @param {(targets: T[]) => object} [write] how their expression is written; by default that of arrays
 * @returns {Promise<PlainValue[]>} in the order of the targets; null, with `keepGoing`, where one needs a task
 *   that erred
 */
export async function compute(targets, options = {}, write = writeArrays) {
  const { values } = await run(targets, options, write);
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
  const { engine, held, heldChunks } = await run([array], { ...options, hold: true }, writeArrays);
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
 * @template {Target} T
 * @param {T} target
 * @param {GraphOptions} [options]
 * @param {(targets: T[]) => object} [write]
 * @returns {Promise<GraphData>}
 */
export async function graphOf(target, { optimize = true } = {}, write = writeArrays) {
  const engine = await sharedEngine();
  return engine.planOf(workOf(engine, [target], optimize, write));
}

/**
 * @template {Target} T
 * @param {T[]} targets
 * @param {ComputeOptions & { hold?: boolean }} options
 * @param {(targets: T[]) => object} write
 */
async function run(targets, { hold = false, optimize = true, ...options }, write) {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown) {
    throw new TypeError(
      `compute: unknown option “${unknown}”; the options are ${OPTIONS.join(', ')}`,
    );
  }
  const engine = await sharedEngine(options.signal);
  const held = hold ? targets.map(() => engine.newId()) : [];
  const request = { ...options, graph: false, trace: false, hold: held };
  const handle = engine.runOf(workOf(engine, targets, optimize, write), request);
  try {
    const { outcome } = await handle.finished;
    return { engine, held, heldChunks: outcome.heldChunks ?? [], values: outcome.values ?? [] };
  } finally {
    handle.dispose();
  }
}

/**
 * Some targets as work for this engine.
 *
 * @template {Target} T
 * @param {Engine} engine
 * @param {T[]} targets
 * @param {boolean} optimize
 * @param {(targets: T[]) => object} write
 * @returns {ExpressionWork}
 */
function workOf(engine, targets, optimize, write) {
  for (const target of inOrder(/** @type {Target[]} */ (targets), (each) => each.operands)) {
    const holding = holdings.get(target);
    if (holding?.released) throw new Error('a persisted array was used after it was disposed of');
    if (holding && holding.engine !== engine) throw new Error(GONE);
  }
  return { kind: 'expression', expression: JSON.stringify(write(targets)), optimize };
}

const GONE = 'the engine that held the blocks of this persisted array is gone: persist it again';
