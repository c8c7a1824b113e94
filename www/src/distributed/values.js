/*
 * Values on their way to the nodes and back: what is scattered, and arrays that come back in blocks.
 */
import { shown } from '../array/scalar.js';
import { checkInt64 } from './call.js';

/** @import { ArrayValue, DType, Elements } from '../engine/protocol.js' */

/** @type {[new (length: number) => Elements, DType][]} */
const DTYPES = [
  [Float64Array, 'float64'],
  [Float32Array, 'float32'],
  [BigInt64Array, 'int64'],
  [Int32Array, 'int32'],
  [Uint8Array, 'uint8'],
];

/**
 * A number or an array with its elements as bytes.
 *
 * @param {unknown} value a number, a typed array, or `{ data, shape, dtype }`
 * @returns {{ bytes: Uint8Array, shape: number[], dtype: DType }}
 */
export function toBytes(value) {
  const { data, shape, dtype } = arrayOf(value);
  return { bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), shape, dtype };
}

/** @param {unknown} value @returns {ArrayValue} */
function arrayOf(value) {
  if (typeof value === 'boolean') {
    return { data: Uint8Array.of(Number(value)), shape: [], dtype: 'bool' };
  }
  if (typeof value === 'bigint') {
    checkInt64(value, 'scatter: the value');
    return { data: BigInt64Array.of(value), shape: [], dtype: 'int64' };
  }
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    return { data: BigInt64Array.of(BigInt(value)), shape: [], dtype: 'int64' };
  }
  if (typeof value === 'number') {
    return { data: Float64Array.of(value), shape: [], dtype: 'float64' };
  }
  const dtype = dtypeOf(value);
  if (dtype) {
    const data = /** @type {Elements} */ (value);
    return { data, shape: [data.length], dtype };
  }
  if (value !== null && typeof value === 'object' && 'data' in value && 'shape' in value) {
    const { data, shape } = /** @type {ArrayValue} */ (value);
    const kind = dtypeOf(data);
    if (kind) {
      return { data, shape, dtype: 'dtype' in value ? /** @type {DType} */ (value.dtype) : kind };
    }
  }
  throw new TypeError(
    `scatter: a number, a typed array or { data, shape, dtype } is needed, got ${shown(value)}`,
  );
}

/** @param {unknown} value */
function dtypeOf(value) {
  return DTYPES.find(([kind]) => value instanceof kind)?.[1];
}

/**
 * An array from its blocks, which are in C order.
 *
 * @param {unknown[]} blocks arrays; of an array without axes, its one element
 * @param {number[][]} chunks the lengths of the blocks along each axis
 */
export function assemble(blocks, chunks) {
  if (chunks.length === 0) return blocks[0];
  const all = /** @type {ArrayValue[]} */ (blocks);
  const known = lengthsOf(all, chunks);
  const shape = known.map((lengths) => lengths.reduce((sum, length) => sum + length, 0));
  const size = shape.reduce((product, length) => product * length, 1);
  const first = /** @type {ArrayValue} */ (blocks[0]);
  const data = new /** @type {new (length: number) => Elements} */ (first.data.constructor)(size);
  for (const [place, block] of blocks.entries()) {
    copyBlock(data, shape, offsetOf(place, known), /** @type {ArrayValue} */ (block));
  }
  return { data, shape, dtype: first.dtype };
}

/**
 * The lengths of the blocks along each axis: those of arrays with unknown chunk sizes are known when there are blocks.
 *
 * @param {ArrayValue[]} blocks
 * @param {number[][]} chunks
 */
function lengthsOf(blocks, chunks) {
  let step = blocks.length;
  return chunks.map((lengths, axis) => {
    step /= lengths.length;
    return lengths.map((_, i) => blocks[i * step].shape[axis]);
  });
}

/**
 * Where a block starts.
 *
 * @param {number} place
 * @param {number[][]} chunks
 */
function offsetOf(place, chunks) {
  const offset = chunks.map(() => 0);
  let rest = place;
  for (let axis = chunks.length - 1; axis >= 0; axis--) {
    const lengths = chunks[axis];
    const at = rest % lengths.length;
    rest = Math.floor(rest / lengths.length);
    offset[axis] = lengths.slice(0, at).reduce((sum, length) => sum + length, 0);
  }
  return offset;
}

/**
 * Copies a block row by row.
 *
 * @param {Elements} to
 * @param {number[]} whole its shape
 * @param {number[]} offset where the block starts
 * @param {ArrayValue} block
 */
function copyBlock(to, whole, offset, { data, shape }) {
  const width = shape[shape.length - 1];
  if (width === 0) return;
  const at = shape.map(() => 0);
  for (let from = 0; from < data.length; from += width) {
    const start = whole.reduce((sum, length, axis) => sum * length + offset[axis] + at[axis], 0);
    /** @type {{ set: (part: Elements, start: number) => void }} */ (to).set(
      data.subarray(from, from + width),
      start,
    );
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      at[axis] += 1;
      if (at[axis] < shape[axis]) break;
      at[axis] = 0;
    }
  }
}
