/*
 * Checks of data from outside the page, such as a file. Each returns the checked value, or throws an
 * error that names the place and says what is needed there.
 *
 *     recording.trace.workers[2].stopMs: item 7 is 3.5, after 4: times must not fall.
 */
import { decode } from './base64.js';

/** @import { Column, ColumnType } from './base64.js' */

/** Longer texts are shortened in messages. */
const SHOWN = 40;

/**
 * @param {string} place
 * @param {string} problem
 * @returns {never}
 */
export function refuse(place, problem) {
  throw new Error(`${place}: ${problem}`);
}

/**
 * Writes a value for a message.
 *
 * @param {unknown} value
 */
function shown(value) {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return `${value}`;
  if (typeof value === 'string') {
    return value.length > SHOWN ? `“${value.slice(0, SHOWN)}…”` : `“${value}”`;
  }
  return Array.isArray(value) ? 'a list' : 'an object';
}

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {Record<string, unknown>}
 */
export function objectAt(value, place) {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return /** @type {Record<string, unknown>} */ (value);
  }
  return refuse(place, `an object is needed, got ${shown(value)}`);
}

/**
 * @param {unknown} value
 * @param {string} place
 * @param {number} most
 * @returns {unknown[]}
 */
export function listAt(value, place, most) {
  if (!Array.isArray(value)) return refuse(place, `a list is needed, got ${shown(value)}`);
  if (value.length > most) refuse(place, `at most ${most} items are allowed, got ${value.length}`);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} place
 * @param {number} [most] letters
 * @returns {string}
 */
export function textAt(value, place, most = 10_000) {
  if (typeof value !== 'string') {
    return refuse(place, `a string is needed, got ${shown(value)}`);
  }
  if (value.length > most) {
    refuse(place, `at most ${most} characters are allowed, got ${value.length}`);
  }
  return value;
}

/**
 * @template {string} T
 * @param {unknown} value
 * @param {string} place
 * @param {readonly T[]} words
 * @returns {T}
 */
export function oneOfAt(value, place, words) {
  const found = words.find((word) => word === value);
  return found ?? refuse(place, `one of ${words.join(', ')} is needed, got ${shown(value)}`);
}

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {boolean}
 */
export function switchAt(value, place) {
  if (typeof value === 'boolean') return value;
  return refuse(place, `true or false is needed, got ${shown(value)}`);
}

/**
 * A finite number.
 *
 * @param {unknown} value
 * @param {string} place
 * @param {number} min
 * @param {number} max
 * @returns {number}
 */
export function numberAt(value, place, min, max) {
  if (typeof value === 'number' && value >= min && value <= max) return value;
  return refuse(place, `a number from ${min} to ${max} is needed, got ${shown(value)}`);
}

/**
 * @param {unknown} value
 * @param {string} place
 * @param {number} min
 * @param {number} max
 * @returns {number}
 */
export function wholeAt(value, place, min, max) {
  if (Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max) {
    return Number(value);
  }
  return refuse(place, `a whole number from ${min} to ${max} is needed, got ${shown(value)}`);
}

/**
 * A column of numbers, written as base64.
 *
 * @template {Column} T
 * @param {unknown} value
 * @param {string} place
 * @param {ColumnType<T>} type
 * @param {number | null} [length] the number of items that it must have; null for any
 * @returns {T}
 */
export function columnAt(value, place, type, length = null) {
  const text = textAt(value, place, Infinity);
  /** @type {T} */
  let column;
  try {
    column = decode(text, type);
  } catch (error) {
    return refuse(place, /** @type {Error} */ (error).message);
  }
  if (length !== null && column.length !== length) {
    refuse(place, `${length} items are needed, got ${column.length}`);
  }
  return column;
}

/**
 * Every item of a column lies in a range.
 *
 * @param {Column} column
 * @param {string} place
 * @param {number} min
 * @param {number} max
 */
export function rangeAt(column, place, min, max) {
  for (let i = 0; i < column.length; i++) {
    // Written so that NaN fails.
    if (!(column[i] >= min && column[i] <= max)) {
      const range = min > max ? 'nothing is allowed there' : `${min} to ${max} is allowed`;
      refuse(place, `item ${i} is ${column[i]}; ${range}`);
    }
  }
}

/**
 * No item of a column is less than the one before.
 *
 * @param {Column} column
 * @param {string} place
 */
export function risingAt(column, place) {
  for (let i = 1; i < column.length; i++) {
    if (!(column[i] >= column[i - 1])) {
      refuse(place, `item ${i} is ${column[i]}, after ${column[i - 1]}; values must not decrease`);
    }
  }
}

/**
 * Cursors into another column: from 0 to its length, never falling.
 *
 * @param {Uint32Array} starts
 * @param {string} place
 * @param {number} end
 */
export function startsAt(starts, place, end) {
  if (starts[0] !== 0) refuse(place, `item 0 is ${starts[0]}; 0 is needed`);
  risingAt(starts, place);
  const last = starts[starts.length - 1];
  if (last !== end) refuse(place, `the last item is ${last}; ${end} is needed`);
}
