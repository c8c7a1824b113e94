/* Bring your own talk: by address or dropped, with its mistakes, and the way back. */
import { readFileSync } from 'node:fs';
import { expect, expectState, partsOf, test } from '../e2e/site.js';
import { test as unwatched } from '@playwright/test';
import { drop, openTalk } from '../e2e/talks.js';

const source = readFileSync(new URL('../fixtures/talks/source.md', import.meta.url), 'utf8');

// Its two figures are missing, which the browser logs to the console.
unwatched('source.md is presented whole, with its demos', async ({ page }) => {
  unwatched.setTimeout(180_000);
  /** @type {string[]} */
  const seen = [];
  page.on('console', (message) => seen.push(message.text()));
  page.on('pageerror', (error) => seen.push(error.message));
  await openTalk(page, source);
  await expect(page).toHaveTitle('Parallel Programming in Python');
  await expect(page.locator('section.present')).toContainText('Continuum Analytics');
  /** @type {string[]} */
  const ids = [];
  const demos = [];
  for (let i = 0; i < 60; i++) {
    const section = page.locator('.slides section.present:not(.stack)');
    const id = (await section.getAttribute('id')) ?? '';
    if (id !== ids.at(-1)) {
      ids.push(id);
      const slide = section.locator('.slide');
      const content = await slide.evaluate((element) => ({
        words: element.textContent?.trim().length ?? 0,
        overflow:
          element.scrollHeight > element.clientHeight + 1 ||
          element.scrollWidth > element.clientWidth + 1,
        broken: [...element.querySelectorAll('img')].filter(
          (image) => image.complete && !image.naturalWidth,
        ).length,
      }));
      expect({ id, ...content, words: content.words > 0 }).toEqual({
        id,
        words: true,
        overflow: false,
        broken: 0,
      });
      const demo = slide.locator('dag-demo');
      if (await demo.count()) {
        demos.push(id);
        await expectState(demo, /ready/);
        await partsOf(demo).run.click();
        await expectState(demo, /finished/);
      }
    }
    if (id === 'thanks') break;
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(250);
  }
  expect(ids).toHaveLength(24);
  expect(demos).toEqual([
    'the-global-interpreter-lock-more',
    'threads',
    'multiprocessing',
    'threads-vs.-processes-1',
    'parallelism-from-the-stdlib',
    'parallelism-for-pydata',
    'dask-demo',
    'dasks-values-1',
    'distributed-demo',
  ]);
  await expect(page.locator('#section .missing-image')).toHaveText(
    'Not found: dask_horizontal_white.svg',
  );
  await expect(page.locator('.talk-note')).toHaveCount(0);
  expect(seen.filter((text) => !/404/.test(text))).toEqual([]);
  expect(seen).toHaveLength(2);
});

test('a dropped talk is presented, kept over a reload, and closed by D', async ({ page }) => {
  await page.goto('index.html#/dask-demo');
  await page.locator('.reveal.ready').waitFor();
  await drop(page, 'mine.md', '---\ntitle: Mine\n---\n\n# One\n\n*first*\n\n---\n\nsecond\n');
  await expect(page).toHaveTitle('Mine');
  await expect(page.locator('.talk-note')).toContainText('mine.md');
  await page.reload();
  await expect(page).toHaveTitle('Mine');
  await page.locator('.reveal.ready').waitFor();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('section#one.present em')).toHaveText('first');
  // Without mistakes the note disappears after the first slide.
  await expect(page.locator('.talk-note')).toHaveCount(0);
  await page.keyboard.press('d');
  await expect(page).toHaveTitle('Parallel Programming in Python');
  await page.reload();
  await expect(page).toHaveTitle('Parallel Programming in Python');
});

test('a file that is no talk is refused in words', async ({ page }) => {
  await page.goto('');
  await page.locator('.reveal.ready').waitFor();
  await drop(page, 'run.json', '{}');
  await expect(page.locator('.talk-note')).toContainText(
    'run.json is not a talk. Drop a Markdown file',
  );
  await page.locator('.talk-note').getByRole('button', { name: 'Close' }).click();
  await expect(page.locator('.talk-note')).toHaveCount(0);
});

test('mistakes are listed with their lines, and the rest is presented', async ({ page }) => {
  await openTalk(
    page,
    [
      '---',
      'title: Mistakes',
      'slide-level: big',
      '---',
      '# One',
      '',
      '::: a',
      '',
      'open',
      '',
      '# Two',
      '',
      '<dag-demo program="array-maen"></dag-demo>',
      '',
      '# Three',
      '',
      '```demo',
      'program: array-mean',
      'n: many',
      'size: 3',
      '```',
      '',
      '# Four',
      '',
      '<script>alert(1)</script> the end',
    ].join('\n'),
  );
  const note = page.locator('.talk-note');
  await expect(note.locator('li')).toHaveText([
    /^Line 3: slide-level: “big” must be a whole number/,
    /^Line 7: this div is not closed/,
    /^Line 13: program: “array-maen” does not exist; choose one of .*array-mean/,
    /^Line 17: size: array-mean has no such setting/,
    /^Line 17: n: “many” cannot be used/,
    /^Line 25: <script> is not allowed in a talk: it was left out/,
  ]);
  await expect(page.locator('section')).toHaveCount(5);
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('section#one.present')).toContainText('open');
  await expect(note).toBeVisible();
  await note.getByRole('button', { name: 'Close' }).click();
  await expect(note).toHaveCount(0);
});

unwatched('a talk that is not to be had is a slide that says why', async ({ page }) => {
  for (const [address, message] of [
    [
      'given/nowhere.md',
      /given\/nowhere\.md cannot be loaded: its server answered with status 404/,
    ],
    ['javascript:alert(1)', /“javascript:alert\(1\)” is not a valid http or https URL/],
    ['lab.html', /lab\.html is a web page, not a Markdown file/],
    [
      'http://localhost:1/talk.md',
      /cannot be loaded: its server cannot be reached, or does not allow/,
    ],
  ]) {
    await page.goto(`index.html?talk=${encodeURIComponent(String(address))}`);
    await expect(page.locator('section.present h3')).toHaveText('This talk cannot be shown');
    await expect(page.locator('section.present')).toContainText(message);
  }
  await page.getByRole('link', { name: 'dagdeck’s own talk' }).click();
  await expect(page).toHaveTitle('Parallel Programming in Python');
});

test('a talk of another site brings its images from there', async ({ page }) => {
  const headers = { 'Access-Control-Allow-Origin': '*' };
  await page.route('https://talks.example/**', (route) =>
    route.request().url().endsWith('.md')
      ? route.fulfill({
          headers,
          contentType: 'text/markdown',
          body: '# A\n\n![A picture](figures/a.svg)\n\n[a link](more.html) and [a slide](#b)\n\n# B\n\nb\n',
        })
      : route.fulfill({
          headers,
          contentType: 'image/svg+xml',
          body: '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>',
        }),
  );
  await page.goto(`index.html?talk=${encodeURIComponent('https://talks.example/x/talk.md')}`);
  const image = page.locator('section#a figure img');
  await expect(image).toHaveAttribute('src', 'https://talks.example/x/figures/a.svg');
  await expect
    .poll(() => image.evaluate((element) => /** @type {HTMLImageElement} */ (element).naturalWidth))
    .toBe(40);
  const link = page.getByRole('link', { name: 'a link' });
  await expect(link).toHaveAttribute('href', 'https://talks.example/x/more.html');
  await expect(link).toHaveAttribute('rel', /noopener/);
  await page.getByRole('link', { name: 'a slide' }).click();
  await expect(page.locator('section#b.present')).toBeVisible();
});

test('lines of code light up step by step, and lists appear item by item', async ({ page }) => {
  await openTalk(
    page,
    '# Code\n\n```{.python data-line-numbers="1|2-3"}\na = 1\nb = 2\nc = 3\n```\n\n::: incremental\n- x\n- y\n:::\n\n# Next\n\nn\n',
  );
  const layers = page.locator('section#code pre code');
  const lit = (/** @type {number} */ layer) =>
    layers.nth(layer).locator('.line:not(.dim)').allTextContents();
  await expect(layers).toHaveCount(2);
  expect(await lit(0)).toEqual(['a = 1\n']);
  expect(await lit(1)).toEqual(['b = 2\n', 'c = 3\n']);
  await expect(layers.nth(0).locator('.hljs-number').first()).toHaveText('1');
  await expect(layers.nth(1)).not.toHaveClass(/visible/);
  for (const part of [layers.nth(1), page.locator('li').nth(0), page.locator('li').nth(1)]) {
    await page.keyboard.press('ArrowRight');
    await expect(part).toHaveClass(/visible/);
  }
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('section#next')).toHaveClass(/present/);
});

test('the parts of a talk stand one below the other', async ({ page }) => {
  await openTalk(page, '# Part\n\n## One\n\na\n\n## Two\n\nb\n\n# Other\n\n## Three\n\nc\n');
  await expect(page.locator('.slides > section.part')).toHaveCount(2);
  await expect(page.locator('section#part')).toHaveClass(/present/);
  await page.keyboard.press('Space');
  await expect(page.locator('section#one')).toHaveClass(/present/);
  // The right arrow also goes through all of them.
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('section#two')).toHaveClass(/present/);
});
