/* A speed-up is the ratio of two measured runs, and workers beyond the cores are marked. */
import { choose, expect, expectState, partsOf, test } from './site.js';

/** @import { Locator } from '@playwright/test' */

/** @param {Locator} demo @param {string} name */
const figure = (demo, name) => demo.locator(`.summary [data-figure="${name}"]:not([hidden]) dd`);

/** A duration as the summary writes it, in ms. @param {string | null} text */
function msOf(text) {
  const [, number, unit] = /^([\d.]+) (s|ms|µs)$/.exec(text ?? '') ?? [];
  return Number(number) * (unit === 's' ? 1000 : unit === 'ms' ? 1 : 1e-3);
}

test('a speed-up appears when one worker has been measured, and stays for these settings', async ({
  page,
}) => {
  await page.goto('lab.html?program=busy&shape=independent&tasks=64&work=2000&workers=2');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  const { run, number, result } = partsOf(demo);
  // The first run of a program is not compared with anything.
  for (let i = 0; i < 2; i++) {
    await run.click();
    await expectState(demo, /finished/);
  }
  const words = await result.textContent();
  const makespan = await figure(demo, 'makespan').textContent();
  await expect(figure(demo, 'speed-up')).toHaveText('Measure');

  await demo.getByRole('button', { name: 'Measure' }).click();
  await expectState(demo, /finished/);
  await expect(figure(demo, 'speed-up')).toHaveText(/^[\d.]+ ×$/);
  // The run that it was compared with is still shown.
  expect(await figure(demo, 'makespan').textContent()).toBe(makespan);
  expect(await result.textContent()).toBe(words);
  const one = msOf(await figure(demo, 'one worker').textContent());
  const shown = Number.parseFloat((await figure(demo, 'speed-up').textContent()) ?? '');
  expect(Math.abs(shown - one / msOf(makespan))).toBeLessThan(0.02 * shown + 0.006);

  await number('workers').fill('4');
  await number('workers').press('Enter');
  await expect(demo.locator('.summary')).toContainText('elapsed');
  await run.click();
  await expectState(demo, /finished/);
  expect(msOf(await figure(demo, 'one worker').textContent())).toBe(one);

  await number('tasks').fill('32');
  await number('tasks').press('Enter');
  await expect(demo.locator('.summary')).toContainText('0 / 32');
  await run.click();
  await expectState(demo, /finished/);
  await expect(figure(demo, 'speed-up')).toHaveText('Measure');
});

test('the first run of a program is repeated before it is compared', async ({ page }) => {
  await page.goto('lab.html?program=array-qr&workers=2');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  let runs = 0;
  await page.exposeFunction('countRun', () => runs++);
  await demo.evaluate((element) =>
    element.addEventListener('dag-demo-run', () => /** @type {any} */ (window).countRun()),
  );
  await demo.getByRole('button', { name: 'Measure' }).click();
  await expect(figure(demo, 'speed-up')).toHaveText(/^[\d.]+ ×$/);
  expect(runs).toBe(1);
  const [makespan, one] = await Promise.all(
    ['makespan', 'one worker'].map(async (name) => msOf(await figure(demo, name).textContent())),
  );
  const shown = Number.parseFloat((await figure(demo, 'speed-up').textContent()) ?? '');
  expect(Math.abs(shown - one / makespan)).toBeLessThan(0.02 * shown + 0.006);
});

test('a measurement can be cancelled, and the run stays', async ({ page }) => {
  await page.goto('lab.html?program=busy&shape=independent&tasks=100&work=20000&workers=2');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  const makespan = await figure(demo, 'makespan').textContent();
  await demo.getByRole('button', { name: 'Measure' }).click();
  await expectState(demo, /running/);
  await demo.getByRole('button', { name: 'Cancel' }).click();
  await expectState(demo, /finished/);
  await expect(figure(demo, 'speed-up')).toHaveText('Measure');
  expect(await figure(demo, 'makespan').textContent()).toBe(makespan);
});

test('a run with one worker is measured by the way', async ({ page }) => {
  await page.goto('lab.html?program=busy&shape=independent&tasks=16&work=1000&workers=1');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  const { run, number } = partsOf(demo);
  for (let i = 0; i < 2; i++) {
    await run.click();
    await expectState(demo, /finished/);
  }
  await expect(figure(demo, 'speed-up')).toHaveCount(0);
  await number('workers').fill('2');
  await number('workers').press('Enter');
  await expect(demo.locator('.summary')).toContainText('elapsed');
  await run.click();
  await expectState(demo, /finished/);
  await expect(figure(demo, 'speed-up')).toHaveText(/^[\d.]+ ×$/);
});

test('workers beyond the cores are marked, and none of their time is called work', async ({
  page,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { value: 2 });
  });
  await page.goto('lab.html?program=busy&shape=independent&tasks=64&work=1000&workers=8');
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  const hint = demo.locator('[data-name="workers"] .hint');
  await expect(hint).toHaveText('8 workers share 2 cores.');
  await choose(demo, 'scheduler', 'sync');
  await expect(hint).toHaveText('');
  await choose(demo, 'scheduler', 'threads');
  await expect(hint).toHaveText('8 workers share 2 cores.');
  await expect(demo.locator('.task-stream figcaption')).toContainText('8 workers on 2 cores');
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  await expect(figure(demo, 'workers busy')).toHaveText(/%$/);
  for (const name of ['work', 'utilisation']) await expect(figure(demo, name)).toHaveCount(0);
  const { number } = partsOf(demo);
  await number('workers').fill('2');
  await number('workers').press('Enter');
  await expect(demo.locator('[data-name="workers"] .hint')).toHaveText('');
  await expect(demo.locator('.task-stream .crowd')).toHaveText('');
});
