/*
 * Search in the slides: what it finds, how it goes from match to match, and that it leaves the slides as they are.
 */
import { expect, openSlide, test } from './site.js';
import { openTalk } from './talks.js';

/** @import { Page } from '@playwright/test' */

/** @param {Page} page @param {string} query */
async function search(page, query) {
  await page.keyboard.press('Control+Shift+F');
  await expect(page.locator('.search input')).toBeFocused();
  await page.locator('.search input').fill(query);
  return page.locator('.search output');
}

/** The texts that are marked. @param {Page} page @param {'search' | 'search-current'} name */
const marked = (page, name) =>
  page.evaluate(
    (key) =>
      [...(CSS.highlights.get(key) ?? [])].map((range) => {
        const whole = document.createRange();
        whole.setStart(range.startContainer, range.startOffset);
        whole.setEnd(range.endContainer, range.endOffset);
        return whole.toString();
      }),
    name,
  );

test('a search leaves every slide as it was', async ({ page }) => {
  await openSlide(page, 'topics');
  const slides = () =>
    page.$$eval('.slides section', (all) =>
      all.map((slide) => slide.querySelector('.slide')?.innerHTML),
    );
  const before = await slides();
  const count = await search(page, 'process');
  await expect(count).toHaveText(/^\d+ matches$/);
  for (let i = 0; i < 5; i++) await page.keyboard.press('Enter');
  await expect(count).toHaveText(/^\d+ of \d+$/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+F');
  await page.locator('.search input').fill('');
  await page.keyboard.press('Escape');
  await expect(page.locator('.search')).toBeHidden();
  // Steps that were shown are marked by classes of reveal.js.
  const plain = (/** @type {(string | undefined)[]} */ all) =>
    all.map((html) => html?.replaceAll(/ (?:visible|current-fragment)\b/g, ''));
  expect(plain(await slides())).toEqual(plain(before));
  expect(before.some((html) => html?.includes('<em>'))).toBe(true);
});

test('Enter goes to the next match, Shift+Enter back, and both go round', async ({ page }) => {
  await openTalk(
    page,
    '# One\n\nLion and *li*on.\n\n# Two\n\n::: notes\nThe lion sleeps.\n:::\n\nNothing.\n\n# Three\n\nLION\n',
  );
  const present = page.locator('section.present h1');
  const count = await search(page, 'lion');
  await expect(count).toHaveText('3 matches');
  expect(await marked(page, 'search')).toEqual(['Lion', 'lion', 'LION']);
  const steps = /** @type {const} */ ([
    ['Enter', '1 of 3', 'One', 'Lion'],
    ['Enter', '2 of 3', 'One', 'lion'],
    // Slide two has the word in its notes only.
    ['Enter', '3 of 3', 'Three', 'LION'],
    ['Enter', '1 of 3', 'One', 'Lion'],
    ['Shift+Enter', '3 of 3', 'Three', 'LION'],
    ['Shift+Enter', '2 of 3', 'One', 'lion'],
  ]);
  for (const [key, words, slide, text] of steps) {
    await page.keyboard.press(key);
    await expect(count).toHaveText(words);
    await expect(present).toHaveText(slide);
    expect(await marked(page, 'search-current')).toEqual([text]);
  }
  await page.locator('.search input').fill('tiger');
  await expect(count).toHaveText('No match');
  await page.keyboard.press('Enter');
  await expect(present).toHaveText('One');
});

test('the step that hides a match is shown, in a list and in a listing', async ({ page }) => {
  await openTalk(
    page,
    '# One\n\nHello.\n\n# Two\n\n::: incremental\n- a\n- b\n- the zebra\n:::\n\n# Three\n\n``` {.python lines="1|2"}\nzebra = 1\nprint(2)\n```\n',
  );
  const count = await search(page, 'zebra');
  await expect(count).toHaveText('2 matches');
  await page.keyboard.press('Enter');
  await expect(page.locator('section.present li', { hasText: 'zebra' })).toHaveClass(/visible/);
  await page.keyboard.press('Enter');
  await expect(page.locator('section.present h1')).toHaveText('Three');
  // A listing has its text once for each step, and each is marked.
  expect(await marked(page, 'search-current')).toEqual(['zebra', 'zebra']);
});

test('Escape closes the search and gives the keyboard to the slides', async ({ page }) => {
  await openSlide(page, 'dask');
  await search(page, 'NumPy');
  // The word occurs in a drawing too.
  const inDrawing = await page.evaluate(() =>
    [...(CSS.highlights.get('search') ?? [])].some((range) =>
      range.startContainer.parentElement?.closest('.present svg'),
    ),
  );
  expect(inDrawing).toBe(true);
  await page.keyboard.press('Escape');
  await expect(page.locator('.search')).toBeHidden();
  await expect(page.locator('.reveal')).not.toHaveClass(/overview/);
  expect(await page.evaluate(() => CSS.highlights.size)).toBe(0);
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('section#dask')).not.toHaveClass(/present/);
});
