/*
 * How fast a cluster of thousands of nodes is simulated, on the built site: noted, not judged. A run of `cluster-simulate`
 * has a row for each size up to the number of nodes. So the time of one size is that of a run up to it, less that of a
 * run up to the size before.
 */
import { expect, test } from '../test/e2e/site.js';
import { write } from './figures.js';

/** @import { PlainTable } from '../src/engine/plain.js' */

test.describe.configure({ mode: 'serial', timeout: 900_000 });

const TASKS = 1_000_000;

/** The numbers of nodes that count, and the size before each in its series. */
const SIZES = [
  [1000, 256],
  [10_000, 4096],
];

/** @type {Record<string, any>} */
const figures = { tasks: TASKS, seconds: [] };

// Only a run of all that succeeded leaves its figures.
test.afterAll((_, info) => {
  if (info.status === info.expectedStatus) write('cluster', figures);
});

for (const shape of ['independent', 'map-reduce', 'random-layered']) {
  test(`simulations of ${shape}`, async ({ page }) => {
    await page.goto('lab.html');
    const secondsUpTo = (/** @type {number} */ nodes) =>
      page.evaluate(async ([tasks, most, of]) => {
        const start = performance.now();
        const { value } = await window.dagdeck.run('cluster-simulate', {
          shape: of,
          tasks,
          nodes: most,
        });
        const sizes = /** @type {PlainTable} */ (value).map((row) => row.nodes);
        return { sizes, seconds: (performance.now() - start) / 1000 };
      }, /** @type {const} */ ([TASKS, nodes, shape]));
    for (const [nodes, before] of SIZES) {
      const [one, less] = [await secondsUpTo(nodes), await secondsUpTo(before)];
      expect(one.sizes.slice(-2)).toEqual([before, nodes]);
      expect(less.sizes.at(-1)).toBe(before);
      figures.seconds.push({ shape, nodes, seconds: one.seconds - less.seconds });
    }
  });
}
