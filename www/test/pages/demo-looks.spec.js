/*
 * How demos look in each place: on slides, several on one slide, on a phone, and in other people's pages.
 */
import { expect, expectState, openDemo, openSlide, partsOf, test } from '../e2e/site.js';
import { openTalk } from '../e2e/talks.js';

/** @import { Locator } from '@playwright/test' */

/** The smallest text that is read from the back row, px of a slide of 1280 x 720. */
const SMALLEST = 20;

for (const [width, height] of [
  [1280, 720],
  [1920, 1080],
]) {
  test(`no text in a demo is too small for the back row, ${width} x ${height}`, async ({
    page,
  }) => {
    // More than twenty slides.
    test.setTimeout(180_000);
    await page.setViewportSize({ width, height });
    await page.goto('index.html');
    const ids = await page.$$eval('section:has(dag-demo)', (slides) => slides.map(({ id }) => id));
    for (const id of ids) {
      await page.evaluate((hash) => void (location.hash = hash), `#/${id}`);
      const demo = page.locator(`section[id="${id}"].present dag-demo`).first();
      await expectState(demo, /ready/);
      expect(await smallText(demo, SMALLEST), `${id}, before the run`).toEqual([]);
      await page.keyboard.press('r');
      await expectState(demo, /finished/);
      expect(await smallText(demo, SMALLEST), `${id}, after the run`).toEqual([]);
      expect(await linesOutOfSight(demo), id).toEqual([]);
      expect(await coveredText(demo), id).toBe('');
    }
  });
}

test('lines that are folded away are shown by a button', async ({ page }) => {
  const demo = await openDemo(page, 'busy');
  await expectState(demo, /ready/);
  const first = demo.locator('.line').first();
  await expect(first).toBeHidden();
  await demo.getByRole('button', { name: 'All lines' }).click();
  await expect(first).toBeVisible();
  await demo.getByRole('button', { name: 'Fewer lines' }).click();
  await expect(first).toBeHidden();
});

const twoDemos = [
  ['below each other', '### Two\n\nDEMO\n\nand\n\nDEMO\n'],
  ['side by side', '### Two\n\n:::: columns\n::: column\nDEMO\n:::\n::: column\nDEMO\n:::\n::::\n'],
];

for (const [where, text] of twoDemos) {
  test(`two demos on one slide do not overlap, ${where}`, async ({ page }) => {
    const one =
      '<dag-demo program="busy" tasks="20" work="500" workers="1" controls="tasks workers"></dag-demo>';
    await openTalk(page, text.replaceAll('DEMO', one), '#/two');
    const demos = page.locator('section.present dag-demo');
    await expect(demos).toHaveCount(2);
    for (const demo of await demos.all()) {
      await expectState(demo, /ready/);
      await partsOf(demo).run.click();
      await expectState(demo, /finished/);
    }
    const slide = await boxOf(page.locator('section.present > .slide'));
    const [a, b] = [await boxOf(demos.nth(0)), await boxOf(demos.nth(1))];
    const apart = a.x + a.width <= b.x + 1 || a.y + a.height <= b.y + 1;
    expect(apart, JSON.stringify([a, b])).toBe(true);
    for (const box of [a, b]) {
      expect(box.width).toBeGreaterThan(400);
      expect(box.height).toBeGreaterThan(200);
      expect(box.x + box.width).toBeLessThanOrEqual(slide.x + slide.width);
      expect(box.y + box.height).toBeLessThanOrEqual(slide.y + slide.height);
    }
    // Everything that matters is inside its demo, and nothing overlaps.
    for (const [i, outer] of [a, b].entries()) {
      const demo = demos.nth(i);
      /** @type {{ x: number, y: number, width: number, height: number }[]} */
      const parts = [];
      for (const part of ['.buttons', '.outcome', '.view.graph', '.view.task-stream', '.summary']) {
        const box = await boxOf(demo.locator(part));
        expect(box.height, part).toBeGreaterThan(20);
        expect(box.y, part).toBeGreaterThanOrEqual(outer.y - 1);
        expect(box.y + box.height, part).toBeLessThanOrEqual(outer.y + outer.height + 1);
        for (const other of parts) {
          const clear =
            box.x + box.width <= other.x + 1 ||
            other.x + other.width <= box.x + 1 ||
            box.y + box.height <= other.y + 1 ||
            other.y + other.height <= box.y + 1;
          expect(clear, part).toBe(true);
        }
        parts.push(box);
      }
    }
  });
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('a tap opens a demo at its own size, where it is used by touch', async ({ page }) => {
    await page.goto('index.html');
    const demo = page.locator('dag-demo[program="array-mean"]').first();
    await demo.scrollIntoViewIfNeeded();
    await expectState(demo, /ready/);
    const open = demo.getByRole('button', { name: 'Open the demo' });
    expect((await boxOf(open)).height).toBeGreaterThanOrEqual(44);
    await open.tap();
    const { run, slider, number, result } = partsOf(demo);
    const box = await boxOf(demo);
    expect(box).toMatchObject({ x: 0, y: 0, width: 390, height: 844 });
    const targets = demo.locator('button:visible, input:visible, select:visible, summary:visible');
    for (const target of await targets.all()) {
      const { width, height } = await boxOf(target);
      const name = await target.evaluate((element) => element.outerHTML.slice(0, 90));
      expect(width, name).toBeGreaterThanOrEqual(44);
      expect(height, name).toBeGreaterThanOrEqual(44);
    }
    const before = await number('workers').inputValue();
    await slider('workers').scrollIntoViewIfNeeded();
    const track = await boxOf(slider('workers'));
    await page.touchscreen.tap(track.x + track.width * 0.6, track.y + track.height / 2);
    expect(await number('workers').inputValue()).not.toBe(before);
    await run.tap();
    await expectState(demo, /finished/);
    await expect(result).toContainText('shape');
    expect(await demo.evaluate((e) => e.scrollWidth - e.clientWidth)).toBeLessThanOrEqual(0);

    await demo.getByRole('button', { name: 'Back to the slide' }).tap();
    await expect(open).toBeVisible();
    expect((await boxOf(demo)).width).toBeLessThan(390);
    await expectState(demo, /finished/);
  });
});

test('in a dark page without a color-scheme a demo is readable, and follows theme', async ({
  page,
}) => {
  await page.route('**/theirs.html', async (route) => {
    const lab = await route.fetch({ url: route.request().url().replace('theirs', 'lab') });
    const body =
      '<!doctype html><link rel="icon" href="data:," />' +
      '<style>body { background: #111; color: #eee }</style>' +
      '<script type="module" src="./embed.js"></script>' +
      '<dag-demo program="busy" taks="20" controls="tasks wrkers" work="100"></dag-demo>';
    await route.fulfill({ response: lab, body });
  });
  await page.goto('theirs.html');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  const looks = () =>
    demo.evaluate((element) => {
      const { backgroundColor, color } = getComputedStyle(element);
      const canvas = element.shadowRoot?.querySelector('canvas');
      const copy = document.createElement('canvas').getContext('2d');
      if (!canvas || !copy) throw new Error('there is no canvas');
      copy.drawImage(canvas, 0, 0);
      const pixel = copy.getImageData(0, 0, 1, 1).data.slice(0, 3);
      return { backgroundColor, color, canvas: [...pixel] };
    });
  const light = {
    backgroundColor: 'rgb(255, 255, 255)',
    color: 'rgb(27, 31, 36)',
    canvas: [255, 255, 255],
  };
  const dark = {
    backgroundColor: 'rgb(20, 23, 28)',
    color: 'rgb(241, 243, 246)',
    canvas: [20, 23, 28],
  };
  expect(await looks()).toEqual(light);
  for (const [theme, wanted] of /** @type {const} */ ([
    ['dark', dark],
    ['light', light],
  ])) {
    await demo.evaluate((element, name) => element.setAttribute('theme', name), theme);
    await expect.poll(looks).toEqual(wanted);
  }
  // It names unknown attributes, and lists the known ones.
  const { notice } = partsOf(demo);
  await expect(notice).toContainText(
    'taks: unknown attribute. The settings of busy are shape, tasks',
  );
  await expect(notice).toContainText('controls: “wrkers” is unknown; choose from');
});

/** @param {Locator} locator */
async function boxOf(locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error(`${locator} is not on the page`);
  return box;
}

/**
 * Returns the texts of a demo that are smaller than a size, in px of an unscaled slide.
 *
 * @param {Locator} demo
 * @param {number} smallest
 */
async function smallText(demo, smallest) {
  return demo.evaluate((element, least) => {
    /** @type {string[]} */
    const found = [];
    for (const part of element.shadowRoot?.querySelectorAll('*') ?? []) {
      const own = [...part.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      );
      const drawn = part.matches('canvas, input[type="text"], select');
      if ((!own && !drawn) || !part.checkVisibility()) continue;
      const size = Number.parseFloat(getComputedStyle(part).fontSize);
      if (part.matches('style, legend')) continue;
      if (size < least) found.push(`${part.localName}.${part.className}: ${size} px`);
    }
    return found;
  }, smallest);
}

/**
 * Returns the lines that the slide is about but that are not visible.
 *
 * @param {Locator} demo
 */
async function linesOutOfSight(demo) {
  return demo.locator('pre').evaluate((scrolled) => {
    const { top, bottom } = scrolled.getBoundingClientRect();
    return [...scrolled.querySelectorAll('.line:not(.folded)')]
      .filter((line) => {
        const box = line.getBoundingClientRect();
        return box.top < top - 2 || box.bottom > bottom + 2;
      })
      .map((line) => line.textContent);
  });
}

/**
 * The first line of a listing, if its caption covers some of it.
 *
 * @param {Locator} demo
 */
async function coveredText(demo) {
  return demo.locator('.listing').evaluate((figure) => {
    const [caption, line] = [
      figure.querySelector('figcaption'),
      figure.querySelector('.line:not(.folded)'),
    ];
    if (!caption || !line) return 'no listing';
    const range = document.createRange();
    range.selectNodeContents(line);
    const [above, text] = [caption.getBoundingClientRect(), range.getBoundingClientRect()];
    const apart = above.bottom <= text.top || above.left >= text.right;
    return apart ? '' : line.textContent;
  });
}

test('a run moves nothing on its slide: the graph keeps its size, and so its labels', async ({
  page,
}) => {
  const demo = (await openSlide(page, 'schedulers-execute-a-graph')).locator('dag-demo');
  await expectState(demo, /ready/);
  const graph = demo.locator('.graph .frame');
  const before = await graph.boundingBox();
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  await expect(demo.locator('.task-stream canvas')).toHaveAttribute('data-memory');
  await expect.poll(async () => (await graph.boundingBox())?.height).toBe(before?.height);
});
