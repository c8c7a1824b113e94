import { describe, expect, test } from 'vitest';
import { breakEven, paysFrom, sweepOf } from '../../../src/views/break-even.js';
import { sweepTable } from './sweeps.js';

/** @param {(number | null)[][]} times by row, from the shortest work on */
function sweep(times) {
  const found = sweepOf(sweepTable(times));
  if (!found) throw new Error('it is a sweep');
  return found;
}

describe('a sweep', () => {
  test('is read from its table, with rows in any order', () => {
    const { bytes, ms, times } = sweep([
      [0.5, 0.25],
      [2, null],
    ]);
    expect(bytes).toEqual([4096, 65536]);
    expect(ms).toEqual([0.1, 1]);
    expect(times).toEqual([
      [0.5, 0.25],
      [2, null],
    ]);
  });

  test('is no other table, and no other value', () => {
    const columns = ['section', 'time'].map((name) => ({ name, label: name, unit: '' }));
    expect(sweepOf({ kind: 'table', columns, rows: [] })).toBeNull();
    expect(sweepOf({ kind: 'scalar', value: 1 })).toBeNull();
    expect(sweepOf(null)).toBeNull();
  });
});

describe('the break-even line', () => {
  test('is where the logarithm is zero, from edge to edge', () => {
    const level = breakEven(
      sweep([
        [0.5, 0.5],
        [2, 2],
      ]),
    );
    for (const [[, from], [, to]] of level) expect([from, to]).toEqual([0.5, 0.5]);
    const columns = level.flat().map(([column]) => column);
    expect([Math.min(...columns), Math.max(...columns)]).toEqual([-0.5, 1.5]);
    // A quarter and two: zero is two thirds of the way.
    const [[[, row]]] = breakEven(
      sweep([
        [0.25, 0.25],
        [2, 2],
      ]),
    );
    expect(row).toBeCloseTo(2 / 3, 12);
  });

  test('rises with the data: every piece goes on where another ends', () => {
    const pieces = breakEven(
      sweep([
        [0.5, 0.3, 0.1],
        [1.5, 0.8, 0.2],
        [1.9, 1.7, 0.7],
        [1.9, 1.9, 1.6],
      ]),
    );
    const ends = new Map();
    for (const place of pieces.flat()) {
      const key = place.map((x) => x.toFixed(9)).join();
      ends.set(key, (ends.get(key) ?? 0) + 1);
    }
    const loose = [...ends]
      .filter(([, count]) => count === 1)
      .map(([key]) => Number.parseFloat(key));
    expect(loose.toSorted((a, b) => a - b)).toEqual([-0.5, 2.5]);
    for (const [[c0, r0], [c1, r1]] of pieces) {
      expect((c1 - c0) * (r1 - r0)).toBeGreaterThanOrEqual(0);
    }
  });

  test('is not there if one side always wins, nor beside a cell without a figure', () => {
    expect(
      breakEven(
        sweep([
          [1.5, 1.2],
          [1.9, 1.8],
        ]),
      ),
    ).toEqual([]);
    expect(
      breakEven(
        sweep([
          [0.5, 0.2],
          [0.9, 0.8],
        ]),
      ),
    ).toEqual([]);
    const columns = breakEven(
      sweep([
        [0.5, null],
        [2, 2],
      ]),
    )
      .flat()
      .map(([column]) => column);
    expect(Math.max(...columns)).toBe(0);
  });

  test('parts two corners that pay, or joins them, as the middle says', () => {
    const joined = breakEven(
      sweep([
        [4, 0.5],
        [0.5, 4],
      ]),
    );
    const parted = breakEven(
      sweep([
        [2, 0.25],
        [0.25, 2],
      ]),
    );
    // Around the corners that do not pay, and around those that do.
    const around = (/** @type {typeof joined} */ pieces, /** @type {number} */ sign) =>
      pieces.filter(([[c0, r0], [c1, r1]]) => {
        const within = [c0, r0, c1, r1].every((x) => x >= 0 && x <= 1);
        return within && Math.sign((c1 - c0) * (r1 - r0)) === sign;
      });
    expect([around(joined, 1).length, around(joined, -1).length]).toEqual([2, 0]);
    expect([around(parted, 1).length, around(parted, -1).length]).toEqual([0, 2]);
  });
});

describe('what pays', () => {
  const { ms, ...rest } = sweep([
    [0.5, 0.2, 1.1],
    [2, 0.7, 1.2],
  ]);

  test('pays from a number of ms on, for each size', () => {
    expect(paysFrom({ ms, ...rest }, 0)).toBeCloseTo(0.1 * 10 ** 0.5, 12);
    expect(paysFrom({ ms, ...rest }, 1)).toBe(Infinity);
    expect(paysFrom({ ms, ...rest }, 2)).toBe(0);
  });

  test('is where the line crosses the middle of the column', () => {
    const given = sweep([
      [0.5, 0.3],
      [1.5, 0.8],
      [1.9, 1.7],
    ]);
    const at =
      breakEven(given)
        .flat()
        .find(([column]) => column === 1)?.[1] ?? NaN;
    const [low, high] = [given.ms[Math.floor(at)], given.ms[Math.ceil(at)]];
    expect(paysFrom(given, 1)).toBeCloseTo(low * (high / low) ** (at % 1), 12);
  });
});
