/*
 * Shared by all tests of the site: a page with checks (any console message, error or failed request makes the test
 * fail), and the parts of a demo.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test as base } from '@playwright/test';

/** @import { Locator, Page } from '@playwright/test' */

/** Fails when the console shows a message or a request fails. */
const watched = base.extend({
  page: async ({ page }, use) => {
    /** @type {string[]} */
    const seen = [];
    page.on('console', (message) => seen.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => seen.push(`error: ${error.message}`));
    page.on('requestfailed', (request) => {
      // Leaving or reloading a page aborts its pending requests.
      const why = request.failure()?.errorText;
      if (why !== 'net::ERR_ABORTED') seen.push(`failed: ${request.url()}: ${why}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) seen.push(`${response.status()}: ${response.url()}`);
    });
    await use(page);
    expect(seen, 'console messages, errors and failed requests').toEqual([]);
  },
});

/**
 * With the service worker, in a browser of its own. A context whose service worker has just changed once never closed;
 * Playwright kills a browser that takes too long to close.
 */
export const offlineTest = watched.extend({
  context: async ({ playwright }, use) => {
    const browser = await playwright.chromium.launch();
    await use(await browser.newContext());
    await browser.close();
  },
});

/** Most tests are about the site as its server sends it: without the service worker. */
export const test = watched.extend({
  page: async ({ page }, use) => {
    // As in a browser without service workers, or on a page that is not served securely.
    await page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined });
    });
    await use(page);
  },
});

export { expect };

/** Whether the site is built with Python: `make python` was run. */
export const hasPython =
  process.env.PYTHON !== '0' &&
  existsSync(fileURLToPath(new URL('../../pkg-python/dagdeck_python.js', import.meta.url)));

/**
 * @param {Locator} demo
 */
export function partsOf(demo) {
  return {
    run: demo.locator('button.run'),
    reset: demo.locator('button.reset'),
    result: demo.locator('.result'),
    notice: demo.locator('.notice'),
    listing: demo.locator('pre'),
    summary: demo.locator('.summary'),
    /** @param {string} name */
    number: (name) => demo.locator(`[data-name="${name}"] input[type="text"]`),
    /** @param {string} name */
    slider: (name) => demo.locator(`[data-name="${name}"] input[type="range"]`),
    /** A choice among many is a menu. @param {string} name */
    menu: (name) => demo.locator(`[data-name="${name}"] select`),
    offer: demo.locator('.offer'),
    banner: demo.locator('.banner'),
    /** @param {string} name @param {string} choice */
    choice: (name, choice) => demo.locator(`[data-name="${name}"] input[value="${choice}"]`),
  };
}

/**
 * Waits until a demo's state matches a pattern.
 *
 * @param {Locator} demo
 * @param {RegExp} state
 */
export async function expectState(demo, state) {
  await expect(demo.locator('.demo')).toHaveAttribute('data-state', state, { timeout: 30_000 });
}

/**
 * Makes a choice, whether by buttons or in a menu.
 *
 * @param {Locator} demo
 * @param {string} name
 * @param {string} choice
 */
export async function choose(demo, name, choice) {
  const { menu, choice: button } = partsOf(demo);
  if ((await menu(name).count()) > 0) await menu(name).selectOption(choice);
  else await button(name, choice).check({ force: true });
}

/**
 * Returns the current choice.
 *
 * @param {Locator} demo
 * @param {string} name
 */
export async function chosen(demo, name) {
  const { menu } = partsOf(demo);
  if ((await menu(name).count()) > 0) return menu(name).inputValue();
  return demo.locator(`[data-name="${name}"] input:checked`).inputValue();
}

/**
 * Returns the number of colours on a canvas: more than one if it shows anything.
 *
 * @param {Locator} canvas
 */
export async function coloursOf(canvas) {
  return canvas.evaluate((element) => {
    const { width, height } = /** @type {HTMLCanvasElement} */ (element);
    // A copy: the browser warns when a canvas that is drawn on is read often.
    const copy = new OffscreenCanvas(width, height).getContext('2d');
    copy?.drawImage(/** @type {HTMLCanvasElement} */ (element), 0, 0);
    const pixels = new Uint32Array(copy?.getImageData(0, 0, width, height).data.buffer ?? []);
    return new Set(pixels).size;
  });
}

/**
 * The number of pixels of a canvas that have a colour.
 *
 * @param {Locator} canvas
 * @param {string} colour `#rrggbb`
 */
export async function pixelsOf(canvas, colour) {
  return canvas.evaluate((element, wanted) => {
    const { width, height } = /** @type {HTMLCanvasElement} */ (element);
    const copy = new OffscreenCanvas(width, height).getContext('2d');
    copy?.drawImage(/** @type {HTMLCanvasElement} */ (element), 0, 0);
    const pixels = new Uint32Array(copy?.getImageData(0, 0, width, height).data.buffer ?? []);
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(wanted.slice(at, at + 2), 16));
    const word = ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    return pixels.filter((pixel) => pixel === word).length;
  }, colour);
}

/**
 * Waits until nothing on the page moves: transitions and animations have ended, and what they led to is drawn.
 *
 * @param {Page} page
 */
export async function settled(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const moves = () =>
      document
        .getAnimations()
        .filter(({ playState }) => playState === 'running')
        .some(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
    // Some animations never say that they have finished, so there is a last frame.
    for (let left = 120; left > 0; left--) {
      await frame();
      if (!moves()) break;
    }
    await frame();
    await frame();
  });
}

/**
 * Opens the deck at a slide.
 *
 * @param {Page} page
 * @param {string} id
 */
export async function openSlide(page, id) {
  await page.goto(`index.html#/${id}`);
  const slide = page.locator(`section[id="${id}"].present`);
  await expect(slide).toBeVisible();
  return slide;
}

/**
 * Opens the deck at the first slide that has a demo of a program.
 *
 * @param {Page} page
 * @param {string} program
 * @param {string} [query] of the deck's address
 * @param {string} [site] another one than that of all tests
 */
export async function openDemo(page, program, query = '', site = '') {
  await page.goto(`${site}index.html${query}`);
  const slide = page.locator('section', { has: page.locator(`dag-demo[program="${program}"]`) });
  const id = await slide.first().getAttribute('id');
  await page.evaluate((hash) => void (location.hash = hash), `#/${id}`);
  await expect(page.locator(`section[id="${id}"].present`)).toBeVisible();
  return page.locator(`section[id="${id}"] dag-demo`).first();
}

/**
 * Breaks the engine: its worker cannot be started.
 *
 * @param {Page} page
 */
export async function breakEngine(page) {
  await page.addInitScript(() => {
    /** @type {any} */ (window).Worker = class extends EventTarget {
      constructor() {
        super();
        const event = Object.assign(new Event('error'), { message: 'no workers here' });
        setTimeout(() => this.dispatchEvent(event));
      }
      postMessage() {}
      terminate() {}
    };
  });
}

/**
 * Replaces a demo's program and settings, and removes its fallback.
 *
 * @param {Locator} demo
 * @param {Record<string, string | number>} attributes
 */
export async function remake(demo, attributes) {
  await demo.evaluate((element, wanted) => {
    for (const { name } of [...element.attributes]) {
      if (!['class', 'autorun', 'data-prevent-swipe'].includes(name)) element.removeAttribute(name);
    }
    for (const [name, value] of Object.entries(wanted)) element.setAttribute(name, String(value));
  }, attributes);
  // The graph is rebuilt a moment after the last change.
  await demo.page().waitForTimeout(300);
  await expectState(demo, /ready/);
}

/** A program that runs for eight seconds on one worker, in tasks of a tenth of a second. */
export const long = { program: 'busy', shape: 'chain', tasks: 80, work: 100_000, workers: 1 };

/**
 * Walks the deck from the slide that is shown to its end by the arrow key, step by step.
 *
 * @param {Page} page
 * @param {Object} visits
 * @param {(id: string) => Promise<void>} [visits.step] called for every step of every slide
 * @param {(id: string) => Promise<void>} [visits.end] called for the last step of every slide
 * @returns {Promise<string[]>} the slides' ids, in their order
 */
export async function walkDeck(page, { step, end }) {
  /** @type {string[]} */
  const ids = [];
  const shown = page.locator('section.present:not(:has(> section))');
  const state = () =>
    shown.evaluate((section) => ({
      id: section.id,
      left: section.querySelectorAll('.fragment:not(.visible)').length,
    }));
  await expect(shown).toBeVisible();
  for (let now = await state(); ; now = await state()) {
    const { id, left } = now;
    if (ids.at(-1) !== id) ids.push(id);
    await step?.(id);
    if (left === 0) await end?.(id);
    const last =
      left === 0 && (await shown.evaluate((section) => !section.matches('section:has(~ section)')));
    if (last) return ids;
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => JSON.stringify(await state())).not.toBe(JSON.stringify(now));
  }
}
