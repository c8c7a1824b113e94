import { expect, test } from 'vitest';
import { plainOutcome, plainTarget } from '../../../src/engine/plain.js';
import { outcomeOf } from '../model/recordings.js';

/** @import { TargetValue } from '../../../src/engine/protocol.js' */

/** @type {(value: number) => TargetValue} */
const scalar = (value) => ({ kind: 'scalar', value });

test('a tuple is a list, also in a tuple', () => {
  const inner = { kind: /** @type {const} */ ('tuple'), values: [scalar(2), null] };
  expect(plainTarget({ kind: 'tuple', values: [scalar(1), inner] })).toEqual([1, [2, null]]);
});

test('the values of targets are found by their keys', () => {
  const targets = [
    { key: "('add', 0)", value: scalar(3) },
    { key: '__proto__', value: null },
  ];
  const { values, more, ...outcome } = plainOutcome({ ...outcomeOf(), targets, more: 4 });
  expect(Object.entries(values)).toEqual([
    ["('add', 0)", 3],
    ['__proto__', null],
  ]);
  expect(more).toBe(4);
  expect(outcome).not.toHaveProperty('targets');
});

test('a table is a list of rows, with their cells by the names of the columns', () => {
  const columns = ['lock', 'time'].map((name) => ({ name, label: name, unit: '' }));
  const rows = [
    ['old', 686.3],
    ['new', null],
  ];
  const { value } = plainOutcome(outcomeOf({ value: { kind: 'table', columns, rows } }));
  expect(value).toEqual([
    { lock: 'old', time: 686.3 },
    { lock: 'new', time: null },
  ]);
});
