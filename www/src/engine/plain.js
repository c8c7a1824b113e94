/*
 * Values as JavaScript has them, without the tags of protocol.js: what a page's scripts get.
 */

/** @import { ArrayValue, Outcome, TargetValue, Value } from './protocol.js' */

/**
 * One number, an array, a tuple as a list, or null if a task that it needs erred or if there is no value.
 *
 * @typedef {number | bigint | boolean | ArrayValue | null} PlainValue
 * @typedef {PlainValue | PlainTarget[]} PlainTarget
 *
 * `values` has the values of the targets of a graph by their keys.
 *
 * @typedef {Omit<Outcome, 'value' | 'values' | 'targets' | 'others'>
 *   & { value: PlainValue, values: Record<string, PlainTarget> }} PlainOutcome
 */

/**
 * @param {TargetValue | null} value
 * @returns {PlainTarget}
 */
export function plainTarget(value) {
  return value?.kind === 'tuple' ? value.values.map(plainTarget) : plainValue(value);
}

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
export function plainOutcome({ value, values: _, targets = [], others: _others, ...outcome }) {
  const values = Object.fromEntries(targets.map(({ key, value: of }) => [key, plainTarget(of)]));
  return { ...outcome, value: plainValue(value), values };
}
