/*
 * What the scheduler costs in the browser, on the built site: printed, not judged. Each figure is
 * the best of three runs.
 */
import { expect, test } from '../test/e2e/site.js';

test.setTimeout(180_000);

test('the price of a task that does nothing', async ({ page }) => {
  await page.goto('lab.html');
  const prices = await page.evaluate(async () => {
    /** @type {string[]} */
    const lines = [];
    for (const shape of ['tree', 'chain', 'independent']) {
      for (const trace of [true, false]) {
        const best = [];
        for (let i = 0; i < 3; i++) {
          const params = { shape, tasks: shape === 'chain' ? 1 << 17 : 1 << 20 };
          best.push((await window.dagdeck.run('no-op', params, { workers: 2, trace })).value);
        }
        const ns = Math.min(...best.map(Number)).toFixed(1);
        lines.push(`no-op ${shape}, ${trace ? 'with' : 'without'} trace: ${ns} ns per task`);
      }
    }
    return lines;
  });
  for (const line of prices) console.log(line);
  expect(prices).toHaveLength(6);
});

test('array-mean by chunk size and workers', async ({ page }) => {
  await page.goto('lab.html');
  const lines = await page.evaluate(async () => {
    /** @type {string[]} */
    const rows = [];
    for (const chunk of [250, 500, 1000, 2000]) {
      for (const workers of [1, 2, 4]) {
        let best = Infinity;
        let tasks = 0;
        for (let i = 0; i < 3; i++) {
          const outcome = await window.dagdeck.run('array-mean', { n: 4000, chunk }, { workers });
          best = Math.min(best, outcome.makespanMs);
          tasks = outcome.tasks;
        }
        rows.push(
          `array-mean 4000 in ${chunk}s, ${tasks} tasks, ${workers} workers: ${best.toFixed(0)} ms`,
        );
      }
    }
    return rows;
  });
  for (const line of lines) console.log(line);
  expect(lines).toHaveLength(12);
});
