/*
 * Writes a run's value as people who know NumPy expect to read it:
 *
 *     [ 0.01232181 -0.0102      0.0123     ...  0.0012     -0.0033      0.0045    ]
 *
 * The rules are those of NumPy's array printing with its default options (8 digits, 3 items at each
 * end), except that lines are not broken. https://numpy.org/doc/stable/reference/generated/numpy.set_printoptions.html
 */

/** @import { ArrayValue, DType } from '../engine/protocol.js' */

const PRECISION = 8;
const EDGE_ITEMS = 3;

/**
 * @param {ArrayValue} array
 * @param {number} [threshold] arrays with more items than this are shortened; 1000 is NumPy's default
 * @returns {string}
 */
export function arrayText({ data, shape, dtype }, threshold = 1000) {
  const edge = data.length > threshold ? EDGE_ITEMS : Infinity;
  const valueAt = readerOf(data, dtype);
  /** @type {(number | bigint)[]} */
  const shown = [];
  visit(shape, 0, 0, edge, (offset) => shown.push(valueAt(offset)));
  const format = formatOf(shown, dtype);
  return nested(shape, 0, 0, edge, (offset) => format(valueAt(offset)));
}

/**
 * A shape as a Python tuple: `(4000,)`, `(2, 3)`, `()`.
 *
 * @param {number[]} shape
 */
export function shapeText(shape) {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}

/**
 * Writes a single value.
 *
 * @param {number | bigint | boolean} value
 */
export function scalarText(value) {
  if (typeof value === 'boolean') return booleanWord(Number(value));
  return typeof value === 'bigint' ? String(value) : numberText(value);
}

/**
 * Writes a single number with four significant digits, or with its whole integer part if that is longer.
 *
 * @param {number} value
 */
export function numberText(value) {
  if (Number.isInteger(value)) return String(value);
  if (!Number.isFinite(value)) return floatWord(value);
  const size = Math.abs(value);
  if (size >= 1e16 || size < 1e-4) return value.toExponential(3);
  return size >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4)));
}

/**
 * @param {number[]} shape
 * @param {number} axis
 * @param {number} offset
 * @param {number} edge
 * @param {(offset: number) => string} format
 * @returns {string}
 */
function nested(shape, axis, offset, edge, format) {
  if (axis === shape.length) return format(offset);
  const parts = [];
  for (const place of places(shape[axis], edge)) {
    const at = place === null ? 0 : offset * shape[axis] + place;
    parts.push(place === null ? '...' : nested(shape, axis + 1, at, edge, format));
  }
  const last = axis === shape.length - 1;
  return `[${parts.join(last ? ' ' : `\n${' '.repeat(axis + 1)}`)}]`;
}

/**
 * @param {number[]} shape
 * @param {number} axis
 * @param {number} offset
 * @param {number} edge
 * @param {(offset: number) => void} visitor
 */
function visit(shape, axis, offset, edge, visitor) {
  if (axis === shape.length) {
    visitor(offset);
    return;
  }
  for (const place of places(shape[axis], edge)) {
    if (place !== null) visit(shape, axis + 1, offset * shape[axis] + place, edge, visitor);
  }
}

/**
 * The indices that are shown along an axis; null stands for `...`.
 *
 * @param {number} length
 * @param {number} edge
 * @returns {(number | null)[]}
 */
function places(length, edge) {
  const range = (/** @type {number} */ from, /** @type {number} */ to) =>
    Array.from({ length: to - from }, (_, i) => from + i);
  if (length <= 2 * edge) return range(0, length);
  return [...range(0, edge), null, ...range(length - edge, length)];
}

/**
 * Reads elements as they are written: a float32 as its shortest decimal.
 *
 * @param {ArrayValue['data']} data
 * @param {DType} dtype
 * @returns {(offset: number) => number | bigint}
 */
function readerOf(data, dtype) {
  if (dtype !== 'float32') return (offset) => data[offset];
  return (offset) => {
    const value = Number(data[offset]);
    for (let digits = 6; digits < 9; digits++) {
      const shorter = Number(value.toPrecision(digits));
      if (Math.fround(shorter) === value) return shorter;
    }
    return value;
  };
}

/**
 * Returns one format for all values, so that they line up.
 *
 * @param {(number | bigint)[]} values
 * @param {DType} dtype
 * @returns {(value: number | bigint) => string}
 */
function formatOf(values, dtype) {
  if (dtype === 'float64' || dtype === 'float32') {
    const format = floatFormat(values.map(Number));
    return (value) => format(Number(value));
  }
  const write = dtype === 'bool' ? booleanWord : String;
  // All booleans are as wide as `False`, even if each is `True`.
  const width = dtype === 'bool' ? booleanWord(0).length : longest(values.map(write));
  return (value) => write(value).padStart(width);
}

/** @param {number | bigint} value */
function booleanWord(value) {
  return value ? 'True' : 'False';
}

/**
 * @param {number[]} values
 * @returns {(value: number) => string}
 */
function floatFormat(values) {
  const sizes = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const smallest = sizes.reduce((a, b) => Math.min(a, b), Infinity);
  const scientific =
    sizes.length > 0 && (largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1000);
  return scientific ? scientificFormat(values) : positionalFormat(values);
}

/** @param {number[]} values */
function positionalFormat(values) {
  const parts = values.filter(Number.isFinite).map(positional);
  const words = values.filter((value) => !Number.isFinite(value)).map(floatWord);
  const right = longest(parts.map(([, fraction]) => fraction));
  const left = Math.max(longest(parts.map(([whole]) => whole)), longest(words) - right - 1);
  return (/** @type {number} */ value) => {
    if (!Number.isFinite(value)) return floatWord(value).padStart(left + right + 1);
    const [whole, fraction] = positional(value);
    return `${whole.padStart(left)}.${fraction.padEnd(right)}`;
  };
}

/**
 * A number as its whole part and its fraction without trailing zeros.
 *
 * @param {number} value
 * @returns {[string, string]}
 */
function positional(value) {
  const [whole, fraction] = value.toFixed(PRECISION).split('.');
  return [Object.is(value, -0) ? '-0' : whole, fraction.replace(/0+$/, '')];
}

/** @param {number[]} values */
function scientificFormat(values) {
  const finite = values.filter(Number.isFinite);
  const digits = longest(
    finite.map((value) => {
      const [mantissa] = value.toExponential(PRECISION).split('e');
      return mantissa.split('.')[1].replace(/0+$/, '');
    }),
  );
  const write = (/** @type {number} */ value) => {
    if (!Number.isFinite(value)) return floatWord(value);
    const [mantissa, exponent] = value.toExponential(digits).split('e');
    const dot = digits === 0 ? '.' : '';
    return `${mantissa}${dot}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  };
  const width = longest(values.map(write));
  return (/** @type {number} */ value) => write(value).padStart(width);
}

/** @param {number} value */
function floatWord(value) {
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

/** @param {string[]} texts */
function longest(texts) {
  return texts.reduce((most, text) => Math.max(most, text.length), 0);
}
