/*
 * Checks the claims of the slide on chunks, with one run each: small chunks cost overhead, one large chunk costs memory
 * and leaves workers idle.
 */
import { expect, test } from './site.js';

test.beforeEach(async ({ page }) => {
  await page.goto('lab.html');
});

/**
 * @param {import('@playwright/test').Page} page
 * @param {number} chunk
 */
const chunks = (page, chunk) =>
  page.evaluate(async (size) => {
    const options = /** @type {const} */ ({ scheduler: 'threads', workers: 2 });
    const { trace, ...outcome } = await window.dagdeck.run(
      'chunks',
      { n: 2000, chunk: size },
      options,
    );
    return { ...outcome, scratch: trace?.scratch && Math.max(...trace.scratch) };
  }, chunk);

test('one large chunk shows in the peak memory, and leaves a worker idle', async ({ page }) => {
  const { peakBytes, scratch, busyMs } = await chunks(page, 2000);
  expect(scratch).toBeGreaterThanOrEqual(2000 * 2000 * 8);
  expect(peakBytes).toBeGreaterThanOrEqual(2000 * 2000 * 8);
  expect(busyMs?.filter((ms) => ms === 0)).toHaveLength(1);
});

test('small chunks have overhead, which is no part of the work', async ({ page }) => {
  const { tasks, overheadMs, workMs, makespanMs, workers } = await chunks(page, 10);
  expect(tasks).toBeGreaterThan(40_000);
  expect(overheadMs).toBeGreaterThan(0);
  expect((overheadMs ?? 0) + (workMs ?? 0)).toBeLessThanOrEqual(makespanMs * workers * (1 + 1e-9));
});

test('a run fits into a memory limit of its own peak', async ({ page }) => {
  const again = await page.evaluate(async () => {
    const params = { n: 400, chunk: 100 };
    const { peakBytes } = await window.dagdeck.run('array-mean', params, { scheduler: 'sync' });
    const limited = { scheduler: /** @type {const} */ ('sync'), memoryLimit: peakBytes };
    return {
      peakBytes,
      again: (await window.dagdeck.run('array-mean', params, limited)).peakBytes,
    };
  });
  expect(again.again).toBe(again.peakBytes);
});

test('a summary has a figure for the overhead, apart from work', async ({ page }) => {
  await page.goto('lab.html?program=no-op&tasks=4096&shape=tree');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const figure = page.locator('[data-figure="overhead"] dd');
  await expect(figure).toHaveText(/^[\d.]+ .?s, \d+ %$/);
});
