/* What a talk's author sees: formulas, footnotes, callouts, slides that are too full, and the list of mistakes. */
import { expect, test } from '../e2e/site.js';
import { readFileSync } from 'node:fs';
import { openTalk } from '../e2e/talks.js';

/** @import { Page } from '@playwright/test' */

const own = readFileSync(new URL('../../talk/parallel-programming.md', import.meta.url), 'utf8');

/** @param {Page} page */
const mistakes = (page) => page.locator('.talk-note li');

/** More than a slide holds. */
const LONG = Array.from({ length: 12 }, (_, i) => `- item ${i}\n`).join('');

test('formulas are drawn, and KaTeX is loaded for them alone', async ({ page }) => {
  /** @type {string[]} */
  const loaded = [];
  page.on('request', (request) => loaded.push(request.url()));
  await openTalk(page, '# A\n\nno formula for $5\n');
  expect(loaded.filter((url) => /formula|katex/i.test(url))).toEqual([]);
  await openTalk(page, '---\ntitle: On $t$\n---\n\n# A $x$\n\n$x^2$ and\n\n$$\\frac{1}{2}$$\n');
  await expect(page.locator('.math .katex-html')).toHaveCount(4);
  await expect(page.locator('.math.display .katex-display')).toHaveCount(1);
  await expect(page.locator('#a-x p math').first()).toHaveText(/x2/);
  expect(loaded.filter((url) => /formula-.*\.js$/.test(url))).toHaveLength(1);
  await page.keyboard.press('ArrowRight');
  // KaTeX's fonts are served by the site itself.
  await expect
    .poll(() => loaded.filter((url) => /KaTeX_.*\.woff2$/.test(url)).length)
    .toBeGreaterThan(0);
});

test('a formula that cannot be drawn is shown as it is written, and reported', async ({ page }) => {
  await openTalk(
    page,
    [
      '# A',
      '',
      'one $\\frac{1$',
      'two $\\href{javascript:alert(1)}{x}$ and $\\def\\a{\\a\\a}\\a$',
      '',
      `# B\n\n$${'x'.repeat(6000)}$ and $${'{'.repeat(2000)}${'}'.repeat(2000)}$`,
      '',
      '# C\n\nfine: $x$',
    ].join('\n'),
  );
  await expect(mistakes(page)).toHaveText([
    /^Line 3: the formula “\\frac\{1” cannot be drawn: Unexpected end/,
    /^Line 4: the formula “\\href.*” cannot be drawn: \\href is not allowed in a talk/,
    /^Line 4: the formula “\\def.*” cannot be drawn: its macros expand more than 1000 times/,
    /^Line 6: this slide is \d+ px too/,
    /^Line 8: the formula “x{40}…” cannot be drawn: it has more than 5,000 characters/,
    /^Line 8: the formula “\{{40}…” cannot be drawn: it is nested too deeply/,
  ]);
  await expect(page.locator('#a .undrawn')).toHaveText([
    '\\frac{1',
    '\\href{javascript:alert(1)}{x}',
    '\\def\\a{\\a\\a}\\a',
  ]);
  await expect(page.locator('#c .katex-html')).toHaveCount(1);
});

test('too many formulas do not keep the talk from its beginning', async ({ page }) => {
  const many = '$\\def\\a{xx}\\a\\a\\a$ '.repeat(2500);
  await openTalk(page, `# A\n\n${many}\n\n# B\n\nb\n`);
  await expect(mistakes(page)).toHaveText([
    /^Line 1: this slide is \d+ px too tall/,
    /^Line 3: the formula “.*” and those after it are not drawn: this talk has too many formulas$/,
  ]);
  expect(await page.locator('#a .math .katex-html').count()).toBeGreaterThan(0);
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('#b')).toHaveClass(/present/);
});

test('footnotes stand at the foot of their slide', async ({ page }) => {
  await openTalk(page, '# A\n\nwords^[A note.]\n\n# B\n\nmore\n', '#/a');
  const slide = page.locator('#a .slide');
  await expect(slide.locator('.footnote-ref')).toHaveText('1');
  await expect(slide.locator('.footnotes li')).toHaveText('A note.');
  const place = await slide.evaluate((element) => {
    const box = element.getBoundingClientRect();
    const note = element.querySelector('.footnotes')?.getBoundingClientRect();
    return ((note?.bottom ?? 0) - box.top) / box.height;
  });
  expect(place).toBeGreaterThan(0.85);
  expect(place).toBeLessThanOrEqual(1);
  await expect(page.locator('#b .footnotes')).toHaveCount(0);
});

test('a slide that is too full is reported, by how much, with its line', async ({ page }) => {
  await openTalk(
    page,
    `# Fits\n\nwords\n\n# Tall\n\n${LONG}\n# In parts\n\na\n\n. . .\n\n${LONG}\n# Wide\n\n\`\`\`\n${'wide '.repeat(40)}\n\`\`\`\n`,
  );
  await expect(mistakes(page)).toHaveText([
    /^Line 5: this slide is \d+ px too tall for 1280 × 720 px, and is cut off/,
    /^Line 20: this slide is \d+ px too tall/,
    /^Line 39: code on this slide is \d+ px too wide/,
  ]);
  // Measuring does not change the slides.
  await expect(page.locator('section.present')).toHaveId('fits');
  await expect(page.locator('section#tall')).toHaveAttribute('hidden');
  await expect(page.locator('section#tall')).not.toHaveAttribute('style', /important/);
});

test('no slide of dagdeck’s own talk is too full', async ({ page }) => {
  // From the folder of the deck, so that its figures load. One slide is too full, to show that slides are measured.
  await page.route('**/own-talk.md', (route) =>
    route.fulfill({ body: `${own}\n\n### Too full\n\n${LONG}`, contentType: 'text/markdown' }),
  );
  await page.goto('index.html?talk=own-talk.md');
  const lines = own.split('\n').length;
  await expect(mistakes(page)).toHaveText([new RegExp(`^Line ${lines + 2}: this slide is`)]);
});

test('the list of mistakes folds into a bar that covers nothing', async ({ page }) => {
  await openTalk(page, '# A\n\n[^x] and [@y]\n\n# B\n\nb\n');
  const note = page.locator('.talk-note');
  const summary = note.getByRole('button', { name: 'talk.md: 2 mistakes' });
  await expect(summary).toHaveAttribute('aria-expanded', 'true');
  await expect(mistakes(page)).toHaveCount(2);
  await page.keyboard.press('x');
  await expect(summary).toHaveAttribute('aria-expanded', 'false');
  await expect(mistakes(page).first()).toBeHidden();
  await expect
    .poll(async () => {
      const [bar, slide] = await Promise.all([
        note.boundingBox(),
        page.locator('section.present .slide').boundingBox(),
      ]);
      return (slide?.y ?? 0) + (slide?.height ?? 0) <= (bar?.y ?? 0) + 4;
    })
    .toBe(true);
  // It stays folded when the page reloads after a save.
  await page.reload();
  await expect(summary).toHaveAttribute('aria-expanded', 'false');
  await summary.focus();
  await page.keyboard.press('Enter');
  await expect(mistakes(page).first()).toBeVisible();
});

test('the list of mistakes follows the theme', async ({ page }) => {
  await openTalk(page, '# A\n\n[^x]\n');
  const colours = () =>
    page.locator('.talk-note').evaluate((element) => {
      const { backgroundColor, color } = getComputedStyle(element);
      return [backgroundColor, color];
    });
  const light = await colours();
  await page.keyboard.press('t');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const dark = await colours();
  expect(dark[0]).not.toBe(light[0]);
  expect(dark[1]).not.toBe(light[1]);
});

test('grid tables, captions and callouts are drawn as such', async ({ page }) => {
  await openTalk(
    page,
    '# A\n\n+---+---+\n| a | b |\n+===+===+\n| - c | d |\n+---+---+\n\n# B\n\n+---+-----+\n| a | - b |\n+---+-----+\n\n: Words\n\n::: {.callout-tip title="Do"}\nthis\n:::\n',
    '#/b',
  );
  await expect(mistakes(page)).toHaveText([/^Line 6: this grid table cannot be read/]);
  await expect(page.locator('#b caption')).toHaveText('Words');
  await expect(page.locator('#b td li')).toHaveText('b');
  await expect(page.locator('#b .callout-tip .callout-title')).toHaveText('Do');
});

test('videos come from the talk’s own site, with controls, and never start with sound', async ({
  page,
}) => {
  const film = readFileSync(new URL('../fixtures/film.webm', import.meta.url));
  await page.route('**/given/film.webm', (route) =>
    route.fulfill({ contentType: 'video/webm', body: film }),
  );
  await openTalk(
    page,
    [
      '# A\n\n![Words](film.webm){width=50%}\n',
      '# B\n\n<video src="film.webm" autoplay muted loop></video>\n',
      '# C\n\n<video src="film.webm" autoplay></video>\n',
      '# D\n\n![Far](https://elsewhere.example/film.webm)\n',
    ].join('\n'),
    '#/a',
  );
  await expect(mistakes(page)).toHaveText([
    /^Line 11: this video does not start by itself: add `muted`/,
    /^Line 15: src="https:\/\/elsewhere\.example\/film\.webm" is not allowed/,
  ]);
  const videos = page.locator('.slides video');
  const states = () =>
    videos.evaluateAll((all) =>
      all.map((element) => {
        const { paused, muted, controls, videoWidth } = /** @type {HTMLVideoElement} */ (element);
        return { paused, muted, controls, videoWidth };
      }),
    );
  const still = { paused: true, muted: false, controls: true, videoWidth: 64 };
  await expect.poll(states).toEqual([still, { ...still, muted: true }, still]);
  await expect(videos.first()).toHaveAttribute('aria-label', 'Words');
  await page.keyboard.press('ArrowRight');
  await expect
    .poll(async () => (await states()).map(({ paused }) => paused))
    .toEqual([true, false, true]);
  await page.keyboard.press('ArrowRight');
  await expect
    .poll(async () => (await states()).map(({ paused }) => paused))
    .toEqual([true, true, true]);
  // A focused video handles its own keys.
  await videos.nth(2).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('section.present')).toHaveId('c');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('#d.present .missing-image')).toContainText('Far');
});
