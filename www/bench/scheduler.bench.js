/*
 * What runs cost in the browser, on the built site: noted, not judged. Figures are medians of five
 * rounds, after five that are not counted: the browser optimises the module while it runs. What is
 * compared takes turns within a round, so that a busy moment of the machine hits all of it.
 *
 * `make bench` runs this beside its peers and makes a table of it all, benches/RESULTS.md.
 */
import { expect, test } from '../test/e2e/site.js';
import { exportedGraphs, median, shapes, sizes, write } from './figures.js';
import { runOnPool, startPool, version } from './worker-pool.js';

/** @import { Page } from '@playwright/test' */
/** @import { ApiRunOptions } from '../src/page/api.js' */
/** @import { PlainOutcome as Outcome } from '../src/engine/plain.js' */
/** @import { Params } from '../src/engine/protocol.js' */

test.describe.configure({ mode: 'serial', timeout: 600_000 });

const ROUNDS = 5;
const WORKERS = 2;

/**
 * What a pool in JavaScript may take for a graph: a larger one than the smallest runs once, and not
 * at all if it is going to take longer. (A million tasks take minutes.)
 */
const MOST_ON_POOL_MS = 60_000;

/** Ways to run a no-op graph. @type {Record<string, ApiRunOptions>} */
const WAYS = {
  threads: { scheduler: 'threads', workers: WORKERS, trace: false },
  'threads, traced': { scheduler: 'threads', workers: WORKERS, trace: true },
  sync: { scheduler: 'sync', workers: 1, trace: false },
};

/** @type {Record<string, any>} */
const figures = { workers: WORKERS, rounds: ROUNDS, no_op: [], busy_us: [], pool: [] };

test.beforeEach(async ({ page }) => {
  await page.goto('lab.html');
});

// Only a run of all that succeeded leaves its figures.
test.afterAll(({ browser }, info) => {
  figures.versions = { Chromium: browser.version(), workerpool: version };
  if (info.status === info.expectedStatus) write('browser', figures);
});

/**
 * Runs a program in a few ways, each once a round, and gives what came of the rounds that count.
 *
 * @param {Page} page
 * @param {string} program
 * @param {Params} params
 * @param {ApiRunOptions[]} ways
 * @param {number} uncounted
 */
async function inTurns(page, program, params, ways, uncounted = ROUNDS) {
  /** @type {Outcome[][]} */
  const outcomes = ways.map(() => []);
  for (let round = 0; round < uncounted + ROUNDS; round++) {
    for (const [i, options] of ways.entries()) {
      const outcome = await page.evaluate(
        async (asked) => {
          const { trace: _, ...rest } = await window.dagdeck.run(
            asked.program,
            asked.params,
            asked.options,
          );
          return rest;
        },
        { program, params, options },
      );
      expect(outcome.makespanMs).toBeGreaterThan(0);
      if (round >= uncounted) outcomes[i].push(outcome);
    }
  }
  return outcomes;
}

/**
 * The median makespan, in nanoseconds per task.
 *
 * @param {Outcome[]} outcomes
 */
const perTaskNs = (outcomes) =>
  median(outcomes.map((outcome) => (outcome.makespanMs * 1e6) / outcome.tasks));

const makespanMs = (/** @type {Outcome[]} */ outcomes) =>
  median(outcomes.map((outcome) => outcome.makespanMs));

for (const size of sizes) {
  test(`the price of a task that does nothing, of ${size}`, async ({ page }) => {
    for (const shape of shapes) {
      const params = { shape, tasks: size };
      const outcomes = await inTurns(page, 'no-op', params, Object.values(WAYS));
      for (const [i, way] of Object.keys(WAYS).entries()) {
        figures.no_op.push({ shape, size, way, ns: perTaskNs(outcomes[i]) });
      }
    }
  });
}

test('the price of a task of a microsecond', async ({ page }) => {
  const most = 1 << 16;
  for (const size of new Set([sizes[0], Math.min(sizes[sizes.length - 1], most)])) {
    const params = { shape: 'independent', tasks: size, work: 1, retries: 0 };
    const ways = [WAYS.threads, WAYS['threads, traced']];
    const [untraced, traced] = await inTurns(page, 'busy', params, ways);
    const workerNs = (/** @type {Outcome[]} */ outcomes) => perTaskNs(outcomes) * WORKERS;
    figures.busy_us.push({ size, untraced_ns: workerNs(untraced), traced_ns: workerNs(traced) });
  }
});

test('one worker and two', async ({ page }) => {
  const params = { shape: 'independent', tasks: Math.min(1024, sizes[0]), work: 1000, retries: 0 };
  const ways = [1, WORKERS].map((workers) => ({ ...WAYS['threads, traced'], workers }));
  const outcomes = await inTurns(page, 'busy', params, ways, 1);
  figures.workers_compared = {
    ...params,
    runs: outcomes.map((of, i) => ({
      workers: ways[i].workers,
      makespan_ms: makespanMs(of),
      work_ms: median(of.map((outcome) => outcome.workMs ?? NaN)),
    })),
  };
});

test('a pool of workers in JavaScript', async ({ page }) => {
  await startPool(page, WORKERS);
  /** Of the smallest graphs. @type {Record<string, number>} */
  const knownNs = {};
  for (const { shape, tasks: size, dependencies } of exportedGraphs()) {
    if ((knownNs[shape] ?? 0) * dependencies.length > MOST_ON_POOL_MS * 1e6) continue;
    const [uncounted, counted] = size === sizes[0] ? [1, 3] : [0, 1];
    const times = [];
    for (let i = 0; i < uncounted + counted; i++) {
      times.push(await page.evaluate(runOnPool, dependencies));
    }
    const ns = (median(times.slice(uncounted)) * 1e6) / dependencies.length;
    knownNs[shape] ??= ns;
    figures.pool.push({ shape, size, ns, runs: counted });
  }
});
