/*
 * Calls of named functions and operations as tasks of a graph (src/graph/json.rs), and the keys of these tasks.
 */
import { isScalar, shown, toData } from '../array/scalar.js';

/** The functions of numbers: `Function` in src/operations/call.rs. */
const FUNCTIONS = [
  ...['inc', 'dec', 'double', 'add', 'sum', 'identity'],
  ...['sleep', 'flaky', 'primes', 'count'],
];

/**
 * An operation: the name of a function or of an operation, or an operation with its parameters: `{ reshape: [4] }`.
 *
 * @typedef {string | Record<string, unknown>} Operation
 *
 * @typedef {{ key: string }} Keyed
 */

/**
 * A task that calls `op` with these arguments. Those that have a key are inputs.
 *
 * @param {Operation} op
 * @param {unknown[]} args
 * @param {(arg: unknown) => arg is Keyed} isFuture
 */
export function taskOf(op, args, isFuture) {
  const inputs = args.filter(isFuture).map(({ key }) => key);
  if (typeof op === 'string' && FUNCTIONS.includes(op)) {
    const given = args.map((arg, i) =>
      isFuture(arg) ? null : numberOf(arg, `${op}: argument ${i}`),
    );
    return { op: { call: { function: op, args: given } }, args: inputs };
  }
  if (typeof op !== 'string' && (op === null || typeof op !== 'object')) {
    throw new TypeError(
      `${shown(op)} is no operation: its name is needed, for functions are not sent`,
    );
  }
  if (inputs.length < args.length) {
    throw new TypeError(`${nameOf(op)}: the arguments of an operation must be futures`);
  }
  return { op, args: inputs };
}

/** @param {Operation} op */
export function nameOf(op) {
  return typeof op === 'string' ? op : (Object.keys(op)[0] ?? 'operation');
}

/**
 * A number as a graph has it.
 *
 * @param {unknown} arg
 * @param {string} place
 */
function numberOf(arg, place) {
  if (!isScalar(arg)) {
    throw new TypeError(`${place} must be a future or a number, got ${shown(arg)}`);
  }
  if (typeof arg === 'bigint') checkInt64(arg, place);
  return toData(arg, place);
}

/**
 * @param {bigint} value
 * @param {string} place for the message
 */
export function checkInt64(value, place) {
  if (BigInt.asIntN(64, value) !== value) {
    throw new RangeError(`${place} must fit int64, got ${value}`);
  }
}

/**
 * Sixteen hexadecimal digits that say what some bytes are: two FNV-1a hashes, of which one starts elsewhere. Not for
 * anything secret.
 *
 * @param {Uint8Array} bytes
 */
export function hashOf(bytes) {
  let [one, other] = [0x811c9dc5, 0x2f0b4f2d];
  for (const byte of bytes) {
    one = Math.imul(one ^ byte, 0x01000193);
    other = Math.imul(other ^ byte ^ (one >>> 24), 0x01000193);
  }
  const digits = (/** @type {number} */ hash) => (hash >>> 0).toString(16).padStart(8, '0');
  return digits(one) + digits(other);
}

/** @param {unknown} data which JSON can hold */
export function hashOfData(data) {
  return hashOf(new TextEncoder().encode(JSON.stringify(data)));
}
