/*
 * The page with a real Dask cluster: the scheduler `dask`. `make test-dask` runs it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, expectState, partsOf, test } from '../e2e/site.js';
import { runPython, startCluster } from './cluster.js';

/** @type {Awaited<ReturnType<typeof startCluster>>} */
let cluster;

// Each run on the cluster has costs of its own, and there are many.
test.describe.configure({ timeout: 180_000 });

test.beforeAll(async () => {
  cluster = await startCluster(['--workers', '2', '--threads', '2']);
});

test.afterAll(async () => cluster?.end());

test('every program of tasks has the same result as in the page', async ({ page }) => {
  await page.goto('lab.html');
  const results = await page.evaluate(async (url) => {
    const { dagdeck } = window;
    dagdeck.useCluster(url);
    /** @type {Record<string, number>} */
    const small = { n: 600, chunk: 200, tasks: 40, columns: 5, steps: 3, sleep: 1 };
    const found = [];
    for (const { name, parameters, runs } of await dagdeck.programs()) {
      if (runs !== 'graph') continue;
      const params = Object.fromEntries(
        parameters.flatMap(({ name: of }) => (of in small ? [[of, small[of]]] : [])),
      );
      const here = await dagdeck.run(name, params, { scheduler: 'sync', seed: 7 });
      const there = await dagdeck.run(name, params, { scheduler: 'dask', seed: 7 });
      const computes = there.trace?.workers.flatMap(({ action }) =>
        [...action].filter((code) => code === 0),
      );
      const numbers = (/** @type {any} */ value) => [...(value?.data ?? [value])].map(Number);
      const [ours, theirs] = [numbers(here.value), numbers(there.value)];
      found.push({
        name,
        tasks: here.tasks,
        computes: computes?.length,
        notes: there.notes ?? [],
        measured: ['busy', 'no-op'].includes(name),
        lengths: [ours.length, theirs.length],
        farthest: ours.reduce(
          (most, x, i) => Math.max(most, Math.abs(x - theirs[i]) / (1 + Math.abs(x))),
          0,
        ),
      });
    }
    return found;
  }, cluster.url);
  expect(results.length).toBeGreaterThan(9);
  for (const { name, tasks, computes, notes, measured, lengths, farthest } of results) {
    expect(notes, name).toEqual([]);
    expect(computes, name).toBe(tasks);
    if (measured) continue;
    expect(lengths[0], name).toBe(lengths[1]);
    expect(farthest, name).toBeLessThan(1e-9);
  }
});

test('arrays and delayed calls are computed on the cluster', async ({ page }) => {
  await page.goto('lab.html');
  const values = await page.evaluate(async (url) => {
    const { dagdeck } = window;
    dagdeck.useCluster(url);
    await dagdeck.ready();
    const { array: da, delayed } = dagdeck;
    const x = da.arange(100, { chunks: 30 });
    const sum = await x.add(x).sum().compute({ scheduler: 'dask' });
    const { inc, add, flaky } = delayed;
    const one = inc(0);
    const two = add(one, flaky(one, { probability: 0.5, retries: 20 }));
    return [sum, await two.compute({ scheduler: 'dask' })];
  }, cluster.url);
  expect(values).toEqual([9900, 2]);
});

test('errors are the task’s, and a run is cancelled', async ({ page }) => {
  await page.goto('lab.html');
  const messages = await page.evaluate(async (url) => {
    const { dagdeck } = window;
    dagdeck.useCluster(url);
    const said = (/** @type {Promise<unknown>} */ run) =>
      run.then(
        () => 'it finished',
        (error) => `${error.name}: ${error.message}`,
      );
    const panic = { dagdeck: 1, tasks: { 'a-0': { op: { panic: 'boom' } } }, targets: ['a-0'] };
    const naps = Array.from({ length: 200 }, (_, i) => [
      `nap-${i}`,
      { op: { call: { function: 'sleep', args: [0.2] } } },
    ]);
    const nap = {
      dagdeck: 1,
      tasks: Object.fromEntries(naps),
      targets: naps.map(([key]) => String(key)),
    };
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    return [
      await said(dagdeck.run(panic, {}, { scheduler: 'dask' })),
      await said(dagdeck.run(nap, {}, { scheduler: 'dask', signal: controller.signal })),
    ];
  }, cluster.url);
  expect(messages[0]).toBe('Error: a-0: boom');
  expect(messages[1]).toMatch(/^AbortError/);
});

test('a demo runs on the cluster, and draws its workers', async ({ page }) => {
  const [url, token] = cluster.url.split('#');
  await page.goto(
    `lab.html?program=array-mean&n=1000&chunk=250&scheduler=dask&cluster=${url}#${token}`,
  );
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  expect(page.url()).not.toContain(token);
  const { run, result, summary } = partsOf(demo);
  await expect(demo.locator('#control-cluster')).toHaveValue(cluster.url);
  await run.click();
  await expectState(demo, /finished/);
  await expect(result).toContainText('mean');
  await expect(summary).not.toContainText('one worker');
  const recording = await demo.evaluate((element) => {
    const { recording: kept } = /** @type {import('../../src/demo/dag-demo.js').DagDemo} */ (
      element
    );
    return { text: JSON.stringify(kept), lanes: kept?.trace.workers.map(({ lane }) => lane?.node) };
  });
  expect(new Set(recording.lanes)).toEqual(new Set(['0', '1']));
  expect(recording.text).not.toContain(token);
});

test('without a cluster, a demo says why and runs in the page', async ({ page }) => {
  await page.goto('lab.html?program=array-mean&n=1000&chunk=250&scheduler=dask');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  const { run, result } = partsOf(demo);
  await expect(demo.locator('[data-name="cluster"]')).toContainText('No cluster is set.');
  await run.click();
  await expectState(demo, /finished/);
  await expect(result).toContainText('No cluster is set.');
  await expect(result).toContainText('Ran in the page instead.');
});

test('a wrong token is told, and the run takes place in the page', async ({ page }) => {
  await page.goto('lab.html');
  const { notes, value } = await page.evaluate(async (url) => {
    window.dagdeck.useCluster(`${url}x`);
    return window.dagdeck.run('chunks', { n: 100, chunk: 50 }, { scheduler: 'dask' });
  }, cluster.url);
  expect(notes?.[0]).toContain('refused this page: wrong token');
  expect(value).toBeGreaterThan(0);
});

test('the lab watches what other clients run', async ({ page }) => {
  const [url, token] = cluster.url.split('#');
  await page.goto(`lab.html?watch=${url}#${token}`);
  const watch = page.locator('dag-watch');
  await expect(watch.locator('output')).toContainText('2 workers with 4 threads');
  expect(page.url()).not.toContain(token);
  const client = `
import sys
from distributed import Client, wait
with Client(sys.argv[1]) as client:
    futures = client.map(abs, range(3000), key=[f"square-{i}" for i in range(3000)])
    total = client.submit(sum, futures, key="total-0")
    assert total.result() == sum(range(3000))
`;
  await runPython(['-c', client, cluster.address]);
  await expect(watch.locator('output')).toContainText(/3.001 tasks, 3.001 done/);
  const seen = await watch.evaluate((element) => {
    const { model } = /** @type {import('../../src/demo/dag-watch.js').DagWatch} */ (element);
    return {
      prefixes: model?.graph.prefixes.toSorted(),
      edges: model?.graph.dependencies.tasks.length,
      nodes: new Set(model?.workers.map(({ lane }) => lane?.node)).size,
    };
  });
  expect(seen).toEqual({ prefixes: ['square', 'total'], edges: 3000, nodes: 2 });
  await watch.getByRole('button', { name: 'Stop' }).click();
  await expect(watch.getByRole('button', { name: 'Watch' })).toBeVisible();
});

test('only the latest of two starts is watched, and none after the element is gone', async ({
  page,
}) => {
  await page.goto('lab.html?watch');
  await expect(page.locator('dag-watch').getByRole('button', { name: 'Watch' })).toBeVisible();
  const { said, active } = await page.evaluate(async (url) => {
    /** @type {string[]} */
    const types = [];
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (data) {
      types.push(JSON.parse(String(data)).type);
      send.call(this, data);
    };
    window.dagdeck.useCluster(url);
    const watch = /** @type {import('../../src/demo/dag-watch.js').DagWatch} */ (
      document.querySelector('dag-watch')
    );
    await Promise.all([watch.start(), watch.start()]);
    const afterTwo = watch.active;
    const late = watch.start();
    watch.remove();
    await late;
    return { said: types, active: [afterTwo, watch.active] };
  }, cluster.url);
  expect(active).toEqual([true, false]);
  const count = (/** @type {string} */ type) => said.filter((one) => one === type).length;
  expect([count('watch'), count('cancel')]).toEqual([3, 3]);
});

test('a cluster that cannot be watched is named with the reason', async ({ page }) => {
  await page.goto('lab.html?watch');
  const watch = page.locator('dag-watch');
  await watch.getByRole('button', { name: 'Watch' }).click();
  await expect(watch.locator('output')).toContainText('No cluster is set.');
});

test('every graph is exported as a Python file that runs under plain Dask', async ({ page }) => {
  await page.goto('lab.html');
  const files = await page.evaluate(async () => {
    const { dagdeck } = window;
    /** @type {Record<string, number>} */
    const small = { n: 60, chunk: 20, tasks: 40, columns: 5, steps: 2, sleep: 1 };
    const found = [];
    for (const { name, parameters, runs } of await dagdeck.programs()) {
      if (runs !== 'graph') continue;
      const params = Object.fromEntries(
        parameters.flatMap(({ name: of }) => (of in small ? [[of, small[of]]] : [])),
      );
      const { value } = await dagdeck.run(name, params, { scheduler: 'sync', seed: 3 });
      const { data } = /** @type {any} */ (value ?? {});
      const numbers = [...(data ?? [value])].map(Number);
      const text = await dagdeck.python(name, params, { seed: 3 });
      const isMeasured = ['busy', 'no-op'].includes(name);
      found.push({ name, text, sum: isMeasured ? null : numbers.reduce((x, y) => x + y, 0) });
    }
    const graph = {
      dagdeck: 1,
      tasks: {
        'flaky-0': { op: { call: { function: 'flaky', args: [20, 0.5, 7] } }, retries: 20 },
        "('inc-0', 1)": { op: { call: { function: 'inc', args: [null] } }, args: ['flaky-0'] },
        // No Python literal, so the key stays a string.
        "('inc-0', 02)": {
          op: { call: { function: 'inc', args: [null] } },
          args: ["('inc-0', 1)"],
        },
      },
      targets: ["('inc-0', 02)"],
    };
    found.push({ name: 'delayed', text: await dagdeck.python(graph), sum: 22 });
    return found;
  });
  const folder = await mkdtemp(path.join(tmpdir(), 'dagdeck-'));
  try {
    const names = [];
    for (const { name, text } of files) {
      await writeFile(path.join(folder, `${name}.py`), text);
      names.push(name);
    }
    const sums = `
import json, runpy, sys
import dask.threaded, numpy
assert not any("dagdeck" in name for name in sys.modules)
for name in sys.argv[2:]:
    made = runpy.run_path(f"{sys.argv[1]}/{name}.py")
    values = dask.threaded.get(made["graph"], made["targets"])
    print(json.dumps(None if values[0] is None else float(sum(numpy.sum(value, dtype="float64") for value in values))))
`;
    const found = (await runPython(['-c', sums, folder, ...names])).trim().split('\n');
    for (const [i, { name, sum }] of files.entries()) {
      const value = JSON.parse(found[i]);
      if (sum === null) expect(value, name).toBeNull();
      else expect(Math.abs(value - sum), name).toBeLessThan(1e-9 * (1 + Math.abs(sum)));
    }
    // As a reader would run it: on this machine, and on a cluster.
    const file = path.join(folder, 'delayed.py');
    expect(await runPython([file])).toContain('22');
    expect(await runPython([file, cluster.address])).toContain('22');
  } finally {
    await rm(folder, { recursive: true });
  }
});
