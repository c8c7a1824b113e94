import { expect, test } from 'vitest';
import { placeOf, stopsOf } from '../../../src/demo/slider-scale.js';

test('a linear slider stops at both ends and at round values in between', () => {
  const stops = stopsOf({ min: 1, max: 8000, scale: 'linear' });
  expect(stops[0]).toBe(1);
  expect(stops[1]).toBe(100);
  expect(stops.at(-1)).toBe(8000);
  expect(stops).toContain(4000);
  expect(stops.length).toBeLessThan(100);
});

test('a short range has a stop for every whole number', () => {
  expect(stopsOf({ min: 1, max: 8, scale: 'linear' })).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a binary slider stops at powers of two', () => {
  expect(stopsOf({ min: 1, max: 20, scale: 'log2' })).toEqual([1, 2, 4, 8, 16, 20]);
});

test('a range of one value has one stop', () => {
  expect(stopsOf({ min: 5, max: 5, scale: 'linear' })).toEqual([5]);
});

test('a typed value shows at the nearest stop', () => {
  expect(placeOf([1, 2, 4, 8], 5)).toBe(2);
  expect(placeOf([1, 2, 4, 8], 7)).toBe(3);
});
