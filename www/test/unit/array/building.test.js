import { describe, expect, test } from 'vitest';
import { da } from '../../../src/array/index.js';
import { BINARY, METHOD_NAMES, UNARY } from '../../../src/array/signatures.js';

const x = da.ones([4, 6], { chunks: 2 });

/** The last node of an array's expression. @param {import('../../../src/array/dag-array.js').DagArray} array */
const lastOf = (array) => array.toJSON().arrays.at(-1);

describe('an operation is recorded', () => {
  test('as an expression in which what is shared stands once', () => {
    const rng = da.random.default_rng(42);
    const z = rng.normal({ size: [4000, 4000], chunks: [500, 500] });
    expect(z.add(z.T).mean({ axis: 0 }).toJSON()).toEqual({
      dagdeck: 1,
      arrays: [
        { op: 'normal', size: [4000, 4000], chunks: [500, 500], seed: 42, after: [] },
        { op: 'transpose', args: [{ array: 0 }] },
        { op: 'add', args: [{ array: 0 }, { array: 1 }] },
        { op: 'mean', args: [{ array: 2 }], axis: 0 },
      ],
      targets: [3],
    });
  });

  test.each([...UNARY])('%s, as a method and as a function', (name) => {
    const expected = { op: name, args: [{ array: 0 }] };
    expect(lastOf(x[name]())).toEqual(expected);
    expect(lastOf(da[name](x))).toEqual(expected);
  });

  test.each([...BINARY])('%s, with an array and with a number', (name) => {
    expect(lastOf(x[name](x))).toEqual({ op: name, args: [{ array: 0 }, { array: 0 }] });
    expect(lastOf(da[name](x, 2))).toEqual({ op: name, args: [{ array: 0 }, 2] });
  });

  test.each([
    [x.sum({ axis: [0, 1], keepdims: true }), { op: 'sum', axis: [0, 1], keepdims: true }],
    [x.std({ ddof: 1, split_every: 2 }), { op: 'std', ddof: 1, split_every: 2 }],
    [x.argmax({ axis: 1 }), { op: 'argmax', axis: 1 }],
    [x.astype('f4'), { op: 'astype', dtype: 'f4' }],
    [x.rechunk([37, 5]), { op: 'rechunk', chunks: [37, 5] }],
    [x.rechunk('auto'), { op: 'rechunk', chunks: 'auto' }],
    [x.reshape([-1, 2]), { op: 'reshape', shape: [-1, 2] }],
    [x.transpose([1, 0]), { op: 'transpose', axes: [1, 0] }],
    [x.topk(-3, { axis: 0 }), { op: 'topk', k: -3, axis: 0 }],
    [x.diff(), { op: 'diff' }],
    [x.diff({ n: 2, axis: 0 }), { op: 'diff', n: 2, axis: 0 }],
    [x.ravel().percentile([25, 50]), { op: 'percentile', q: [25, 50] }],
    [x.cumsum({ axis: 0 }), { op: 'cumsum', axis: 0 }],
    [da.linalg.norm(x, { ord: 'fro' }), { op: 'norm', ord: 'fro' }],
    [da.linalg.svd(x)[1], { op: 'svd.s' }],
    [da.map_blocks('sqrt', x), { op: 'map_blocks', func: 'sqrt' }],
    [x.diff({ prepend: 0, axis: 0 }), { op: 'diff', prepend: 0, axis: 0 }],
    [x.diff({ append: x }), { op: 'diff', args: [{ array: 0 }], append: { array: 0 } }],
    [da.einsum('ij->j', x), { op: 'einsum', subscripts: 'ij->j' }],
    [da.einsum('ij,kj', x, x, { dtype: 'f8' }), { op: 'einsum', subscripts: 'ij,kj', dtype: 'f8' }],
    [
      da.map_overlap('heat', x, { depth: 1, boundary: 'none', rate: 0.25 }),
      { op: 'map_overlap', func: 'heat', depth: 1, boundary: 'none', rate: 0.25 },
    ],
  ])('with its keywords: %#', (array, node) => {
    expect(lastOf(array)).toMatchObject(node);
  });

  test('of several operands', () => {
    expect(lastOf(da.where(x.greater(0.5), x, 0))).toMatchObject({
      op: 'where',
      args: [{ array: 1 }, { array: 0 }, 0],
    });
    expect(lastOf(da.concatenate([x, x.T], { axis: 0 }))).toEqual({
      op: 'concatenate',
      args: [{ array: 0 }, { array: 1 }],
      axis: 0,
    });
    expect(lastOf(x.clip(0, 1.5))).toMatchObject({ op: 'clip', args: [{ array: 0 }, 0, 1.5] });
    expect(lastOf(da.tensordot(x, x, { axes: [[0], [0]] }))).toMatchObject({ axes: [[0], [0]] });
  });

  test('with undefined and null as if they were not given', () => {
    expect(lastOf(x.mean({ axis: null, dtype: undefined }))).toEqual(lastOf(x.mean()));
  });
});

describe('creation', () => {
  test.each([
    [da.zeros(3), { op: 'zeros', shape: 3 }],
    [
      da.full([2], 7, { dtype: 'uint8' }),
      { op: 'full', shape: [2], fill_value: 7, dtype: 'uint8' },
    ],
    [da.arange(10), { op: 'arange', start: 0, stop: 10 }],
    [da.arange(10, { chunks: 5 }), { op: 'arange', start: 0, stop: 10, chunks: 5 }],
    [da.arange(1, 10, 2.5), { op: 'arange', start: 1, stop: 10, step: 2.5 }],
    [da.linspace(0, 1, { num: 5 }), { op: 'linspace', start: 0, stop: 1, num: 5 }],
    [da.eye(4, { k: -1, chunks: 2 }), { op: 'eye', N: 4, k: -1, chunks: 2 }],
  ])('%#', (array, node) => {
    expect(lastOf(array)).toEqual(node);
  });

  test.each([
    [Float64Array.of(1, 2), 'float64', 'AAAAAAAA8D8AAAAAAAAAQA=='],
    [Float32Array.of(1), 'float32', 'AACAPw=='],
    [BigInt64Array.of(-1n), 'int64', '//////////8='],
    [Int32Array.of(1), 'int32', 'AQAAAA=='],
    [Uint8Array.of(1, 255), 'uint8', 'Af8='],
  ])('of a typed array: %#', (data, dtype, text) => {
    const node = { op: 'from_array', shape: [data.length], dtype, data: text };
    expect(lastOf(da.from_array(data))).toEqual(node);
    expect(
      lastOf(da.from_array({ data, shape: [data.length, 1], dtype: /** @type {any} */ (dtype) })),
    ).toEqual({
      ...node,
      shape: [data.length, 1],
    });
  });

  test('of booleans, which have no typed array of their own', () => {
    const bits = Uint8Array.of(1, 0);
    expect(lastOf(da.from_array(bits, { dtype: 'bool', chunks: 1 }))).toMatchObject({
      dtype: 'bool',
      chunks: 1,
    });
    expect(() => da.from_array(Int32Array.of(1), { dtype: 'bool' })).toThrow(
      'from_array: dtype: a Int32Array holds int32 or i4, got bool',
    );
    expect(() => da.from_array(bits, { shape: [2, 2] })).toThrow(
      'from_array: cannot reshape array of size 2 into shape (2, 2)',
    );
    // @ts-expect-error no typed array
    expect(() => da.from_array([1, 2])).toThrow('from_array: one of Float64Array, ');
  });
});

describe('a generator', () => {
  test('goes on where the draw before has stopped', () => {
    const rng = da.random.default_rng(7);
    rng.random({ size: [10], chunks: 5 });
    rng.integers(0, 6, { size: 4 });
    expect(lastOf(rng.standard_normal({ size: 3 }))).toEqual({
      op: 'standard_normal',
      size: 3,
      seed: 7,
      after: [{ size: [10], chunks: 5 }, { size: 4 }],
    });
  });

  test('takes the ends of integers by their place or as keywords', () => {
    const expected = { op: 'integers', low: -5, high: 900, size: 3, seed: 7, after: [] };
    const placed = da.random.default_rng(7).integers(-5, 900, { size: 3 });
    const named = da.random.default_rng(7).integers({ low: -5, high: 900, size: 3 });
    expect(lastOf(placed)).toEqual(expected);
    expect(lastOf(named)).toEqual(expected);
  });

  test('takes the parameters of a distribution by their place or as keywords', () => {
    const rng = () => da.random.default_rng(7);
    const given = { size: 3, seed: 7, after: [] };
    for (const [array, expected] of /** @type {const} */ ([
      [rng().uniform({ size: 3 }), { op: 'uniform' }],
      [rng().uniform(-1, 2.5, { size: 3 }), { op: 'uniform', low: -1, high: 2.5 }],
      [rng().uniform({ high: 2.5, size: 3 }), { op: 'uniform', high: 2.5 }],
      [rng().standard_exponential({ size: 3 }), { op: 'standard_exponential' }],
      [rng().exponential({ scale: 4, size: 3 }), { op: 'exponential', scale: 4 }],
      [rng().poisson({ size: 3 }), { op: 'poisson' }],
      [rng().poisson(4.5, { size: 3 }), { op: 'poisson', lam: 4.5 }],
      [rng().choice(6, { size: 3 }), { op: 'choice', a: 6 }],
      [rng().exponential(4, { size: 3 }), { op: 'exponential', scale: 4 }],
    ])) {
      expect(lastOf(array)).toEqual({ ...expected, ...given });
    }
  });

  test('records permutations among what was drawn', () => {
    const rng = da.random.default_rng(7);
    expect(lastOf(rng.permutation(5))).toEqual({ op: 'permutation', x: 5, seed: 7, after: [] });
    rng.random({ size: 2 });
    expect(lastOf(rng.permutation(9))).toMatchObject({
      x: 9,
      after: [{ permutation: 5 }, { size: 2 }],
    });
  });

  test('chooses from an array, with probabilities', () => {
    const [elements, p] = [da.arange(3), da.full(3, 1 / 3)];
    const rng = da.random.default_rng(7);
    expect(lastOf(rng.choice(elements, { p, replace: false, size: 2 }))).toEqual({
      op: 'choice',
      a: { array: 0 },
      p: { array: 1 },
      replace: false,
      size: 2,
      seed: 7,
      after: [],
    });
    expect(lastOf(rng.choice(2, { p: [0.5, 0.5], size: 2 }))).toMatchObject({
      a: 2,
      p: [0.5, 0.5],
    });
    // @ts-expect-error no array is a size
    expect(() => rng.choice(2, { size: elements })).toThrow('choice: size: numbers, strings');
  });

  test('counts no draw that was refused', () => {
    const rng = da.random.default_rng(7);
    // @ts-expect-error no keyword of random
    expect(() => rng.random({ shape: 3 })).toThrow('random: unknown keyword “shape”');
    expect(lastOf(rng.random({ size: 3 }))).toMatchObject({ after: [] });
  });

  test('without a seed has one that nobody chose, and keeps it', () => {
    const [one, other] = [da.random.default_rng(), da.random.default_rng()].map((rng) =>
      lastOf(rng.random({ size: 1 })),
    );
    expect(one?.seed).not.toBe(other?.seed);
    expect(Number.isSafeInteger(one?.seed)).toBe(true);
    expect(() => da.random.default_rng(-1)).toThrow(
      'default_rng: seed must be a whole number from 0',
    );
  });
});

describe('scalars', () => {
  test.each([
    [2, 2],
    [-0, 0],
    [2.5, 2.5],
    [true, true],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    [da.float(2), { float: '2' }],
    [da.float(-0), { float: '-0' }],
    [1e300, 1e300],
    [2 ** 60, { float: '1152921504606847000' }],
    [12n, 12],
    [2n ** 60n, { int: '1152921504606846976' }],
  ])('%s is %j', (scalar, data) => {
    expect(lastOf(x.add(scalar))?.args).toEqual([{ array: 0 }, data]);
  });

  test('a float is written as JSON reads it again', () => {
    expect(JSON.stringify(x.add(1e-7))).toContain('1e-7');
    expect(JSON.stringify(da.full(1, 0.1))).toContain('"fill_value":0.1');
  });
});

describe('a slice', () => {
  test.each([
    [
      [
        [3, 50, 7],
        [null, null, -2],
      ],
      [
        { start: 3, stop: 50, step: 7 },
        { start: null, stop: null, step: -2 },
      ],
    ],
    [
      [[], [1]],
      [
        { start: null, stop: null, step: null },
        { start: 1, stop: null, step: null },
      ],
    ],
    [
      [-1, '...'],
      [-1, '...'],
    ],
    [
      [null, Int32Array.of(2, 0, -1)],
      [null, { indices: [2, 0, -1] }],
    ],
  ])('%j', (index, data) => {
    const given =
      /** @type {import('../../../src/array/methods.js').Index<import('../../../src/array/dag-array.js').DagArray>[]} */ (
        index
      );
    expect(lastOf(x.slice(...given))).toEqual({ op: 'slice', args: [{ array: 0 }], index: data });
  });

  test('with a mask has it as an operand', () => {
    const mask = x.greater(0.5);
    const index = [null, { mask: 1 }];
    const args = [{ array: 0 }, { array: 1 }];
    expect(lastOf(x.slice(null, mask))).toEqual({ op: 'slice', args, index });
    const again = da.fromJSON(x.slice(mask).toJSON());
    expect(lastOf(again)).toEqual({ op: 'slice', args, index: [{ mask: 1 }] });
  });

  test('of four numbers is refused', () => {
    expect(() => x.slice([1, 2, 3, 4])).toThrow('use a typed array for a list of indices');
  });
});

test('distinct elements are one array, or two with their counts', () => {
  expect(lastOf(da.unique(x))).toEqual({ op: 'unique', args: [{ array: 0 }] });
  const [values, counts] = da.unique(x, { return_counts: true });
  expect(lastOf(values)).toMatchObject({ op: 'unique_counts.values' });
  expect(lastOf(counts)).toMatchObject({ op: 'unique_counts.counts' });
  // @ts-expect-error as people who have no type checker call it
  expect(() => da.unique(x, { axis: 0 })).toThrow('unique: unknown keyword “axis”');
});

describe('what is wrong is refused in words', () => {
  /** Calls as people who have no type checker make them. @type {any} */
  const loose = da;
  /** @type {any} */
  const y = x;
  test.each([
    [
      () => y.mean({ axes: 0 }),
      'mean: unknown keyword “axes”; mean takes axis, dtype, keepdims, split_every',
    ],
    [
      () => y.mean(0),
      'mean: mean(x, { … }): unexpected argument 0; keywords go in one object at the end',
    ],
    [() => y.add(), 'add: add(x, y): y is missing'],
    [() => y.add('2'), 'add: y: an array or a number is needed, got “2”'],
    [
      () => y.add([1, 2]),
      'add: y: an array or a number is needed, got a list; da.from_array makes an array of it',
    ],
    [() => y.add(null), 'add: y: an array or a number is needed, got null'],
    [() => y.sqrt({ out: 1 }), 'sqrt: unknown keyword “out”; sqrt takes none'],
    [() => y.topk(2, { k: 3 }), 'topk: k was given twice'],
    [
      () => loose.concatenate([]),
      'concatenate: concatenate(...arrays, { … }): ...arrays is missing',
    ],
    [() => loose.stack(x), 'stack: a list of arrays is needed'],
    [
      () => loose.histogram(x, { bins: 3 }),
      'histogram: bins (how many) and range (from, to) are needed',
    ],
    [() => loose.ones([2], { shape: 3 }), 'ones: shape was given twice'],
    [
      () => loose.ones(() => 1),
      'ones: shape: numbers, strings, booleans and lists of them are allowed, got a function',
    ],
  ])('%#', (call, words) => {
    expect(call).toThrow(words);
  });
});

test('every method is a function too', () => {
  expect(METHOD_NAMES.every((name) => typeof da[/** @type {'add'} */ (name)] === 'function')).toBe(
    true,
  );
});
