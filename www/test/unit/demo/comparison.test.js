import { expect, test } from 'vitest';
import { Comparison } from '../../../src/demo/comparison.js';

const values = { n: 4000, workers: 1, seed: 0, 'memory-limit': null };

test('nothing is said before there was a run, and after it is forgotten', () => {
  const comparison = new Comparison();
  expect(comparison.textFor(values)).toBe('');
  comparison.remember(values, 1210);
  comparison.forget();
  expect(comparison.textFor(values)).toBe('');
});

test('what the run before was given otherwise is named, as long as it is little', () => {
  const comparison = new Comparison();
  comparison.remember(values, 1210);
  expect(comparison.textFor(values)).toBe('before: 1.21 s');
  expect(comparison.textFor({ ...values, workers: 4 })).toBe('before, with workers = 1: 1.21 s');
  expect(comparison.textFor({ ...values, workers: 4, 'memory-limit': 2 })).toBe(
    'before, with workers = 1, memory-limit = none: 1.21 s',
  );
  expect(comparison.textFor({ ...values, workers: 4, n: 1, seed: 1 })).toBe('before: 1.21 s');
});
