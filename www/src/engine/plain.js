/*
 * Values as JavaScript has them, without the tags of protocol.js: what a page's scripts get.
 */

/** @import { ArrayValue, Outcome, TableCell, TableValue, TargetValue, Value } from './protocol.js' */

/**
 * One number, an array, a tuple as a list, or null if a task that it needs erred or if there is no value.
 *
 * @typedef {number | bigint | boolean | ArrayValue | null} PlainValue
 * @typedef {PlainValue | PlainTarget[]} PlainTarget
 *
 * A table is a list of its rows, each with its cells by the names of their columns.
 *
 * @typedef {Record<string, TableCell>[]} PlainTable
 *
 * `values` has the values of the targets of a graph by their keys.
 *
 * @typedef {Omit<Outcome, 'value' | 'values' | 'targets' | 'others'>
 *   & { value: PlainValue | PlainTable, values: Record<string, PlainTarget> }} PlainOutcome
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
 * @param {TableValue} table
 * @returns {PlainTable}
 */
function plainTable({ columns, rows }) {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
}

/**
 * @param {Outcome} outcome
 * @returns {PlainOutcome}
 */
export function plainOutcome({ value, values: _, targets = [], others: _others, ...outcome }) {
  const values = Object.fromEntries(targets.map(({ key, value: of }) => [key, plainTarget(of)]));
  return {
    ...outcome,
    value: value?.kind === 'table' ? plainTable(value) : plainValue(value),
    values,
  };
}
