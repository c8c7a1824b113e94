import { describe, expect, it } from 'vitest';
import { fitGrid, moveInGrid } from '../../../src/deck/grid.js';

const box = { width: 1280, height: 720 };

describe('fitGrid', () => {
  it('gives a wide screen more columns than a tall one', () => {
    expect(fitGrid(39, { width: 1370, height: 810 }, { width: 1280, height: 720 })).toMatchObject({
      columns: 7,
      rows: 6,
    });
    const tall = fitGrid(39, box, { width: 720, height: 1280 });
    expect(tall.columns).toBeLessThan(tall.rows);
  });

  it('makes all boxes fit, and no other number of columns makes them larger', () => {
    for (const count of [1, 2, 3, 7, 39, 300]) {
      for (const screen of [
        { width: 1280, height: 720 },
        { width: 1024, height: 768 },
        { width: 390, height: 844 },
      ]) {
        const { columns, rows, scale } = fitGrid(count, box, screen);
        expect(columns * rows).toBeGreaterThanOrEqual(count);
        expect(columns * box.width * scale).toBeLessThanOrEqual(screen.width * (1 + 1e-9));
        expect(rows * box.height * scale).toBeLessThanOrEqual(screen.height * (1 + 1e-9));
        for (let other = 1; other <= count; other++) {
          const width = screen.width / (other * box.width);
          const height = screen.height / (Math.ceil(count / other) * box.height);
          expect(Math.min(width, height)).toBeLessThanOrEqual(scale);
        }
      }
    }
  });
});

describe('moveInGrid', () => {
  const move = (/** @type {string} */ key, /** @type {number} */ at) => moveInGrid(key, at, 10, 4);

  it('goes to the neighbour', () => {
    expect(move('ArrowRight', 3)).toBe(4);
    expect(move('ArrowLeft', 4)).toBe(3);
    expect(move('ArrowDown', 1)).toBe(5);
    expect(move('ArrowUp', 5)).toBe(1);
    expect(move('Home', 5)).toBe(0);
    expect(move('End', 5)).toBe(9);
  });

  it('stays at an edge', () => {
    expect(move('ArrowRight', 9)).toBe(9);
    expect(move('ArrowLeft', 0)).toBe(0);
    expect(move('ArrowUp', 3)).toBe(3);
    // The last row is not full.
    expect(move('ArrowDown', 7)).toBe(7);
    expect(move('ArrowDown', 5)).toBe(9);
  });

  it('knows no other key', () => {
    expect(move('Enter', 3)).toBeNull();
  });
});
