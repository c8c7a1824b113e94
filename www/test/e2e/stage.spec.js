/*
 * Tools for speakers: the keys of the deck and of a clicker, the help, the notes window, phones, paper.
 */
import { expect, expectState, openDemo, openSlide, test } from './site.js';
import { openTalk } from './talks.js';

/** @import { Page } from '@playwright/test' */

/** The number of the slide that is shown, from 1. @param {Page} page */
const slideNumber = (page) =>
  page.evaluate(
    () =>
      [...document.querySelectorAll('.slides > section')].findIndex((slide) =>
        slide.classList.contains('present'),
      ) + 1,
  );

test('a clicker’s keys turn slides and blacken the screen', async ({ page }) => {
  await page.goto('');
  await expect.poll(() => slideNumber(page)).toBe(1);
  await page.keyboard.press('PageDown');
  await expect.poll(() => slideNumber(page)).toBe(2);
  await page.keyboard.press('PageUp');
  await expect.poll(() => slideNumber(page)).toBe(1);
  const reveal = page.locator('.reveal');
  for (const key of ['b', '.']) {
    await page.keyboard.press(key);
    await expect(reveal).toHaveClass(/paused/);
    await page.keyboard.press('PageDown');
    await page.keyboard.press(key);
    await expect(reveal).not.toHaveClass(/paused/);
    expect(await slideNumber(page)).toBe(1);
  }
});

test('the help lists our keys beside those of reveal.js, and fits', async ({ page }) => {
  await page.goto('');
  await expect(page.locator('section.present')).toBeVisible();
  const help = page.locator('.r-overlay-help');
  for (const key of ['Shift+Slash', 'F1']) {
    await page.keyboard.press(key);
    for (const words of [
      'Run or cancel the demo',
      'Recorded run or live run',
      'Toggle the theme',
      'First or last slide',
      'Speaker notes',
      'Pause',
      'Search',
      'Jump to slide',
      'Slide overview',
      'clicker',
    ]) {
      await expect(help).toContainText(words);
    }
    const scrolls = await help
      .locator('.r-overlay-content')
      .evaluate(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight);
    expect(scrolls).toBe(false);
    await page.keyboard.press('Escape');
    await expect(help).toHaveCount(0);
  }
  // The question mark of other keyboards does not blacken the screen.
  await page.evaluate(() =>
    document.dispatchEvent(
      new KeyboardEvent('keydown', /** @type {any} */ ({ key: '?', keyCode: 219, shiftKey: true })),
    ),
  );
  await expect(help).toBeVisible();
  await expect(page.locator('.reveal')).not.toHaveClass(/paused/);
});

test('the box to jump to a slide takes text that is no regular expression', async ({ page }) => {
  await openTalk(page, '# A\n\n# B\n\nb\n\n# C\n\nc(\\*d\n');
  await page.keyboard.press('g');
  const box = page.locator('.jump-to-slide-input');
  await expect(box).toBeFocused();
  await page.keyboard.type('c(*');
  // An error that reveal.js throws in its timer would fail the test.
  await expect(page.locator('section#c')).toHaveClass(/present/);
  await box.fill('(');
  await page.keyboard.press('Enter');
  await expect(box).toHaveCount(0);
  // When the box has lost the focus, reveal.js hides it again after 1 ms.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 20)));
  await page.keyboard.press('g');
  await expect(box).toHaveValue('');
});

test('overview, jump to a slide, search, zoom, the slide number and progress', async ({ page }) => {
  await page.goto('');
  const reveal = page.locator('.reveal');
  await expect.poll(() => slideNumber(page)).toBe(1);
  await page.keyboard.press('o');
  await expect(reveal).toHaveClass(/overview/);
  await page.keyboard.press('o');
  await expect(reveal).not.toHaveClass(/overview/);

  await page.keyboard.press('g');
  await page.keyboard.type('3');
  await page.keyboard.press('Enter');
  await expect.poll(() => slideNumber(page)).toBe(3);
  await expect(page.locator('.slide-number')).toHaveText(/^\s*3\s*\/\s*\d+\s*$/);
  await expect(page.locator('.reveal > .progress')).toBeVisible();

  await page.keyboard.press('Control+Shift+F');
  const search = page.locator('.search input');
  await expect(search).toBeFocused();
  // Letters that are keys of the deck are typed as text here.
  await page.keyboard.type('tree?Rb');
  await expect(search).toHaveValue('tree?Rb');
  await expect(reveal).not.toHaveClass(/paused/);
  await expect(page.locator('.r-overlay-help')).toHaveCount(0);
  await search.fill('Python');
  await page.keyboard.press('Enter');
  await expect(page.locator('.search output')).toHaveText(/^\d+ of \d+$/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  await expect.poll(() => slideNumber(page)).toBe(1);

  const key = (await page.evaluate(() => /Linux/.test(navigator.platform))) ? 'Control' : 'Alt';
  await page.locator('section.present h1').click({ modifiers: [key] });
  const zoomed = () => page.evaluate(() => getComputedStyle(document.body).transform !== 'none');
  await expect.poll(zoomed).toBe(true);
  await page.mouse.move(640, 360);
  await page.keyboard.down(key);
  await page.mouse.down();
  await page.mouse.up();
  await page.keyboard.up(key);
  await expect.poll(zoomed).toBe(false);
});

test('an address leads to its slide, and follows the slides', async ({ page }) => {
  await page.goto('');
  const ids = await page.$$eval('.slides > section', (slides) => slides.map(({ id }) => id));
  const id = ids[ids.length - 1];
  await openSlide(page, id);
  await page.keyboard.press('PageUp');
  await expect.poll(() => page.url()).toContain(`#/${ids[ids.length - 2]}`);
});

test('the notes window has the notes, a timer and the next slide, and steers', async ({ page }) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  const number = await slideNumber(page);
  const opening = page.waitForEvent('popup');
  await page.keyboard.press('s');
  const speaker = await opening;
  /** @type {string[]} */
  const seen = [];
  speaker.on('console', (message) => seen.push(message.text()));
  await expect(speaker.locator('.speaker-controls-notes .value')).toHaveText(/\w+/);
  await expect(speaker.locator('.speaker-controls-time .timer')).toHaveText(/00:0\d/);
  const current = speaker.frameLocator('#current-slide iframe');
  const upcoming = speaker.frameLocator('#upcoming-slide iframe');
  await expect(current.locator('section.present dag-demo[preview]')).toHaveCount(1);
  await expect(upcoming.locator('.slides > section.present')).toHaveCount(1);

  // Keys that are pressed in this window control the deck on the stage.
  await speaker.keyboard.press('PageDown');
  await expect.poll(() => slideNumber(page)).toBe(number + 1);
  await speaker.keyboard.press('PageUp');
  await expect.poll(() => slideNumber(page)).toBe(number);
  await speaker.keyboard.press('r');
  await expectState(demo, /running|finished/);
  await expectState(demo, /finished/);
  expect(speaker.workers()).toHaveLength(0);
  expect(seen).toEqual([]);
  await speaker.close();
});

test('on paper each slide is a page, and demos show the end of their recorded run', async ({
  page,
}) => {
  await page.goto('');
  const slides = await page.locator('.slides > section').count();
  await page.goto('index.html?print-pdf');
  const demos = page.locator('.pdf-page dag-demo');
  await expect(page.locator('.pdf-page')).toHaveCount(slides);
  for (const demo of await demos.all()) await expectState(demo, /replayed/);
  expect(page.workers()).toHaveLength(0);
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
  expect(pages).toHaveLength(slides);
  // Canvases that were not drawn would print black.
  for (const canvas of await page.locator('.pdf-page canvas:visible').all()) {
    const black = await canvas.evaluate((element) => {
      const { width, height } = /** @type {HTMLCanvasElement} */ (element);
      const context = /** @type {HTMLCanvasElement} */ (element).getContext('2d');
      const pixels = new Uint32Array(context?.getImageData(0, 0, width, height).data.buffer ?? []);
      return pixels.every((pixel) => pixel === 0xff000000);
    });
    expect(black).toBe(false);
  }
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('slides are scrolled, one below the other, and demos run', async ({ page }) => {
    await page.goto('');
    await expect(page.locator('.reveal-viewport.reveal-scroll')).toHaveCount(1);
    const demo = page.locator('dag-demo[program="array-mean"]').first();
    await demo.scrollIntoViewIfNeeded();
    await expectState(demo, /ready/);
    // On its slide it is too small to touch.
    await demo.locator('.sheet-button').tap();
    await demo.locator('button.run').tap();
    await expectState(demo, /finished/);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      390,
    );
  });

  test('a link leads to its slide, and the address follows the slides', async ({ page }) => {
    await page.goto('');
    await expect(page.locator('.scroll-page')).not.toHaveCount(0);
    const ids = await page.$$eval('.slides section', (slides) => slides.map(({ id }) => id));
    for (const id of [ids[1], ids[20], ids.at(-1)]) {
      await page.goto('about:blank');
      await page.goto(`index.html#/${id}`);
      const slide = page.locator(`section[id="${id}"]`);
      await expect(slide).toHaveClass(/present/);
      await expect(slide).toBeInViewport({ ratio: 0.99 });
      await page.reload();
      await expect(slide).toHaveClass(/present/);
      await expect(slide).toBeInViewport({ ratio: 0.99 });
    }
    await page.evaluate((id) => location.assign(`#/${id}`), ids[10]);
    await expect(page.locator(`section[id="${ids[10]}"]`)).toHaveClass(/present/);
    await page.evaluate(() => {
      document.body.scrollTop = 0;
    });
    await expect.poll(() => page.url()).toContain(`#/${ids[0]}`);
  });

  test('slides follow each other without blanks, and show their last step', async ({ page }) => {
    await page.goto('');
    await expect(page.locator('.scroll-page')).not.toHaveCount(0);
    const heights = await page.$$eval('.scroll-page', (pages) =>
      pages.map((one) => /** @type {HTMLElement} */ (one).offsetHeight),
    );
    expect(new Set(heights).size).toBe(1);
    expect(heights[0]).toBeLessThan(250);
    await expect(page.locator('.fragment')).toHaveCount(0);
  });

  test('a swipe scrolls', async ({ page }) => {
    await page.goto('');
    await expect(page.locator('.scroll-page')).not.toHaveCount(0);
    const client = await page.context().newCDPSession(page);
    await client.send('Input.synthesizeScrollGesture', { x: 200, y: 600, yDistance: -500 });
    await expect.poll(() => page.evaluate(() => document.body.scrollTop)).toBeGreaterThan(300);
  });
});

test.describe('on a touch screen', () => {
  test.use({ viewport: { width: 1024, height: 768 }, hasTouch: true });

  test('a swipe turns the slide, and a swipe over a demo does not', async ({ page }) => {
    await page.goto('');
    await expect.poll(() => slideNumber(page)).toBe(1);
    const client = await page.context().newCDPSession(page);
    const swipe = async (/** @type {number} */ y) => {
      await client.send('Input.dispatchTouchEvent', {
        type: 'touchStart',
        touchPoints: [{ x: 800, y }],
      });
      for (let x = 760; x >= 400; x -= 40) {
        await client.send('Input.dispatchTouchEvent', {
          type: 'touchMove',
          touchPoints: [{ x, y }],
        });
      }
      await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    };
    await swipe(300);
    await expect.poll(() => slideNumber(page)).toBe(2);
    const demo = await openDemo(page, 'array-mean');
    await expectState(demo, /ready/);
    const number = await slideNumber(page);
    await swipe(400);
    await page.waitForTimeout(300);
    expect(await slideNumber(page)).toBe(number);
  });
});
