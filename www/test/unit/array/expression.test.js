import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { da } from '../../../src/array/index.js';

const x = da.random.default_rng(3).random({ size: [8, 8], chunks: 4 });

describe('an expression comes back from JSON as it was', () => {
  test.each([
    x,
    x.add(x.T).mean({ axis: 0 }),
    da.where(x.greater(0.5), da.float(2), 2n ** 60n),
    da.stack([x, x.slice([null, null, -1]), x], { axis: -1 }),
    da.from_array(Uint8Array.of(1, 0), { dtype: 'bool' }),
    da.map_overlap('life', x.astype('u1'), { depth: 1, boundary: 'periodic' }),
  ])('%#', (array) => {
    const text = JSON.stringify(array);
    expect(JSON.stringify(da.fromJSON(text))).toBe(text);
    expect(da.fromJSON(JSON.parse(text)).toJSON()).toEqual(array.toJSON());
  });

  test('and shares what was shared', () => {
    const sum = da.fromJSON(x.add(x).toJSON());
    expect(sum.operands).toHaveLength(1);
  });
});

test('a chain deeper than a stack is written and read', () => {
  let deep = x;
  for (let i = 0; i < 50_000; i++) deep = deep.add(1);
  expect(da.fromJSON(deep.toJSON()).toJSON().arrays).toHaveLength(50_001);
});

describe('what is no expression is refused by its place', () => {
  const ones = { op: 'ones', shape: 3 };
  /** @param {unknown[]} arrays @param {unknown[]} [targets] */
  const expression = (arrays, targets = [arrays.length - 1]) => ({ dagdeck: 1, arrays, targets });
  test.each([
    [null, 'expression: an object is needed, got null'],
    [{ dagdeck: 2 }, 'dagdeck: version 2 of the format is unknown; 1 is needed'],
    [
      expression([{ op: 'spam' }]),
      'arrays[0]: unknown operation “spam”; the operations are negative, positive',
    ],
    [expression([{}]), 'arrays[0].op: a string is needed, got nothing'],
    [
      expression([ones, { op: 'sqrt', args: [{ array: 1 }] }]),
      'arrays[1].args[0].array: a whole number from 0 to 0 is needed, got 1',
    ],
    [
      expression([ones, { op: 'sqrt', args: [{ array: -1 }] }]),
      'arrays[1].args[0].array: a whole number from 0 to 0 is needed, got -1',
    ],
    [expression([ones, { op: 'sqrt', args: [] }]), 'arrays[1].args: 0 operands; sqrt takes 1'],
    [
      expression([{ ...ones, colour: 'red' }]),
      'arrays[0]: unknown keyword “colour”; ones takes shape, chunks, dtype',
    ],
    [expression([ones], [1]), 'targets[0]: a whole number from 0 to 0 is needed, got 1'],
    [expression([ones], []), 'targets: exactly one target is needed, got 0'],
    [
      expression([{ op: 'persisted', id: 3 }]),
      'arrays[0]: a persisted array cannot be saved or loaded',
    ],
  ])('%#', (data, words) => {
    expect(() => da.fromJSON(data)).toThrow(words);
  });
});

test('every expression of the reference is read, and written as it was', () => {
  const file = new URL('../../../../tests/fixtures/expressions.json', import.meta.url);
  /** @type {{ expression: import('../../../src/array/expression.js').Expression, error?: string }[]} */
  const cases = JSON.parse(readFileSync(file, 'utf8'));
  const good = cases.filter(({ error }) => !error);
  expect(good.length).toBeGreaterThan(1000);
  for (const { expression } of good) expect(da.fromJSON(expression).toJSON()).toEqual(expression);
});
