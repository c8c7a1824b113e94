import { describe, expect, test } from 'vitest';
import {
  COMPUTE,
  COMPUTE_ERRED,
  IDLE,
  RETRY,
  STEAL,
  TRANSFER,
} from '../../../src/model/actions.js';
import { createRunModel } from '../../../src/model/run.js';
import { prefixColourIndex } from '../../../src/views/colours.js';
import {
  LANE_ERRED,
  LANE_IDLE,
  LANE_RETRY,
  LANE_TRANSFER,
  LANES,
  StreamDigest,
} from '../../../src/views/stream-digest.js';
import { drawTimeAxis, layoutStream } from '../../../src/views/stream-labels.js';
import { cutRow } from '../../../src/views/row-spans.js';
import { drawStreamMarks } from '../../../src/views/stream-marks.js';
import { laneColours, pixelReceiver } from '../../../src/views/stream-rows.js';
import { describeTaskStream, whatHappened } from '../../../src/views/stream-words.js';
import { themes } from '../../../src/views/theme.js';
import { timeScale } from '../../../src/views/time-scale.js';
import { markAt } from '../../../src/views/timeline-marks.js';
import { graphOf, randomGraph, randomTrace, seeded, sliceOf } from '../model/graphs.js';
import { recordingContext } from './recording.js';

const NO_TASK = 0xffffffff;
const incLane = prefixColourIndex('inc');

/**
 * A model of one worker with the given events, all of prefix `inc`.
 *
 * @param {{ task: number, action: number, stopMs: number }[]} events
 */
function runOf(events) {
  const tasks = Math.max(1, ...events.map(({ task }) => (task === NO_TASK ? 0 : task + 1)));
  const graph = graphOf(
    Array.from({ length: tasks + 1 }, () => []),
    { prefixes: ['inc'] },
  );
  const model = createRunModel(graph, 1);
  model.append(0, sliceOf(events));
  const digest = new StreamDigest(model.workers[0], graph);
  digest.advance();
  return { model, timeline: model.workers[0], digest };
}

/**
 * @param {ReturnType<typeof runOf>} run
 * @param {import('../../../src/views/time-scale.js').TimeScale} scale
 * @param {number} nowMs
 */
function cut({ timeline, digest }, scale, nowMs) {
  /** @type {{ from: number, to: number, event?: number, lane?: number, times?: number[] }[]} */
  const spans = [];
  cutRow(timeline, digest, scale, nowMs, {
    solid: (from, to, event, lane) => spans.push({ from, to, event, lane }),
    mixed: (column, times) => spans.push({ from: column, to: column + 1, times: [...times] }),
  });
  return spans;
}

describe('a row of the task stream', () => {
  test('has one span per event where events are wide', () => {
    const run = runOf([
      { task: 0, action: COMPUTE, stopMs: 10 },
      { task: NO_TASK, action: IDLE, stopMs: 15 },
      { task: 1, action: COMPUTE_ERRED, stopMs: 40 },
      { task: NO_TASK, action: TRANSFER, stopMs: 50 },
    ]);
    expect(cut(run, timeScale(0, 50, 500), 50)).toEqual([
      { from: 0, to: 100, event: 0, lane: incLane },
      { from: 100, to: 150, event: 1, lane: LANE_IDLE },
      { from: 150, to: 400, event: 2, lane: LANE_ERRED },
      { from: 400, to: 500, event: 3, lane: LANE_TRANSFER },
    ]);
  });

  test('draws what runs now up to now, and no further', () => {
    const run = runOf([{ task: 0, action: COMPUTE, stopMs: 10 }]);
    run.model.setRunning(0, 1);
    const spans = cut(run, timeScale(0, 100, 100), 40);
    expect(spans).toEqual([
      { from: 0, to: 10, event: 0, lane: incLane },
      { from: 10, to: 40, event: 1, lane: incLane },
    ]);
    run.model.setRunning(0, -1);
    expect(cut(run, timeScale(0, 100, 100), 40)[1].lane).toBe(LANE_IDLE);
  });

  test('shares a column among the events in it by their time', () => {
    const run = runOf([
      { task: 0, action: COMPUTE, stopMs: 0.3 },
      { task: NO_TASK, action: IDLE, stopMs: 0.5 },
      { task: 1, action: COMPUTE, stopMs: 1 },
    ]);
    const [{ times }] = cut(run, timeScale(0, 10, 10), 1);
    expect(times?.[incLane]).toBeCloseTo(0.8);
    expect(times?.[LANE_IDLE]).toBeCloseTo(0.2);
  });

  test('covers every column once, with the right times, at any zoom', () => {
    for (let seed = 0; seed < 40; seed++) {
      const random = seeded(seed);
      const graph = randomGraph(random, 300);
      const trace = randomTrace(graph, 1, random);
      const model = createRunModel(graph, 1);
      model.append(0, trace.workers[0]);
      const digest = new StreamDigest(model.workers[0], graph);
      digest.advance();
      const startMs = random() * trace.makespanMs * 0.5;
      const endMs = startMs + (0.05 + random() * 0.45) * trace.makespanMs;
      const scale = timeScale(startMs, endMs, 20 + Math.floor(random() * 300));
      const spans = cut({ model, timeline: model.workers[0], digest }, scale, trace.makespanMs);
      let column = 0;
      for (const { from, to, times } of spans) {
        expect(from).toBe(column);
        column = to;
        if (!times) continue;
        const sum = times.reduce((a, b) => a + b);
        expect(sum).toBeCloseTo((endMs - startMs) / scale.widthPx, 6);
        expect(Math.min(...times)).toBeGreaterThan(-1e-9);
      }
      expect(column).toBe(scale.widthPx);
    }
  });
});

describe('the digest', () => {
  test('equals a walk over all events, however they were taken in', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = seeded(seed);
      const graph = randomGraph(random, 500);
      const [slice] = randomTrace(graph, 1, random).workers;
      const model = createRunModel(graph, 1);
      const digest = new StreamDigest(model.workers[0], graph);
      for (let from = 0; from < slice.stopMs.length;) {
        const to = Math.min(slice.stopMs.length, from + 1 + Math.floor(random() * 150));
        model.append(0, slice, from, to);
        digest.advance();
        from = to;
      }
      const out = new Float64Array(LANES);
      for (let n = 0; n < 50; n++) {
        const timeMs = random() * model.workers[0].endMs;
        const naive = new Float64Array(LANES);
        for (let i = 0; i < slice.stopMs.length; i++) {
          const start = i === 0 ? 0 : slice.stopMs[i - 1];
          naive[digest.kindOf(i)] += Math.max(0, Math.min(timeMs, slice.stopMs[i]) - start);
        }
        digest.timesBefore(timeMs, out);
        out.forEach((ms, lane) => expect(ms).toBeCloseTo(naive[lane], 7));
      }
    }
  });

  test('starts again when its timeline does', () => {
    const { model, timeline, digest } = runOf([{ task: 0, action: COMPUTE, stopMs: 10 }]);
    model.reset();
    digest.advance();
    model.append(0, sliceOf([{ task: NO_TASK, action: IDLE, stopMs: 4 }]));
    digest.advance();
    const out = new Float64Array(LANES);
    digest.timesBefore(4, out);
    expect(timeline.length).toBe(1);
    expect(out[incLane]).toBe(0);
    expect(out[LANE_IDLE]).toBe(4);
  });
});

describe('pixels', () => {
  const colours = laneColours(themes.light);

  test('of a mixed column are stacked from the bottom, each colour by its share', () => {
    const pixels = new Uint32Array(10);
    const times = new Float64Array(LANES);
    times[incLane] = 0.6;
    times[LANE_IDLE] = 0.4;
    pixelReceiver(pixels, 1, 0, 10, colours, 1).mixed(0, times);
    const inc = colours.pixels[incLane];
    expect([...pixels].map((pixel) => pixel === inc)).toEqual([
      ...new Array(4).fill(false),
      ...new Array(6).fill(true),
    ]);
  });

  test('of a wide task leave a gap before the next', () => {
    const pixels = new Uint32Array(20);
    pixelReceiver(pixels, 20, 0, 1, colours, 1).solid(0, 20, 0, incLane);
    expect(pixels[18]).toBe(colours.pixels[incLane]);
    expect(pixels[19]).toBe(colours.gap);
  });

  test('of an erred task are black, outlined where the page is dark', () => {
    const dark = laneColours(themes.dark);
    const pixels = new Uint32Array(20 * 8);
    pixelReceiver(pixels, 20, 0, 8, dark, 1).solid(0, 20, 0, LANE_ERRED);
    expect(pixels[0]).toBe(0xffffffff);
    expect(pixels[4 * 20 + 8]).toBe(0xff000000);
  });
});

describe('what is not a plain slice', () => {
  /** A steal, a retry, the task at last, and one that erred unrun. */
  const eventful = () =>
    runOf([
      { task: NO_TASK, action: IDLE, stopMs: 10 },
      { task: 0, action: STEAL, stopMs: 10 },
      { task: 0, action: RETRY, stopMs: 30 },
      { task: 0, action: COMPUTE_ERRED, stopMs: 50 },
      { task: 1, action: COMPUTE_ERRED, stopMs: 50 },
    ]);

  test('a retry has a lane of its own, and marks take no column', () => {
    expect(cut(eventful(), timeScale(0, 50, 50), 50)).toEqual([
      { from: 0, to: 10, event: 0, lane: LANE_IDLE },
      { from: 10, to: 30, event: 2, lane: LANE_RETRY },
      { from: 30, to: 50, event: 3, lane: LANE_ERRED },
    ]);
  });

  test('a retry is striped: told from a task without its colour', () => {
    const colours = laneColours(themes.light);
    const pixels = new Uint32Array(60 * 4);
    pixelReceiver(pixels, 60, 0, 4, colours, 1).solid(0, 60, 0, LANE_RETRY);
    const own = pixels.filter((pixel) => pixel === colours.pixels[LANE_RETRY]).length;
    const gap = pixels.filter((pixel) => pixel === colours.gap).length;
    expect(own + gap).toBe(240);
    expect(Math.min(own, gap)).toBeGreaterThan(80);
  });

  test('steals are notches at the upper edge, unrun tasks marks at the lower', () => {
    const { timeline } = eventful();
    const { context, calls } = recordingContext();
    const row = { left: 5, top: 20, height: 40 };
    drawStreamMarks(context, timeline, timeScale(0, 50, 500), row, themes.light);
    const [notch] = calls.filter(({ name }) => name === 'moveTo');
    expect(notch.args[1]).toBe(20);
    const [disc] = calls.filter(({ name }) => name === 'arc');
    expect(disc.args[0]).toBe(505);
    expect(disc.args[1]).toBeGreaterThan(50);
  });

  test('of marks that lie on each other one is drawn', () => {
    const steals = Array.from({ length: 5000 }, (_, i) => ({
      task: 0,
      action: STEAL,
      stopMs: i / 100,
    }));
    const { context, calls } = recordingContext();
    const row = { left: 0, top: 0, height: 40 };
    drawStreamMarks(context, runOf(steals).timeline, timeScale(0, 50, 500), row, themes.light);
    const drawn = calls.filter(({ name }) => name === 'moveTo').length;
    expect(drawn).toBeGreaterThan(50);
    expect(drawn).toBeLessThan(80);
  });

  test('the nearest mark is found, and none that is far', () => {
    const { timeline } = eventful();
    const scale = timeScale(0, 50, 500);
    expect(markAt(timeline, timeline.steals, scale, 103)).toBe(1);
    expect(markAt(timeline, timeline.steals, scale, 120)).toBe(-1);
    expect(markAt(timeline, timeline.unrun, scale, 498)).toBe(4);
  });

  test('is told in words', () => {
    const { model } = eventful();
    const at = { worker: 0, task: 0, startMs: 10, stopMs: 10 };
    expect(whatHappened(model, { ...at, event: 1, action: 'steal' })).toEqual([
      'stolen at 10.0 ms',
      'by worker 0, 1 steal in total',
    ]);
    expect(whatHappened(model, { ...at, event: 2, action: 'retry', stopMs: 30 })).toEqual([
      'started at 10.0 ms, lasted 20.0 ms',
      'worker 0, erred and was retried, stolen (1 steal in total)',
    ]);
    expect(whatHappened(model, { ...at, event: 1, action: 'overhead', stopMs: 12 })).toEqual([
      '2.00 ms of overhead before this task, from 10.0 ms',
      'worker 0: scheduling, not work',
    ]);
    expect(whatHappened(model, { ...at, task: 1, event: 4, action: 'erred' })[0]).toBe(
      'erred at 10.0 ms without running: a task it depends on erred',
    );
    expect(describeTaskStream(model)).toContain('1 steal.');
  });

  test('says how much was sent, and who made it', () => {
    const model = createRunModel(graphOf([[], []], { prefixes: ['inc'] }), 2);
    model.append(0, {
      task: Uint32Array.of(0, 1, NO_TASK),
      action: Uint8Array.of(TRANSFER, COMPUTE, TRANSFER),
      stopMs: Float64Array.of(10, 20, 30),
      bytes: Float64Array.of(2 ** 21, 0, 2 ** 10),
      peer: Uint16Array.of(1, 0xffff, 0xffff),
    });
    const at = { worker: 0, task: 0, startMs: 0, stopMs: 10 };
    expect(whatHappened(model, { ...at, event: 0, action: 'transfer' })).toEqual([
      'started at 0 ms, lasted 10.0 ms',
      'worker 0, transfer',
      '2.00 MiB, the largest part made by worker 1',
    ]);
    expect(whatHappened(model, { ...at, event: 1, action: 'compute' })).toHaveLength(2);
    expect(whatHappened(model, { ...at, event: 2, action: 'transfer' })[2]).toBe('1.00 KiB');
  });
});

describe('the task stream', () => {
  test('has room for its rows, whatever their number', () => {
    for (const workers of [1, 4, 64, 1000]) {
      const layout = layoutStream(workers, { width: 600, height: 240, ratio: 1, textSize: 14 });
      expect(layout.rowHeight * workers).toBeCloseTo(layout.height);
      expect(layout.top + layout.height).toBeLessThan(240 - layout.size);
    }
  });

  test('writes its unit once, and no tick over it', () => {
    const viewport = { width: 600, height: 240, ratio: 2, textSize: 14 };
    const layout = layoutStream(4, viewport);
    const { context, texts } = recordingContext();
    drawTimeAxis(context, layout, timeScale(0, 50, layout.width), viewport, themes.light);
    expect(texts().filter((text) => text === 'ms')).toHaveLength(1);
    expect(texts()).toContain('0');
    expect(texts()).not.toContain('50');
  });

  test('is told in words', () => {
    const { model } = runOf([
      { task: 0, action: COMPUTE, stopMs: 30 },
      { task: NO_TASK, action: IDLE, stopMs: 40 },
    ]);
    expect(describeTaskStream(model)).toBe(
      'Task stream over 40.0 ms: worker 0 busy 75 % of the time.',
    );
  });

  test('calls workers what their lanes are called, and says when they joined and left', () => {
    const { model } = runOf([{ task: 0, action: COMPUTE, stopMs: 40 }]);
    const lane = { id: 3, label: 'alice-0', node: 'alice', joinedMs: 0.1, leftMs: 39.9 };
    model.setLanes([{ lane }]);
    expect(describeTaskStream(model)).toContain(': alice-0 busy 100 % of the time.');
    model.setLanes([{ lane: { ...lane, joinedMs: 8, leftMs: 30 } }]);
    expect(describeTaskStream(model)).toContain(
      'alice-0 busy 100 % of the time (joined at 8.00 ms, left at 30.0 ms).',
    );
    const at = { worker: 0, task: 0, event: 0, action: 'compute', startMs: 0, stopMs: 40 };
    expect(whatHappened(model, at)[1]).toBe('alice-0');
  });
});
