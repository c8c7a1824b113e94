import { describe, expect, test } from 'vitest';
import { COMPUTE, COMPUTE_ERRED } from '../../../src/model/actions.js';
import { createRunModel } from '../../../src/model/run.js';
import { ERRED, FINISHED, READY } from '../../../src/model/states.js';
import { arrange, forEachRange } from '../../../src/views/graph-arrangement.js';
import { drawEdges } from '../../../src/views/graph-edges.js';
import { layerNames } from '../../../src/views/graph-labels.js';
import { sitesOf } from '../../../src/views/graph-sites.js';
import { TaskLayer } from '../../../src/views/graph-tasks.js';
import { describeGraph } from '../../../src/views/graph-words.js';
import { statePixels } from '../../../src/views/marks.js';
import { durationOf } from '../../../src/views/task-slice.js';
import { themes } from '../../../src/views/theme.js';
import { identity } from '../../../src/views/transform.js';
import { graphOf, randomGraph, randomTrace, seeded, sliceOf } from '../model/graphs.js';
import { recordingContext } from './recording.js';

const box = { left: 10, top: 20, width: 800, height: 400 };
const everything = { left: 0, top: 0, right: 2000, bottom: 2000 };
const viewport = { width: 820, height: 440, ratio: 1, textSize: 15 };

/** @param {number} tasks */
const independent = (tasks) => graphOf(Array.from({ length: tasks }, () => []));
/** @param {number} tasks */
const chain = (tasks) => graphOf(Array.from({ length: tasks }, (_, i) => (i ? [i - 1] : [])));
/** A binary tree. @param {number} leaves */
function tree(leaves) {
  /** @type {number[][]} */
  const rows = Array.from({ length: leaves }, () => []);
  for (let first = 0; rows.length < 2 * leaves - 1; first += 2) rows.push([first, first + 1]);
  return graphOf(rows);
}

describe('sites', () => {
  test('list the tasks layer by layer, and in a layer by position', () => {
    for (let seed = 0; seed < 20; seed++) {
      const graph = randomGraph(seeded(seed), 200);
      const { starts, tasks, positions } = sitesOf(graph);
      expect(new Set(tasks).size).toBe(200);
      for (let layer = 0; layer + 1 < starts.length; layer++) {
        for (let i = starts[layer]; i < starts[layer + 1]; i++) {
          expect(graph.layout.x[tasks[i]]).toBe(layer);
          if (i > starts[layer]) expect(positions[i]).toBeGreaterThanOrEqual(positions[i - 1]);
        }
      }
    }
  });
});

describe('an arrangement', () => {
  test('keeps the engine’s coordinates where there is room', () => {
    const graph = tree(8);
    const { roomy, x, y, sideways } = arrange(sitesOf(graph), box);
    expect(roomy).toBe(true);
    const [depth, position] = sideways ? [x, y] : [y, x];
    for (let a = 1; a < graph.tasks; a++) {
      const [dx, dy] = [
        graph.layout.x[a] - graph.layout.x[a - 1],
        graph.layout.y[a] - graph.layout.y[a - 1],
      ];
      expect(Math.sign(depth[a] - depth[a - 1])).toBe(Math.sign(dx));
      if (dx === 0) expect(Math.sign(position[a] - position[a - 1])).toBe(Math.sign(dy));
    }
  });

  test('turns a chain along the longer side of its box', () => {
    const sites = sitesOf(chain(12));
    expect(arrange(sites, box).sideways).toBe(true);
    expect(arrange(sites, { ...box, width: 400, height: 800 }).sideways).toBe(false);
  });

  test.each([
    ['independent', independent(1024)],
    ['many independent', independent(50_000)],
    ['chain', chain(2000)],
    ['long chain', chain(50_000)],
    ['tree', tree(1024)],
    ['large tree', tree(16_384)],
    ['random', randomGraph(seeded(8), 5000)],
  ])('keeps every task in its box: %s', (_, graph) => {
    const { x, y, bands, bandOf } = arrange(sitesOf(graph), box);
    const { layerOf } = sitesOf(graph);
    for (let task = 0; task < graph.tasks; task++) {
      const { cellWidth, cellHeight } = bands[bandOf[layerOf[task]]];
      const inside =
        x[task] - cellWidth / 2 > box.left - 0.6 &&
        y[task] - cellHeight / 2 > box.top - 0.6 &&
        x[task] + cellWidth / 2 < box.left + box.width + 0.6 &&
        y[task] + cellHeight / 2 < box.top + box.height + 0.6;
      if (!inside) expect.fail(`task ${task} at ${x[task]}, ${y[task]}`);
    }
  });

  test('gives each of many independent tasks a place of its own', () => {
    const graph = independent(1024);
    const { x, y } = arrange(sitesOf(graph), box);
    const places = new Set(Array.from(x, (at, task) => `${at.toFixed(1)} ${y[task].toFixed(1)}`));
    expect(places.size).toBe(1024);
  });

  test('finds the tasks of a region, and not all others', () => {
    for (const graph of [
      tree(4096),
      chain(5000),
      independent(5000),
      randomGraph(seeded(4), 3000),
    ]) {
      const sites = sitesOf(graph);
      const arrangement = arrange(sites, box);
      const { x, y } = arrangement;
      const random = seeded(9);
      for (let n = 0; n < 20; n++) {
        const left = box.left + random() * 700;
        const top = box.top + random() * 350;
        const area = { left, top, right: left + 40, bottom: top + 30 };
        const found = new Set();
        forEachRange(sites, arrangement, area, (from, to) => {
          for (let i = from; i < to; i++) found.add(sites.tasks[i]);
        });
        for (let task = 0; task < graph.tasks; task++) {
          const inside =
            x[task] >= area.left &&
            x[task] <= area.right &&
            y[task] >= area.top &&
            y[task] <= area.bottom;
          if (inside && !found.has(task)) expect.fail(`task ${task} not found`);
        }
        expect(found.size).toBeLessThan(graph.tasks);
      }
    }
  });
});

describe('the layer of tasks', () => {
  /** @param {import('../../../src/model/graph.js').GraphData} graph */
  const scene = (graph, within = box) => {
    const model = createRunModel(graph, 2);
    const sites = sitesOf(graph);
    const recording = recordingContext(820, 440);
    const layer = new TaskLayer(recording.context, model, sites, arrange(sites, within));
    layer.drawAll(identity, viewport, everything, themes.light);
    return { model, layer, ...recording };
  };

  test('draws marks for a small graph and pixels for a large one', () => {
    expect(scene(tree(8)).layer.marks).toBe(true);
    const large = scene(tree(16_384));
    expect(large.layer.marks).toBe(false);
    expect(large.calls.filter(({ name }) => name === 'putImageData')).toHaveLength(1);
    expect(large.calls.length).toBeLessThan(10);
  });

  test('draws again only what has changed', () => {
    const { model, layer, calls } = scene(independent(40));
    calls.length = 0;
    expect(layer.drawChanged()).toEqual([]);
    model.append(0, sliceOf([{ task: 7, action: COMPUTE, stopMs: 1 }]));
    expect(layer.drawChanged()).toHaveLength(1);
    expect(calls.filter(({ name }) => name === 'clearRect')).toHaveLength(1);
    expect(layer.drawChanged()).toEqual([]);
  });

  test('ends with the same pixels as if drawn at once, even when the log was too short', () => {
    const graph = chain(60_000);
    const { model, layer, calls } = scene(graph);
    const image = () =>
      /** @type {ImageData} */ (
        calls.filter(({ name }) => name === 'putImageData').at(-1)?.args[0]
      );
    const trace = randomTrace(graph, 2, seeded(1));
    const before = model.changes.total;
    trace.workers.forEach((slice, worker) => model.append(worker, slice));
    expect(model.changes.total - before).toBeGreaterThan(model.changes.log.length);
    layer.drawChanged();
    const pixels = new Uint32Array(image().data.buffer);
    const colours = statePixels(themes.light);
    expect(pixels.some((pixel) => pixel === colours[READY])).toBe(false);
    expect(pixels.filter((pixel) => pixel === colours[FINISHED]).length).toBeLessThanOrEqual(4);
  });

  test('hides no erred task behind others of its pixel', () => {
    const small = { left: 0, top: 0, width: 100, height: 50 };
    const { model, layer, calls } = scene(independent(20_000), small);
    model.append(0, sliceOf([{ task: 1234, action: COMPUTE_ERRED, stopMs: 1 }]));
    layer.drawChanged();
    const rest = [1233, 1235, 1236].map((task) => ({ task, action: COMPUTE, stopMs: 2 }));
    model.append(0, sliceOf(rest));
    layer.drawChanged();
    const image = calls.filter(({ name }) => name === 'putImageData').at(-1)?.args[0];
    const pixels = new Uint32Array(image.data.buffer);
    expect(pixels.filter((pixel) => pixel === statePixels(themes.light)[ERRED])).toHaveLength(1);
  });
});

describe('edges', () => {
  /** @param {import('../../../src/model/graph.js').GraphData} graph */
  const drawn = (graph) => {
    const sites = sitesOf(graph);
    const { context, calls } = recordingContext();
    const steps = [
      ...drawEdges(context, {
        graph,
        sites,
        arrangement: arrange(sites, box),
        transform: identity,
        area: everything,
        theme: themes.light,
      }),
    ];
    return { edges: calls.filter(({ name }) => name === 'moveTo').length, steps: steps.length };
  };

  test('are each drawn once, a repeated one too', () => {
    expect(drawn(tree(8)).edges).toBe(14);
    expect(drawn(graphOf([[], [0, 0]])).edges).toBe(1);
  });

  test('are drawn in steps, and sampled above a limit', () => {
    const { edges, steps } = drawn(tree(32_768));
    expect(edges).toBeLessThan(9000);
    expect(edges).toBeGreaterThan(2000);
    expect(steps).toBeGreaterThan(50);
  });
});

describe('the graph view', () => {
  test('names the layers that differ', () => {
    const graph = graphOf([[], [], [0, 1], [2], [3]], {
      prefixes: ['inc', 'add', 'double'],
      prefixOf: [0, 0, 1, 2, 2],
    });
    expect(layerNames(graph, sitesOf(graph))).toEqual(['inc', 'add', 'double', '']);
    expect(layerNames(chain(5), sitesOf(chain(5)))).toEqual([]);
  });

  test('knows how long a task took', () => {
    const model = createRunModel(independent(3));
    const events = [
      { task: 2, action: COMPUTE, stopMs: 1 },
      { task: 1, action: COMPUTE, stopMs: 3.5 },
    ];
    model.append(1, sliceOf(events));
    expect(durationOf(model, 1)).toBe(2.5);
    expect(durationOf(model, 0)).toBe(null);
  });

  test('is told in words', () => {
    expect(describeGraph(createRunModel(tree(4)))).toBe(
      'Task graph of 7 tasks and 6 dependencies: 3 waiting, 4 ready.',
    );
  });
});
