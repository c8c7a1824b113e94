/*
 * Walks the whole deck by keyboard, as a speaker does: every slide and every step, in both themes. Checks that the
 * console stays empty (site.js), that nothing overflows its slide, that no slide is empty, that each has speaker notes,
 * and that axe finds no serious problem.
 */
import { seriousBarriers } from '../e2e/axe.js';
import { expect, expectState, openSlide, settled, test, walkDeck } from '../e2e/site.js';

/** @import { Page } from '@playwright/test' */

/** Walking all slides takes longer than a test may by default. */
const WALK_MS = 480_000;

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`every step of every slide is filled and within its slide, and axe finds nothing serious, ${colorScheme}`, async ({
    page,
  }) => {
    test.setTimeout(WALK_MS);
    await page.emulateMedia({ colorScheme });
    await page.goto('');
    const ids = await walkDeck(page, {
      step: async (id) => expect(await faults(page), id).toEqual([]),
      end: async (id) => {
        // While a slide is fading in, axe would find its text too pale.
        await settled(page);
        expect.soft(await seriousBarriers(page), id).toEqual([]);
      },
    });
    const all = await page.locator('.slides section:not(:has(> section))').count();
    expect(ids).toHaveLength(all);
    expect(new Set(ids).size).toBe(all);
  });
}

test('the notes say how often to press, and that is the number of steps', async ({ page }) => {
  await page.goto('');
  await page.waitForSelector('section.present');
  const slides = await page.locator('.slides section:not(:has(> section))').evaluateAll((all) =>
    all.map((section) => ({
      id: section.id,
      steps: section.querySelectorAll('.fragment').length,
      notes: section.querySelector(':scope > aside.notes')?.textContent ?? '',
    })),
  );
  const words = ['', 'once', 'twice', 'three times', 'four times'];
  for (const { id, steps, notes } of slides) {
    const found = /Press: (once|twice|\w+ times)/.exec(notes)?.[1] ?? '';
    expect(found, id).toBe(words[steps]);
  }
});

test('every demo of the deck has a program', async ({ page }) => {
  await page.goto('');
  const known = await page.evaluate(async () =>
    (await window.dagdeck.programs()).map(({ name }) => name),
  );
  const used = await page
    .locator('dag-demo')
    .evaluateAll((demos) => demos.map((demo) => demo.getAttribute('program')));
  expect(used.filter((name) => !known.includes(name ?? ''))).toEqual([]);
});

test('a pair of collection and scheduler is chosen by keyboard, and turns no slide', async ({
  page,
}) => {
  const slide = await openSlide(page, 'collections-and-schedulers');
  const code = slide.locator('.middle > code');
  const [graph, note] = [slide.getByRole('img').first(), slide.locator('.note')];
  await expect(code).toHaveText('x.mean()');
  await slide.getByRole('radio', { name: 'Array' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(code).toHaveText('df.groupby("g").v.mean()');
  await page.keyboard.press('ArrowRight');
  await expect(code).toHaveText('numbers.map(inc).sum()');
  await expect(graph).toHaveAccessibleName('The task graph of Bag: 13 tasks');
  await page.keyboard.press('Tab');
  await expect(slide.getByRole('radio', { name: 'Threads' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(note).toContainText('12 values');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(note).not.toContainText('values');
  await expect(slide).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('section#distributed-scheduler')).toHaveClass(/present/);
});

test('the tests see what they look for', async ({ page }) => {
  const slide = await openSlide(page, 'summary');
  expect(await faults(page)).toEqual([]);
  const box = slide.locator('.slide');
  await box.evaluate((element) => {
    const wide = document.createElement('p');
    wide.style.width = '1400px';
    wide.textContent = 'wide';
    element.append(wide);
  });
  expect(await faults(page)).toEqual(['outside of the slide: P wide']);
  await box.evaluate((element) => {
    const small = document.createElement('p');
    small.style.fontSize = '19px';
    small.textContent = 'small';
    element.lastElementChild?.replaceWith(small);
  });
  expect(await faults(page)).toEqual(['type of 19.0 px: P small']);
  await box.evaluate((element) => element.replaceChildren());
  expect(await faults(page)).toEqual(['empty']);
});

/**
 * Returns what is wrong with the current slide: it has only a heading, its text is too small for the back row, or
 * something overflows the slide or its own box.
 *
 * @param {Page} page
 */
async function faults(page) {
  for (const demo of await page.locator('section.present dag-demo').all()) {
    await expectState(demo, /ready|failed|finished/);
  }
  return page.locator('section.present:not(:has(> section)) > .slide').evaluate((slide) => {
    /** @type {string[]} */
    const found = [];
    const box = slide.getBoundingClientRect();
    if (box.width < innerWidth - 1 || box.height < innerHeight - 1) {
      found.push('not all of the screen');
    }
    const parts = [...slide.querySelectorAll('*')].filter((part) =>
      part.checkVisibility({ visibilityProperty: true }),
    );
    if (
      !parts.some((part) => !part.closest('h2, h3') && part.getBoundingClientRect().height > 20)
    ) {
      found.push('empty');
    }
    const name = (/** @type {Element} */ part) =>
      `${part.tagName} ${part.textContent?.trim().slice(0, 40) ?? ''}`.trim();
    // The content of demos is checked in the tests of demos.
    for (const part of parts.filter((each) => !each.closest('dag-demo'))) {
      const words = [...part.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      );
      const scale = part instanceof SVGGraphicsElement ? (part.getScreenCTM()?.a ?? 1) : 1;
      const size = Number.parseFloat(getComputedStyle(part).fontSize) * scale;
      if (words && size < 20) found.push(`type of ${size.toFixed(1)} px: ${name(part)}`);
    }
    for (const part of parts) {
      const { left, top, right, bottom, width } = part.getBoundingClientRect();
      const inside =
        left >= box.left - 1 &&
        top >= box.top - 1 &&
        right <= box.right + 1 &&
        bottom <= box.bottom + 1;
      if (width > 0 && !inside) found.push(`outside of the slide: ${name(part)}`);
      const clips = getComputedStyle(part).overflowX !== 'visible';
      if (clips && part.scrollWidth > part.clientWidth + 1) found.push(`cut off: ${name(part)}`);
      if (clips && part.scrollHeight > part.clientHeight + 1) found.push(`cut off: ${name(part)}`);
    }
    return found;
  });
}
