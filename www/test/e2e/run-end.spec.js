/* The end of a run: the page says that it is over when it is, and all views say the same. */
import { expect, expectState, partsOf, test } from './site.js';

/**
 * What a demo shows after each frame of a run.
 *
 * @typedef {{ state: string, figures: Record<string, string>, labels: string[] }} Shown
 */

/**
 * Runs a demo, and notes after each frame what it shows.
 *
 * @param {import('@playwright/test').Page} page
 * @returns {Promise<Shown[]>} changes only
 */
function watchRun(page) {
  return page.evaluate(async () => {
    const demo = /** @type {any} */ (document.querySelector('dag-demo'));
    const root = /** @type {ShadowRoot} */ (demo.shadowRoot);
    /** @type {Shown[]} */
    const seen = [];
    const look = () => {
      const figures = Object.fromEntries(
        [...root.querySelectorAll('.summary [data-figure]:not([hidden])')].map((figure) => [
          figure.querySelector('dt')?.textContent,
          figure.querySelector('dd')?.textContent?.replaceAll('\u202f', ''),
        ]),
      );
      const labels = ['.graph', '.task-stream', '.progress'].map(
        (view) => root.querySelector(`${view} canvas`)?.getAttribute('aria-label') ?? '',
      );
      const now = { state: demo.state, figures, labels };
      if (JSON.stringify(now) !== JSON.stringify(seen.at(-1))) seen.push(now);
    };
    // A separate task runs after all callbacks of the frame.
    const afterFrame = () =>
      new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const ended = demo.start();
    let over = false;
    ended.finally(() => (over = true));
    while (!over) {
      await afterFrame();
      look();
    }
    for (let frame = 0; frame < 3; frame++) {
      await afterFrame();
      look();
    }
    return seen;
  });
}

test('a result of thousands of tiny blocks does not hold up the end of its run', async ({
  page,
}) => {
  const query = 'program=mandelbrot&n=1400&chunk=7&max_iter=200&workers=2&scheduler=threads';
  await page.goto(`lab.html?${query}`);
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  const seen = await watchRun(page);
  await expectState(demo, /finished/);
  const last = /** @type {Shown} */ (seen.at(-1));
  const tasks = last.figures.tasks;
  expect(Number(tasks)).toBeGreaterThan(40_000);
  // Once all tasks are done, no figure changes any more: sending the result to the page is not part of the run.
  const done = seen.filter(({ figures }) => figures.tasks?.split(' / ')[0] === tasks);
  const times = new Set(done.map(({ figures }) => figures.makespan));
  expect([...times]).toEqual([last.figures.makespan]);
  await expect(partsOf(demo).result).toContainText('shape (1400, 1400)');
});

test('all views show the end of a run in the same frame', async ({ page }) => {
  await page.goto('lab.html?program=array-mean&n=2000&chunk=100&workers=2&scheduler=threads');
  await expectState(page.locator('dag-demo'), /ready/);
  const seen = await watchRun(page);
  const last = /** @type {Shown} */ (seen.at(-1));
  for (const { figures, labels } of seen) {
    const ended = [
      figures.tasks === last.figures.tasks,
      ...labels.map((label, view) => label === last.labels[view]),
    ];
    expect(new Set(ended).size, JSON.stringify({ figures, labels })).toBe(1);
  }
  expect(last.figures.tasks).toMatch(/^\d+$/);
  expect(last.labels[1]).toContain(`over ${last.figures.makespan}:`);
});
