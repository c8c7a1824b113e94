import { expect, test } from 'vitest';
import { Comparison } from '../../../src/demo/comparison.js';

/** @import { Settings } from '../../../src/demo/settings.js' */

/** @type {Settings} */
const settings = {
  params: { n: 600 },
  scheduler: 'threads',
  workers: 1,
  policy: 'ordered',
  seed: 0,
  keepGoing: false,
  memoryLimit: null,
};

/**
 * @param {Comparison} comparison
 * @param {number} workers
 * @param {number} makespanMs
 */
const note = (comparison, workers, makespanMs) =>
  comparison.note('mandelbrot', { ...settings, workers }, { makespanMs, errors: [] });

test('one worker is compared with several, whichever came first', () => {
  const comparison = new Comparison();
  expect(note(comparison, 1, 800)).toBe('');
  expect(note(comparison, 4, 200)).toBe('1 worker 800 ms, 4 workers 200 ms: 4.00 × as fast');
  expect(note(comparison, 2, 500)).toBe('1 worker 800 ms, 2 workers 500 ms: 1.60 × as fast');
  expect(note(comparison, 1, 400)).toBe('1 worker 400 ms, 4 workers 200 ms: 2.00 × as fast');
  // Of each, the fastest counts.
  expect(note(comparison, 4, 300)).toBe('1 worker 400 ms, 4 workers 200 ms: 2.00 × as fast');
});

test('only the workers may differ, and a run that erred says nothing', () => {
  const comparison = new Comparison();
  note(comparison, 1, 800);
  const others = { ...settings, workers: 4, params: { n: 300 } };
  expect(comparison.note('mandelbrot', others, { makespanMs: 100, errors: [] })).toBe('');
  expect(comparison.note('chunks', others, { makespanMs: 100, errors: [] })).toBe('');
  const errors = [{ key: 'a', message: 'a erred' }];
  const one = { ...others, workers: 1 };
  expect(comparison.note('chunks', one, { makespanMs: 100, errors })).toBe('');
});
