/*
 * The recorded runs that ship with the deck: each demo of the talk has one with its own program and settings. It is
 * shown when the live run fails or is not wanted.
 */
import { readdir } from 'node:fs/promises';
import { recordingName } from '../../src/deck/recording-name.js';
import {
  breakEngine,
  coloursOf,
  expect,
  expectState,
  long,
  openDemo,
  partsOf,
  remake,
  test,
} from './site.js';
import { test as unwatchedTest } from '@playwright/test';

test('every demo of the talk has its recording, and every recording its demo', async ({ page }) => {
  await page.goto('index.html');
  const demos = await page.$$eval('dag-demo', (elements) =>
    elements.map((element) => [...element.attributes].map(({ name, value }) => ({ name, value }))),
  );
  expect(demos.length).toBeGreaterThan(0);
  for (const attributes of demos) {
    const names = attributes.map(({ name }) => name);
    expect(names, `a recording of ${recordingName(attributes)}: make recordings`).toContain(
      'fallback',
    );
  }
  const files = await readdir(new URL('../../recordings/', import.meta.url));
  const wanted = new Set(demos.map((attributes) => `${recordingName(attributes)}.json.gz`));
  expect(files.filter((name) => name.endsWith('.gz')).sort()).toEqual([...wanted].sort());
});

test('without an engine every demo of the talk plays its recorded run', async ({ page }) => {
  await breakEngine(page);
  await page.goto('index.html');
  const ids = await page.$$eval('section:has(dag-demo)', (slides) => slides.map(({ id }) => id));
  for (const id of ids) {
    await page.evaluate((hash) => void (location.hash = hash), `#/${id}`);
    const slide = page.locator(`section[id="${id}"].present`);
    const demo = slide.locator('dag-demo').first();
    await expectState(demo, /ready/);
    const { banner, run, result } = partsOf(demo);
    await expect(banner).toContainText('Recorded run');
    await expect(banner).toContainText(
      'stands in for the live run: The engine did not start: no workers here.',
    );
    await expect(run).toHaveText('Replay');
    await page.keyboard.press('r');
    await expectState(demo, /replayed/);
    await expect(result).toHaveClass(/value|table/);
    const wanted = await demo.getAttribute('program');
    await expect(demo.getByLabel('Settings of the recorded run')).toContainText(`program${wanted}`);
    for (const canvas of await demo.locator('canvas:visible').all()) {
      expect(await coloursOf(canvas)).toBeGreaterThan(3);
    }
  }
});

test('a run that takes longer than its limit gives way to the recorded one', async ({ page }) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  const fallback = (await demo.getAttribute('fallback')) ?? '';
  await remake(demo, { ...long, limit: 0.5, fallback });
  await page.keyboard.press('r');
  await expectState(demo, /running/);
  await expectState(demo, /replay/);
  const { banner, reset } = partsOf(demo);
  await expect(banner).toContainText('the run took longer than 0.5 s');
  await expectState(demo, /replayed/);
  // The live run is back when asked for, and the run that took too long is gone.
  await reset.click();
  await expectState(demo, /ready/);
  await expect(banner).toBeHidden();
  await remake(demo, { program: 'array-mean', n: 400, chunk: 100, fallback });
  await page.keyboard.press('r');
  await expectState(demo, /finished/);
});

test('a run that fails gives way to the recorded one; settings made by hand do not', async ({
  page,
}) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  await demo.evaluate((element) => element.setAttribute('memory-limit', '1 KiB'));
  await page.waitForTimeout(300);
  await expectState(demo, /ready/);
  await page.keyboard.press('r');
  await expectState(demo, /replayed/);
  const { banner, reset, number, result } = partsOf(demo);
  await expect(banner).toContainText('stands in for the live run');
  await reset.click();
  await expectState(demo, /ready/);
  await number('n').fill('2000');
  await number('n').press('Enter');
  await expectState(demo, /ready/);
  await number('n').press('Escape');
  await page.keyboard.press('r');
  await expectState(demo, /failed/);
  await expect(result).toContainText('memory');
  await page.waitForTimeout(300);
  await expectState(demo, /failed/);
});

test('the speaker chooses the recorded run beforehand: a key, a button, the address', async ({
  page,
}) => {
  let demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  const { banner, run, reset } = partsOf(demo);
  await expect(banner).toBeHidden();
  await page.keyboard.press('Shift+R');
  await expect(run).toHaveText('Replay');
  await expect(banner).toContainText('nothing is computed');
  await expect(banner).not.toContainText('stands in');
  await page.keyboard.press('r');
  await expectState(demo, /replaying/);
  await expectState(demo, /replayed/);
  await page.keyboard.press('Shift+R');
  await expect(run).toHaveText('Run');
  await expectState(demo, /ready/);

  await demo.getByRole('button', { name: 'Recorded run' }).click();
  await expect(run).toHaveText('Replay');
  await reset.click();
  await expect(run).toHaveText('Run');
  await expectState(demo, /ready/);

  demo = await openDemo(page, 'array-mean', '?recorded');
  await expectState(demo, /ready/);
  await expect(partsOf(demo).run).toHaveText('Replay');
  await expect.poll(() => page.workers().length).toBe(0);
});

test('Shift+R and back keeps the live result and the settings', async ({ page }) => {
  const demo = await openDemo(page, 'mandelbrot');
  await expectState(demo, /ready/);
  const { number, result, summary, run, banner } = partsOf(demo);
  await number('max_iter').fill('50');
  await number('workers').fill('2');
  await page.keyboard.press('r');
  await expectState(demo, /finished/);
  await page.waitForTimeout(300);
  const seen = async () => ({
    result: await result.innerHTML(),
    summary: await summary.textContent(),
    picture: await demo
      .locator('.picture canvas')
      .evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL().length),
    settings: await demo.evaluate((element) => /** @type {any} */ (element).settings),
  });
  const live = await seen();
  await page.keyboard.press('Shift+R');
  await expect(run).toHaveText('Replay');
  await expect(banner).toBeVisible();
  await page.keyboard.press('r');
  await expectState(demo, /replayed/);
  expect(await seen()).not.toEqual(live);
  await page.keyboard.press('Shift+R');
  await expectState(demo, /finished/);
  await expect(banner).toBeHidden();
  await page.waitForTimeout(300);
  expect(await seen()).toEqual(live);
  await expect(partsOf(demo).listing).toContainText('max_iter = 50');
  // Without a run, the settings are shown.
  await number('max_iter').fill('60');
  await number('max_iter').press('Enter');
  await expectState(demo, /ready/);
  await page.keyboard.press('Shift+R');
  await expect(run).toHaveText('Replay');
  await page.keyboard.press('Shift+R');
  await expectState(demo, /ready/);
  await expect(number('max_iter')).toHaveValue('60');
  await expect(number('workers')).toHaveValue('2');
});

test('Shift+R does nothing on a demo that has no recording', async ({ page }) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  await remake(demo, { program: 'array-mean', n: 400, chunk: 100 });
  await page.keyboard.press('r');
  await expectState(demo, /finished/);
  const states = await demo.evaluateHandle((element) => {
    /** @type {string[]} */
    const seen = [];
    element.addEventListener('dag-demo-state', () => seen.push(/** @type {any} */ (element).state));
    return seen;
  });
  await page.keyboard.press('Shift+R');
  await page.waitForTimeout(300);
  expect(await states.jsonValue()).toEqual([]);
  await expectState(demo, /finished/);
});

test('a recording that hangs is cancelled by R, and then R runs live', async ({ page }) => {
  await page.route('**/*.gz', () => {});
  const demo = await openDemo(page, 'array-mean', '?recorded');
  const { run, result } = partsOf(demo);
  await expect(result).toHaveText('Loading the recording …');
  await expect(run).toHaveText('Cancel');
  await page.keyboard.press('r');
  await page.keyboard.press('r');
  await expect(result).toContainText('Press Run to run the program live.');
  await expectState(demo, /cancelled/);
  await page.keyboard.press('r');
  await expectState(demo, /finished/);
});

unwatchedTest('a recording that cannot be fetched is said in words', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined });
  });
  await page.route('**/*.gz', (route) => route.abort());
  let demo = await openDemo(page, 'array-mean', '?recorded');
  await expect(partsOf(demo).result).toHaveText(
    /The recording could not be loaded: the server did not answer \(http.*\)\. Press Run to run the program live\./,
  );
  // With a live run on show, the message says so, and the run stays.
  demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  await page.keyboard.press('r');
  await expectState(demo, /finished/);
  await page.keyboard.press('Shift+R');
  await expect(partsOf(demo).notice).toContainText('the server did not answer');
  await expectState(demo, /finished/);
});

test('leaving the slide shows the end of a replay', async ({ page }) => {
  const demo = await openDemo(page, 'array-mean', '?recorded');
  await expectState(demo, /ready/);
  await page.keyboard.press('r');
  await page.keyboard.press('PageUp');
  await expectState(demo, /replayed/);
});

test('the distributed demo plays the run that was recorded on a Dask cluster', async ({ page }) => {
  await page.goto('index.html#/distributed-demo');
  const demo = page.locator('section.present dag-demo');
  await expectState(demo, /ready/);
  const { banner, run, reset, result, choice } = partsOf(demo);
  await choice('scheduler', 'dask').check();
  await demo.getByRole('button', { name: 'Recorded run' }).click();
  await expect(banner).toContainText('Recorded run on a real Dask cluster');
  await expect(demo.getByLabel('Settings of the recorded run')).toContainText('schedulerdask');
  await run.click();
  await expectState(demo, /replayed/);
  await expect(result).toContainText(/65.?280/);
  await reset.click();
  await expectState(demo, /ready/);
  await expect(banner).toBeHidden();
});
