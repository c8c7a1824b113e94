/*
 * What processes cost in the browser, on the built site: noted, not judged. A task that does nothing, a large
 * block in each direction, and the start of a process.
 */
import { expect, test } from '../test/e2e/site.js';
import { median, write } from './figures.js';

/** @import { Trace } from '../src/engine/protocol.js' */

test.describe.configure({ mode: 'serial', timeout: 600_000 });

const ROUNDS = 9;
const UNCOUNTED = 3;
const WORKERS = 2;
const TASKS = 10_000;
/** The block has 8 MB. */
const SIDE = 1000;

/** @type {Record<string, any>} */
const figures = { workers: WORKERS, rounds: ROUNDS, no_op: [], start: [], block: {} };

test.beforeEach(async ({ page }) => {
  await page.goto('lab.html');
});

// Only a run of all that succeeded leaves its figures.
test.afterAll(({ browser }, info) => {
  figures.versions = { Chromium: browser.version() };
  if (info.status === info.expectedStatus) write('processes', figures);
});

for (const start of ['spawn', 'fork']) {
  test(`a task that does nothing, and the start by ${start}`, async ({ page }) => {
    for (const shape of ['independent', 'tree', 'chain']) {
      /** @type {{ all: number, joined: number, startMs: number }[]} */
      const rounds = [];
      for (let round = 0; round < UNCOUNTED + ROUNDS; round++) {
        const figure = await page.evaluate(async ([tasks, workers, method, of]) => {
          const run = await window.dagdeck.run(
            'no-op',
            { shape: of, tasks },
            { scheduler: 'processes', workers, schedulerOptions: { start: method } },
          );
          const lanes = /** @type {Trace} */ (run.trace).workers.map(({ lane }) => lane);
          const first = Math.min(...lanes.map((lane) => lane?.joinedMs ?? Infinity));
          const us = 1000 / run.tasks;
          return {
            all: run.makespanMs * us,
            joined: (run.makespanMs - first) * us,
            startMs: first,
          };
        }, /** @type {const} */ ([TASKS, WORKERS, start, shape]));
        if (round >= UNCOUNTED) rounds.push(figure);
      }
      expect(rounds).toHaveLength(ROUNDS);
      const [all, joined] = [rounds.map((one) => one.all), rounds.map((one) => one.joined)];
      figures.no_op.push({ shape, start, us: median(all), us_after_start: median(joined) });
      if (shape === 'tree') {
        figures.start.push({ start, ms: median(rounds.map(({ startMs }) => startMs)) });
      }
    }
  });
}

test('a block of 8 MB each way', async ({ page }) => {
  /** @type {Record<string, number[]>} */
  const rates = { serialize: [], up: [], down: [], deserialize: [] };
  for (let round = 0; round < UNCOUNTED + ROUNDS; round++) {
    const moves = await page.evaluate(async ([side, workers]) => {
      // Each block of x is made by one task and read by others.
      const { trace } = await window.dagdeck.run(
        'array-mean',
        { n: 3 * side, chunk: side },
        { scheduler: 'processes', workers },
      );
      return /** @type {Trace} */ (trace).workers.flatMap(({ action, task, bytes, stopMs }) =>
        [...action].map((code, i) => ({
          code,
          isTask: task[i] !== 0xffffffff,
          bytes: bytes?.[i] ?? 0,
          ms: stopMs[i] - (stopMs[i - 1] ?? 0),
        })),
      );
    }, /** @type {const} */ ([SIDE, WORKERS]));
    if (round < UNCOUNTED) continue;
    for (const { code, isTask, bytes, ms } of moves) {
      const kind = code === 5 ? 'serialize' : code === 6 ? 'deserialize' : isTask ? 'down' : 'up';
      // A megabyte per millisecond is a gigabyte per second.
      if (code >= 4 && code <= 6 && bytes > 7e6) rates[kind].push(bytes / 1e6 / ms);
    }
  }
  for (const [kind, found] of Object.entries(rates)) {
    expect(found.length, kind).toBeGreaterThan(ROUNDS);
    figures.block[kind] = median(found);
  }
});
