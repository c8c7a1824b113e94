/*
 * Expressions as data: arrays written out as a list of nodes, each naming earlier ones, and read
 * back. What several arrays share is written once, and is shared again when it is read.
 *
 *     { "dagdeck": 1,
 *       "arrays": [
 *         { "op": "ones", "shape": [4, 4], "chunks": 2 },
 *         { "op": "transpose", "args": [{ "array": 0 }] },
 *         { "op": "add", "args": [{ "array": 0 }, { "array": 1 }] } ],
 *       "targets": [2] }
 *
 * `args` are the operands: arrays by their place in the list, or scalars (scalar.js). All else but
 * `op` are keywords, by NumPy's and Dask's names; what is absent has its default there. A few of them
 * may be arrays too: `{ "op": "diff", "args": [{ "array": 0 }], "prepend": { "array": 1 } }`.
 */
import { listAt, objectAt, refuse, textAt, wholeAt } from '../data/checked.js';
import { checkKeyword, signatureOf } from './signatures.js';

/** @import { Lazy, Node } from './node.js' */
/** @import { Data } from './scalar.js' */

/**
 * @typedef {{ dagdeck: number, arrays: Record<string, Data>[], targets: number[] }} Expression
 */

/** The version of the form. */
const VERSION = 1;

/** The most nodes that are read: far more than anybody writes. */
const MOST_ARRAYS = 1_000_000;

/**
 * @param {Lazy[]} targets
 * @returns {Expression}
 */
export function write(targets) {
  const order = inOrder(targets, (array) => array.operands);
  /** @type {Map<unknown, number>} */
  const places = new Map(order.map((array, place) => [array, place]));
  const placeOf = (/** @type {Lazy} */ array) => /** @type {number} */ (places.get(array));
  return {
    dagdeck: VERSION,
    arrays: order.map(({ node }) => nodeData(node, placeOf)),
    targets: targets.map(placeOf),
  };
}

/**
 * One node as an expression has it.
 *
 * @param {Node<Lazy>} node
 * @param {(array: Lazy) => number} placeOf
 * @returns {Record<string, Data>}
 */
export function nodeData({ op, args, keywords, named = {} }, placeOf) {
  const data = args.map((arg) => ('array' in arg ? { array: placeOf(arg.array) } : arg.scalar));
  const references = Object.entries(named).map(([name, array]) => [
    name,
    { array: placeOf(array) },
  ]);
  return {
    op,
    ...(data.length > 0 && { args: data }),
    ...keywords,
    ...Object.fromEntries(references),
  };
}

/**
 * Everything that is needed for some items, each once, and after what it needs itself. Not by
 * recursion: an expression may be deeper than the stack.
 *
 * @template T
 * @param {T[]} targets
 * @param {(item: T) => T[]} needs
 * @param {(item: T) => boolean} [skip] what is left out, with all that only it needs
 * @returns {T[]}
 */
export function inOrder(targets, needs, skip = () => false) {
  /** @type {Set<T>} */
  const done = new Set();
  const isOpen = (/** @type {T} */ item) => !done.has(item) && !skip(item);
  const pending = targets.filter(isOpen).reverse();
  while (pending.length > 0) {
    const item = pending[pending.length - 1];
    const missing = done.has(item) ? [] : needs(item).filter(isOpen);
    if (missing.length > 0) pending.push(...missing.reverse());
    else done.add(/** @type {T} */ (pending.pop()));
  }
  return [...done];
}

/**
 * Reads an expression.
 *
 * @template Array
 * @param {unknown} data
 * @param {(node: Node<Array>) => Array} make
 * @returns {Array[]} its targets
 * @throws {Error} with the place, and what is needed there
 */
export function read(data, make) {
  const { dagdeck, arrays, targets } = objectAt(data, 'expression');
  if (dagdeck !== VERSION) {
    refuse(
      'dagdeck',
      `version ${JSON.stringify(dagdeck)} of the format is unknown; ${VERSION} is needed`,
    );
  }
  /** @type {Array[]} */
  const made = [];
  const arrayAt = (/** @type {unknown} */ place, /** @type {string} */ at) =>
    made[wholeAt(place, at, 0, made.length - 1)];
  for (const [i, given] of listAt(arrays, 'arrays', MOST_ARRAYS).entries()) {
    const at = `arrays[${i}]`;
    const { op: name, args = [], ...rest } = objectAt(given, at);
    const op = textAt(name, `${at}.op`, 100);
    if (op === 'persisted') refuse(at, PERSISTED);
    const signature = signatureOf(op, at);
    /** @type {Record<string, Data>} */
    const keywords = {};
    /** @type {Record<string, Array>} */
    const named = {};
    for (const [keyword, value] of Object.entries(rest)) {
      checkKeyword(signature, keyword, at);
      if (isReference(value)) named[keyword] = arrayAt(value.array, `${at}.${keyword}.array`);
      else keywords[keyword] = /** @type {Data} */ (value);
    }
    const operands = listAt(args, `${at}.args`, MOST_ARRAYS).map((arg, j) =>
      isReference(arg)
        ? { array: arrayAt(arg.array, `${at}.args[${j}].array`) }
        : { scalar: /** @type {Data} */ (arg) },
    );
    const { operands: names, many } = signature;
    if (!many && operands.length !== names.length) {
      refuse(`${at}.args`, `${operands.length} operands; ${op} takes ${names.length}`);
    }
    const hasNamed = Object.keys(named).length > 0;
    made.push(make({ op, args: operands, keywords, ...(hasNamed && { named }) }));
  }
  return listAt(targets, 'targets', MOST_ARRAYS).map((target, i) =>
    arrayAt(target, `targets[${i}]`),
  );
}

/** Why the blocks that an engine holds are in no file. */
export const PERSISTED =
  'a persisted array cannot be saved or loaded: its blocks are held by the engine that made them';

/** @param {unknown} arg @returns {arg is { array: unknown }} */
function isReference(arg) {
  return typeof arg === 'object' && arg !== null && 'array' in arg;
}
