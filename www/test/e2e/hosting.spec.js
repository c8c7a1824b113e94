import { test as unwatched } from '@playwright/test';
import { addresses } from '../../playwright.config.js';
import { expect, expectState, openSlide, partsOf, test } from './site.js';

test.describe('without the isolation headers', () => {
  test.use({ baseURL: addresses.plain });

  test('the deck says what is missing, and sync runs with its events', async ({ page }) => {
    const slide = await openSlide(page, 'dask-demo');
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    const note = page.getByLabel('Threads are off');
    await expect(note).toContainText('not cross-origin isolated');
    await expect(note).toContainText('Cross-Origin-Embedder-Policy: require-corp');
    const covered = await note.evaluate((element) => {
      const heading = document.querySelector('section.present h3');
      return element.getBoundingClientRect().bottom > (heading?.getBoundingClientRect().top ?? 0);
    });
    expect(covered).toBe(false);
    await note.getByRole('button').click();
    await expect(note).toHaveCount(0);

    const demo = slide.locator('dag-demo');
    const { run, result, choice, summary } = partsOf(demo);
    await expectState(demo, /ready/);
    await expect(choice('scheduler', 'sync')).toBeChecked();
    await expect(choice('scheduler', 'threads')).toBeDisabled();
    await expect(demo).toContainText('Threads need a cross-origin isolated page');
    await run.click();
    await expectState(demo, /finished/);
    await expect(result).toContainText('shape (8000,)');
    await expect(summary).toContainText('%');
  });

  test('threads by the API say why not', async ({ page }) => {
    await page.goto('lab.html');
    const words = await page.evaluate(async () => {
      const { run } = window.dagdeck;
      const { tasks } = await run('no-op', { tasks: 64 });
      const refused = await run('no-op', {}, { scheduler: 'threads' }).catch(
        (error) => error.message,
      );
      return { tasks, refused };
    });
    expect(words.tasks).toBe(64);
    expect(words.refused).toContain('Cross-Origin-Opener-Policy');
  });

  test('a sync run is cancelled', async ({ page }) => {
    await page.goto('lab.html?program=array-mean&n=8000&chunk=400');
    const demo = page.locator('dag-demo');
    await expectState(demo, /ready/);
    await partsOf(demo).run.click();
    await expect(partsOf(demo).run).toHaveText('Cancel');
    await partsOf(demo).run.click();
    await expectState(demo, /cancelled/);
  });
});

test.describe('under a path', () => {
  test.use({ baseURL: addresses.nested });

  test('the deck and its threads work', async ({ page }) => {
    const demo = (await openSlide(page, 'low-overhead')).locator('dag-demo');
    await expectState(demo, /ready/);
    await partsOf(demo).run.click();
    await expectState(demo, /finished/);
  });
});

test('the module is fetched once, and nothing comes from elsewhere', async ({ page }) => {
  /** @type {string[]} */
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto('lab.html');
  await expectState(page.locator('dag-demo'), /ready/);
  expect(requests.filter((url) => url.endsWith('.wasm'))).toHaveLength(1);
  const elsewhere = requests.filter((url) => !/^(http:\/\/localhost:|data:|blob:)/.test(url));
  expect(elsewhere).toEqual([]);
});

test('a page of somebody else runs a demo with embed.js alone', async ({ page }) => {
  await page.route('**/theirs.html', async (route) => {
    const lab = await route.fetch({ url: route.request().url().replace('theirs', 'lab') });
    const body =
      '<!doctype html><link rel="icon" href="data:," />' +
      '<script type="module" src="./embed.js"></script>' +
      '<dag-demo program="no-op" tasks="100" workers="2"></dag-demo>';
    await route.fulfill({ response: lab, body });
  });
  await page.goto('theirs.html');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  await expect(partsOf(demo).result).toContainText('overhead per task');
  const { tasks } = await page.evaluate(() => window.dagdeck.run('no-op', { tasks: 7 }));
  expect(tasks).toBe(7);
});

// The browser writes the failed request to the console.
unwatched('a module that cannot be downloaded is reported once, in words', async ({ page }) => {
  // A service worker would fetch it itself.
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined });
  });
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto('lab.html');
  await expect(page.locator('#message')).toHaveText(
    'The engine did not start: its WebAssembly module could not be downloaded. Check the network ' +
      'connection, then reload the page. You can still open a recorded run.',
  );
});
