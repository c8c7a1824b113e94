/*
 * What slides and the lab look like before, during and after a run, as far as a program can tell: every
 * view is drawn, in the colours of the theme, and text and pictures stay on the page. `make pictures`
 * does it in all four pairs of theme and size, tests in two. It also takes pictures for people to look
 * at, which go to test/output/, which git ignores.
 */
import {
  coloursOf,
  expect,
  expectState,
  partsOf,
  pixelsOf,
  settled,
  test,
  walkDeck,
} from '../e2e/site.js';

/** The ground of a demo. */
const grounds = { light: '#ffffff', dark: '#14171c' };

/**
 * Every view of a demo shows something, on the ground of the theme.
 *
 * @param {import('@playwright/test').Locator} demo
 * @param {'light' | 'dark'} colorScheme
 * @param {string} [canvases] which of them
 */
async function expectDrawn(demo, colorScheme, canvases = '.frame:visible canvas') {
  for (const canvas of await demo.locator(canvases).all()) {
    const view = await canvas.evaluate((element) => element.closest('figure')?.className);
    await expect.poll(() => coloursOf(canvas), view).toBeGreaterThan(1);
    if (view?.includes('picture')) continue;
    expect(await pixelsOf(canvas, grounds[colorScheme]), view).toBeGreaterThan(100);
  }
}

const folder = new URL('../output/pictures/', import.meta.url).pathname;

/** Taking a picture of a slide takes longer than to test it. */
const takesPictures = Boolean(process.env.ALL_PICTURES);

/**
 * Takes a picture, if pictures are wanted.
 *
 * @param {import('@playwright/test').Page} page
 * @param {string} name
 * @param {{ fullPage?: boolean }} [options]
 */
async function take(page, name, options) {
  if (takesPictures) await page.screenshot({ path: `${folder}${name}.png`, ...options });
}

const sizes = [
  [1280, 720],
  [1920, 1080],
];

for (const [i, colorScheme] of /** @type {const} */ (['light', 'dark']).entries()) {
  // A walk takes more than a minute.
  for (const [width, height] of takesPictures ? sizes : [sizes[i]]) {
    test(`slides, ${colorScheme}, ${width} x ${height}`, async ({ page }) => {
      test.setTimeout(240_000);
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      const picture = (/** @type {string} */ name) => take(page, `${name}-${width}-${colorScheme}`);
      await page.goto('');
      let count = 0;
      await walkDeck(page, {
        end: async (id) => {
          const name = `${String(++count).padStart(2, '0')}-${id}`;
          // Slides fade in.
          await settled(page);
          await picture(name);
          const demo = page.locator('section.present dag-demo');
          if ((await demo.count()) === 0) return;
          await expectState(demo, /ready/);
          // A result is drawn only by a run.
          await expectDrawn(demo.first(), colorScheme, '.frame:visible canvas:not(.picture *)');
          await partsOf(demo).run.click();
          await expectState(demo, /running|finished/);
          await picture(`${name}-during`);
          await expectState(demo, /finished/);
          await settled(page);
          await picture(`${name}-after`);
          await expectDrawn(demo.first(), colorScheme);
          await expect(partsOf(demo).summary).toContainText('makespan');
          // Focus returns to the slides.
          await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
        },
      });
    });
  }

  test(`the lab, ${colorScheme}, wide and on a phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('lab.html?program=array-mean&n=2000&chunk=250');
    const demo = page.locator('dag-demo');
    await expectState(demo, /ready/);
    await partsOf(demo).run.click();
    await expectState(demo, /finished/);
    await settled(page);
    await expectDrawn(demo, colorScheme);
    await take(page, `lab-wide-${colorScheme}`);
    await page.setViewportSize({ width: 390, height: 844 });
    await settled(page);
    await expectDrawn(demo, colorScheme);
    await take(page, `lab-phone-${colorScheme}`, { fullPage: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      390,
    );
  });
}
