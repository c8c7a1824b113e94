/*
 * Measures the page's size and smoothness. The figures are printed and not judged, because times depend on the
 * machine.
 */
import { gzipSync } from 'node:zlib';
import { expect, expectState, openSlide, partsOf, test } from '../test/e2e/site.js';

/**
 * Runs the demo of a page, and prints what its frames cost.
 *
 * @param {import('@playwright/test').Page} page
 * @param {import('@playwright/test').Locator} demo
 * @param {string} what
 */
async function printFrames(page, demo, what) {
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
      request(tick);
    };
    request(tick);
  });
  const from = await page.evaluate(() => performance.now());
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  const { gaps, costs, lasted } = await page.evaluate((start) => {
    const noted = /** @type {{ frames: number[], costs: number[] }} */ (
      /** @type {unknown} */ (window)
    );
    const during = noted.frames.filter((at) => at >= start);
    return {
      gaps: during.slice(1).map((at, i) => at - during[i]),
      costs: noted.costs,
      lasted: performance.now() - start,
    };
  }, from);
  const sorted = (/** @type {number[]} */ times) => times.toSorted((a, b) => b - a);
  const list = (/** @type {number[]} */ times) =>
    sorted(times)
      .slice(0, 5)
      .map((ms) => ms.toFixed(0))
      .join(', ');
  const median = (/** @type {number[]} */ times) => sorted(times)[times.length >> 1]?.toFixed(2);
  console.log(
    `frames, ${what}: ${gaps.length} gaps in ${(lasted / 1000).toFixed(1)} s, ` +
      `longest ${list(gaps)} ms, median ${median(gaps)} ms; ` +
      `work of the page per frame: longest ${list(costs)} ms, median ${median(costs)} ms`,
  );
}

test('frames during a run of about two seconds on a slide', async ({ page }) => {
  const demo = (await openSlide(page, 'dask-demo')).locator('dag-demo');
  await expectState(demo, /ready/);
  const { number, summary } = partsOf(demo);
  const before = await summary.textContent();
  await number('workers').fill('2');
  await number('workers').press('Enter');
  await number('n').fill('8000');
  await number('n').press('Enter');
  await expect.poll(() => summary.textContent()).not.toBe(before);
  await expectState(demo, /ready/);
  await printFrames(page, demo, 'slide');
});

test('frames during a run of a million tasks', async ({ page }) => {
  await page.goto('lab.html?program=no-op&tasks=1000000&workers=2&shape=tree');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await printFrames(page, demo, 'a million tasks');
  const graph = demo.locator('.graph canvas');
  await page.evaluate(() => {
    /** @type {any} */ (window).costs.length = 0;
  });
  const box = await graph.boundingBox();
  if (!box) throw new Error('the graph is in sight');
  for (let x = 20; x < box.width; x += 10) {
    await page.mouse.move(box.x + x, box.y + box.height / 2);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  const costs = await page.evaluate(() => /** @type {any} */ (window).costs.toSorted());
  console.log(
    `pointing at a million tasks: longest work in a frame ${Math.max(...costs).toFixed(1)} ms`,
  );
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
});
