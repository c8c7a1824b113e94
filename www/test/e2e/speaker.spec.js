/*
 * The speaker's window: it shows the run of the stage, covers nothing, survives a reload, and ignores other origins.
 */
import { test as unwatched } from '@playwright/test';
import { addresses } from '../../playwright.config.js';
import { coloursOf, expect, expectState, openDemo, openSlide, partsOf, test } from './site.js';
import { openTalk } from './talks.js';

/** @import { Page } from '@playwright/test' */

/** @param {Page} page */
async function openSpeaker(page) {
  const opening = page.waitForEvent('popup');
  await page.keyboard.press('s');
  const speaker = await opening;
  const now = speaker.frameLocator('#current-slide iframe');
  const next = speaker.frameLocator('#upcoming-slide iframe');
  await expect(now.locator('section.present').first()).toBeVisible();
  await expect(next.locator('.reveal.ready')).toHaveCount(1);
  return { speaker, now, next };
}

test('the notes show the run of the stage, and run nothing themselves', async ({ page }) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  const { speaker, now } = await openSpeaker(page);
  const picture = now.locator('section.present dag-demo');
  await expectState(picture, /ready/);
  await partsOf(demo).run.click();
  await expectState(picture, /running|finished/);
  await expectState(demo, /finished/);
  await expectState(picture, /finished/);
  await expect(partsOf(picture).result).toHaveText(
    (await partsOf(demo).result.textContent()) ?? '',
  );
  await expect(partsOf(picture).summary).toHaveText(
    (await partsOf(demo).summary.textContent()) ?? '',
  );
  for (const canvas of await picture.locator('canvas:visible').all()) {
    expect(await coloursOf(canvas)).toBeGreaterThan(3);
  }
  expect(speaker.workers()).toHaveLength(0);

  // A setting changes on the stage.
  await partsOf(demo).number('workers').fill('3');
  await partsOf(demo).number('workers').press('Enter');
  await expect(partsOf(picture).listing).toContainText('workers = 3');
  await expect(partsOf(picture).number('workers')).toHaveValue('3');
});

test('nothing covers the slides, whose next step is shown, and the last says so', async ({
  page,
}) => {
  const text =
    '# One\n\n::: incremental\n- first\n- second\n:::\n\n::: notes\nSay *hello*.\n:::\n\n# Two\n\nText.\n';
  await page
    .context()
    .route('**/given/talk.md', (route) =>
      route.fulfill({ body: text, contentType: 'text/markdown' }),
    );
  await openTalk(page, text);
  const { speaker, now, next } = await openSpeaker(page);
  for (const place of ['#current-slide', '#upcoming-slide']) {
    const covered = await speaker.locator(`${place} .picture`).evaluate((picture) => {
      const { left, top, width, height } = picture.getBoundingClientRect();
      const others = [];
      for (let x = 0.02; x < 1; x += 0.06) {
        for (let y = 0.02; y < 1; y += 0.06) {
          const there = document.elementFromPoint(left + x * width, top + y * height);
          if (!there || !picture.contains(there)) others.push(there?.outerHTML);
        }
      }
      return others;
    });
    expect(covered).toEqual([]);
  }
  await expect(speaker.locator('.speaker-controls-notes .value em')).toHaveText('hello');
  await expect(speaker.locator('#position')).toHaveText('Slide 1 of 2');
  await expect(now.locator('section.present li.visible')).toHaveCount(0);
  await expect(next.locator('section.present li.visible')).toHaveText(['first']);
  await speaker.keyboard.press('ArrowRight');
  await expect(now.locator('section.present li.visible')).toHaveText(['first']);
  await expect(next.locator('section.present li.visible')).toHaveText(['first', 'second']);
  await speaker.keyboard.press('ArrowRight');
  await expect(next.locator('section.present h1')).toHaveText('Two');
  await speaker.keyboard.press('ArrowRight');
  await expect(speaker.locator('#position')).toHaveText('Slide 2 of 2');
  await expect(speaker.locator('body')).toHaveClass(/at-end/);
  await expect(speaker.locator('.speaker-controls-notes')).toContainText('no notes');
});

test('keys of the notes reach the slides whatever has the focus on the stage', async ({ page }) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  const { speaker } = await openSpeaker(page);
  await partsOf(demo).number('n').focus();
  const present = page.locator('section.present');
  const id = await present.getAttribute('id');
  await speaker.keyboard.press('ArrowRight');
  await expect(present).not.toHaveId(id ?? '');
  await speaker.keyboard.press('b');
  await expect(page.locator('.reveal')).toHaveClass(/paused/);
  await speaker.keyboard.press('b');
  await speaker.keyboard.press('t');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(speaker.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(speaker.frameLocator('#current-slide iframe').locator('html')).toHaveAttribute(
    'data-theme',
    'dark',
  );
});

test('the notes find the deck again after a reload of either', async ({ page }) => {
  await openSlide(page, 'topics');
  const { speaker } = await openSpeaker(page);
  await page.reload();
  await expect(page.locator('section#topics.present')).toBeVisible();
  // A key that is pressed before they have found each other is lost.
  const press = (/** @type {string} */ key, /** @type {() => Promise<void>} */ turned) =>
    expect(async () => {
      await speaker.keyboard.press(key);
      await turned();
    }).toPass({ timeout: 15_000 });
  const topics = page.locator('section#topics');
  await press('ArrowRight', () => expect(topics).not.toHaveClass(/present/, { timeout: 1500 }));
  await speaker.reload();
  await expect(
    speaker.frameLocator('#current-slide iframe').locator('section.present').first(),
  ).toBeVisible();
  await press('ArrowLeft', () => expect(topics).toHaveClass(/present/, { timeout: 1500 }));
  await page.close();
  await expect(speaker.locator('#status')).toContainText('The deck is closed');
});

// Its page has no icon, which is logged to the console.
unwatched('a page that frames the deck cannot steer it', async ({ page }) => {
  // A page of another origin, without a policy of its own.
  await page.goto(`${addresses.plain}embed.js`);
  await page.evaluate((deck) => {
    const frame = document.createElement('iframe');
    frame.width = '900';
    frame.height = '600';
    frame.src = deck;
    document.body.append(frame);
  }, `${addresses.isolated}index.html`);
  const deck = page.frameLocator('iframe');
  await expect(deck.locator('section.present h1')).toBeVisible();
  await page.evaluate(async () => {
    const frame = /** @type {Window} */ (document.querySelector('iframe')?.contentWindow);
    const answers = /** @type {unknown[]} */ ([]);
    addEventListener('message', ({ data }) => answers.push(data));
    for (const method of ['destroy', 'next', 'toggleHelp']) {
      frame.postMessage(JSON.stringify({ method }), '*');
    }
    frame.postMessage(JSON.stringify({ method: 'configure', args: [{ width: 'abc' }] }), '*');
    frame.postMessage(
      JSON.stringify({ namespace: 'reveal-notes', type: 'call', methodName: 'next' }),
      '*',
    );
    const key = { key: 'ArrowRight', code: 'ArrowRight', keyCode: 39, shiftKey: false };
    frame.postMessage({ 'dagdeck-speaker': 'hello', content: null }, '*');
    frame.postMessage({ 'dagdeck-speaker': 'key', content: key }, '*');
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (answers.length > 0) throw new Error(`the deck answered: ${JSON.stringify(answers)}`);
  });
  await expect(deck.locator('.reveal.ready')).toHaveCount(1);
  await expect(deck.locator('section.present h1')).toBeVisible();
  await expect(deck.locator('.r-overlay-help')).toHaveCount(0);
});

for (const query of [
  'plugins=1',
  'transition=x%20y',
  'width=abc',
  'parallaxBackgroundImage=https://example.com/a.png',
  'view=scroll',
  'controls=false&progress=false',
  'dependencies=1&notes',
]) {
  test(`the address does not configure the slides: ?${query}`, async ({ page }) => {
    /** @type {string[]} */
    const foreign = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(addresses.isolated)) foreign.push(request.url());
    });
    await page.goto(`index.html?${query}#/topics`);
    await expect(page.locator('section#topics.present')).toBeVisible();
    await expect(page.locator('.reveal')).toHaveClass(/\bfade\b/);
    await expect(page.locator('.reveal > .progress')).toBeVisible();
    await expect(page.locator('.controls .navigate-right')).toBeVisible();
    await expect(page.locator('.reveal-scroll')).toHaveCount(0);
    await page.keyboard.press('ArrowRight');
    await expect(page.locator('section#topics')).not.toHaveClass(/present/);
    expect(page.url()).toContain(`?${query}`);
    expect(foreign).toEqual([]);
    expect(page.context().pages()).toHaveLength(1);
  });
}
