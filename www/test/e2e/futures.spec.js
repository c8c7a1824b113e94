/*
 * Programs that use concurrent.futures: through the page's script, and their view in the lab.
 */
import { expect, test } from './site.js';

/** @import { PlainTable } from '../../src/engine/plain.js' */

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
