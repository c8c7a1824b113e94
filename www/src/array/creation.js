/*
 * Functions that make arrays from nothing, or from data. Names, order and meaning of what they take
 * are NumPy's and Dask's; without `chunks`, blocks are as large as Dask makes them.
 */
import { encode } from '../data/base64.js';
import { apply, record } from './dag-array.js';
import { isOptions } from './options.js';
import { shown, toData } from './scalar.js';

/** @import { DType as FullDType, Elements } from '../engine/protocol.js' */
/** @import { Chunks, CreationOptions, DType, Shape } from './methods.js' */
/** @import { Data, Scalar } from './scalar.js' */

/**
 * @param {Shape} shape
 * @param {CreationOptions} [options]
 */
export const ones = (shape, options) => apply('ones', [shape, options]);

/**
 * @param {Shape} shape
 * @param {CreationOptions} [options]
 */
export const zeros = (shape, options) => apply('zeros', [shape, options]);

/**
 * @param {Shape} shape
 * @param {Scalar} fillValue its kind gives the dtype, where none is named
 * @param {CreationOptions} [options]
 */
export const full = (shape, fillValue, options) => apply('full', [shape, fillValue, options]);

/**
 * `arange(stop)`, `arange(start, stop)`, `arange(start, stop, step)`, each with options at the end.
 *
 * @param {...(Scalar | CreationOptions)} given
 */
export function arange(...given) {
  const isAlone = given.length === 1 || (given.length === 2 && isOptions(given[1]));
  return apply('arange', isAlone ? [0, ...given] : given);
}

/**
 * `num` numbers, evenly spaced from `start` to `stop`.
 *
 * @param {Scalar} start
 * @param {Scalar} stop
 * @param {CreationOptions & { num?: number, endpoint?: boolean }} [options]
 */
export const linspace = (start, stop, options) => apply('linspace', [start, stop, options]);

/**
 * N rows and M columns (N where it is not given), zero but for a diagonal of ones.
 *
 * @param {number} N
 * @param {CreationOptions & { M?: number, k?: number }} [options] `k` is which diagonal
 */
export const eye = (N, options) => apply('eye', [N, options]);

/**
 * A copy of a typed array, or of what `compute` gives.
 *
 * @param {Elements | { data: Elements, shape: number[], dtype: FullDType }} source in C order
 * @param {{ shape?: number[], chunks?: Chunks, dtype?: DType }} [options] without a shape, one axis; `dtype` is
 *   for a Uint8Array that holds booleans
 */
export function from_array(source, options = {}) {
  const whole = ArrayBuffer.isView(source) ? null : source;
  const elements = ArrayBuffer.isView(source) ? source : source?.data;
  const kind = dtypes.find(({ type }) => elements instanceof type);
  if (!kind || !elements) {
    const names = dtypes.map(({ type }) => type.name).join(', ');
    throw new TypeError(`from_array: one of ${names} is needed, got ${shown(elements ?? source)}`);
  }
  const { shape = whole?.shape ?? [elements.length], chunks, dtype, ...unknown } = options;
  const [extra] = Object.keys(unknown);
  if (extra) {
    throw new TypeError(`from_array: unknown keyword “${extra}”; it takes shape, chunks, dtype`);
  }
  const size = [shape].flat().reduce((product, length) => product * length, 1);
  if (size !== elements.length) {
    const tuple = `(${[shape].flat().join(', ')})`;
    throw new TypeError(
      `from_array: cannot reshape array of size ${elements.length} into shape ${tuple}`,
    );
  }
  const given = dtype ?? whole?.dtype ?? kind.names[0];
  if (!kind.names.includes(given)) {
    throw new TypeError(
      `from_array: dtype: a ${kind.type.name} holds ${kind.names.join(' or ')}, got ${given}`,
    );
  }
  /** @type {Record<string, Data>} */
  const keywords = {
    shape: toData(shape, 'from_array: shape'),
    dtype: given,
    data: encode(elements),
  };
  if (chunks !== undefined) keywords.chunks = toData(chunks, 'from_array: chunks');
  return record('from_array', [], keywords);
}

/** Typed arrays, and the dtypes that they may hold: first the one that nobody has to name. */
const dtypes = [
  { type: Float64Array, names: ['float64', 'f8'] },
  { type: Float32Array, names: ['float32', 'f4'] },
  { type: BigInt64Array, names: ['int64', 'i8'] },
  { type: Int32Array, names: ['int32', 'i4'] },
  { type: Uint8Array, names: ['uint8', 'u1', 'bool', '?'] },
];
