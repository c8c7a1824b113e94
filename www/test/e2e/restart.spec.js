/*
 * A stuck engine and a broken one: what the page offers, and that it recovers. The program `busy`
 * computes for up to ten seconds in one task, which no cancel interrupts.
 */
import { expect, expectState, openSlide, partsOf, test } from './site.js';

/** @import { Locator, Page } from '@playwright/test' */

/** An engine and its pool of at least eight. @param {Page} page */
const workersOf = (page) => page.workers().length;

/**
 * Opens the lab with a program whose tasks take ten seconds each, on two workers.
 *
 * @param {Page} page
 * @param {string} [scheduler]
 */
async function openStuck(page, scheduler = 'threads') {
  const query = `program=busy&tasks=8&work=10000000&shape=independent&workers=2&scheduler=${scheduler}`;
  await page.goto(`lab.html?${query}`);
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  return { demo, ...partsOf(demo) };
}

/**
 * Gives the program of `openStuck` tasks that are short, and runs it.
 *
 * @param {Locator} demo
 */
async function runShort(demo) {
  const { run, number } = partsOf(demo);
  await number('work').fill('64');
  await number('work').press('Enter');
  await expectState(demo, /ready/);
  await run.click();
  await expectState(demo, /finished/);
}

for (const scheduler of ['threads', 'sync']) {
  test(`a stuck run (${scheduler}) is ended by a restart, which the demo offers`, async ({
    page,
  }) => {
    const { demo, run, result, offer } = await openStuck(page, scheduler);
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

    await runShort(demo);
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
    message: 'The engine was restarted while this run was under way.',
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

/**
 * Keeps the page's workers where a test finds them, and the types of the messages that engines post.
 *
 * @param {Page} page
 */
async function keepWorkers(page) {
  await page.addInitScript(() => {
    const Plain = Worker;
    const kept = {
      engines: /** @type {Worker[]} */ ([]),
      pool: /** @type {Worker[]} */ ([]),
      heard: /** @type {string[]} */ ([]),
    };
    Object.assign(window, { kept });
    window.Worker = class extends Plain {
      /** @param {string | URL} url @param {WorkerOptions} [options] */
      constructor(url, options) {
        super(url, options);
        const pool = options?.name?.includes('pool');
        (pool ? kept.pool : kept.engines).push(this);
        if (!pool) this.addEventListener('message', ({ data }) => kept.heard.push(data.type));
      }
    };
  });
}

/**
 * Waits until the engine has started a run. If an engine breaks before that, the run is started once more on
 * the next one. The demo says that it is running in both cases.
 *
 * @param {Page} page
 */
async function expectStarted(page) {
  await page.waitForFunction(() => /** @type {any} */ (window).kept.heard.includes('started'));
}

test('an engine that breaks by itself is reported, with a button that starts a new one', async ({
  page,
}) => {
  await keepWorkers(page);
  const { demo, run, result, offer } = await openStuck(page);
  await run.click();
  await expectStarted(page);
  await page.evaluate(() => {
    // What the engine says after a trap in the module.
    const data = { type: 'broken', reason: 'unreachable' };
    /** @type {any} */ (window).kept.engines[0].dispatchEvent(
      new MessageEvent('message', { data }),
    );
  });
  await expectState(demo, /failed/);
  await expect(result).toHaveText(
    'The engine stopped: unreachable. The next run starts a new one.',
  );
  await offer.getByRole('button', { name: 'Restart the engine' }).click();
  await expectState(demo, /ready/);
  await expect(offer).toBeHidden();
});

for (const [victim, words] of /** @type {const} */ ([
  ['engines', 'its worker ended unexpectedly'],
  ['pool', 'one of its pool workers ended unexpectedly'],
])) {
  test(`a worker that dies without a word (${victim}) ends the run, and the next run runs`, async ({
    page,
  }) => {
    await keepWorkers(page);
    const { demo, run, result } = await openStuck(page);
    const before = workersOf(page);
    await run.click();
    await expectStarted(page);
    const rejected = page.evaluate(() =>
      window.dagdeck.run('busy', { tasks: 8, work: 1e7 }).catch(({ name }) => name),
    );
    await page.evaluate((name) => {
      // Nobody tells the page: there is no error event and no message.
      /** @type {any} */ (window).kept[name].at(-1).terminate();
    }, victim);
    await expectState(demo, /failed/);
    await expect(result).toHaveText(`The engine stopped: ${words}. The next run starts a new one.`);
    expect(await rejected).toBe('EngineError');

    await runShort(demo);
    await expect.poll(() => workersOf(page), { timeout: 15_000 }).toBe(before);
  });
}

/**
 * Lets the page learn of the death of a worker only when the test says so.
 *
 * @param {Page} page
 * @returns {Promise<() => Promise<void>>} lets it learn; resolves when it has
 */
async function holdDeaths(page) {
  await page.addInitScript(() => {
    const notice = Promise.withResolvers();
    const noticed = Promise.withResolvers();
    Object.assign(window, { notice, noticed });
    // The page gets the lock of a worker that has died (engine/life.js).
    const { request } = LockManager.prototype;
    /** @this {LockManager} @param {any[]} asked */
    function requestLater(...asked) {
      const [name, options, onDeath] = asked;
      const later = () => notice.promise.then(onDeath).then(() => noticed.resolve(null));
      return request.call(this, name, options, later);
    }
    LockManager.prototype.request = /** @type {any} */ (requestLater);
  });
  return () =>
    page.evaluate(async () => {
      const { notice, noticed } = /** @type {any} */ (window);
      notice.resolve();
      await noticed.promise;
    });
}

for (const [when, first] of /** @type {const} */ ([
  ['before the page notices', 'R'],
  ['after the page has noticed', 'the page'],
])) {
  test(`R runs again after the engine has died: ${when}`, async ({ page }) => {
    await keepWorkers(page);
    const notice = await holdDeaths(page);
    const demo = (await openSlide(page, 'dask-demo')).locator('dag-demo');
    await expectState(demo, /ready/);
    await page.evaluate(() => /** @type {any} */ (window).kept.engines[0].terminate());
    if (first === 'the page') await notice();
    await page.keyboard.press('r');
    if (first === 'R') {
      await expectState(demo, /running/);
      await notice();
    }
    await expectState(demo, /finished/);
  });
}

test('an abort rejects a run whose engine is stuck, with its reason', async ({ page }) => {
  await page.goto('lab.html');
  const reason = await page.evaluate(async () => {
    const { dagdeck } = window;
    // One task of ten seconds keeps the engine's own worker from hearing anything; the second run waits.
    const stuck = { scheduler: /** @type {const} */ ('sync'), workers: 1 };
    const first = dagdeck.run('busy', { tasks: 1, work: 1e7 }, stuck).catch(() => {});
    const aborter = new AbortController();
    const second = dagdeck.run('no-op', {}, { ...stuck, signal: aborter.signal });
    setTimeout(() => aborter.abort(new Error('enough')), 500);
    const { message } = await second.then(
      () => new Error('it ran'),
      (error) => error,
    );
    await dagdeck.restart();
    await first;
    return message;
  });
  expect(reason).toBe('enough');
});
