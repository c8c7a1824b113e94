/*
 * A page that watches a large graph of another client to its end. WATCH_TASKS=100000 is the size that is measured:
 *
 *     cd www && WATCH_TASKS=100000 PYTHON=$(../scripts/python) npm run dask watch.spec
 */
import { expect, test } from '../e2e/site.js';
import { runPython, startCluster } from './cluster.js';

/** The tasks of the graph, without the sums. */
const TASKS = Number(process.env.WATCH_TASKS ?? 10_000);

/** The tasks that each sum takes the values of. */
const EACH = 100;

/** How long it may take: Dask needs about 1 ms for each task, and more on a busy machine. */
const LIMIT_MS = 120_000 + TASKS * 10;

test.describe.configure({ timeout: 2 * LIMIT_MS });

/** @type {Awaited<ReturnType<typeof startCluster>>} */
let cluster;

test.beforeAll(async () => {
  cluster = await startCluster(['--workers', '2']);
});

test.afterAll(async () => cluster?.end());

test(`all of ${TASKS} tasks are drawn, and all end`, async ({ page }) => {
  const [url, token] = cluster.url.split('#');
  await page.goto(`lab.html?watch=${url}#${token}`);
  const watch = page.locator('dag-watch');
  await expect(watch.locator('output')).toContainText('2 workers with 2 threads');
  const client = `
import sys, time
from distributed import Client, wait
from operator import add
start = time.perf_counter()
with Client(sys.argv[1], set_as_default=False) as client:
    tasks, each = int(sys.argv[2]), int(sys.argv[3])
    graph = {("leaf", i): (add, i, 1) for i in range(tasks)}
    sums = [("total", i) for i in range(tasks // each)]
    graph |= {key: (sum, [("leaf", i * each + j) for j in range(each)]) for i, key in enumerate(sums)}
    graph[("all", 0)] = (sum, sums)
    print(client.get(graph, ("all", 0)), time.perf_counter() - start)
`;
  const sums = TASKS / EACH;
  const all = TASKS + sums + 1;
  const startedMs = Date.now();
  const said = await runPython(['-c', client, cluster.address, `${TASKS}`, `${EACH}`], LIMIT_MS);
  const [value, seconds] = said.split(' ').map(Number);
  expect(value).toBe((TASKS * (TASKS + 1)) / 2);
  const seenOf = () =>
    watch.evaluate((element) => {
      const { model } = /** @type {import('../../src/demo/dag-watch.js').DagWatch} */ (element);
      if (!model) return null;
      const { graph, workers, done } = model;
      const lanes = new Set(workers.map(({ lane }) => lane?.node)).size;
      const edges = graph.dependencies.tasks.length;
      return { tasks: graph.tasks, edges, prefixes: graph.prefixes.toSorted(), done, lanes };
    });
  await expect
    .poll(async () => (await seenOf())?.done, { timeout: LIMIT_MS, intervals: [1000] })
    .toBe(all);
  const lastMs = Date.now() - startedMs;
  console.log(
    `${all} tasks: ${seconds.toFixed(1)} s in Dask, ${(lastMs / 1000).toFixed(1)} s here`,
  );
  expect(await seenOf()).toEqual({
    tasks: all,
    edges: TASKS + sums,
    prefixes: ['all', 'leaf', 'total'],
    done: all,
    lanes: 2,
  });
  await expect(watch.locator('output')).not.toContainText('not shown');
  await expect(watch.locator('output')).not.toContainText('dropped');
  await expect(watch.locator('output')).not.toHaveClass(/error/);
});
