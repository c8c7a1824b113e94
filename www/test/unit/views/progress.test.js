import { describe, expect, test } from 'vitest';
import { COMPUTE } from '../../../src/model/actions.js';
import { createRunModel } from '../../../src/model/run.js';
import { prefixColour } from '../../../src/views/colours.js';
import {
  describeProgress,
  drawProgress,
  layoutProgress,
  orderedPrefixes,
} from '../../../src/views/progress.js';
import { themes } from '../../../src/views/theme.js';
import { graphOf, sliceOf } from '../model/graphs.js';
import { recordingContext } from './recording.js';

const viewport = { width: 400, height: 200, ratio: 1, textSize: 13 };

/** Four `inc`, summed; prefixes are numbered against their depth. */
function halfway() {
  const graph = graphOf([[], [], [], [], [0, 1, 2, 3]], {
    prefixes: ['sum', 'inc', 'unused'],
    prefixOf: [1, 1, 1, 1, 0],
  });
  const model = createRunModel(graph, 1);
  model.append(0, sliceOf([0, 1].map((task) => ({ task, action: COMPUTE, stopMs: task + 1 }))));
  return model;
}

describe('progress', () => {
  test('lists prefixes in the order in which the graph meets them', () => {
    expect(orderedPrefixes(halfway()).map(({ name }) => name)).toEqual(['inc', 'sum']);
  });

  test('draws values in memory in the colour of their prefix, to their share', () => {
    const { context, calls, texts } = recordingContext();
    drawProgress(context, orderedPrefixes(halfway()), viewport, themes.light, { scrollPx: 0 });
    const bars = calls.filter(
      ({ name, fill }) => name === 'fillRect' && fill === prefixColour('inc'),
    );
    expect(bars).toHaveLength(1);
    const outline = calls.find(({ name }) => name === 'strokeRect');
    expect(bars[0].args[2] / outline?.args[2]).toBeCloseTo(0.5, 1);
    expect(texts()).toEqual(['inc', '2 / 4', 'sum', '0 / 1']);
  });

  test('shrinks its rows, then lets them scroll', () => {
    const few = layoutProgress(4, viewport);
    expect(few.contentHeight).toBeLessThanOrEqual(viewport.height);
    const many = layoutProgress(60, viewport);
    expect(many.rowHeight).toBeGreaterThanOrEqual(many.size);
    expect(many.contentHeight).toBeGreaterThan(viewport.height);
  });

  test('stands in two columns where there is room, and fills the first one first', () => {
    const wide = { ...viewport, width: 800, height: 100 };
    expect(layoutProgress(4, wide)).toMatchObject({ columns: 1, perColumn: 4 });
    const nine = layoutProgress(9, wide);
    expect(nine).toMatchObject({ columns: 2, perColumn: 5 });
    expect(nine.contentHeight).toBeLessThanOrEqual(wide.height);
    expect(nine.size).toBe(13);

    const prefixes = Array.from({ length: 9 }, (_, i) => `p${i}`);
    const graph = graphOf(
      prefixes.map(() => []),
      { prefixes, prefixOf: [...prefixes.keys()] },
    );
    const { context, calls } = recordingContext();
    const rows = orderedPrefixes(createRunModel(graph));
    drawProgress(context, rows, wide, themes.light, { scrollPx: 0 });
    const placeOf = (/** @type {string} */ text) =>
      calls.find(({ name, args }) => name === 'fillText' && args[0] === text)?.args.slice(1);
    expect(placeOf('p5')?.[1]).toBe(placeOf('p0')?.[1]);
    expect(placeOf('p5')?.[0]).toBeGreaterThan(wide.width / 2);
    expect(placeOf('p4')?.[0]).toBe(0);
  });

  test('draws only the rows that are in sight', () => {
    const prefixes = Array.from({ length: 60 }, (_, i) => `p${i}`);
    const graph = graphOf(
      prefixes.map(() => []),
      { prefixes, prefixOf: [...prefixes.keys()] },
    );
    const rows = orderedPrefixes(createRunModel(graph));
    const { context, texts } = recordingContext();
    const narrow = { ...viewport, width: 300 };
    const scrollPx = 20 * layoutProgress(60, narrow).rowHeight;
    drawProgress(context, rows, narrow, themes.dark, { scrollPx });
    const names = texts().filter((text) => text.startsWith('p'));
    expect(names[0]).toBe('p20');
    expect(names.length).toBeLessThan(16);
  });

  test('is told in words', () => {
    expect(describeProgress(orderedPrefixes(halfway()))).toBe(
      'Tasks done, by prefix: inc 2 of 4, sum 0 of 1.',
    );
  });
});
