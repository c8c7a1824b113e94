import { coloursOf, expect, expectState, openSlide, partsOf, settled, test } from './site.js';

test('the deck opens isolated, on its title', async ({ page }) => {
  await page.goto('');
  await expect(page).toHaveTitle('Parallel Programming in Python');
  await expect(page.locator('section.present h1')).toHaveText('Parallel Programming in Python');
  await expect(page.locator('section.present')).toContainText('Tom Augspurger');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect(page.locator('.page-note')).toHaveCount(0);
});

test('the speaker window shows the notes, and starts no engine of its own', async ({ page }) => {
  const demo = (await openSlide(page, 'dask-demo')).locator('dag-demo');
  await expectState(demo, /ready/);
  const opening = page.waitForEvent('popup');
  await page.keyboard.press('s');
  const speaker = await opening;
  await expect(speaker.locator('.speaker-controls-notes')).toContainText('Press R');
  const preview = speaker.frameLocator('iframe').first().locator('section.present dag-demo');
  await expect(preview.locator('pre')).toContainText('import dask.array');
  expect(speaker.workers()).toHaveLength(0);
  await speaker.close();
});

test('the Dask demo runs: listing, views, value', async ({ page }) => {
  const demo = (await openSlide(page, 'dask-demo')).locator('dag-demo');
  const { run, result, listing, summary } = partsOf(demo);
  await expectState(demo, /ready/);
  await expect(listing).toContainText('n = 8000');
  await run.click();
  await expectState(demo, /finished/);
  await expect(result).toContainText('shape (8000,), float64');
  await expect(result).toContainText('...');
  await expect(summary).toContainText('makespan');
  await expect(run).toHaveText('Run');
  for (const canvas of await demo.locator('canvas:visible').all()) {
    expect(await coloursOf(canvas)).toBeGreaterThan(3);
  }
});

test('what the views read from shared memory is what the run says of itself', async ({ page }) => {
  const demo = (await openSlide(page, 'dask-demo')).locator('dag-demo');
  await expectState(demo, /ready/);
  // With more workers than cores, the time in tasks is not called work.
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  await partsOf(demo)
    .number('workers')
    .fill(String(Math.min(cores, 8)));
  await partsOf(demo).number('workers').press('Enter');
  const outcome = await demo.evaluate((element) =>
    /** @type {import('../../src/demo/dag-demo.js').DagDemo} */ (element).run(),
  );
  // The last events are drawn in one of the next frames.
  await expect(partsOf(demo).summary).toContainText('makespan');
  await settled(page);
  const figure = async (/** @type {string} */ name) => {
    const text = await demo.locator('dl div', { hasText: name }).locator('dd').textContent();
    const [, number, unit] = /^([\d.]+)\s(s|ms|µs)/.exec(text ?? '') ?? [];
    /** @type {Record<string, number>} */
    const inMs = { s: 1000, ms: 1, µs: 0.001 };
    return Number(number) * inMs[unit ?? ''];
  };
  // The figures have three digits.
  const work = (await figure('work')) / (outcome.workMs ?? NaN);
  expect(work).toBeGreaterThan(0.98);
  expect(work).toBeLessThan(1.02);
  const makespan = (await figure('makespan')) / outcome.makespanMs;
  expect(makespan).toBeGreaterThan(0.98);
  expect(makespan).toBeLessThan(1.02);
});

test('the low overhead demo runs, twice', async ({ page }) => {
  const demo = (await openSlide(page, 'low-overhead')).locator('dag-demo');
  const { run, result } = partsOf(demo);
  for (let i = 0; i < 2; i++) {
    await expectState(demo, /ready|finished/);
    await run.click();
    await expectState(demo, /finished/);
    await expect(result).toHaveText(/overhead per task\s*[\d.e+]+ ns/);
  }
});

test('the listing follows the sliders, and the graph too', async ({ page }) => {
  const demo = (await openSlide(page, 'dask-demo')).locator('dag-demo');
  const { slider, number, listing, summary } = partsOf(demo);
  await expectState(demo, /ready/);
  const tasks = await summary.textContent();
  await slider('chunk').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(number('chunk')).toHaveValue('1200');
  await expect(listing).toContainText('chunk = 1200');
  await expect(summary).not.toHaveText(tasks ?? '');
  await number('workers').fill('3');
  await number('workers').press('Enter');
  await expect(listing).toContainText('workers = 3');
});

test('keys in controls never turn the slide', async ({ page }) => {
  const slide = await openSlide(page, 'dask-demo');
  const { slider, number, run } = partsOf(slide.locator('dag-demo'));
  await expectState(slide.locator('dag-demo'), /ready/);
  await slider('n').focus();
  for (const key of [
    'ArrowRight',
    'ArrowLeft',
    'PageDown',
    'Home',
    'End',
    'n',
    't',
    'o',
    'f',
    ' ',
  ]) {
    await page.keyboard.press(key);
  }
  await number('n').focus();
  for (const key of ['ArrowRight', ' ', 'n', 'b', 't']) await page.keyboard.press(key);
  await number('n').fill('1000');
  await number('n').press('Enter');
  await run.focus();
  await page.keyboard.press(' ');
  await expectState(slide.locator('dag-demo'), /running|finished/);
  await expect(slide).toHaveClass(/present/);
  await expect(page.locator('.reveal')).not.toHaveClass(/overview|paused/);
  await expectState(slide.locator('dag-demo'), /finished/);
  // Escape returns focus to the slides.
  await slider('n').focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('section#chunks')).toHaveClass(/present/);
});

test('a number that is not allowed is refused where it is typed', async ({ page }) => {
  const demo = (await openSlide(page, 'dask-demo')).locator('dag-demo');
  const { number, listing } = partsOf(demo);
  await expectState(demo, /ready/);
  await number('n').fill('0');
  await number('n').press('Enter');
  expect(await number('n').evaluate((input) => input.matches(':invalid'))).toBe(true);
  await number('chunk').focus();
  await expect(number('n')).toHaveValue('8000');
  await expect(listing).toContainText('n = 8000');
});

test('attributes changed later are taken, and a bad one is named', async ({ page }) => {
  const demo = (await openSlide(page, 'dask-demo')).locator('dag-demo');
  const { number, notice, listing } = partsOf(demo);
  await expectState(demo, /ready/);
  await demo.evaluate((element) => element.setAttribute('n', '1000'));
  await expect(number('n')).toHaveValue('1000');
  await expect(listing).toContainText('n = 1000');
  await demo.evaluate((element) => element.setAttribute('chunk', 'large'));
  await expect(notice).toContainText('chunk: “large” cannot be used');
  await demo.evaluate((element) => element.setAttribute('program', 'no-op'));
  await expect(listing).toContainText('tasks = ');
  await expectState(demo, /ready/);
  // With a fallback, the recorded run would be shown instead.
  await demo.evaluate((element) => {
    element.removeAttribute('fallback');
    element.setAttribute('program', 'nope');
  });
  await expectState(demo, /failed/);
  await expect(partsOf(demo).result).toContainText(/choose one of array-mean, .*no-op/);
});

test('T changes the theme, and the choice is remembered', async ({ page }) => {
  await page.goto('');
  const root = page.locator('html');
  await expect(root).toHaveAttribute('data-theme', 'light');
  await page.keyboard.press('t');
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(root).toHaveAttribute('data-theme', 'dark');
});

test('two demos on one page share one engine', async ({ page }) => {
  await openSlide(page, 'dask-demo');
  await expectState(page.locator('#dask-demo dag-demo'), /ready/);
  await page.evaluate(() => location.assign('#/low-overhead'));
  await expectState(page.locator('#low-overhead dag-demo'), /ready/);
  const pool = Math.max(8, await page.evaluate(() => navigator.hardwareConcurrency));
  expect(page.workers()).toHaveLength(1 + pool);
});

test('a demo that leaves the page takes its run with it', async ({ page }) => {
  const demo = (await openSlide(page, 'dask-demo')).locator('dag-demo');
  await expectState(demo, /ready/);
  await demo.evaluate((element) => element.setAttribute('n', '8000'));
  await expectState(demo, /ready/);
  await partsOf(demo).run.click();
  await demo.evaluate((element) => element.remove());
  const outcome = await page.evaluate(() => window.dagdeck.run('no-op', { tasks: 10 }));
  expect(outcome.tasks).toBe(10);
});
