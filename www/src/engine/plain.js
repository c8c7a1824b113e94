/*
 * Values as JavaScript has them, without the tags of protocol.js: what a page's scripts get.
 */

/** @import { ArrayValue, Outcome, Value } from './protocol.js' */

/**
 * One number, an array, or null if a task that it needs erred.
 *
 * @typedef {number | bigint | boolean | ArrayValue | null} PlainValue
 *
 * @typedef {Omit<Outcome, 'value' | 'values'> & { value: PlainValue, values: PlainValue[] }} PlainOutcome
 */

/**
 * @param {Value | null} value
 * @returns {PlainValue}
 */
export function plainValue(value) {
  if (value === null) return null;
  if (value.kind === 'scalar') return value.value;
  const { data, shape, dtype } = value;
  return { data, shape, dtype };
}

/**
 * @param {Outcome} outcome
 * @returns {PlainOutcome}
 */
export function plainOutcome(outcome) {
  const { value, values = [] } = outcome;
  return { ...outcome, value: plainValue(value), values: values.map(plainValue) };
}
