/*
 * The life of a demo on its slide: what starts it, what stops it, and whose the keys are.
 */
import { expect, expectState, long, openDemo, partsOf, remake, test } from './site.js';

test('R runs the demo of the slide, and cancels it', async ({ page }) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  await remake(demo, long);
  await page.keyboard.press('r');
  await expectState(demo, /running/);
  await page.keyboard.press('r');
  await expectState(demo, /cancelled/);
});

test('R on a demo that has not come up yet runs it when it has', async ({ page }) => {
  await page.goto('index.html');
  const demo = await openDemo(page, 'no-op');
  await page.keyboard.press('r');
  await expectState(demo, /finished/);
});

test('leaving the slide stops the work; coming back shows what it came to', async ({ page }) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  await remake(demo, long);
  await page.keyboard.press('r');
  await expectState(demo, /running/);
  await page.keyboard.press('PageUp');
  await expectState(demo, /cancelled/);
  await page.keyboard.press('PageDown');
  await page.waitForTimeout(300);
  await expectState(demo, /cancelled/);

  await remake(demo, { program: 'array-mean', n: 800, chunk: 100 });
  await page.keyboard.press('r');
  await expectState(demo, /finished/);
  const { result, summary } = partsOf(demo);
  const shown = [await result.textContent(), await summary.textContent()];
  await page.keyboard.press('PageUp');
  await page.keyboard.press('PageDown');
  await page.waitForTimeout(300);
  await expectState(demo, /finished/);
  expect([await result.textContent(), await summary.textContent()]).toEqual(shown);
});

test('autorun="slide" starts a demo when its slide is shown, and again if it was left', async ({
  page,
}) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  await remake(demo, long);
  await page.keyboard.press('PageUp');
  await demo.evaluate((element) => element.setAttribute('autorun', 'slide'));
  await page.keyboard.press('PageDown');
  await expectState(demo, /running/);
  await page.keyboard.press('PageUp');
  await expectState(demo, /cancelled/);
  await page.keyboard.press('PageDown');
  await expectState(demo, /running/);
  // In the overview slides are looked at, not shown.
  await page.keyboard.press('PageUp');
  await expectState(demo, /cancelled/);
  await page.keyboard.press('o');
  await page.keyboard.press('ArrowRight');
  await page.waitForTimeout(300);
  await expectState(demo, /cancelled/);
  await page.keyboard.press('o');
  await expectState(demo, /running/);
});

test('autorun="fragment" starts a demo with its fragment, and going back resets it', async ({
  page,
}) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  await page.keyboard.press('PageUp');
  await demo.evaluate((element) => {
    element.setAttribute('autorun', 'fragment');
    element.classList.add('fragment', 'custom');
  });
  await page.keyboard.press('PageDown');
  await page.waitForTimeout(300);
  await expectState(demo, /ready/);
  await page.keyboard.press('PageDown');
  await expectState(demo, /running|finished/);
  await expectState(demo, /finished/);
  await page.keyboard.press('PageUp');
  await expectState(demo, /ready/);
});

test('the keys of reveal.js and ours stay out of the controls of a demo', async ({ page }) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  const hash = await page.evaluate(() => location.hash);
  for (const control of [partsOf(demo).number('n'), partsOf(demo).slider('workers')]) {
    await control.focus();
    for (const key of ['r', 'Shift+R', 'PageUp', 'PageDown', '.', 'b', 'f', 'g', 'o', '?', 's']) {
      await page.keyboard.press(key);
    }
  }
  await page.waitForTimeout(200);
  await expectState(demo, /ready/);
  expect(await page.evaluate(() => location.hash)).toBe(hash);
  await expect(page.locator('.reveal')).not.toHaveClass(/overview|paused/);
  await expect(page.locator('.r-overlay')).toHaveCount(0);
  expect(page.context().pages()).toHaveLength(1);
  // Escape gives the keyboard back to the deck.
  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  await expectState(demo, /finished/);
});
