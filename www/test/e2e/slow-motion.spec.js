/* A run is replayed in slow motion, and is there again afterwards. */
import { expect, expectState, openDemo, partsOf, test } from './site.js';

test('M replays a run of some milliseconds so that it can be watched, and says so', async ({
  page,
}) => {
  const demo = await openDemo(page, 'no-op');
  await expectState(demo, /ready/);
  const slow = demo.getByRole('button', { name: 'Slow motion' });
  await expect(slow).toBeHidden();
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  await expect(slow).toBeVisible();
  const { summary, result } = partsOf(demo);
  // The cost of a task here and in Dask, with the date of that measurement.
  await expect(summary).toContainText(/per task.*Dask [\d.]+, \d{4}-\d\d-\d\d[\d.]+ µs/);
  const [figures, words] = [await summary.textContent(), await result.textContent()];

  await page.keyboard.press('m');
  await expectState(demo, /replaying/);
  await expect(demo.locator('.speed')).toHaveText(/^Slow motion, 1\/[\d\u202f]+ of the speed$/);
  await expect(slow).toBeHidden();
  // Its tasks finish one after the other.
  await expect(summary).toContainText('elapsed');
  const tasks = summary.locator('[data-figure="tasks"] dd');
  const done = async () =>
    Number.parseInt(((await tasks.textContent()) ?? '').replaceAll('\u202f', ''), 10);
  const early = await done();
  await expect.poll(done).toBeGreaterThan(early);

  await page.keyboard.press('m');
  await expectState(demo, /finished/);
  await expect(demo.locator('.speed')).toBeHidden();
  expect(await summary.textContent()).toBe(figures);
  expect(await result.textContent()).toBe(words);
});

test('a new run, other settings or the recorded run end the slow motion', async ({ page }) => {
  const demo = await openDemo(page, 'busy');
  await expectState(demo, /ready/);
  await partsOf(demo).number('work').fill('200');
  await partsOf(demo).number('work').press('Enter');
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  const makespan = demo.locator('.summary [data-figure="makespan"] dd');
  const lasted = await makespan.textContent();

  await page.keyboard.press('m');
  await expectState(demo, /replaying/);
  await page.keyboard.press('Shift+R');
  await expect(demo.locator('.banner')).toBeVisible();
  await expect(demo.locator('.speed')).toBeHidden();
  await page.keyboard.press('Shift+R');
  await expectState(demo, /finished/);
  await expect(makespan).toHaveText(lasted ?? '');

  await page.keyboard.press('m');
  await expectState(demo, /replaying/);
  await partsOf(demo).number('work').fill('300');
  await partsOf(demo).number('work').press('Enter');
  await expectState(demo, /ready/);
  await expect(demo.locator('.speed')).toBeHidden();
});

test('a recorded run has a slow motion too', async ({ page }) => {
  const demo = await openDemo(page, 'no-op', '?recorded');
  await expectState(demo, /ready/);
  await page.keyboard.press('r');
  await expectState(demo, /replayed/);
  await demo.getByRole('button', { name: 'Slow motion' }).click();
  await expectState(demo, /replaying/);
  await expect(demo.locator('.speed')).toBeVisible();
  await page.keyboard.press('m');
  await expectState(demo, /replayed/);
});
