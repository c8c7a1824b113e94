/* What is asked of Rust, and when: the describer here notes it, and knows no NumPy. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { describeAs, descriptionOf } from '../../../src/array/description.js';
import { da } from '../../../src/array/index.js';

/** @import { Describer } from '../../../src/engine/describer.js' */

const page = vi.hoisted(() => ({ describer: /** @type {Describer | null} */ (null) }));
vi.mock('../../../src/engine/describer.js', () => ({ currentDescriber: () => page.describer }));

/** What it was asked. @type {{ id: number, arrays: Record<string, unknown>[], targets: number[] }[]} */
let asked = [];

/** @type {Describer} */
const describer = {
  describe(expression, id) {
    const { arrays, targets } = JSON.parse(expression);
    asked.push({ id, arrays, targets });
    const { op } = arrays.at(-1);
    if (op === 'matmul') {
      throw new Error(
        'arrays[2]: matmul: shapes (3,) and (4,) not aligned: 3 (dim 0) != 4 (dim 0)',
      );
    }
    if (op === 'slice') {
      return {
        shape: Float64Array.of(NaN),
        dtype: 'int32',
        chunks: [Float64Array.of(NaN, NaN)],
        text: 'dask.array<getitem, shape=(nan,), dtype=int32, chunksize=(nan,)>',
      };
    }
    if (op === 'zeros' && arrays[0].shape[0] === 5) {
      return {
        shape: Float64Array.of(5),
        dtype: 'int32',
        chunks: [Float64Array.of(3, 2)],
        text: 'dask.array<zeros_like, shape=(5,), dtype=int32, chunksize=(3,)>',
      };
    }
    return {
      shape: Float64Array.of(3, 4),
      dtype: 'int32',
      chunks: [Float64Array.of(2, 1), Float64Array.of(4)],
      text: `dask.array<${op}>`,
    };
  },
  release() {},
};

beforeEach(() => {
  page.describer = null;
  asked = [];
});

test('before the engine is ready arrays are recorded, and say what to wait for', () => {
  const x = da.ones([3, 4]).matmul(da.ones(4));
  expect(() => x.shape).toThrow('the engine is still starting: await dagdeck.ready() first');
  expect(() => x.toString()).toThrow('await dagdeck.ready()');
  expect(x.toJSON().arrays).toHaveLength(3);
});

describe('once it is ready', () => {
  test('arrays have what Rust says of them', () => {
    page.describer = describer;
    const x = da.ones([3, 4]);
    expect([x.shape, x.ndim, x.size, x.dtype, x.chunks]).toEqual([
      [3, 4],
      2,
      12,
      'int32',
      [[2, 1], [4]],
    ]);
    expect(`${x}`).toBe('dask.array<ones>');
    expect(x.toSVG()).toContain('2 blocks of at most 2 × 4');
  });

  test('each array is described once, from those that are held', () => {
    const x = da.ones([3, 4]);
    const y = x.add(x.T);
    page.describer = describer;
    expect([y.dtype, y.shape, x.dtype].length).toBe(3);
    expect(asked.map(({ arrays }) => arrays.at(-1)?.op)).toEqual(['ones', 'transpose', 'add']);
    const [ones, turned, sum] = asked;
    expect(sum.arrays).toEqual([
      { op: 'persisted', id: ones.id },
      { op: 'persisted', id: turned.id },
      { op: 'add', args: [{ array: 0 }, { array: 1 }] },
    ]);
    expect(sum.targets).toEqual([2]);
  });

  test('what is wrong is an error of the call that asks for it', () => {
    page.describer = describer;
    const x = da.ones(3);
    expect(() => x.matmul(da.ones(4))).toThrow(/^matmul: shapes \(3,\) and \(4,\) not aligned/);
  });

  test('lengths that were unknown are known of an array that was computed', () => {
    page.describer = describer;
    const x = da.ones([3, 4]);
    const some = x.slice(x.greater(0));
    expect([some.shape, some.size]).toEqual([[NaN], NaN]);
    const held = { node: { op: 'persisted', args: [], keywords: { id: 7 } }, operands: [] };
    describeAs(held, some, [Float64Array.of(3, 2)]);
    expect(asked.at(-1)?.arrays).toEqual([
      { op: 'zeros', shape: [5], dtype: 'int32', chunks: [[3, 2]] },
    ]);
    const { shape, text } = descriptionOf(held);
    expect([[...shape], text]).toEqual([
      [5],
      'dask.array<getitem, shape=(5,), dtype=int32, chunksize=(3,)>',
    ]);
  });

  test('elements are not sent to be described', () => {
    page.describer = describer;
    const x = da.from_array(Int32Array.of(1, 2), { chunks: 1 });
    expect(asked[0].arrays).toEqual([{ op: 'zeros', shape: [2], dtype: 'int32', chunks: 1 }]);
    expect(x.toJSON().arrays[0].data).toBe('AQAAAAIAAAA=');
  });

  test('a list that was given away changes nothing', () => {
    page.describer = describer;
    const x = da.ones([3, 4]);
    x.shape.push(5);
    x.chunks[0].push(7);
    expect([x.shape, x.chunks]).toEqual([
      [3, 4],
      [[2, 1], [4]],
    ]);
  });
});
