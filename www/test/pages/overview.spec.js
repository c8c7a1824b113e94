/*
 * The overview: a grid that shows the whole talk.
 */
import { expect, openSlide, test } from '../e2e/site.js';
import { openTalk } from '../e2e/talks.js';

/** @import { Page } from '@playwright/test' */

/** @param {Page} page */
const boxes = (page) =>
  page.$$eval('.slides section:not(:has(> section))', (slides) =>
    slides.map((slide) => {
      const { left, top, right, bottom } = slide.getBoundingClientRect();
      return { id: slide.id, left, top, right, bottom };
    }),
  );

/** @param {Page} page */
async function expectGrid(page) {
  const { width, height } = /** @type {{ width: number, height: number }} */ (page.viewportSize());
  const slides = await boxes(page);
  for (const { id, left, top, right, bottom } of slides) {
    expect(right - left, id).toBeGreaterThan(20);
    expect(left, id).toBeGreaterThanOrEqual(0);
    expect(top, id).toBeGreaterThanOrEqual(0);
    expect(right, id).toBeLessThanOrEqual(width);
    expect(bottom, id).toBeLessThanOrEqual(height);
    for (const other of slides) {
      if (other.id === id) continue;
      const apart =
        other.left >= right || other.right <= left || other.top >= bottom || other.bottom <= top;
      expect(apart, `${id} and ${other.id}`).toBe(true);
    }
  }
  return slides;
}

for (const { width, height } of [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
  { width: 768, height: 1024 },
]) {
  test(`all slides are seen at ${width} x ${height}, side by side`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await openSlide(page, 'topics');
    await page.keyboard.press('o');
    const slides = await expectGrid(page);
    expect(slides).toHaveLength(42);
    const columns = new Set(slides.map(({ left }) => Math.round(left))).size;
    if (width > height) expect(columns).toBe(7);
  });
}

test('arrow keys move in the grid, Enter and a click open a slide', async ({ page }) => {
  await openSlide(page, 'topics');
  const slides = await page.$$eval('.slides > section', (all) => all.map(({ id }) => id));
  const at = slides.indexOf('topics');
  const present = page.locator('.slides section.present');
  await page.keyboard.press('Escape');
  await expect(page.locator('.reveal')).toHaveClass(/overview/);
  for (const [key, to] of /** @type {const} */ ([
    ['ArrowDown', at + 7],
    ['ArrowRight', at + 8],
    ['ArrowUp', at + 1],
    ['ArrowLeft', at],
    ['End', slides.length - 1],
    ['Home', 0],
    ['ArrowDown', 7],
  ])) {
    await page.keyboard.press(key);
    await expect(present).toHaveId(slides[to]);
  }
  await page.keyboard.press('Enter');
  await expect(page.locator('.reveal')).not.toHaveClass(/overview/);
  await expect(present).toHaveId(slides[7]);

  await page.keyboard.press('o');
  await page.locator(`section[id="${slides[20]}"]`).click();
  await expect(page.locator('.reveal')).not.toHaveClass(/overview/);
  await expect(present).toHaveId(slides[20]);
});

test('the parts of a talk are in the same grid', async ({ page }) => {
  await openTalk(
    page,
    '# A\n\n## A1\n\nOne\n\n## A2\n\nTwo\n\n# B\n\n## B1\n\nThree\n\n## B2 {data-background-color="#204060"}\n\nFour\n',
  );
  await page.keyboard.press('o');
  const slides = await expectGrid(page);
  expect(slides).toHaveLength(6);
  const background = await page
    .locator('.slide-background[style*="background-color"], .slide-background[style*="32, 64, 96"]')
    .last()
    .boundingBox();
  const { left, top } = slides[5];
  expect(background?.x).toBeCloseTo(left, 0);
  expect(background?.y).toBeCloseTo(top, 0);
});

test('the box to jump to a slide can be read on a slide with a heading, in both themes', async ({
  page,
}) => {
  await openSlide(page, 'topics');
  for (const theme of ['light', 'dark']) {
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    const jump = page.locator('.jump-to-slide');
    // reveal.js hides the box once more, a moment after it has lost the focus.
    await expect(async () => {
      if (!(await jump.isVisible())) await page.keyboard.press('g');
      const colours = await jump.evaluate(
        (box) => {
          const { backgroundColor } = getComputedStyle(box);
          const input = /** @type {Element} */ (box.querySelector('input'));
          return { box: backgroundColor, text: getComputedStyle(input).color };
        },
        null,
        { timeout: 500 },
      );
      expect(colours.box).toMatch(/^rgb\(/);
      expect(colours.text).not.toBe(colours.box);
    }).toPass();
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');
  }
});
