/*
 * The life of a demo on its slide: what starts it, what stops it, and what handles the keys.
 */
import { coloursOf, expect, expectState, long, openDemo, partsOf, remake, test } from './site.js';

test('R runs the demo of the slide, and cancels it', async ({ page }) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  await remake(demo, long);
  await page.keyboard.press('r');
  await expectState(demo, /running/);
  await page.keyboard.press('r');
  await expectState(demo, /cancelled/);
});

test('R on a demo that has not come up yet runs it when it has', async ({ page }) => {
  await page.goto('index.html');
  const demo = await openDemo(page, 'no-op');
  await page.keyboard.press('r');
  await expectState(demo, /finished/);
});

test('leaving the slide stops the work; coming back shows its result', async ({ page }) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  await remake(demo, long);
  await page.keyboard.press('r');
  await expectState(demo, /running/);
  await page.keyboard.press('PageUp');
  await expectState(demo, /cancelled/);
  await page.keyboard.press('PageDown');
  await page.waitForTimeout(300);
  await expectState(demo, /cancelled/);

  await remake(demo, { program: 'array-mean', n: 800, chunk: 100 });
  await page.keyboard.press('r');
  await expectState(demo, /finished/);
  const { result, summary } = partsOf(demo);
  // Drawn by the next frame.
  await expect(summary).toContainText('peak memory');
  const shown = [await result.textContent(), await summary.textContent()];
  await page.keyboard.press('PageUp');
  await page.keyboard.press('PageDown');
  await page.waitForTimeout(300);
  await expectState(demo, /finished/);
  expect([await result.textContent(), await summary.textContent()]).toEqual(shown);
});

test('autorun="slide" starts a demo when its slide is shown, and again if it was left', async ({
  page,
}) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  await remake(demo, long);
  await page.keyboard.press('PageUp');
  await demo.evaluate((element) => element.setAttribute('autorun', 'slide'));
  await page.keyboard.press('PageDown');
  await expectState(demo, /running/);
  await page.keyboard.press('PageUp');
  await expectState(demo, /cancelled/);
  await page.keyboard.press('PageDown');
  await expectState(demo, /running/);
  // In the overview no slide is presented.
  await page.keyboard.press('PageUp');
  await expectState(demo, /cancelled/);
  await page.keyboard.press('o');
  await page.keyboard.press('ArrowRight');
  await page.waitForTimeout(300);
  await expectState(demo, /cancelled/);
  await page.keyboard.press('o');
  await expectState(demo, /running/);
});

test('autorun="fragment" starts a demo with its fragment, and going back resets it', async ({
  page,
}) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  await page.keyboard.press('PageUp');
  await demo.evaluate((element) => {
    element.setAttribute('autorun', 'fragment');
    element.classList.add('fragment', 'custom');
  });
  await page.keyboard.press('PageDown');
  await page.waitForTimeout(300);
  await expectState(demo, /ready/);
  await page.keyboard.press('PageDown');
  await expectState(demo, /running|finished/);
  await expectState(demo, /finished/);
  await page.keyboard.press('PageUp');
  await expectState(demo, /ready/);
});

test('the keys of reveal.js stay out of the controls of a demo', async ({ page }) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  const hash = await page.evaluate(() => location.hash);
  for (const control of [partsOf(demo).number('n'), partsOf(demo).slider('workers')]) {
    await control.focus();
    for (const key of ['PageUp', 'PageDown', '.', 'b', 'f', 'g', 'o', '?', 's']) {
      await page.keyboard.press(key);
    }
  }
  await page.waitForTimeout(200);
  await expectState(demo, /ready/);
  expect(await page.evaluate(() => location.hash)).toBe(hash);
  await expect(page.locator('.reveal')).not.toHaveClass(/overview|paused/);
  await expect(page.locator('.r-overlay')).toHaveCount(0);
  expect(page.context().pages()).toHaveLength(1);
  // Escape returns focus to the slides.
  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  await expectState(demo, /finished/);
});

test('R runs with what was set last, whatever has the focus', async ({ page }) => {
  const demo = await openDemo(page, 'busy');
  await expectState(demo, /ready/);
  const small = { program: 'busy', tasks: 40, work: 1000, workers: 1 };
  const controls = 'tasks work workers shape scheduler policy memory-limit';
  await remake(demo, { ...small, controls });
  const { number, slider, menu, choice, listing } = partsOf(demo);
  const runs = await demo.evaluateHandle((element) => {
    /** @type {any[]} */
    const seen = [];
    element.addEventListener('dag-demo-run', (event) =>
      seen.push(/** @type {CustomEvent} */ (event).detail),
    );
    return seen;
  });
  let count = 0;
  const expectRun = async (/** @type {Record<string, unknown>} */ settings) => {
    await page.keyboard.press('r');
    count += 1;
    await expect.poll(() => runs.evaluate((seen) => seen.length)).toBe(count);
    await expectState(demo, /finished/);
    expect(await runs.evaluate((seen) => seen.at(-1))).toMatchObject(settings);
  };

  // Dragged.
  const track = await slider('workers').boundingBox();
  if (!track) throw new Error('there is no slider');
  const middle = track.y + track.height / 2;
  await page.mouse.move(track.x + 8, middle);
  await page.mouse.down();
  await page.mouse.move(track.x + track.width / 2, middle, { steps: 5 });
  await page.mouse.up();
  const workers = Number(await number('workers').inputValue());
  expect(workers).toBeGreaterThan(1);
  await expectRun({ workers });

  // Typed, and not yet committed.
  await number('tasks').click();
  await number('tasks').fill('20');
  await expectRun({ tasks: 20 });
  await expect(listing).toContainText('tasks = 20');
  await expect(number('tasks')).toHaveValue('20');

  // Chosen in a menu, which the letter could change.
  await menu('policy').focus();
  await menu('policy').selectOption('lifo');
  await expectRun({ policy: 'lifo' });
  await expect(menu('policy')).toHaveValue('lifo');

  // Clicked.
  await choice('scheduler', 'sync').click({ force: true });
  await expectRun({ scheduler: 'sync' });

  // With the focus in the listing, on a button, and nowhere.
  await listing.focus();
  await expectRun({ scheduler: 'sync' });
  await demo.getByRole('button', { name: 'Reset' }).focus();
  await expectRun({ scheduler: 'sync' });

  // While it runs, the same key cancels.
  await number('tasks').click();
  await number('tasks').fill('400');
  await number('work').click();
  await number('work').fill('20000');
  await page.keyboard.press('r');
  await expectState(demo, /running/);
  await page.keyboard.press('r');
  await expectState(demo, /cancelled/);

  // The demo says which values are allowed, and nothing runs.
  await number('tasks').click();
  await number('tasks').fill('0');
  await page.keyboard.press('r');
  expect(await number('tasks').evaluate((input) => input.matches(':invalid'))).toBe(true);
  await expectState(demo, /cancelled|ready/);

  // A text field keeps the letters that are typed into it.
  const limit = demo.locator('[data-name="memory-limit"] input');
  await demo.locator('.more summary').click();
  await limit.click();
  await limit.pressSequentially('r');
  await expect(limit).toHaveValue('r');
  expect(await runs.evaluate((seen) => seen.length)).toBe(count + 1);
});

test('an error in planning clears the graph of the plan before', async ({ page }) => {
  const demo = await openDemo(page, 'array-mean');
  await expectState(demo, /ready/);
  const graph = demo.locator('.graph canvas');
  await demo.evaluate((element) => element.removeAttribute('fallback'));
  // More blocks than a graph may have.
  await remake(demo, { program: 'array-mean', n: 4000, chunk: 500 });
  await partsOf(demo).number('chunk').fill('1');
  await partsOf(demo).number('chunk').press('Enter');
  await expectState(demo, /failed/);
  await expect(partsOf(demo).summary).not.toContainText('tasks');
  await expect.poll(() => coloursOf(graph)).toBe(1);
});
