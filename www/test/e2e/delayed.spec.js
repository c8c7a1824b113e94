/* Delayed calls from the console. */
import { expect, test } from './site.js';

for (const scheduler of ['sync', 'threads']) {
  test(`a tree of calls, with failures that are retried: ${scheduler}`, async ({ page }) => {
    await page.goto('lab.html');
    const seen = await page.evaluate(async (chosen) => {
      const { compute, delayed } = window.dagdeck;
      const { inc, add, sum, double, sleep, flaky, identity } = delayed;
      const leaves = Array.from({ length: 8 }, (_, i) => inc(i, { priority: i }));
      const pairs = [0, 2, 4, 6].map((i) => add(leaves[i], leaves[i + 1]));
      const unreliable = pairs.map((pair, seed) =>
        flaky(pair, { probability: 0.5, seed, retries: 20 }),
      );
      const total = sum(unreliable);
      const graph = await total.graph();
      const options = /** @type {const} */ ({ scheduler: chosen, workers: 2 });
      const values = await compute(
        ...[total, double(0.25), identity(true), sleep(0.01), sleep(0.01, total)],
        options,
      );
      const failed = await flaky(1, { probability: 1 })
        .compute(options)
        .catch((error) => error.message);
      return { tasks: graph.tasks, prefixes: graph.prefixes.toSorted(), values, failed };
    }, scheduler);
    expect(seen.tasks).toBe(8 + 4 + 4 + 1);
    expect(seen.prefixes).toEqual(['add', 'flaky', 'inc', 'sum']);
    expect(seen.values).toEqual([36, 0.5, true, null, 36]);
    expect(seen.failed).toMatch(/^flaky-[0-9a-f]+ erred: attempt 1 failed on purpose/);
  });
}
