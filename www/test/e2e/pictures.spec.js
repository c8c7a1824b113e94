/* Results that are pictures: drawn while their blocks finish, and whole in the end. */
import { expect, expectState, partsOf, test } from './site.js';

/** @import { Locator } from '@playwright/test' */

/**
 * Returns the share of a picture's pixels that are drawn, and the share that are not the colour of a dead cell.
 *
 * @param {Locator} picture
 */
const pixelsOf = (picture) =>
  picture.evaluate((element) => {
    const canvas = /** @type {HTMLCanvasElement} */ (element);
    const { width, height } = canvas;
    // A copy: repeated reads would change how the browser stores the canvas itself.
    const copy = new OffscreenCanvas(width, height).getContext('2d');
    copy?.drawImage(canvas, 0, 0);
    const pixels = copy?.getImageData(0, 0, width, height).data;
    if (!pixels) throw new Error('a picture has pixels');
    const words = new Uint32Array(pixels.buffer);
    return {
      width,
      height,
      drawn: words.filter((word) => word >>> 24 === 255).length / words.length,
      colours: new Set(words).size,
    };
  });

for (const scheduler of ['threads', 'sync']) {
  test(`tiles of the Mandelbrot set are drawn as they finish (${scheduler})`, async ({ page }) => {
    const query = `program=mandelbrot&n=600&chunk=50&max_iter=10000&workers=1&scheduler=${scheduler}`;
    await page.goto(`lab.html?${query}`);
    const demo = page.locator('dag-demo');
    await expectState(demo, /ready/);
    await partsOf(demo).run.click();
    const picture = demo.locator('.picture canvas');
    await expect
      .poll(async () => (await pixelsOf(picture)).drawn, { intervals: [20] })
      .toBeGreaterThan(0);
    const early = await pixelsOf(picture);
    await expect(demo.locator('.demo')).toHaveAttribute('data-state', 'running');
    expect(early).toMatchObject({ width: 600, height: 600 });
    expect(early.drawn).toBeLessThan(1);
    await expectState(demo, /finished/);
    const whole = await pixelsOf(picture);
    expect(whole.drawn).toBe(1);
    expect(whole.colours).toBeGreaterThan(20);
  });
}

test('a board of living cells lets the page through where they are dead', async ({ page }) => {
  await page.goto('lab.html?program=array-life&n=120&chunk=40&steps=5');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  const { width, height, drawn, colours } = await pixelsOf(demo.locator('.picture canvas'));
  expect([width, height, colours]).toEqual([120, 120, 2]);
  expect(drawn).toBeGreaterThan(0.02);
  expect(drawn).toBeLessThan(0.6);
});

test('a recorded picture is drawn again', async ({ page }) => {
  await page.goto('lab.html?program=array-heat&n=96&chunk=32&steps=4');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  const picture = demo.locator('.picture canvas');
  const before = await picture.evaluate((canvas) =>
    /** @type {HTMLCanvasElement} */ (canvas).toDataURL(),
  );
  const downloading = page.waitForEvent('download');
  await page.locator('#save').click();
  await page.locator('#file').setInputFiles(await (await downloading).path());
  await expectState(demo, /replayed/);
  expect(
    await picture.evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL()),
  ).toBe(before);
});
