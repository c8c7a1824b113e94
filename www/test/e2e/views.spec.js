/*
 * The views of a demo: they highlight each other, and are used by pointer, wheel, finger and keyboard, by readers
 * who need the words or their own colours, and by those who want the picture.
 */
import { readFileSync } from 'node:fs';
import { seriousBarriers } from './axe.js';
import {
  coloursOf,
  expect,
  expectState,
  openDemo,
  partsOf,
  pixelsOf,
  settled,
  test,
} from './site.js';

/** @import { Locator, Page } from '@playwright/test' */

/** What is pointed at or selected is drawn in this colour, on a light page. */
const HIGHLIGHT = '#0b57d0';

/** @param {Locator} demo */
const viewsOf = (demo) => ({
  graph: demo.locator('.graph canvas'),
  stream: demo.locator('.task-stream canvas'),
  progress: demo.locator('.progress canvas'),
  summary: demo.locator('.summary [role="group"]'),
  tip: demo.locator('.tip:visible'),
  how: demo.locator('.how:visible'),
});

/**
 * The lab after a small run.
 *
 * @param {Page} page
 * @param {string} [query]
 */
async function openRun(page, query = 'program=array-mean&n=800&chunk=200&workers=2') {
  await page.goto(`lab.html?${query}`);
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  await settled(page);
  return demo;
}

/** @param {Locator} canvas */
const picture = (canvas) =>
  canvas.evaluate((element) => /** @type {HTMLCanvasElement} */ (element).toDataURL());

/** @param {Locator} locator */
async function boxOf(locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error(`${locator} is not on the page`);
  return box;
}

test('a task that is pointed at in one view lights up in the others', async ({ page }) => {
  const demo = await openRun(page);
  const { graph, stream, progress, tip } = viewsOf(demo);
  const highlights = async () => [
    (await pixelsOf(graph, HIGHLIGHT)) > 0,
    (await pixelsOf(stream, HIGHLIGHT)) > 0,
    (await pixelsOf(progress, HIGHLIGHT)) > 0,
  ];
  expect(await highlights()).toEqual([false, false, false]);

  // In the task stream: anything but overhead and idle time is a task.
  const box = await boxOf(stream);
  await expect
    .poll(async () => {
      for (let share = 0.1; share < 1; share += 0.02) {
        await page.mouse.move(box.x + box.width * share, box.y + 20);
        const text =
          (await tip
            .first()
            .textContent({ timeout: 1000 })
            .catch(() => '')) ?? '';
        if (text.startsWith('(')) return true;
      }
      return false;
    })
    .toBe(true);
  await expect.poll(highlights).toEqual([true, true, true]);
  await page.mouse.move(5, 5);
  await expect.poll(highlights).toEqual([false, false, false]);
  await expect(tip).toHaveCount(0);

  await graph.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(highlights).toEqual([true, true, true]);
});

test('the keyboard reaches tasks, workers, the memory band and the meaning of each figure', async ({
  page,
}) => {
  const demo = await openRun(page);
  const { graph, stream, progress, summary, tip } = viewsOf(demo);
  const spoken = (/** @type {string} */ view) => demo.locator(`.${view} .spoken`);

  // The browser shows where the focus is once the keyboard is used.
  await page.keyboard.press('Tab');
  await graph.focus();
  await expect(demo.locator('.graph .how')).toContainText('Arrow keys: tasks');
  await page.keyboard.press('ArrowRight');
  await expect(demo.locator('.how:visible')).toHaveCount(0);
  const first = await tip.textContent();
  await page.keyboard.press('ArrowDown');
  await expect(tip).not.toHaveText(first ?? '');
  await expect(tip).toContainText(/dependenc/);
  await expect(spoken('graph')).toHaveText(/^\(.*, (released|in memory), took .*, \d+ dependenc/);

  await stream.focus();
  await expect(tip).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  await expect(tip).toContainText('worker 0');
  await page.keyboard.press('ArrowDown');
  await expect(tip).toContainText('worker 1');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(tip).toContainText('in use at');
  const before = await tip.textContent();
  for (let n = 0; n < 12; n++) await page.keyboard.press('ArrowRight');
  await expect(tip).not.toHaveText(before ?? '');
  await expect(spoken('task-stream')).toContainText('peak');

  await progress.focus();
  await page.keyboard.press('ArrowDown');
  await expect(tip).toContainText('in memory');

  await summary.focus();
  await page.keyboard.press('ArrowRight');
  await expect(tip).toContainText('tasks');
  await page.keyboard.press('ArrowRight');
  await expect(tip).toContainText(
    'The time from the start of the run to the end of its last task.',
  );
  await expect(spoken('summary')).toContainText('makespan');
  await page.keyboard.press('Escape');
  await expect(tip).toHaveCount(0);
  await expect(summary).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(summary).not.toBeFocused();
});

test('a button in the summary is pressed by keyboard', async ({ page }) => {
  const demo = await openRun(page);
  const measure = demo.getByRole('button', { name: 'Measure' });
  await measure.focus();
  await page.keyboard.press('Enter');
  await expect(demo.locator('.summary [data-figure="one worker"]:not([hidden])')).toBeVisible();
});

test('what the keyboard points at counts, though the pointer rests on another view', async ({
  page,
}) => {
  const demo = await openRun(page);
  const { graph, progress, tip } = viewsOf(demo);
  await progress.hover();
  await expect(demo.locator('.progress .tip')).toBeVisible();
  await graph.focus();
  await page.keyboard.press('ArrowRight');
  await expect(demo.locator('.graph .tip')).toBeVisible();
  await expect(tip).toHaveCount(1);
  await expect.poll(() => pixelsOf(viewsOf(demo).stream, HIGHLIGHT)).toBeGreaterThan(0);
});

test('keys in a view turn no slide, and a click leaves the keyboard to the slides', async ({
  page,
}) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  const { graph, tip } = viewsOf(demo);
  const slide = page.locator('section.present:not(:has(> section))');
  const id = await slide.getAttribute('id');
  await graph.focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'End', 'Enter']) await page.keyboard.press(key);
  await expect(tip).toBeVisible();
  await expect(slide).toHaveAttribute('id', id ?? '');
  // The first Escape lets go of the task, the second one of the view.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(graph).not.toBeFocused();
  await graph.click();
  await expect(graph).not.toBeFocused();
  // Nothing on a slide scrolls, so the wheel zooms without a key.
  const box = await boxOf(graph);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, -300);
  await expect(graph).toHaveAttribute('data-zoomed');
  await page.keyboard.press('ArrowRight');
  await expect(slide).not.toHaveAttribute('id', id ?? '');
});

test('the wheel scrolls the page over a view, and zooms with Ctrl', async ({ page }) => {
  await page.setViewportSize({ width: 600, height: 600 });
  const demo = await openRun(page);
  const { graph, how } = viewsOf(demo);
  await graph.scrollIntoViewIfNeeded();
  const scrolled = () => page.evaluate(() => window.scrollY);
  const box = await boxOf(graph);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const before = await scrolled();
  await page.mouse.wheel(0, 40);
  await expect.poll(scrolled).toBeGreaterThan(before);
  await expect(how).toHaveText('Ctrl + scroll zooms');
  await expect(graph).not.toHaveAttribute('data-zoomed');

  const there = await scrolled();
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -120);
  await page.keyboard.up('Control');
  await expect(graph).toHaveAttribute('data-zoomed');
  expect(await scrolled()).toBe(there);
});

test('a new run keeps zoom and selection when the graph is the same', async ({ page }) => {
  const demo = await openRun(page);
  const { graph, stream } = viewsOf(demo);
  const { run, number, summary } = partsOf(demo);
  await graph.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await stream.focus();
  await page.keyboard.press('+');
  const selected = () => pixelsOf(graph, HIGHLIGHT);
  const expectKept = async () => {
    for (const canvas of [graph, stream]) await expect(canvas).toHaveAttribute('data-zoomed');
    await expect.poll(selected).toBeGreaterThan(0);
  };
  await expectKept();
  await run.click();
  await expectState(demo, /finished/);
  await expectKept();

  // A recording brings its graph along, which is the same.
  const downloading = page.waitForEvent('download');
  await page.locator('#save').click();
  await page.locator('#file').setInputFiles(await (await downloading).path());
  await expectState(demo, /replayed/);
  await expectKept();
  await demo.getByRole('button', { name: 'Close the recording' }).click();
  await expectState(demo, /finished|ready/);

  await number('n').fill('400');
  await number('n').press('Enter');
  await expect(summary).toContainText('0 /');
  for (const canvas of [graph, stream]) {
    await expect(canvas).not.toHaveAttribute('data-zoomed');
  }
  await expect.poll(selected).toBe(0);
});

test('zoom by keyboard goes in, and back to where it was', async ({ page }) => {
  const demo = await openRun(page);
  for (const canvas of [viewsOf(demo).graph, viewsOf(demo).stream]) {
    await canvas.focus();
    // All of it is drawn anew: during the run only what changed was.
    await page.keyboard.press('+');
    await page.keyboard.press('0');
    await settled(page);
    const before = await picture(canvas);
    await page.keyboard.press('+');
    await expect(canvas).toHaveAttribute('data-zoomed');
    await expect.poll(() => picture(canvas)).not.toBe(before);
    await page.keyboard.press('0');
    await expect(canvas).not.toHaveAttribute('data-zoomed');
    await expect.poll(() => picture(canvas)).toBe(before);
  }
});

test('a view is saved as an SVG that shows what it shows', async ({ page }) => {
  const demo = await openRun(page);
  for (const [view, words] of /** @type {const} */ ([
    ['graph', ['mean_chunk', 'in memory', 'Task graph of']],
    ['task-stream', ['memory: peak', 'Task stream over']],
    ['progress', ['mean_agg-aggregate', 'Tasks done, by prefix']],
  ])) {
    await demo.locator(`.${view} canvas`).hover();
    const downloading = page.waitForEvent('download');
    await demo.locator(`.${view} .save-picture`).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(`${view}.svg`);
    const svg = readFileSync(await download.path(), 'utf8');
    for (const word of words) expect(svg).toContain(word);
    const { shapes, error } = await page.evaluate((text) => {
      const file = new DOMParser().parseFromString(/** @type {any} */ (text), 'image/svg+xml');
      return {
        shapes: file.querySelectorAll('path, rect, text').length,
        error: file.querySelector('parsererror')?.textContent ?? null,
      };
    }, svg);
    expect(error, view).toBe(null);
    expect(shapes, view).toBeGreaterThan(10);
  }
});

test('a finger that taps a task gets its tooltip', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    baseURL: baseURL ?? '',
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  const demo = await openRun(page);
  const { stream, tip } = viewsOf(demo);
  await stream.scrollIntoViewIfNeeded();
  const box = await boxOf(stream);
  await page.touchscreen.tap(box.x + box.width / 2, box.y + 20);
  await expect(tip).toContainText('worker 0');
  await context.close();
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`forced colours: views are drawn in them, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ forcedColors: 'active', colorScheme });
    const demo = await openRun(page);
    const system = (/** @type {string} */ name) =>
      page.evaluate((colour) => {
        const probe = document.createElement('span');
        probe.style.color = colour;
        document.body.append(probe);
        const parts = getComputedStyle(probe).color.match(/\d+/g) ?? [];
        probe.remove();
        return `#${parts.map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`;
      }, name);
    const [ground, text] = [await system('Canvas'), await system('CanvasText')];
    const { graph, stream, progress } = viewsOf(demo);
    for (const canvas of [graph, stream, progress]) {
      await expect.poll(() => pixelsOf(canvas, ground)).toBeGreaterThan(1000);
      expect(await pixelsOf(canvas, text)).toBeGreaterThan(100);
      expect(await coloursOf(canvas)).toBeGreaterThan(3);
    }
    // The red of a value in memory is not among them: its mark tells.
    expect(await pixelsOf(graph, '#d92b1f')).toBe(0);
    await graph.focus();
    await page.keyboard.press('ArrowRight');
    expect(await seriousBarriers(page)).toEqual([]);
    await page.emulateMedia({ forcedColors: 'none' });
    await expect
      .poll(() => pixelsOf(graph, text === '#000000' ? '#d92b1f' : '#f2564a'))
      .toBeGreaterThan(0);
  });

  test(`axe finds nothing serious in the lab, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('lab.html?program=mandelbrot&n=200&chunk=50');
    const demo = page.locator('dag-demo');
    await expectState(demo, /ready/);
    expect(await seriousBarriers(page), 'before the run').toEqual([]);
    await partsOf(demo).run.click();
    await expectState(demo, /finished/);
    expect(await seriousBarriers(page), 'after the run').toEqual([]);
    await viewsOf(demo).graph.focus();
    expect(await seriousBarriers(page), 'with a hint').toEqual([]);
    await page.keyboard.press('ArrowRight');
    await expect(viewsOf(demo).tip).toBeVisible();
    expect(await seriousBarriers(page), 'with a tooltip').toEqual([]);
  });
}
