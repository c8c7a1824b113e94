/*
 * What runs cost in the browser, on the built site: printed, not judged. Each figure is the median
 * of five runs, after five that are not counted: the browser optimises the module while it runs.
 * benches/array_mean.py measures Dask's on the same machine.
 */
import { expect, test } from '../test/e2e/site.js';

/** @import { Page } from '@playwright/test' */

test.setTimeout(180_000);

const RUNS = 5;

/**
 * The median makespan of a program, in milliseconds.
 *
 * @param {Page} page
 * @param {string} program
 * @param {Record<string, string | number>} params
 * @param {boolean} trace
 */
async function medianMs(page, program, params, trace) {
  const makespans = [];
  for (let i = 0; i < 2 * RUNS; i++) {
    makespans.push(
      await page.evaluate(
        async (asked) => {
          const options = { workers: 2, trace: asked.trace };
          return (await window.dagdeck.run(asked.program, asked.params, options)).makespanMs;
        },
        { program, params, trace },
      ),
    );
  }
  const counted = makespans.slice(RUNS).sort((a, b) => a - b);
  return counted[RUNS >> 1];
}

test('the price of a task that does nothing', async ({ page }) => {
  await page.goto('lab.html');
  const tasks = 1 << 20;
  for (const shape of ['tree', 'chain', 'independent']) {
    for (const trace of [false, true]) {
      const ms = await medianMs(page, 'no-op', { shape, tasks }, trace);
      expect(ms).toBeGreaterThan(0);
      const ns = ((ms * 1e6) / tasks).toFixed(0);
      console.log(`no-op ${shape}, ${trace ? 'with' : 'without'} trace: ${ns} ns per task`);
    }
  }
});

test('the mean of x + x.T', async ({ page }) => {
  await page.goto('lab.html');
  const ms = await medianMs(page, 'array-mean', { n: 4000, chunk: 500 }, true);
  expect(ms).toBeGreaterThan(0);
  console.log(`array-mean, n = 4000, chunk = 500: ${ms.toFixed(0)} ms`);
});
