/*
 * A stuck engine, and a broken one: what the page offers, and that it goes on. The program `busy`
 * computes for up to ten seconds in one task, which no cancel interrupts.
 */
import { expect, expectState, openSlide, partsOf, test } from './site.js';

const STUCK = 'program=busy&tasks=8&work=10000000&shape=independent';

/** An engine and its pool of at least eight. @param {import('@playwright/test').Page} page */
const workersOf = (page) => page.workers().length;

for (const scheduler of ['threads', 'sync']) {
  test(`a stuck run (${scheduler}) is ended by a restart, which the demo offers`, async ({
    page,
  }) => {
    await page.goto(`lab.html?${STUCK}&scheduler=${scheduler}&workers=2`);
    const demo = page.locator('dag-demo');
    const { run, result, offer, number } = partsOf(demo);
    await expectState(demo, /ready/);
    const before = workersOf(page);
    await run.click();
    await expect(run).toHaveText('Cancel');
    await expect(offer).toBeHidden();
    await run.click();
    await expect(offer).toContainText('a task is still busy');
    await offer.getByRole('button', { name: 'Restart the engine' }).click();
    await expectState(demo, /cancelled/);
    await expect(result).toHaveText('Cancelled: the engine was restarted.');
    await expect(offer).toBeHidden();

    await number('work').fill('64');
    await number('work').press('Enter');
    await expectState(demo, /ready/);
    await run.click();
    await expectState(demo, /finished/);
    // The old engine and all its pool are gone.
    await expect.poll(() => workersOf(page), { timeout: 15_000 }).toBe(before);
  });
}

test('a restart rejects what is under way, and later runs run', async ({ page }) => {
  await page.goto('lab.html');
  const seen = await page.evaluate(async () => {
    const { dagdeck } = window;
    const stuck = dagdeck.run('busy', { tasks: 8, work: 1e7 }).catch((error) => error);
    await dagdeck.run('no-op', { tasks: 10 }, { workers: 1 });
    await dagdeck.restart();
    const { name, message } = await stuck;
    const { tasks } = await dagdeck.run('no-op', { tasks: 77 });
    return { name, message, tasks };
  });
  expect(seen).toEqual({
    name: 'EngineError',
    message: 'the engine was restarted while this run was under way',
    tasks: 77,
  });
});

test('ten restarts leave one engine', async ({ page }) => {
  await page.goto('lab.html');
  await expectState(page.locator('dag-demo'), /ready/);
  const before = workersOf(page);
  await page.evaluate(async () => {
    for (let i = 0; i < 10; i++) await window.dagdeck.restart();
    return window.dagdeck.run('no-op', { tasks: 10 }).then(() => {});
  });
  await expect.poll(() => workersOf(page), { timeout: 30_000 }).toBe(before);
});

test('other demos go on after a restart, with their settings', async ({ page }) => {
  const demo = (await openSlide(page, 'dask-demo')).locator('dag-demo');
  const { run, number } = partsOf(demo);
  await expectState(demo, /ready/);
  await number('n').fill('700');
  await number('n').press('Enter');
  await expectState(demo, /ready/);
  await page.evaluate(() => window.dagdeck.restart());
  await run.click();
  await expectState(demo, /finished/);
  await expect(number('n')).toHaveValue('700');
});

test('an engine that breaks by itself is said, with a button that starts a fresh one', async ({
  page,
}) => {
  await page.addInitScript(() => {
    // What a trap in the module would make the engine say.
    const Plain = Worker;
    window.Worker = class extends Plain {
      /** @param {string | URL} url @param {WorkerOptions} [options] */
      constructor(url, options) {
        super(url, options);
        Object.assign(window, { lastWorker: this });
      }
    };
  });
  await page.goto(`lab.html?${STUCK}&workers=2`);
  const demo = page.locator('dag-demo');
  const { run, result, offer } = partsOf(demo);
  await expectState(demo, /ready/);
  await run.click();
  await expectState(demo, /running/);
  await page.evaluate(() => {
    const data = { type: 'broken', message: 'the engine stopped: unreachable' };
    const { lastWorker } = /** @type {{ lastWorker: Worker }} */ (/** @type {unknown} */ (window));
    lastWorker.dispatchEvent(new MessageEvent('message', { data }));
  });
  await expectState(demo, /failed/);
  await expect(result).toHaveText('the engine stopped: unreachable');
  await offer.getByRole('button', { name: 'Restart the engine' }).click();
  await expectState(demo, /ready/);
  await expect(offer).toBeHidden();
});
