/* The expected texts are NumPy's own: `str(numpy.array(data))`, NumPy 2.4. */
import { describe, expect, test } from 'vitest';
import { arrayText, numberText, scalarText, shapeText } from '../../../src/demo/value-text.js';

/** @param {number[]} data @param {number[]} [shape] */
const array = (data, shape = [data.length]) => ({
  data: Float64Array.from(data),
  shape,
  dtype: /** @type {const} */ ('float64'),
});

describe('an array is written as NumPy writes it', () => {
  test.each([
    [[1, 2.25], '[1.   2.25]'],
    [[0.5], '[0.5]'],
    [[1e-5, 1], '[1.e-05 1.e+00]'],
    [[1e9, 2], '[1.e+09 2.e+00]'],
    [[NaN, 1.5], '[nan 1.5]'],
    [[Infinity, -1, 0.25], '[  inf -1.    0.25]'],
    [[0, 0], '[0. 0.]'],
    [[1234.5678901234, 0.1234567890123], '[1.23456789e+03 1.23456789e-01]'],
    [[1 / 3, 2 / 3, -1 / 7], '[ 0.33333333  0.66666667 -0.14285714]'],
    [[-0, 1], '[-0.  1.]'],
    [[1e-5, NaN], '[1.e-05    nan]'],
    [[100, 200, 3], '[100. 200.   3.]'],
    [[0.1234567899, 1e-4], '[1.2345679e-01 1.0000000e-04]'],
    [[1e10, 1e10], '[1.e+10 1.e+10]'],
  ])('%j', (data, text) => {
    expect(arrayText(array(data))).toBe(text);
  });

  test('a long one by its ends', () => {
    const data = Array.from({ length: 4000 }, (_, i) => Math.sin(i) / 50);
    expect(arrayText(array(data))).toBe(
      '[0.         0.01682942 0.01818595 ... 0.01559347 0.01896354 0.00489861]',
    );
  });

  test('two dimensions row by row', () => {
    const data = [0, 0.25, 0.5, 0.75, 1, 1.25];
    expect(arrayText(array(data, [2, 3]))).toBe('[[0.   0.25 0.5 ]\n [0.75 1.   1.25]]');
  });

  test('an empty one and one without dimensions', () => {
    expect(arrayText(array([]))).toBe('[]');
    expect(arrayText(array([1.5], []))).toBe('1.5');
  });
});

describe('other types are written as NumPy writes them', () => {
  test.each(
    /** @type {const} */ ([
      [Int32Array.of(1, -20, 300), 'int32', '[  1 -20 300]'],
      [BigInt64Array.of(2n ** 60n, -1n), 'int64', '[1152921504606846976                  -1]'],
      [Uint8Array.of(0, 255), 'uint8', '[  0 255]'],
      [Uint8Array.of(1, 0), 'bool', '[ True False]'],
      [Uint8Array.of(1, 1), 'bool', '[ True  True]'],
      [Float32Array.of(0.1, 123.456), 'float32', '[1.00000e-01 1.23456e+02]'],
      [Float32Array.of(1 / 3, 1), 'float32', '[0.33333334 1.        ]'],
      [Float32Array.of(0.1, 0.2), 'float32', '[0.1 0.2]'],
      [Float32Array.of(16777216, 1.5), 'float32', '[1.6777216e+07 1.5000000e+00]'],
    ]),
  )('%#', (data, dtype, text) => {
    expect(arrayText({ data, shape: [data.length], dtype })).toBe(text);
  });

  test('a single one too', () => {
    expect([true, false, 2n ** 60n, 2.5].map(scalarText)).toEqual([
      'True',
      'False',
      '1152921504606846976',
      '2.5',
    ]);
  });
});

test('a shape is a Python tuple', () => {
  expect(shapeText([4000])).toBe('(4000,)');
  expect(shapeText([2, 3])).toBe('(2, 3)');
  expect(shapeText([])).toBe('()');
});

test('a number has four significant digits, and no more than it needs', () => {
  expect(numberText(42)).toBe('42');
  expect(numberText(31.25781)).toBe('31.26');
  expect(numberText(1234.56)).toBe('1235');
  expect(numberText(0.00001234)).toBe('1.234e-5');
  expect(numberText(NaN)).toBe('nan');
});
