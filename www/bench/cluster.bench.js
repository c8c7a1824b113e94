/*
 * How fast a cluster of thousands of nodes is simulated, on the built site: noted, not judged. A run of `cluster-simulate`
 * has a row for each size up to the number of nodes; a note says how long the last row took.
 */
import { test } from '../test/e2e/site.js';
import { write } from './figures.js';

test.describe.configure({ mode: 'serial', timeout: 900_000 });

const TASKS = 1_000_000;

/** The shapes, and the numbers of nodes. */
const RUNS = /** @type {const} */ ([
  ['map-reduce', 1000],
  ['random-layered', 1000],
  ['random-layered', 10_000],
]);

/** @type {Record<string, any>} */
const figures = { tasks: TASKS, seconds: [] };

// Only a run of all that succeeded leaves its figures.
test.afterAll(({ browser }, info) => {
  figures.versions = { Chromium: browser.version() };
  if (info.status === info.expectedStatus) write('cluster', figures);
});

for (const [shape, nodes] of RUNS) {
  test(`a simulation of ${shape} on ${nodes} nodes`, async ({ page }) => {
    await page.goto('lab.html');
    const given = { shape, nodes, tasks: TASKS };
    const seconds = await page.evaluate(async (params) => {
      const start = performance.now();
      await window.dagdeck.run('cluster-simulate', params);
      return (performance.now() - start) / 1e3;
    }, given);
    figures.seconds.push({ shape, nodes, seconds });
  });
}
