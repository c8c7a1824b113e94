import { describe, expect, test } from 'vitest';
import {
  BLOCKED,
  COMPUTE,
  DROP_REQUEST,
  FALSE_ALARM,
  FORCED_SWITCH,
  HOLD,
  LOCK_FREE,
  LOCK_WAIT,
  NATIVE,
  OVERHEAD,
  TRANSFER,
} from '../../../src/model/actions.js';
import { createRunModel } from '../../../src/model/run.js';
import { contrast, pixelOf } from '../../../src/views/colours.js';
import { SectionCounts } from '../../../src/views/thread-counts.js';
import { layoutOf } from '../../../src/views/thread-frame.js';
import { drawNames } from '../../../src/views/thread-labels.js';
import { layoutThreads } from '../../../src/views/thread-layout.js';
import { fillLook, threadLooks, tileOf } from '../../../src/views/thread-patterns.js';
import { hasThreads, sectionsOf } from '../../../src/views/thread-sections.js';
import { AWAY, threadStateOf, threadStates } from '../../../src/views/thread-states.js';
import { describeThreads } from '../../../src/views/thread-words.js';
import { forcedTheme, themes } from '../../../src/views/theme.js';
import { threads } from '../../../src/views/threads.js';
import { timeScale, toPx } from '../../../src/views/time-scale.js';
import { graphOf, seeded, sliceOf } from '../model/graphs.js';
import { frameOf } from './frames.js';
import { recordingContext } from './recording.js';

/** @import { RunModel } from '../../../src/model/run.js' */
/** @import { ThreadHit } from '../../../src/views/thread-frame.js' */

/** Slices of a thread: an action and when it stops. @typedef {[action: number, stopMs: number][]} Slices */

/**
 * A finished run. Each thread has a section and slices.
 *
 * @param {{ section: string, slices: Slices }[]} given
 */
function runOf(given) {
  const graph = graphOf(
    given.map(() => []),
    { prefixes: ['interpreted'] },
  );
  const model = createRunModel(graph);
  const workers = given.map(({ section, slices }, i) => ({
    lane: { id: i, label: `thread ${i}`, node: section, joinedMs: 0, leftMs: null },
    ...sliceOf(slices.map(([action, stopMs]) => ({ task: i, action, stopMs }))),
  }));
  const ending = { outcome: null, bytes: null, scratch: null, dropped: 0 };
  model.load(workers, ending);
  model.seek(Infinity);
  return model;
}

/** Two threads under a lock, one of which is woken in vain; and one without a lock. */
const lockRun = () =>
  runOf([
    {
      section: 'lock',
      slices: [
        [HOLD, 10],
        [FORCED_SWITCH, 11],
        [LOCK_WAIT, 19],
        [FALSE_ALARM, 20],
        [LOCK_WAIT, 30],
        [HOLD, 40],
        [COMPUTE, 40],
      ],
    },
    {
      section: 'lock',
      slices: [
        [LOCK_WAIT, 5],
        [DROP_REQUEST, 5],
        [LOCK_WAIT, 11],
        [HOLD, 29],
        [OVERHEAD, 30],
        [BLOCKED, 40],
      ],
    },
    {
      section: 'no lock',
      slices: [
        [LOCK_FREE, 15],
        [NATIVE, 20],
      ],
    },
  ]);

/** @param {RunModel} model */
function countsAt(model) {
  return sectionsOf(model).map(({ first, end }) => {
    const counts = new SectionCounts(model.workers.slice(first, end));
    counts.advance(model.ending !== null);
    return counts.at(model.nowMs);
  });
}

describe('counts', () => {
  test('are those of the events that are shown, forwards and backwards', () => {
    const model = lockRun();
    const at = (/** @type {number} */ ms) => {
      model.seek(ms);
      const [{ shared: _, ...lock }] = countsAt(model);
      return Object.values(lock);
    };
    // Switches, false alarms, drop requests, forced switches.
    expect(at(Infinity)).toEqual([2, 1, 1, 1]);
    expect(at(20)).toEqual([1, 1, 1, 1]);
    expect(at(10.5)).toEqual([0, 0, 1, 0]);
    expect(at(4)).toEqual([0, 0, 0, 0]);
    expect(at(40)).toEqual([2, 1, 1, 1]);
  });

  test('have what took less time than the clock can tell', () => {
    const model = runOf([
      {
        section: 'lock',
        slices: [
          [HOLD, 10],
          [FORCED_SWITCH, 10],
          [HOLD, 20],
        ],
      },
      {
        section: 'lock',
        slices: [
          [LOCK_WAIT, 10],
          [FALSE_ALARM, 10],
          [FALSE_ALARM, 10],
          [DROP_REQUEST, 10],
          [HOLD, 10],
          [BLOCKED, 20],
        ],
      },
    ]);
    const [counts] = countsAt(model);
    expect(counts).toEqual({
      shared: true,
      switches: 2,
      falseAlarms: 2,
      dropRequests: 1,
      forcedSwitches: 1,
    });
  });

  test('have no switches where threads do not share a lock', () => {
    const model = runOf([
      // A live thread measures how long it takes to get its own lock.
      {
        section: 'per interpreter',
        slices: [
          [LOCK_WAIT, 0.01],
          [HOLD, 10],
        ],
      },
      {
        section: 'per interpreter',
        slices: [
          [OVERHEAD, 2],
          [HOLD, 12],
        ],
      },
    ]);
    expect(countsAt(model)).toMatchObject([{ shared: false, switches: 0 }]);
  });

  test('equal a walk over all holds, however the events come', () => {
    for (let seed = 0; seed < 30; seed++) {
      const random = seeded(seed);
      const count = 2 + Math.floor(random() * 3);
      // The lock goes from thread to thread; the others wait.
      /** @type {Slices[]} */
      const slices = Array.from({ length: count }, () => []);
      let [switches, holder, ms] = [0, -1, 0];
      for (let i = 0; i < 200; i++) {
        const next = Math.floor(random() * count);
        if (holder >= 0 && next !== holder) switches++;
        holder = next;
        if (ms > 0) slices[next].push([LOCK_WAIT, ms]);
        slices[next].push([HOLD, (ms += 0.1 + random())]);
      }
      const whole = slices.map((thread) =>
        sliceOf(thread.map(([action, stopMs]) => ({ task: 0, action, stopMs }))),
      );
      const model = createRunModel(graphOf([[]]), count);
      const counts = new SectionCounts(model.workers);
      const taken = whole.map(() => 0);
      while (taken.some((n, i) => n < whole[i].stopMs.length)) {
        const thread = Math.floor(random() * count);
        const to = Math.min(whole[thread].stopMs.length, taken[thread] + Math.floor(random() * 9));
        model.append(thread, whole[thread], taken[thread], to);
        taken[thread] = to;
        counts.advance(false);
        counts.at(model.nowMs);
      }
      expect(counts.at(model.nowMs).switches).toBe(switches);
      counts.advance(true);
      expect(counts.at(model.nowMs).switches).toBe(switches);
    }
  });

  test('start again when the run does', () => {
    const model = createRunModel(graphOf([[]]), 2);
    const counts = new SectionCounts(model.workers);
    const events = (/** @type {number} */ stopMs) => sliceOf([{ task: 0, action: HOLD, stopMs }]);
    model.append(0, events(1));
    model.append(
      1,
      sliceOf([LOCK_WAIT, HOLD].map((action, i) => ({ task: 0, action, stopMs: 1 + i }))),
    );
    counts.advance(true);
    expect(counts.at(2).switches).toBe(1);
    model.reset();
    counts.advance(false);
    expect(counts.at(2)).toMatchObject({ shared: false, switches: 0 });
  });
});

describe('the looks of states', () => {
  test('the start of a process has one', () => {
    expect(threadStates[threadStateOf(TRANSFER)].name).toBe('transfer');
    expect(threadStateOf(COMPUTE)).toBe(AWAY);
  });

  /** @type {Record<string, string>} */
  const chosen = {
    Canvas: '#000000',
    CanvasText: '#ffff00',
    Highlight: '#1aebff',
    GrayText: '#3ff23f',
  };
  const all = [...Object.values(themes), forcedTheme((name) => chosen[name])];

  test.each(all)('differ in their pattern, colours apart: $name', (theme) => {
    const shapes = threadLooks(theme)
      .slice(0, AWAY)
      .map((look) => {
        const { size, pixels } = tileOf({ ...look, ink: '#000000', ground: '#ffffff' }, 2);
        const { context, calls } = recordingContext();
        fillLook(context, look, { left: 3, top: 5, width: 40, height: 20 });
        return JSON.stringify([size, [...pixels], calls.map(({ name, args }) => [name, args])]);
      });
    // A thread that is blocked and one that runs are both plain: one pale, the other not.
    expect(new Set(shapes).size).toBe(AWAY - 1);
    const [hold, blocked] = ['hold', 'blocked'].map((name) => {
      return threadLooks(theme)[threadStates.findIndex((state) => state.name === name)];
    });
    expect(contrast(hold.ground, blocked.ground)).toBeGreaterThan(2.5);
  });

  test.each(all)('stand out from the background: $name', (theme) => {
    for (const [state, { ink, ground }] of threadLooks(theme).entries()) {
      if (['away', 'blocked'].includes(threadStates[state].name)) continue;
      const most = Math.max(contrast(ink, theme.idle), contrast(ground, theme.idle));
      expect([threadStates[state].name, most > 3]).toEqual([threadStates[state].name, true]);
    }
  });

  test('as shapes stay in their box', () => {
    for (const look of threadLooks(themes.light)) {
      const { context, calls } = recordingContext();
      fillLook(context, look, { left: 10, top: 20, width: 50, height: 13 });
      for (const { name, args } of calls) {
        const [x, y, width = 0, height = 0] = args;
        if (!['moveTo', 'lineTo', 'fillRect'].includes(name)) continue;
        expect(x).toBeGreaterThanOrEqual(10);
        expect(y).toBeGreaterThanOrEqual(20);
        expect(x + width).toBeLessThanOrEqual(60);
        expect(y + height).toBeLessThanOrEqual(33);
      }
    }
  });
});

describe('the layout', () => {
  const states = [0, 1, 2, 3, 4, 5, 6, null];
  const many = (/** @type {number} */ count) =>
    runOf(
      Array.from({ length: count }, (_, i) => ({
        section: `section ${i >> 1}`,
        slices: /** @type {Slices} */ ([[HOLD, 10]]),
      })),
    );

  test.each([1, 8, 40, 200])('has a row for each of %i threads, in its box', (count) => {
    for (const [width, height] of [
      [360, 300],
      [700, 400],
    ]) {
      const viewport = { width, height, ratio: 1, textSize: 15 };
      const { rows, rowHeight, bottom, size, legend } = layoutThreads(
        many(count),
        viewport,
        states,
      );
      expect(rows).toHaveLength(count);
      rows
        .slice(1)
        .forEach((top, i) => expect(top).toBeGreaterThanOrEqual(rows[i] + rowHeight - 1e-9));
      expect(rows[count - 1] + rowHeight).toBeLessThanOrEqual(bottom + 1e-9);
      const below = size * (1.7 + 1.4 * legend.length);
      expect(bottom + below).toBeLessThanOrEqual(height + 1e-9);
    }
  });

  test('leaves out the legend before the headings', () => {
    const viewport = { width: 700, height: 300, ratio: 1, textSize: 15 };
    const layouts = [4, 16, 40].map((count) => layoutThreads(many(count), viewport, states));
    expect(layouts.map(({ legend }) => legend.length > 0)).toEqual([true, false, false]);
    expect(layouts.map(({ sections }) => sections[0].heading > 0)).toEqual([true, true, false]);
  });

  test('names some of the threads if rows are low, away from the headings', () => {
    /** @type {Slices} */
    const slices = [[HOLD, 40]];
    const labels = ['a', 'b', 'c', 'd'];
    const model = runOf(
      labels.flatMap((section) => Array.from({ length: 7 }, () => ({ section, slices }))),
    );
    const viewport = { width: 700, height: 420, ratio: 1, textSize: 15 };
    const layout = layoutThreads(model, viewport, states);
    expect(layout.rowHeight).toBeLessThan(layout.size);
    const { context, calls } = recordingContext(700, 420);
    drawNames(context, layout, model, viewport, themes.light);
    const middles = calls.filter(({ name }) => name === 'fillText').map(({ args }) => args[2]);
    const half = layout.size / 2;
    for (const [i, { top, heading }] of layout.sections.entries()) {
      const bottom = layout.sections[i + 1]?.top ?? layout.bottom;
      const own = middles.filter((middle) => middle > top && middle < bottom);
      expect(own.length).toBeGreaterThan(1);
      for (const middle of own) {
        expect(middle - half).toBeGreaterThanOrEqual(top + heading);
        expect(middle + half).toBeLessThanOrEqual(bottom);
      }
    }
  });
});

/**
 * The pixels of a thread's row, and its calls.
 *
 * @param {RunModel} model
 * @param {object} [more] of the frame
 */
function drawn(model, more = {}) {
  const frame = frameOf(threads, model, {
    viewport: { width: 640, height: 260, ratio: 1, textSize: 14 },
    ...more,
  });
  const { context, calls, texts } = recordingContext(640, 260);
  threads.draw(context, frame);
  const image = /** @type {ImageData} */ (frame.memo.image);
  const pixels = new Uint32Array(image.data.buffer);
  return { frame, calls, texts, image, pixels };
}

describe('the view', () => {
  test('draws sections with their counts, threads and what they do', () => {
    const { texts } = drawn(lockRun());
    expect(texts()).toContain('lock');
    expect(texts()).toContain(
      '40.0 ms · 2 switches · 1 false alarm, 0.5 per switch · 1 drop request',
    );
    expect(texts()).toContain('no lock');
    expect(texts()).toContain('20.0 ms');
    expect(texts()).toContain('thread 2');
    // In the slices, and in the legend.
    expect(texts()).toContain('waits');
    expect(texts()).toContain('runs with the lock');
    expect(texts()).toContain('drop request');
    expect(texts()).not.toContain('waits for a core');
  });

  test('draws a slice in the pattern of its state', () => {
    const { pixels, image, frame } = drawn(lockRun());
    const { rows, rowHeight, top, width } = layoutOf(frame);
    const scale = timeScale(0, 40, width);
    const y = Math.round(rows[1] - top + rowHeight / 2);
    const { tiles } = frame.memo;
    for (const [ms, action] of [
      [20, HOLD],
      [35, BLOCKED],
      [8, LOCK_WAIT],
    ]) {
      const { size, pixels: tile } = tiles[threadStateOf(action)];
      const from = Math.round(toPx(scale, ms));
      for (let x = from; x < from + 12; x++) {
        expect(pixels[y * image.width + x]).toBe(tile[(y % size) * size + (x % size)]);
      }
    }
  });

  test('keeps every false alarm in sight, however short', () => {
    // One microsecond in a second.
    const model = runOf([
      {
        section: 'lock',
        slices: [
          [LOCK_WAIT, 500],
          [FALSE_ALARM, 500.001],
          [LOCK_WAIT, 1000],
        ],
      },
      { section: 'lock', slices: [[HOLD, 1000]] },
    ]);
    const colour = pixelOf(themes.light.thread.falseAlarm);
    const { pixels, image } = drawn(model);
    const columns = new Set(
      [...pixels.keys()].filter((i) => pixels[i] === colour).map((i) => i % image.width),
    );
    expect([...columns]).toEqual([Math.floor(image.width / 2)]);
    // Not when it is looked at as it was before that.
    model.seek(400);
    expect(drawn(model).pixels.includes(colour)).toBe(false);
  });

  test('stacks shares where slices are thinner than a pixel: the same at any offset', () => {
    /** @type {Slices} */
    const slices = [];
    for (let ms = 0; ms < 1000;) {
      slices.push([HOLD, (ms += 0.03)]);
      slices.push([LOCK_WAIT, (ms += 0.01)]);
    }
    const model = runOf([{ section: 'lock', slices }]);
    const shares = [0, 0.37].map((offset) => {
      const window = { startMs: 100 + offset, endMs: 700 + offset };
      const { pixels, image, frame } = drawn(model, { window });
      const hold = pixelOf(frame.memo.looks[0].flat);
      const column = 200;
      let green = 0;
      for (let y = 0; y < image.height; y++) {
        green += Number(pixels[y * image.width + column] === hold);
      }
      return green / image.height;
    });
    expect(shares[0]).toBeGreaterThan(0.5);
    expect(shares[0]).toBeCloseTo(shares[1], 1);
  });

  test('tells what is pointed at: a slice, a mark, or shares where slices are thin', () => {
    const model = lockRun();
    const { frame } = drawn(model);
    const { rows, rowHeight, left, width } = layoutOf(frame);
    const at = (/** @type {number} */ thread, /** @type {number} */ ms, depth = 0.3) => {
      const x = left + toPx(timeScale(0, 40, width), ms);
      const hit = threads.hit?.({ x, y: rows[thread] + depth * rowHeight }, frame) ?? null;
      return hit && threads.words(frame, hit);
    };
    expect(at(0, 25)).toEqual([
      'waits for the lock',
      'thread 0, lock',
      'from 20.0 ms, for 10.0 ms',
    ]);
    expect(at(0, 19.5)?.at(-1)).toBe('another thread was faster');
    expect(at(1, 5, 0.9)).toEqual([
      'drop request: asks for the lock',
      'thread 1, lock',
      'at 5.000 ms',
    ]);
    expect(at(2, 30)).toEqual(['not running', 'thread 2, no lock', 'it has finished']);
    expect(at(2, 41)).toBeNull();
    frame.window = { startMs: 0, endMs: 40_000 };
    const [heading, , ...shares] = threads.words(
      frame,
      threads.hit?.({ x: left + 0.2, y: rows[0] + 3 }, frame) ?? null,
    );
    expect(heading).toBe('thread 0, lock');
    expect(shares).toContain('50 % runs with the lock');
    expect(shares).toContain('1 false alarm');
  });

  test('is reached by the arrow keys, thread by thread and slice by slice', () => {
    const { frame } = drawn(lockRun());
    const step = (/** @type {any} */ to, /** @type {any} */ from) =>
      threads.step?.(to, from, frame, () => {}) ?? null;
    const first = step('first', null);
    expect(threads.words(frame, first)[0]).toBe('runs and holds the lock');
    const next = /** @type {ThreadHit} */ (step('right', first));
    expect(threads.words(frame, next)[0]).toMatch(/^forced switch/);
    expect(threads.words(frame, step('down', next))[1]).toBe('thread 1, lock');
    const { x, y } = threads.place?.(next, frame) ?? { x: 0, y: 0 };
    expect(threads.hit?.({ x, y }, frame)).toMatchObject({ row: 0, event: 1 });
  });

  test('zooms to less than a microsecond, and back', () => {
    const { frame } = drawn(lockRun());
    const show = (/** @type {any} */ window) => void (frame.window = window);
    for (let i = 0; i < 60; i++) threads.zoom?.by(1.5, { x: 300, y: 20 }, frame, show);
    expect(frame.window && frame.window.endMs - frame.window.startMs).toBeLessThan(1e-3);
    expect(() => drawn(frame.models[0], { window: frame.window })).not.toThrow();
    expect(threads.zoom?.reset(frame, show)).toBe(true);
    expect(frame.window).toBeNull();
  });

  test('is told in words', () => {
    const model = lockRun();
    expect(describeThreads(model, countsAt(model))).toBe(
      'Threads over 40.0 ms. lock: 40.0 ms · 2 switches · 1 false alarm, 0.5 per switch · 1 drop request · ' +
        '1 forced switch: thread 0 held the lock 50 %, waited for the lock 45 %; ' +
        'thread 1 held the lock 45 %, waited for the lock 28 %, was blocked 25 %. ' +
        'no lock: 20.0 ms: thread 2 ran without a lock 75 %, ran native code 25 %.',
    );
  });

  test('is drawn as shapes for a file', () => {
    const model = lockRun();
    const frame = frameOf(threads, model, { vector: true });
    const { context, calls } = recordingContext();
    threads.draw(context, frame);
    const fills = new Set(calls.filter(({ name }) => name === 'fillRect').map(({ fill }) => fill));
    expect(fills).toContain(themes.light.thread.hold);
    expect(calls.some(({ name }) => name === 'putImageData')).toBe(false);
  });
});

describe('a run', () => {
  test('is one of threads if its events or its pieces say so', () => {
    expect(hasThreads(lockRun())).toBe(true);
    const pieces = { prefixes: ['interpreted', 'blocking'], prefixOf: [0, 1] };
    expect(hasThreads(createRunModel(graphOf([[], []], pieces)))).toBe(true);
    const model = createRunModel(graphOf([[]]), 1);
    model.append(0, sliceOf([{ task: 0, action: COMPUTE, stopMs: 1 }]));
    expect(hasThreads(model)).toBe(false);
  });

  test('has sections in the order of its lanes', () => {
    expect(sectionsOf(lockRun())).toEqual([
      { label: 'lock', first: 0, end: 2 },
      { label: 'no lock', first: 2, end: 3 },
    ]);
  });
});
