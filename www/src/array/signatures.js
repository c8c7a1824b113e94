/*
 * Every operation by its signature, and how what was given is bound to it, as Python binds arguments:
 *
 *     topk(x | k; axis)
 *          |   |  '---- keywords, in the one options object at the end
 *          |   '------- keywords that may also be given by their place
 *          '----------- operands: arrays or scalars, by their place
 *
 * `...xs` takes any number of operands. Names and meanings are NumPy's and Dask's. What a value must
 * be is Rust's to say (src/collections/expression); here it is only whether there is such a keyword.
 */
import { isOptions } from './options.js';
import { isScalar, shown, toData } from './scalar.js';

/** @import { Data } from './scalar.js' */

/** Functions of each element. */
export const UNARY = /** @type {const} */ ([
  ...['negative', 'positive', 'absolute', 'sqrt', 'square', 'exp', 'expm1', 'log', 'log1p', 'log2'],
  ...['log10', 'sin', 'cos', 'tan', 'arcsin', 'arccos', 'arctan', 'sinh', 'cosh', 'tanh', 'floor'],
  ...['ceil', 'rint', 'trunc', 'sign', 'reciprocal', 'isnan', 'isinf', 'isfinite', 'logical_not'],
  'invert',
]);

/** Functions of two elements, with broadcasting. */
export const BINARY = /** @type {const} */ ([
  ...['add', 'subtract', 'multiply', 'divide', 'floor_divide', 'remainder', 'power', 'maximum'],
  ...['minimum', 'fmax', 'fmin', 'hypot', 'arctan2', 'logical_and', 'logical_or', 'logical_xor'],
  ...['bitwise_and', 'bitwise_or', 'bitwise_xor', 'left_shift', 'right_shift', 'greater'],
  ...['greater_equal', 'less', 'less_equal', 'equal', 'not_equal'],
]);

/** What takes an array first: a method of arrays, and a function. */
const METHODS = [
  ...UNARY.map((name) => `${name}(x)`),
  ...BINARY.map((name) => `${name}(x, y)`),
  ...['sum', 'prod', 'mean', 'nansum', 'nanmean'].map(
    (name) => `${name}(x; axis, dtype, keepdims, split_every)`,
  ),
  ...['std', 'var'].map((name) => `${name}(x; axis, dtype, keepdims, ddof, split_every)`),
  ...['min', 'max', 'any', 'all', 'argmin', 'argmax'].map(
    (name) => `${name}(x; axis, keepdims, split_every)`,
  ),
  'clip(x, min, max)',
  'astype(x | dtype)',
  'cumsum(x; axis, dtype)',
  'diff(x | n, axis, prepend, append)',
  'topk(x | k; axis)',
  'percentile(x | q)',
  'transpose(x | axes)',
  'reshape(x | shape)',
  'ravel(x)',
  'rechunk(x | chunks)',
  'dot(x, y)',
  'matmul(x, y)',
  'tensordot(x, y; axes)',
];

/** What else there is. */
const OTHERS = [
  'ones(| shape; chunks, dtype)',
  'zeros(| shape; chunks, dtype)',
  'full(| shape, fill_value; chunks, dtype)',
  'arange(| start, stop, step; chunks, dtype)',
  'linspace(| start, stop, num; endpoint, chunks, dtype)',
  'eye(| N, M; k, chunks, dtype)',
  'from_array(; shape, dtype, data, chunks)',
  'random(; size, chunks, seed, after)',
  'uniform(| low, high; size, chunks, seed, after)',
  'standard_normal(; size, chunks, seed, after)',
  'normal(| loc, scale; size, chunks, seed, after)',
  'standard_exponential(; size, chunks, seed, after)',
  'exponential(| scale; size, chunks, seed, after)',
  'poisson(| lam; size, chunks, seed, after)',
  'integers(| low, high; endpoint, dtype, size, chunks, seed, after)',
  'choice(| a; size, replace, p, chunks, seed, after)',
  'permutation(| x; seed, after)',
  'where(condition, x, y)',
  'concatenate(...arrays; axis)',
  'stack(...arrays; axis)',
  'histogram(x; bins, range)',
  'slice(...arrays; index)',
  'qr.q(x)',
  'qr.r(x)',
  'svd.u(x)',
  'svd.s(x)',
  'svd.vh(x)',
  'norm(x; ord, axis, keepdims)',
  'einsum(...operands; subscripts, dtype, split_every)',
  'map_blocks(...arrays; func, rate, max_iter)',
  'map_overlap(x; func, depth, boundary, rate, max_iter)',
];

/**
 * @typedef {Object} Signature
 * @property {string} name
 * @property {string[]} operands
 * @property {boolean} many whether there may be any number of operands
 * @property {string[]} positional keywords that may be given by their place
 * @property {string[]} keywords all of them
 */

/** @param {string} text @returns {Signature} */
function parse(text) {
  const [name, inner] = text.slice(0, -1).split('(');
  const [places, named = ''] = inner.split(';');
  const [first, second = ''] = places.split('|');
  const names = (/** @type {string} */ list) =>
    list.split(',').flatMap((item) => item.trim() || []);
  const operands = names(first);
  const positional = names(second);
  return {
    name,
    operands,
    many: operands[0]?.startsWith('...') ?? false,
    positional,
    keywords: [...positional, ...names(named)],
  };
}

const parsed = [...METHODS, ...OTHERS].map(parse);
const signatures = new Map(parsed.map((signature) => [signature.name, signature]));

/** The operations that are methods of arrays. */
export const METHOD_NAMES = METHODS.map((text) => parse(text).name);

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

/** The keywords that may be arrays, by operation. @type {Record<string, string[]>} */
const NAMED = { diff: ['prepend', 'append'], choice: ['a', 'p'], permutation: ['x'] };

/**
 * @template Array
 * @param {Signature} signature
 * @param {string} name
 * @param {Array} value
 */
function arrayAllowed({ name: op }, name, value) {
  if (NAMED[op]?.includes(name)) return value;
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
