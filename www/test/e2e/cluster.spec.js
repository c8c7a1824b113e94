/*
 * The simulation of a cluster: through the page's script and on a demo.
 */
import { expect, expectState, partsOf, test } from './site.js';

/** @import { PlainTable } from '../../src/engine/plain.js' */

test('cluster-simulate has a row for each size, and the trace of one', async ({ page }) => {
  await page.goto('lab.html');
  const { value, mode, notes, lanes, computed, makespanMs } = await page.evaluate(async () => {
    const given = { tasks: 1000, nodes: 100, shape: 'independent', work: 100_000, spread: 0 };
    const { trace, ...rest } = await window.dagdeck.run('cluster-simulate', given);
    const workers = trace?.workers ?? [];
    const events = workers.flatMap(({ action }) => [...action]);
    return {
      ...rest,
      lanes: workers.map(({ lane }) => lane?.node),
      computed: events.filter((code) => code === 0).length,
    };
  });
  const rows = /** @type {PlainTable} */ (value);
  expect(mode).toBe('model');
  expect(rows.map(({ nodes }) => nodes)).toEqual([1, 2, 4, 8, 16, 32, 64, 100]);
  expect(rows.map(({ bound }) => bound)).toEqual(Array(8).fill('work'));
  expect(Number(rows[6]['speed-up'])).toBeGreaterThan(50);
  expect(lanes).toEqual(Array.from({ length: 64 }, (_, node) => `node ${node}`));
  expect([computed, makespanMs]).toEqual([1000, rows[6].makespan]);
  expect(notes?.[0]).toContain('This is a simulation');
});

test('a demo of cluster-simulate says that it is a model', async ({ page }) => {
  await page.goto('lab.html?program=cluster-simulate&tasks=200&nodes=8');
  const demo = page.locator('dag-demo');
  const { run } = partsOf(demo);
  await expectState(demo, /ready/);
  await expect(demo.locator('[data-name="scheduler"]')).toHaveCount(0);
  await run.click();
  await expectState(demo, /finished/);
  await expect(demo.getByRole('rowheader')).toHaveText(['1', '2', '4', '8']);
  await expect(demo).toContainText('This is a simulation');
  await expect(demo.locator('.crowd')).toHaveText('model: simulated, seed 0');
});

test('a simulation that takes long is cancelled in the middle', async ({ page }) => {
  await page.goto('lab.html?program=cluster-simulate&tasks=1048576&nodes=10000');
  const demo = page.locator('dag-demo');
  const { run } = partsOf(demo);
  await expectState(demo, /ready/);
  await run.click();
  await expect(run).toHaveText('Cancel');
  await run.click();
  await expectState(demo, /cancelled/);
});

test('the views of a cluster say what its nodes held, sent and suffered', async ({ page }) => {
  const settings = 'shape=shuffle&tasks=256&nodes=8&failures=600';
  await page.goto(`lab.html?program=cluster-simulate&${settings}`);
  const demo = page.locator('dag-demo');
  const { run } = partsOf(demo);
  await expectState(demo, /ready/);
  const log = demo.locator('.log');
  await expect(demo.getByRole('radiogroup', { name: 'View of the cluster' })).toBeHidden();
  await run.click();
  await expectState(demo, /finished/);
  const view = (/** @type {string} */ name) => demo.locator(`.view.${name}`);
  const label = (/** @type {string} */ name) =>
    view(name).locator('canvas').getAttribute('aria-label');
  await expect(view('nodes')).toBeVisible();
  await expect(view('progress')).toBeHidden();
  await expect.poll(() => label('nodes')).toMatch(/^8 nodes: node 0 held up to .* waiting;/);

  await demo.getByRole('radio', { name: 'Transfers' }).check({ force: true });
  await expect(view('nodes')).toBeHidden();
  await expect.poll(() => label('transfers')).toMatch(/moved in .* transfers. Most: node \d/);
  await view('transfers').locator('canvas').focus();
  await page.keyboard.press('ArrowRight');
  await expect(view('transfers').locator('.spoken')).toHaveText(/node \d to node \d, .* of all/);

  await demo.getByRole('radio', { name: 'Log' }).check({ force: true });
  await expect(log.getByRole('listitem').first()).toHaveText(/8 nodes join$/);
  await expect(log.getByRole('listitem').filter({ hasText: /node \d died$/ })).not.toHaveCount(0);
  await expect(log).toContainText(/is stolen from node \d by node \d/);
  await expect(log).toContainText('lost with node');
  await expect(log).toContainText('taken back from node');
  await demo.getByRole('radio', { name: 'Progress' }).check({ force: true });
  await expect(view('progress')).toBeVisible();
});
