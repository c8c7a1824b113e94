/*
 * Runs that finish, fail and are cancelled leave nothing behind: neither the module's memory nor the
 * page's heap grows with their number. The figures are printed.
 */
import { expect, test } from './site.js';

/** @import { CDPSession, Page } from '@playwright/test' */

test.setTimeout(240_000);

const WARM_UP = 200;
const RUNS = 1000;

/** A reader of a heap may keep this much more after a thousand runs; a leak of one graph each is far more. */
const SLACK_BYTES = 2 * 2 ** 20;

/**
 * The memory of a module never shrinks, and its maximum depends on which runs overlap: of 11,000 runs, the first 4,000
 * added 0.6 MB, and the others nothing. A leak of one trace segment a run would be 64 MB.
 */
const SLACK_MODULE_BYTES = 2 ** 20;

/** @param {Page} page @param {number} count */
function runMany(page, count) {
  return page.evaluate(async (runs) => {
    const { run } = window.dagdeck;
    const ends = { finished: 0, failed: 0, cancelled: 0 };
    for (let i = 0; i < runs; i++) {
      const scheduler = i % 2 ? 'sync' : 'threads';
      const workers = scheduler === 'sync' ? 1 : 2;
      const options = /** @type {const} */ ({ scheduler, workers, seed: i % 3 });
      const aborter = new AbortController();
      const kind = i % 5;
      const running =
        kind < 2
          ? run('no-op', { tasks: 500 }, options)
          : kind === 2
            ? run('busy', { tasks: 50, work: 1, failing: 100, retries: 1 }, options)
            : kind === 3
              ? run('busy', { tasks: 2000, work: 500 }, { ...options, signal: aborter.signal })
              : run('array-mean', { n: 60, chunk: 20 }, options);
      // Some are cancelled before they have started, some while they run.
      if (kind === 3) setTimeout(() => aborter.abort(), i % 4);
      await running.then(
        () => ends.finished++,
        (error) => (error.name === 'AbortError' ? ends.cancelled++ : ends.failed++),
      );
    }
    return ends;
  }, count);
}

/** @param {Page} page @param {CDPSession} session */
async function held(page, session) {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const wasm = await page.evaluate(
    () => /** @type {any} */ (window).engineMemory.buffer.byteLength,
  );
  return { heap: usedSize, wasm };
}

test('a thousand runs leave nothing behind', async ({ page }) => {
  await page.addInitScript(() => {
    const Plain = Worker;
    window.Worker = class extends Plain {
      /** @param {string | URL} url @param {WorkerOptions} [options] */
      constructor(url, options) {
        super(url, options);
        this.addEventListener('message', ({ data }) => {
          if (data.type === 'ready') Object.assign(window, { engineMemory: data.memory });
        });
      }
    };
  });
  await page.goto('lab.html?program=no-op&tasks=16');
  const session = await page.context().newCDPSession(page);
  await runMany(page, WARM_UP);
  const before = await held(page, session);
  const started = Date.now();
  const ends = await runMany(page, RUNS);
  const after = await held(page, session);
  const kB = (/** @type {number} */ bytes) => `${Math.round(bytes / 1000)} kB`;
  console.log(
    `${RUNS} runs (${JSON.stringify(ends)}) in ${Math.round((Date.now() - started) / 1000)} s: ` +
      `module ${kB(before.wasm)} -> ${kB(after.wasm)}, heap ${kB(before.heap)} -> ${kB(after.heap)}`,
  );
  expect(ends.finished).toBe(RUNS * 0.6);
  expect(ends.failed).toBe(RUNS * 0.2);
  expect(ends.cancelled).toBe(RUNS * 0.2);
  expect(after.wasm - before.wasm).toBeLessThan(SLACK_MODULE_BYTES);
  expect(after.heap - before.heap).toBeLessThan(SLACK_BYTES);
});
