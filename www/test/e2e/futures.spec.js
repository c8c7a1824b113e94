/*
 * Programs that use concurrent.futures: through the page's script, and their view in the lab.
 */
import { keepProcesses } from './keep-processes.js';
import { expect, test } from './site.js';

/** @import { Page } from '@playwright/test' */
/** @import { PlainTable } from '../../src/engine/plain.js' */
/** @import { Params } from '../../src/engine/protocol.js' */

test('futures-primes: every executor counts the same', async ({ page }) => {
  await page.goto('lab.html');
  const { outcome, marks } = await page.evaluate(async () => {
    const params = { calls: 5, size: 2000, max_workers: 2 };
    const { trace, ...rest } = await window.dagdeck.run('futures-primes', params);
    const codes = (trace?.workers ?? []).flatMap(({ action }) => Array.from(action));
    const count = (/** @type {number} */ code) => codes.filter((other) => other === code).length;
    return { outcome: rest, marks: { ended: count(0), submitted: count(21) } };
  });
  // One worker, and three executors of two, each with a main thread.
  expect(outcome).toMatchObject({ mode: 'live', tasks: 20, workers: 11 });
  expect(marks).toEqual({ ended: 20, submitted: 20 });
  const rows = /** @type {PlainTable} */ (outcome.value);
  expect(rows.map(({ primes }) => primes)).toEqual([1229, 1229, 1229, 1229]);
});

test.describe('processes', () => {
  /**
   * Runs a program, and ends the first process that it starts if that is asked for. Returns the number of processes that
   * were started, what they were sent at their start, and the error.
   *
   * @param {Page} page
   * @param {string} program
   * @param {Params} params
   * @param {'kill' | 'cancel' | null} [then]
   */
  async function runOnProcesses(page, program, params, then = null) {
    return page.evaluate(async ([name, given, does]) => {
      const { processes: started } = /** @type {any} */ (window);
      const before = started.length;
      const aborter = new AbortController();
      const running = window.dagdeck.run(name, given, { signal: aborter.signal });
      const ended = running.then(
        ({ value, trace }) => {
          const moved = (trace?.workers ?? []).map(({ lane, action, bytes }) => [
            lane?.label,
            bytes?.[action.indexOf(4)] ?? 0,
          ]);
          return { value, moved, error: null };
        },
        ({ name: error, message }) => ({ value: null, moved: [], error: `${error}: ${message}` }),
      );
      if (does) {
        while (!started[before]?.isUp) await new Promise((go) => setTimeout(go, 5));
        if (does === 'kill') started[before].terminate();
        else aborter.abort();
      }
      return { ...(await ended), started: started.length - before };
    }, /** @type {const} */ ([program, params, then]));
  }

  test.beforeEach(async ({ page }) => {
    await keepProcesses(page);
    await page.goto('lab.html');
    // The engine and its pool are there from the first run on.
    await page.evaluate(() => window.dagdeck.run('no-op', { tasks: 16 }));
  });

  for (const start_method of ['spawn', 'fork']) {
    test(`${start_method}: they give the same, and none is left`, async ({ page }) => {
      const idle = page.workers().length;
      for (let time = 0; time < 3; time++) {
        const params = { calls: 6, size: 2000, max_workers: 2, start_method };
        const { value, moved, started, error } = await runOnProcesses(
          page,
          'futures-primes',
          params,
        );
        expect(error).toBeNull();
        expect(/** @type {PlainTable} */ (value).map(({ primes }) => primes)).toEqual(
          Array.from({ length: 4 }, () => 1438),
        );
        expect(started).toBeGreaterThan(0);
        const copied = moved.filter(([label]) => label === 'process 0').map(([, bytes]) => bytes);
        if (start_method === 'fork') expect(copied[0]).toBeGreaterThan(1e6);
        else expect(copied).toEqual([0]);
        await expect.poll(() => page.workers().length).toBe(idle);
      }
    });
  }

  test('one that is killed breaks the pool, in the words of CPython', async ({ page }) => {
    const idle = page.workers().length;
    const params = { calls: 8, size: 200_000, max_workers: 2 };
    const { error } = await runOnProcesses(page, 'futures-primes', params, 'kill');
    expect(error).toContain(
      'processes: BrokenProcessPool: A process in the process pool was terminated abruptly while the future was ' +
        'running or pending.',
    );
    await expect.poll(() => page.workers().length).toBe(idle);
    // The engine goes on.
    const again = await runOnProcesses(page, 'futures-primes', { calls: 2, size: 1000 });
    expect(again.error).toBeNull();
  });

  test('a cancel ends them, whatever they do', async ({ page }) => {
    const idle = page.workers().length;
    const params = { calls: 64, size: 60_000, max_workers: 2 };
    for (let time = 0; time < 3; time++) {
      const { error } = await runOnProcesses(page, 'futures-primes', params, 'cancel');
      expect(error).toContain('AbortError');
      await expect.poll(() => page.workers().length).toBe(idle);
    }
  });

  test('which-one measures every kind of work on threads and on processes', async ({ page }) => {
    const params = { calls: 3, size: 2000, wait: 5, elements: 20_000 };
    const { value, started, error } = await runOnProcesses(page, 'which-one', params);
    expect(error).toBeNull();
    const rows = /** @type {PlainTable} */ (value);
    expect(rows.map(({ work }) => work)).toEqual(['CPU-bound', 'IO-bound', 'scientific']);
    for (const row of rows) {
      expect(row.threads).toBeGreaterThan(0);
      expect(row.processes).toBeGreaterThan(0);
      expect(row.faster).toMatch(/^(threads|processes|either)$/);
    }
    expect(started).toBe(2);
  });
});

test('futures-downloads: the view shows one failure and one cancel', async ({ page }) => {
  await page.goto('lab.html?program=futures-downloads&downloads=8&wait=2&max_workers=2');
  const demo = page.locator('dag-demo');
  await demo.getByRole('button', { name: 'Run', exact: true }).click();
  const view = demo.locator('figure.futures');
  await expect(view).toBeVisible();
  const words = /6 finished, 1 erred, 1 cancelled/;
  await expect(view.locator('canvas')).toHaveAttribute('aria-label', words);
  await expect(demo.locator('figure.threads')).toBeVisible();
  await expect(demo.locator('figure.graph')).toBeHidden();
  await expect(demo).toContainText('HTTP Error 404: Not Found');
});

test('futures-tree: the sum is right with and without priorities', async ({ page }) => {
  await page.goto('lab.html');
  const sums = await page.evaluate(async () => {
    const run = (/** @type {string} */ priorities) =>
      window.dagdeck.run('futures-tree', { groups: 3, loads: 4, priorities });
    return [await run('on'), await run('off')].map(({ value }) => value);
  });
  for (const value of sums) {
    expect(/** @type {PlainTable} */ (value).map(({ sum }) => sum)).toEqual([66]);
  }
});

test('fork-copy: a forked child has the parent’s memory, a spawned one does not', async ({
  page,
}) => {
  await page.goto('lab.html');
  const { value } = await page.evaluate(() => window.dagdeck.run('fork-copy', { value: 42 }));
  const rows = /** @type {PlainTable} */ (value);
  const seen = Object.fromEntries(rows.map(({ step, fork, spawn }) => [step, [fork, spawn]]));
  expect(seen).toMatchObject({
    'parent writes': [42, 42],
    'child reads': [42, 0],
    'child adds 1': [43, 1],
    // Neither side sees what the other writes.
    'parent reads': [42, 42],
    'parent writes 7': [7, 7],
    'child reads again': [43, 1],
  });
  const [forked, spawned] = seen['child starts: MiB copied'];
  expect(forked).toBeGreaterThan(1);
  expect(spawned).toBeLessThan(Number(forked));
});

test('processes-cost: a figure for each cell, and the view draws them', async ({ page }) => {
  await page.goto('lab.html?program=processes-cost&calls=2&max_workers=2');
  const demo = page.locator('dag-demo');
  await demo.getByRole('button', { name: 'Run', exact: true }).click();
  const view = demo.locator('figure.sweep');
  await expect(view).toBeVisible();
  const words = /^Processes are [\d.]+ to [\d.]+ times as fast as one thread: with 1 KiB per call/;
  await expect(view.locator('canvas')).toHaveAttribute('aria-label', words, { timeout: 30_000 });
  await expect(demo.locator('figure.threads')).toBeVisible();
  await expect(demo.locator('figure.futures')).toBeHidden();
  await expect(demo.locator('.result tbody tr')).toHaveCount(5);
  await expect(demo.locator('.result tbody td')).toHaveCount(25);
});

test('processes-cost: a cancel ends the run, and the next one works', async ({ page }) => {
  await page.goto('lab.html');
  const ends = await page.evaluate(async () => {
    const aborter = new AbortController();
    const given = { calls: 64 };
    const run = window.dagdeck.run('processes-cost', given, { signal: aborter.signal });
    setTimeout(() => aborter.abort(), 300);
    const end = await run.then(
      () => 'it ended',
      (/** @type {Error} */ error) => error.name,
    );
    const { value } = await window.dagdeck.run('fork-copy', { method: 'spawn' });
    return { end, rows: /** @type {PlainTable} */ (value).length };
  });
  expect(ends).toEqual({ end: 'AbortError', rows: 8 });
});
