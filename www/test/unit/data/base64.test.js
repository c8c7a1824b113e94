import { expect, test } from 'vitest';
import { decode, encode as encodePieces } from '../../../src/data/base64.js';
import { seeded } from '../model/graphs.js';

/** @import { Column } from '../../../src/data/base64.js' */

const encode = (/** @type {Column} */ column) => [...encodePieces(column)].join('');

test('columns of every kind and length come back as they were', () => {
  const random = seeded(1);
  for (const length of [0, 1, 2, 3, 4, 5, 100, 4096, 12_288, 40_001]) {
    for (const type of [Uint8Array, Uint16Array, Uint32Array, Float32Array, Float64Array]) {
      const column = new type(length).map(() => random() * 300);
      expect(decode(encode(column), /** @type {typeof Float64Array} */ (type))).toEqual(column);
    }
  }
});

test('a part of a longer column is written alone', () => {
  const column = Float64Array.of(1, 2, 3, 4).subarray(1, 3);
  expect(decode(encode(column), Float64Array)).toEqual(Float64Array.of(2, 3));
});

test('is the base64 of others: little-endian, with padding', () => {
  expect(encode(Uint32Array.of(1, 0xffffffff))).toBe('AQAAAP////8=');
});

test('what is no base64, or no whole number of items, is refused', () => {
  expect(() => decode('?', Uint8Array)).toThrow('base64 is needed');
  expect(() => decode('AQAA', Uint32Array)).toThrow('3 bytes; a multiple of 4 is needed');
});
