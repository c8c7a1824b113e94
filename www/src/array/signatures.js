/*
 * How what was given is bound to an operation's signature, as Python binds arguments:
 *
 *     topk(x | k; axis)
 *          |   |  '---- keywords, in the one options object at the end
 *          |   '------- keywords that may also be given by their place
 *          '----------- operands: arrays or scalars, by their place
 *
 * `...xs` takes any number of operands. Names and meanings are NumPy's and Dask's. The crate lists the
 * operations (src/collections/expression/operations.rs) and checks their values; operations.js is
 * generated from that list.
 */
import { OPERATIONS } from './operations.js';
import { isOptions } from './options.js';
import { isScalar, shown, toData } from './scalar.js';

/** @import { Data } from './scalar.js' */

/** Functions of each element. */
export const UNARY = OPERATIONS.unary;

/** Functions of two elements, with broadcasting. */
export const BINARY = OPERATIONS.binary;

/**
 * @typedef {Object} Signature
 * @property {string} name
 * @property {readonly string[]} operands
 * @property {boolean} many whether there may be any number of operands
 * @property {readonly string[]} positional keywords that may be given by their place
 * @property {readonly string[]} keywords all of them
 * @property {readonly string[]} arrays the keywords that may be arrays
 */

/**
 * @param {string} name
 * @param {{
 *   operands: readonly string[],
 *   positional?: readonly string[],
 *   named?: readonly string[],
 *   arrays?: readonly string[],
 * }} parameters
 * @returns {Signature}
 */
const signed = (name, { operands, positional = [], named = [], arrays = [] }) => ({
  name,
  operands,
  many: operands[0]?.startsWith('...') ?? false,
  positional,
  // The order of keywords means nothing.
  keywords: [...positional, ...[...named].sort()],
  arrays,
});

/** What takes an array first: a method of arrays, and a function. */
const methods = [
  ...UNARY.map((name) => signed(name, { operands: ['x'] })),
  ...BINARY.map((name) => signed(name, { operands: ['x', 'y'] })),
  ...Object.entries(OPERATIONS.methods).map(([name, parameters]) => signed(name, parameters)),
];

const functions = Object.entries(OPERATIONS.functions).map(([name, parameters]) =>
  signed(name, parameters),
);

const signatures = new Map([...methods, ...functions].map((known) => [known.name, known]));

/** The operations that are methods of arrays. */
export const METHOD_NAMES = methods.map(({ name }) => name);

/**
 * @param {string} op
 * @param {string} place
 * @returns {Signature}
 */
export function signatureOf(op, place) {
  const found = signatures.get(op);
  if (found) return found;
  throw new Error(
    `${place}: unknown operation “${op}”; the operations are ${[...signatures.keys()].join(', ')}`,
  );
}

/**
 * Binds what was given to an operation's signature.
 *
 * @template Array
 * @param {string} op
 * @param {unknown[]} given operands, keywords by their place, and last the options, if any
 * @param {(value: unknown) => value is Array} isArray
 * @returns {{ args: (Array | Data)[], keywords: Record<string, Data>, named: Record<string, Array> }} `named` are
 *   the keywords that are arrays
 */
export function bind(op, given, isArray) {
  const signature = signatureOf(op, op);
  const { operands, many, positional } = signature;
  const options = isOptions(given.at(-1)) ? /** @type {object} */ (given.at(-1)) : null;
  const placed = options ? given.slice(0, -1) : [...given];
  while (placed.length > 0 && placed.at(-1) === undefined) placed.pop();
  const count = many ? placed.length : operands.length;
  if (placed.length < count || (many && count === 0)) {
    throw new TypeError(`${op}: ${usage(signature)}: ${operands[placed.length]} is missing`);
  }
  const most = count + positional.length;
  if (placed.length > most) {
    const extra = shown(placed[most]);
    throw new TypeError(
      `${op}: ${usage(signature)}: unexpected argument ${extra}; keywords go in one object at the end`,
    );
  }
  const args = placed.slice(0, count).map((value, i) => {
    if (isArray(value)) return value;
    if (isScalar(value)) return toData(value, op);
    const name = operands[Math.min(i, operands.length - 1)].replace('...', '');
    const hint =
      Array.isArray(value) || ArrayBuffer.isView(value)
        ? '; da.from_array makes an array of it'
        : '';
    throw new TypeError(
      `${op}: ${name}: an array or a number is needed, got ${shown(value)}${hint}`,
    );
  });
  return { args, ...keywordsOf(signature, placed.slice(count), options ?? {}, isArray) };
}

/**
 * @template Array
 * @param {Signature} signature
 * @param {unknown[]} placed
 * @param {object} options
 * @param {(value: unknown) => value is Array} isArray
 */
function keywordsOf(signature, placed, options, isArray) {
  const { name: op, positional } = signature;
  /** @type {Record<string, Data>} */
  const keywords = {};
  /** @type {Record<string, Array>} */
  const named = {};
  const put = (/** @type {string} */ name, /** @type {unknown} */ value) => {
    checkKeyword(signature, name, op);
    if (name in keywords || name in named) throw new TypeError(`${op}: ${name} was given twice`);
    if (value === undefined || value === null) return;
    if (isArray(value)) named[name] = arrayAllowed(signature, name, value);
    else keywords[name] = toData(value, `${op}: ${name}`);
  };
  placed.forEach((value, i) => put(positional[i], value));
  for (const [name, value] of Object.entries(options)) put(name, value);
  return { keywords, named };
}

/**
 * @template Array
 * @param {Signature} signature
 * @param {string} name
 * @param {Array} value
 */
function arrayAllowed({ name: op, arrays }, name, value) {
  if (arrays.includes(name)) return value;
  throw new TypeError(
    `${op}: ${name}: numbers, strings, booleans and lists of them are allowed, not an array`,
  );
}

/**
 * Refuses a keyword that an operation has not.
 *
 * @param {Signature} signature
 * @param {string} name
 * @param {string} place
 */
export function checkKeyword({ name: op, keywords }, name, place) {
  if (keywords.includes(name)) return;
  const known = keywords.length > 0 ? keywords.join(', ') : 'none';
  throw new TypeError(`${place}: unknown keyword “${name}”; ${op} takes ${known}`);
}

/** A signature as JavaScript calls it. @param {Signature} signature */
function usage({ name, operands, positional, keywords }) {
  const options = keywords.length > positional.length ? ['{ … }'] : [];
  return `${name}(${[...operands, ...positional, ...options].join(', ')})`;
}
