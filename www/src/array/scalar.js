/*
 * What stands in an expression beside arrays: scalars and the values of keywords, as JSON can hold
 * them. Python tells 2 from 2.0 and has integers of any size; JavaScript and JSON do not, so
 *
 *     2            an int                   da.float(2), 1e300       a float
 *     2n ** 60n    an int beyond 2^53       NaN, Infinity            floats that JSON has no word for
 *
 * A number without a fraction, up to 2^53, is an int: `x.add(2)` leaves an array of int64 one.
 */

/**
 * @typedef {number | bigint | boolean | Float} Scalar
 *
 * A value as JSON has it.
 *
 * @typedef {null | boolean | number | string | Data[] | { [name: string]: Data }} Data
 */

/** A number that is a Python float, whole or not. Made by `da.float`. */
export class Float {
  /** @param {number} value */
  constructor(value) {
    this.value = Number(value);
    Object.freeze(this);
  }
}

/** @param {unknown} value @returns {value is Scalar} */
export function isScalar(value) {
  return ['number', 'bigint', 'boolean'].includes(typeof value) || value instanceof Float;
}

/**
 * A scalar, a text, or lists and typed arrays of them, as JSON can hold them.
 *
 * @param {unknown} value
 * @param {string} place for messages
 * @returns {Data}
 */
export function toData(value, place) {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return numberData(value);
  if (value instanceof Float) return floatData(value.value);
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : { int: String(value) };
  }
  if (Array.isArray(value)) return value.map((item, i) => toData(item, `${place}[${i}]`));
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return toData(Array.from(/** @type {Uint8Array} */ (value)), place);
  }
  throw new TypeError(
    `${place}: numbers, strings, booleans and lists of them are allowed, got ${shown(value)}`,
  );
}

/** @param {number} value @returns {Data} */
function numberData(value) {
  if (!Number.isFinite(value)) return String(value);
  // From 1e21 on, JSON writes an exponent, which tells a float by itself.
  const isFloat = Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21;
  // + 0: a negative zero is the integer 0.
  return isFloat ? floatData(value) : value + 0;
}

/** @param {number} value @returns {Data} */
function floatData(value) {
  return { float: Object.is(value, -0) ? '-0' : String(value) };
}

/**
 * A value as a message shows it.
 *
 * @param {unknown} value
 */
export function shown(value) {
  if (typeof value === 'string') return `“${value}”`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object' || value === null) return String(value);
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  return value.constructor === Object ? 'an object' : `a ${value.constructor?.name ?? 'thing'}`;
}
