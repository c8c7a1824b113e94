import { describe, expect, test } from 'vitest';
import { blocksText, mostTelling, movedApart, partsOf } from '../../../src/views/graph-labels.js';
import { drawLegend, legendSize } from '../../../src/views/marks.js';
import { themes } from '../../../src/views/theme.js';
import { graphOf } from '../model/graphs.js';
import { recordingContext } from './recording.js';

describe('labels of rows', () => {
  test('stay where they are when there is room', () => {
    expect(movedApart([10, 40, 70], 20, 0, 100)).toEqual([10, 40, 70]);
  });

  test('are moved apart, and stay in order and in the box', () => {
    const places = [5, 6, 7, 50, 90, 95];
    const moved = movedApart(places, 15, 10, 90);
    expect(moved[0]).toBeGreaterThanOrEqual(10);
    expect(moved.at(-1)).toBeLessThanOrEqual(90);
    for (let i = 1; i < moved.length; i++) {
      expect(moved[i] - moved[i - 1]).toBeGreaterThanOrEqual(15 - 1e-9);
    }
  });

  test('no prefix vanishes for one that is there twice', () => {
    const layers = [
      { name: 'random', tasks: 10 },
      { name: 'getitem', tasks: 10 },
      { name: 'stack-qr', tasks: 1 },
      { name: 'getitem', tasks: 20 },
    ];
    expect(mostTelling(layers, 3).map(({ name }) => name)).toEqual([
      'random',
      'getitem',
      'stack-qr',
    ]);
    expect(mostTelling(layers, 2).map(({ name }) => name)).toEqual(['random', 'getitem']);
    expect(mostTelling(layers, 9)).toEqual(layers);
  });
});

describe('parts of a graph', () => {
  test('are labelled by the blocks that they make', () => {
    expect(blocksText(["('mean-0a', 3)"])).toBe('block 3');
    expect(blocksText(["('mean-0a', 0, 1)"])).toBe('block (0, 1)');
    expect(blocksText(["('m', 5)", "('m', 4)", "('m', 6)"])).toBe('blocks 4-6');
    expect(blocksText(["('m', 5)", "('m', 7)"])).toBe('2 blocks');
    expect(blocksText(["('m', 0, 1)", "('m', 0, 2)"])).toBe('2 blocks');
    expect(blocksText(['total'])).toBe('total');
    expect(blocksText(['total', 'count'])).toBe('2 results');
  });

  test('are found where tasks are not connected', () => {
    const parts = partsOf(graphOf([[], [0], [], [2], [2]]));
    expect(parts.map(({ tasks }) => tasks)).toEqual([
      [0, 1],
      [2, 3, 4],
    ]);
    expect(partsOf(graphOf([[], [0], [1]]))).toEqual([]);
    expect(partsOf(graphOf([[], [], []]))).toEqual([]);
  });
});

describe('the legend', () => {
  const totals = Uint32Array.of(1, 1, 1, 1, 1, 0, 0);
  const box = { left: 0, top: 0, width: 700, height: 38, lines: 1 };

  test('has marks of the size of those in the graph, up to that of its text', () => {
    const radii = [4, 6, 40].map((radius) => {
      const { context, calls } = recordingContext();
      drawLegend(context, totals, box, 20, themes.light, radius);
      return Number(calls.find(({ name }) => name === 'arc')?.args[2]);
    });
    expect(radii[0]).toBeLessThan(radii[1]);
    expect(radii[1]).toBeLessThan(radii[2]);
    expect(radii[2]).toBeLessThan(10);
  });

  test('has plain cells where the graph has', () => {
    const { context, calls } = recordingContext();
    drawLegend(context, totals, box, 20, themes.light, null);
    expect(calls.filter(({ name }) => name === 'arc')).toEqual([]);
    expect(calls.filter(({ name }) => name === 'fillRect')).toHaveLength(5);
  });

  test('has a second line where the first has no room', () => {
    const viewport = { width: 700, height: 300, ratio: 1, textSize: 20 };
    expect(legendSize(viewport).lines).toBe(1);
    expect(legendSize({ ...viewport, width: 440 }).lines).toBe(2);
    expect(legendSize({ ...viewport, height: 100 })).toEqual({ lines: 0, height: 0 });
  });
});
