/*
 * Runs the reference values of the crate's tests (tests/fixtures/expressions.json, made by Dask and NumPy) through the
 * whole path: JSON, the page's describer, the engine, and typed arrays back.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from './site.js';

/** @import { Expression } from '../../src/array/expression.js' */

/**
 * @typedef {{
 *   expression: Expression, error?: string, shape: number[], chunks: (number | null)[][], dtype: string,
 *   exact: boolean, values: string,
 * }} Case
 */

const file = new URL('../../../tests/fixtures/expressions.json', import.meta.url);

test('expressions give what Dask gives, and err where it errs', async ({ page }) => {
  test.setTimeout(240_000);
  await page.goto('lab.html');
  const wrong = await page.evaluate(
    async (text) => {
      /** @type {Case[]} */
      const given = JSON.parse(text);
      const { array: da, ready } = window.dagdeck;
      await ready();
      /** @type {Record<string, number>} */
      const words = { True: 1, False: 0, nan: NaN, inf: Infinity, '-inf': -Infinity };

      /** @param {number} a @param {number} b @param {number} tolerance relative */
      const same = (a, b, tolerance) =>
        Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));

      /** @param {Case} one @param {number} i */
      const check = async ({ expression, shape, chunks, dtype, exact, values }, i) => {
        const x = da.fromJSON(expression);
        const value = await x.compute({ scheduler: i % 2 ? 'sync' : 'threads' });
        const data = value !== null && typeof value === 'object' ? value.data : [value];
        const numbers = values.split(' ').filter(Boolean);
        const rounding = dtype === 'float32' ? 1e-6 : 1e-12;
        const numberOf = (/** @type {string} */ word) => words[word] ?? Number(word);
        // A float32 is written as the shortest decimal that rounds to it.
        const cast = dtype === 'float32' ? Math.fround : (/** @type {number} */ number) => number;
        const differ = numbers.findIndex(
          (word, at) => !same(Number(data[at]), cast(numberOf(word)), exact ? 0 : rounding),
        );
        // A length may be unknown (NaN) until the array is computed.
        const announced = x.shape.map((/** @type {number} */ length, /** @type {number} */ axis) =>
          Number.isNaN(length) ? shape[axis] : length,
        );
        const described = JSON.stringify([announced, x.chunks, x.dtype]);
        if (described !== JSON.stringify([shape, chunks, dtype])) return described;
        if (numbers.length !== data.length) return `${data.length} elements`;
        return differ < 0 ? null : `element ${differ}: ${data[differ]}, not ${numbers[differ]}`;
      };

      /** @type {string[]} */
      const found = [];
      for (const [i, one] of given.entries()) {
        const result = await check(one, i).catch((error) => `error: ${error.message}`);
        const fine = one.error ? result?.startsWith('error: ') : result === null;
        if (!fine) {
          found.push(`${i}: ${JSON.stringify(one.expression)}: ${result ?? `no ${one.error}`}`);
        }
      }
      return found;
    },
    readFileSync(file, 'utf8'),
  );
  expect(wrong).toEqual([]);
});
