/*
 * Measures the page's size and smoothness. The figures are printed and never make a test fail, because times depend on
 * the machine.
 */
import { gzipSync } from 'node:zlib';
import { expect, expectState, openSlide, partsOf, test } from './site.js';

test('the longest gap between animation frames during a run of about two seconds', async ({
  page,
}) => {
  const demo = (await openSlide(page, 'dask-demo')).locator('dag-demo');
  await expectState(demo, /ready/);
  const { number, run } = partsOf(demo);
  await number('n').fill('8000');
  await number('n').press('Enter');
  await number('workers').fill('2');
  await number('workers').press('Enter');
  await page.waitForTimeout(500);
  await expectState(demo, /ready/);
  await page.evaluate(() => {
    /** @type {number[]} */
    const frames = [];
    /** @type {number[]} */
    const costs = [];
    Object.assign(window, { frames, costs });
    // The page's own work in a frame, without what the rest of the machine does.
    const request = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (callback) =>
      request((now) => {
        const start = performance.now();
        callback(now);
        costs.push(performance.now() - start);
      });
    const tick = (/** @type {number} */ now) => {
      frames.push(now);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const from = await page.evaluate(() => performance.now());
  await run.click();
  await expectState(demo, /finished/);
  const { gaps, lasted, longestCallback } = await page.evaluate((start) => {
    const { frames, costs } = /** @type {{ frames: number[], costs: number[] }} */ (
      /** @type {unknown} */ (window)
    );
    const during = frames.filter((at) => at >= start);
    return {
      gaps: during.slice(1).map((at, i) => at - during[i]),
      lasted: performance.now() - start,
      longestCallback: Math.max(...costs),
    };
  }, from);
  gaps.sort((a, b) => b - a);
  const list = gaps
    .slice(0, 5)
    .map((gap) => gap.toFixed(0))
    .join(', ');
  console.log(
    `frames: ${gaps.length} gaps in ${(lasted / 1000).toFixed(1)} s; longest ${list} ms; ` +
      `median ${gaps[gaps.length >> 1].toFixed(1)} ms; ` +
      `longest work of the page in one frame ${longestCallback.toFixed(0)} ms`,
  );
  expect(gaps[0]).toBeLessThan(5000);
});

test('the time from navigation to the first finished run', async ({ page }) => {
  await page.goto('lab.html');
  const readyAt = await page.evaluate(async () => {
    await window.dagdeck.programs();
    return performance.now();
  });
  const finishedAt = await page.evaluate(async () => {
    await window.dagdeck.run('array-mean', { n: 1000, chunk: 250 });
    return performance.now();
  });
  console.log(
    `from navigation: engine ready after ${readyAt.toFixed(0)} ms, ` +
      `first run finished after ${finishedAt.toFixed(0)} ms`,
  );
  expect(finishedAt).toBeLessThan(60_000);
});

test('what a first visit to the deck costs: bytes, and the time until it can be used', async ({
  page,
}) => {
  await page.addInitScript(() => {
    /** @type {number[]} */
    const long = [];
    Object.assign(window, { long });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) long.push(duration);
    }).observe({ type: 'longtask', buffered: true });
  });
  /** @type {Map<string, number>} */
  const gzipped = new Map();
  page.on('response', (response) => {
    // What a compressing host would send. Fonts and recordings are already compressed.
    response.body().then(
      (body) => gzipped.set(response.url(), gzipSync(body).length),
      () => {},
    );
  });
  await page.goto('');
  await page.locator('section.present').waitFor();
  const { usable, painted, blocked } = await page.evaluate(async () => {
    // From a key press until the next slide is drawn.
    document.dispatchEvent(new KeyboardEvent('keydown', /** @type {any} */ ({ keyCode: 34 })));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const { long } = /** @type {{ long: number[] }} */ (/** @type {unknown} */ (window));
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    return {
      usable: performance.now(),
      painted: paint?.startTime ?? NaN,
      blocked: long.reduce((sum, ms) => sum + Math.max(0, ms - 50), 0),
    };
  });
  await expect(page.locator('.slides > section').nth(1)).toHaveClass(/present/);
  const bytes = [...gzipped.values()].reduce((sum, size) => sum + size, 0);
  console.log(
    `first visit: first contentful paint after ${painted.toFixed(0)} ms, usable after ` +
      `${usable.toFixed(0)} ms, main thread blocked for ${blocked.toFixed(0)} ms; ` +
      `${gzipped.size} files, ${(bytes / 1000).toFixed(0)} kB gzipped`,
  );
  expect(usable).toBeLessThan(60_000);
  expect(bytes).toBeGreaterThan(0);
});
