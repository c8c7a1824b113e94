/*
 * Talks that cannot be shown, or would hang the page: each of them ends in slides, or in a slide that says why and
 * from which D leads back.
 */
import { expect, test } from '@playwright/test';
import { bombs, heavy } from '../fixtures/heavy.js';
import { randomTalk } from '../fixtures/random-talk.js';
import { drop, openTalk } from '../e2e/talks.js';

/** @import { Page } from '@playwright/test' */

// A service worker's requests bypass `page.route`.
test.use({ serviceWorkers: 'block' });

/** @param {Page} page @param {string} text */
async function dropOnDeck(page, text) {
  await page.goto('index.html');
  await page.locator('.reveal.ready').waitFor();
  await drop(page, 'mine.md', text);
}

/** @param {Page} page @param {RegExp} why */
async function expectFailure(page, why) {
  await expect(page.locator('section.present h3')).toHaveText('This talk cannot be shown');
  await expect(page.locator('section.present')).toContainText(why);
  await page.locator('.reveal.ready').waitFor();
}

/** D leads back to the deck's own talk, and the talk is not kept. @param {Page} page */
async function expectWayBack(page) {
  await page.keyboard.press('d');
  await expect(page).toHaveTitle('Parallel Programming in Python');
  await page.reload();
  await expect(page).toHaveTitle('Parallel Programming in Python');
}

for (const [name, text] of Object.entries(heavy)) {
  test(`does not hang the page: ${name}`, async ({ page }) => {
    await openTalk(page, text);
    await expect(page.locator('section.present')).toHaveCount(1);
    // The page still responds after it has drawn the slide.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    await page.keyboard.press('End');
    if (name === 'eight thousand headings') return;
    // A busy machine may not parse it in time.
    const end = page.locator(
      'section#still-here, section:has(h3:text("This talk cannot be shown"))',
    );
    await expect(end).toHaveClass(/present/);
  });
}

test('random talks end in slides or in words, and run nothing', async ({ page }) => {
  test.setTimeout(240_000);
  let text = '';
  await page.route('**/given/talk.md', (route) =>
    route.fulfill({ body: text, contentType: 'text/markdown; charset=utf-8' }),
  );
  for (let seed = 1; seed <= 25; seed++) {
    text = randomTalk(seed);
    await page.goto('index.html?talk=given/talk.md');
    await page.locator('.reveal.ready section.present').first().waitFor();
    await page.keyboard.press('Space');
    const pwned = await page.evaluate(() => /** @type {any} */ (window).pwned);
    expect(pwned, `seed ${seed}`).toBeUndefined();
  }
});

test('drawings that are cut off are reported with their lines', async ({ page }) => {
  await openTalk(
    page,
    `# A\n\n${bombs.masks}\n\n<img src="data:image/svg+xml;base64,${btoa(bombs.uses)}">\n`,
  );
  await expect(page.locator('.talk-note li')).toHaveText([
    /^Line 3: this drawing is left out: its masks/,
    /^Line 5: this image is left out: its masks/,
  ]);
});

test('a talk without slides is not shown, and not kept', async ({ page }) => {
  await dropOnDeck(page, '\n');
  await expectFailure(page, /mine\.md: .*the file has no slides/);
  await expectWayBack(page);
});

test('a talk of too many elements is not shown', async ({ page }) => {
  await dropOnDeck(page, `# A\n\n${'<b>b</b>\n\n'.repeat(26_000)}`);
  await expectFailure(page, /it has more than 50,000 elements|more than 3 seconds/);
  await expectWayBack(page);
});

test('a parser that does not end is stopped', async ({ page }) => {
  await page.route('**/parse-worker-*.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      headers: { 'Cross-Origin-Embedder-Policy': 'require-corp' },
      body: 'onmessage = () => { for (;;); }; postMessage({ ready: true });',
    }),
  );
  await dropOnDeck(page, '# A\n\na\n');
  await expectFailure(page, /mine\.md: parsing it takes more than 3 seconds/);
  await expectWayBack(page);
});

test('a talk that reveal.js cannot show ends in words', async ({ page }) => {
  await page.addInitScript(() => {
    const { add } = DOMTokenList.prototype;
    DOMTokenList.prototype.add = function (...names) {
      if (names[0] === 'reveal-viewport' && document.querySelector('#broken')) {
        throw new Error('a broken slide');
      }
      return add.apply(this, names);
    };
  });
  await dropOnDeck(page, '# Broken\n\na\n');
  await expectFailure(page, /mine\.md cannot be presented \(a broken slide\)/);
  await expectWayBack(page);
});

test('a dropped talk that hung the page is not loaded again by itself', async ({ page }) => {
  // A page that hangs gets no `pagehide` event.
  await page.addInitScript(() => {
    addEventListener('pagehide', (event) => event.stopImmediatePropagation());
  });
  await page.route('**/parse-worker-*.js', () => {});
  await dropOnDeck(page, '# A\n\na\n');
  await page.waitForFunction(() => sessionStorage.getItem('dagdeck-loading') !== null);
  await page.reload();
  await expectFailure(page, /mine\.md did not finish loading the last time/);
  await expectWayBack(page);
});

test('a talk that is reloaded while it loads is loaded again', async ({ page }) => {
  await page.route('**/parse-worker-*.js', () => {});
  await dropOnDeck(page, '---\ntitle: Mine\n---\n\n# A\n\na\n');
  await page.waitForFunction(() => sessionStorage.getItem('dagdeck-loading') !== null);
  await page.unroute('**/parse-worker-*.js');
  await page.reload();
  await expect(page).toHaveTitle('Mine');
  await page.waitForFunction(() => sessionStorage.getItem('dagdeck-loading') === null);
  await page.reload();
  await expect(page).toHaveTitle('Mine');
});

test('what is left out of HTML is reported with its own line', async ({ page }) => {
  const text = [
    '# A',
    '',
    'words and',
    'more <u onclick="x()">words</u>',
    '',
    '<div>',
    '<iframe src="https://elsewhere.example/"></iframe>',
    '<object data="x"></object>',
    '',
    '![x](javascript:x)',
    '',
    '<script>',
    'x()',
    '</script>',
    '</div>',
    '',
    '- item',
    '- <form>form</form>',
  ];
  await openTalk(page, text.join('\n'));
  await expect(page.locator('.talk-note li')).toHaveText([
    /^Line 4: onclick="x\(\)" is not allowed in a talk: it was left out/,
    /^Line 7: <iframe> is not allowed/,
    /^Line 8: <object> is not allowed/,
    /^Line 12: <script> is not allowed/,
    /^Line 18: <form> is not allowed/,
  ]);
  await expect(page.locator('.slide [data-line]')).toHaveCount(0);
});
