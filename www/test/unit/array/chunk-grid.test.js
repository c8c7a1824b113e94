import { describe, expect, test } from 'vitest';
import { chunkGrid } from '../../../src/array/chunk-grid.js';

/** How many lines lie between blocks. @param {string} svg */
const linesIn = (svg) =>
  [...svg.matchAll(/<path d="([^"]*)" fill="none"/g)].reduce(
    (count, [, path]) => count + path.split('M').length - 1,
    0,
  );

/** @param {string} svg */
const labelsIn = (svg) => [...svg.matchAll(/>([^<>\n]+)<\/text>/g)].map(([, text]) => text);

describe('the chunk grid', () => {
  test('has a line between any two blocks, the lengths, and the blocks in words', () => {
    const svg = chunkGrid([
      [500, 500, 300],
      [400, 400],
    ]);
    expect(linesIn(svg)).toBe(2 + 1);
    expect(labelsIn(svg)).toEqual(['800', '1300', '6 blocks of at most 500 × 400']);
  });

  test('has three faces for three axes', () => {
    const svg = chunkGrid([[5, 5], [6, 6, 6], [7]]);
    expect(linesIn(svg)).toBe(2 + 1 + (2 + 1));
    expect(labelsIn(svg)).toEqual(['7', '18', '10', '6 blocks of 5 × 6 × 7']);
  });

  test('says how often it is there for more axes', () => {
    expect(labelsIn(chunkGrid([[2, 2], [3], [1], [1], [1]]))).toContain('4 × 3 of these');
  });

  test('is shaded where lines would run into each other', () => {
    const svg = chunkGrid([Array(1000).fill(10)]);
    expect(linesIn(svg)).toBe(0);
    expect(svg).toContain('fill-opacity="0.22"');
    expect(labelsIn(svg)).toContain('1000 blocks of 10');
  });

  test('of unknown lengths has equal blocks between dashed lines, and says so', () => {
    const svg = chunkGrid([
      [NaN, NaN, NaN],
      [4, 4],
    ]);
    expect(linesIn(svg)).toBe(2 + 1);
    expect(svg).toContain('stroke-dasharray');
    expect(labelsIn(svg)).toEqual(['8', '?', '6 blocks of ? × 4', '?: unknown until computed']);
    expect(svg).not.toContain('NaN');
  });

  test.each([[[]], [[[0]]], [[[0], [3, 3]]], [[[1]]], [[[1e9], [1]]]])(
    'of %j is made of numbers',
    (chunks) => {
      expect(chunkGrid(chunks)).not.toMatch(/NaN|Infinity|undefined/);
    },
  );
});
