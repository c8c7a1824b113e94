/*
 * `dagdeck.array`: arrays in blocks, with the names of `dask.array`.
 *
 *     const da = dagdeck.array;
 *     const x = da.random.default_rng(42).normal({ size: [4000, 4000], chunks: [500, 500] });
 *     const y = x.add(x.T).mean({ axis: 0 });
 *     const { data, shape, dtype } = await y.compute({ scheduler: 'threads', workers: 4 });
 *
 * Arrays are operands, given by their place; keywords go in one object at the end. Every method is a
 * function too: `da.mean(x, { axis: 0 })`. Which operations there are: operations.js.
 */
import { arange, eye, from_array, full, linspace, ones, zeros } from './creation.js';
import { apply, DagArray } from './dag-array.js';
import { default_rng } from './generator.js';
import { Float } from './scalar.js';
import { METHOD_NAMES } from './signatures.js';

/** @import { DType, Functions, Operand, ReductionOptions } from './methods.js' */

const functions = /** @type {Functions<DagArray>} */ (
  Object.fromEntries(
    METHOD_NAMES.map((op) => [op, (/** @type {unknown[]} */ ...given) => apply(op, given)]),
  )
);

/**
 * `x` where the condition holds, otherwise `y`.
 *
 * @param {Operand<DagArray>} condition
 * @param {Operand<DagArray>} x
 * @param {Operand<DagArray>} y
 */
const where = (condition, x, y) => apply('where', [condition, x, y]);

/**
 * Arrays joined along an axis that they have.
 *
 * @param {DagArray[]} arrays
 * @param {{ axis?: number }} [options]
 */
const concatenate = (arrays, options) => join('concatenate', arrays, options);

/**
 * Arrays joined along a new axis.
 *
 * @param {DagArray[]} arrays
 * @param {{ axis?: number }} [options]
 */
const stack = (arrays, options) => join('stack', arrays, options);

/**
 * @param {string} op
 * @param {DagArray[]} arrays
 * @param {object} [options]
 */
function join(op, arrays, options) {
  if (!Array.isArray(arrays)) throw new TypeError(`${op}: a list of arrays is needed`);
  return apply(op, [...arrays, options]);
}

/**
 * How many elements lie in each of some bins of equal width; and the edges of the bins.
 *
 * @param {DagArray} x
 * @param {{ bins: number, range: [number, number] }} options
 * @returns {[DagArray, DagArray]}
 */
function histogram(x, options) {
  const { bins, range } = options ?? {};
  if (!Number.isInteger(bins) || !Array.isArray(range)) {
    throw new TypeError('histogram: bins (how many) and range (from, to) are needed');
  }
  const edges = linspace(range[0], range[1], { num: bins + 1, chunks: bins + 1 });
  return [apply('histogram', [x, options]), edges];
}

/**
 * The distinct elements, sorted, and with `return_counts` how often each is there. How many there are is only known once
 * they are computed.
 *
 * @template {boolean} [Counts=false]
 * @param {DagArray} x
 * @param {{ return_counts?: Counts }} [options]
 * @returns {Counts extends true ? [values: DagArray, counts: DagArray] : DagArray}
 */
function unique(x, { return_counts, ...rest } = {}) {
  const names = return_counts ? ['unique_counts.values', 'unique_counts.counts'] : ['unique'];
  const found = names.map((op) => apply(op, [x, rest]));
  return /** @type {any} */ (return_counts ? found : found[0]);
}

/**
 * A named function of each block of some arrays: 'mandelbrot', or that of a ufunc.
 *
 * @param {string} func
 * @param {...(DagArray | Record<string, unknown>)} given arrays, and last the function's own parameters
 */
const map_blocks = (func, ...given) => apply('map_blocks', withFunction(func, given));

/**
 * A named function of each block and a rim of its neighbours': 'life' or 'heat'.
 *
 * @param {string} func
 * @param {DagArray} x
 * @param {{ depth: number | number[], boundary: 'periodic' | 'reflect' | 'nearest' | 'none' | number } & Record<string, unknown>} options
 *   how far it sees, what is beyond the edge, and the function's own parameters
 */
const map_overlap = (func, x, options) => apply('map_overlap', withFunction(func, [x, options]));

/**
 * @param {string} func
 * @param {unknown[]} given
 */
function withFunction(func, given) {
  const last = given.at(-1);
  if (last instanceof DagArray || last === undefined) return [...given, { func }];
  return [...given.slice(0, -1), { func, .../** @type {object} */ (last) }];
}

/**
 * Sums of products by subscripts: `da.einsum('ij,jk->ik', x, y)`.
 *
 * @param {string} subscripts a letter for each axis of each operand, and those of the result
 * @param {...(DagArray | { dtype?: DType, split_every?: number })} given arrays, and last the options, if any
 */
function einsum(subscripts, ...given) {
  const last = given.at(-1);
  if (last instanceof DagArray) return apply('einsum', [...given, { subscripts }]);
  return apply('einsum', [...given.slice(0, -1), { subscripts, ...last }]);
}

const linalg = Object.freeze({
  /**
   * Of an array with more rows than columns, whose blocks have all its columns.
   *
   * @param {DagArray} x
   * @returns {[q: DagArray, r: DagArray]}
   */
  qr: (x) => [apply('qr.q', [x]), apply('qr.r', [x])],

  /**
   * Of an array with more rows than columns, whose blocks have all its columns.
   *
   * @param {DagArray} x
   * @returns {[u: DagArray, s: DagArray, vh: DagArray]}
   */
  svd: (x) => [apply('svd.u', [x]), apply('svd.s', [x]), apply('svd.vh', [x])],

  /**
   * @param {DagArray} x
   * @param {Omit<ReductionOptions, 'split_every'> & { ord?: number | 'fro' | 'nuc' }} [options]
   */
  norm: (x, options) => apply('norm', [x, options]),
});

export const da = Object.freeze({
  ...functions,
  ...{ ones, zeros, full, arange, linspace, eye, from_array },
  ...{ where, concatenate, stack, histogram, unique, einsum, map_blocks, map_overlap },
  linalg,
  random: Object.freeze({ default_rng }),
  /** A number that is a Python float, also when it is whole: `da.float(2)` is 2.0. */
  float: (/** @type {number} */ value) => new Float(value),
  fromJSON: DagArray.fromJSON,
});
