/*
 * Pictures of the site, for people to look at: every slide and the lab, in both themes, before,
 * during and after a run. They go to test/e2e/output/, which git ignores.
 */
import { expect, expectState, partsOf, test, walkDeck } from './site.js';

const folder = new URL('output/pictures/', import.meta.url).pathname;

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  for (const [width, height] of [
    [1280, 720],
    [1920, 1080],
  ]) {
    test(`slides, ${colorScheme}, ${width} x ${height}`, async ({ page }) => {
      test.setTimeout(240_000);
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      const picture = (/** @type {string} */ name) =>
        page.screenshot({ path: `${folder}${name}-${width}-${colorScheme}.png` });
      await page.goto('');
      let count = 0;
      await walkDeck(page, {
        end: async (id) => {
          const name = `${String(++count).padStart(2, '0')}-${id}`;
          // Slides fade in.
          await page.waitForTimeout(450);
          await picture(name);
          const demo = page.locator('section.present dag-demo');
          if ((await demo.count()) === 0) return;
          await expectState(demo, /ready/);
          await partsOf(demo).run.click();
          await page.waitForTimeout(150);
          await picture(`${name}-during`);
          await expectState(demo, /finished/);
          await page.waitForTimeout(300);
          await picture(`${name}-after`);
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
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${folder}lab-wide-${colorScheme}.png` });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${folder}lab-phone-${colorScheme}.png`, fullPage: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      390,
    );
  });
}
