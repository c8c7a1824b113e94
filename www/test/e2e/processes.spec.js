/*
 * The scheduler `processes`: workers with a memory of their own, on a page with and without the isolation headers.
 */
import { addresses } from '../../playwright.config.js';
import { keepProcesses } from './keep-processes.js';
import { coloursOf, expect, expectState, partsOf, test } from './site.js';

/** @import { Locator, Page } from '@playwright/test' */
/** @import { Params, Trace } from '../../src/engine/protocol.js' */

const COMPUTE = 0;
const TRANSFER = 4;
const SERIALIZE = 5;
const DESERIALIZE = 6;

/**
 * A run's values and trace, or its error.
 *
 * @param {Page} page
 * @param {string} program
 * @param {Params} params
 * @param {object} options
 * @returns {Promise<{ error: string | null, value: unknown, errors: unknown, trace: { label: string,
 *   actions: number[], stops: number[] }[] }>}
 */
function run(page, program, params, options) {
  return page.evaluate(async ([name, given, asked]) => {
    try {
      const { value, errors, trace } = await window.dagdeck.run(name, given, asked);
      const plain =
        value && typeof value === 'object' && 'data' in value
          ? Array.from(value.data, Number)
          : value;
      const { workers } = /** @type {Trace} */ (trace);
      const lanes = workers.map(({ lane, action, stopMs }) => ({
        label: lane?.label ?? '',
        actions: [...action],
        stops: [...stopMs],
      }));
      return { error: null, value: plain, errors, trace: lanes };
    } catch (error) {
      return { error: String(error), value: null, errors: null, trace: [] };
    }
  }, /** @type {const} */ ([program, params, options]));
}

/**
 * Moves the pointer along the first row of a task stream, until the tooltip says what is looked for.
 *
 * @param {Locator} canvas
 * @param {Locator} tip
 * @param {RegExp} words
 */
async function pointAt(canvas, tip, words) {
  const box = await canvas.boundingBox();
  if (!box) throw new Error('the task stream is not there');
  for (let x = box.width - 20; x > 30; x -= 3) {
    await canvas.hover({ position: { x, y: box.height * 0.15 } });
    if (words.test((await tip.textContent()) ?? '')) return;
  }
  throw new Error(`no tooltip says ${words}`);
}

const sync = { scheduler: 'sync', seed: 7 };

/** @param {'spawn' | 'fork'} start */
const processes = (start) => ({
  scheduler: 'processes',
  workers: 2,
  seed: 7,
  schedulerOptions: { start },
});

/** An error without the key of its task. @param {string | null} error */
const withoutTask = (error) => error?.replace(/\('busy', \d+\)/, 'a task');

for (const [host, address] of [
  ['with', addresses.isolated],
  ['without', addresses.plain],
]) {
  test.describe(`${host} the isolation headers`, () => {
    test.use({ baseURL: address });

    for (const start of /** @type {const} */ (['spawn', 'fork'])) {
      test(`${start} gives the values and the errors of sync`, async ({ page }) => {
        await page.goto('lab.html');
        for (const [program, params] of /** @type {const} */ ([
          ['array-mean', { n: 600, chunk: 100 }],
          ['array-qr', { n: 400, columns: 10, chunk: 100 }],
          ['array-dot', { n: 300, chunk: 100 }],
        ])) {
          const expected = await run(page, program, params, sync);
          const got = await run(page, program, params, processes(start));
          expect(got.error).toBeNull();
          expect(got.value, program).toEqual(expected.value);
          // A process may join when all is done, or not at all.
          const joined = got.trace.map(({ label }) => label).filter((label) => label !== '');
          expect(joined.length, program).toBeGreaterThan(0);
          for (const label of joined) expect(label).toMatch(/^process [01]$/);
          const seen = new Set(got.trace.flatMap(({ actions }) => actions));
          for (const action of [COMPUTE, TRANSFER, SERIALIZE, DESERIALIZE]) {
            expect([...seen], program).toContain(action);
          }
        }
        const tree = await run(page, 'no-op', { shape: 'tree', tasks: 4096 }, processes(start));
        expect(tree.error).toBeNull();
        const failing = { tasks: 60, work: 1, failing: 100, retries: 1 };
        const expected = await run(page, 'busy', failing, sync);
        expect(expected.error).toContain("('busy', ");
        // Which of the tasks errs first is up to the processes.
        const error = (await run(page, 'busy', failing, processes(start))).error;
        expect(withoutTask(error)).toBe(withoutTask(expected.error));
        const keepGoing = await run(page, 'busy', failing, {
          ...processes(start),
          keepGoing: true,
        });
        expect(keepGoing.errors).toEqual(
          (await run(page, 'busy', failing, { ...sync, keepGoing: true })).errors,
        );
        const limited = { memoryLimit: 100_000 };
        const large = { n: 600, chunk: 300 };
        const refused = await run(page, 'array-mean', large, { ...sync, ...limited });
        expect(refused.error).toContain('the memory limit is');
        const over = await run(page, 'array-mean', large, { ...processes(start), ...limited });
        expect(over.error).toContain('the memory limit is');
      });
    }

    test('two processes compute at the same time', async ({ page }) => {
      await page.goto('lab.html');
      const params = { shape: 'independent', tasks: 16, work: 50_000 };
      const { error, trace } = await run(page, 'busy', params, processes('spawn'));
      expect(error).toBeNull();
      const [first, second] = trace.map(({ actions, stops }) =>
        actions.flatMap((action, i) => (action === COMPUTE ? [[stops[i - 1] ?? 0, stops[i]]] : [])),
      );
      const overlap = first.some(([from, to]) => second.some(([a, b]) => a < to && from < b));
      expect(overlap).toBe(true);
    });

    test('a process that is killed is replaced, and the run ends as if nothing had happened', async ({
      page,
    }) => {
      await keepProcesses(page);
      await page.goto('lab.html');
      for (const start of /** @type {const} */ (['spawn', 'fork'])) {
        const running = page.evaluate(async (options) => {
          const { processes: started } = /** @type {any} */ (window);
          const before = started.length;
          const ended = window.dagdeck.run(
            'busy',
            { shape: 'tree', tasks: 255, work: 8000 },
            options,
          );
          const up = () =>
            started.slice(before).filter((/** @type {any} */ process) => process.isUp);
          while (up().length < 2) await new Promise((go) => setTimeout(go, 5));
          started[before].terminate();
          const { tasks, errors, trace } = await ended;
          const computed = new Set(
            /** @type {Trace} */ (trace).workers.flatMap(({ task, action }) =>
              [...task].filter((_, i) => action[i] === 0),
            ),
          );
          return { tasks, errors, computed: computed.size, started: started.length - before };
        }, processes(start));
        expect(await running).toEqual({ tasks: 255, errors: [], computed: 255, started: 3 });
      }
    });

    // With and without the headers, 200 of them.
    test('cycles of start, cancel and end leave no worker', async ({ page }) => {
      test.setTimeout(180_000);
      await page.goto('lab.html');
      await run(page, 'no-op', { tasks: 16 }, sync);
      const idle = page.workers().length;
      for (let cycle = 0; cycle < 100; cycle++) {
        const end = await page.evaluate(
          async ([options, aborts]) => {
            const aborter = new AbortController();
            const work = { shape: 'chain', tasks: 500, work: 10_000 };
            const running = aborts
              ? window.dagdeck.run('busy', work, { ...options, signal: aborter.signal })
              : window.dagdeck.run('no-op', { tasks: 64 }, options);
            if (aborts) setTimeout(() => aborter.abort(), 100 * Math.random());
            return running.then(
              () => 'finished',
              ({ name }) => name,
            );
          },
          /** @type {const} */ ([processes(cycle % 2 ? 'fork' : 'spawn'), cycle % 3 === 0]),
        );
        expect(end).toBe(cycle % 3 === 0 ? 'AbortError' : 'finished');
        await expect.poll(() => page.workers().length).toBe(idle);
      }
    });
  });
}

test.describe('a process that closes itself', () => {
  // Pool workers never answer what a test asks of a worker, so there is no pool here.
  test.use({ baseURL: addresses.plain });

  test('is noticed and replaced', async ({ page }) => {
    await page.goto('lab.html');
    const ended = page.evaluate(async (options) => {
      const { tasks } = await window.dagdeck.run('busy', { tasks: 200, work: 8000 }, options);
      return tasks;
    }, processes('spawn'));
    await expect.poll(() => page.workers().length).toBe(3);
    for (const worker of page.workers()) {
      if ((await worker.evaluate(() => self.name)) === 'dagdeck process') {
        await worker.evaluate(() => self.close());
        break;
      }
    }
    expect(await ended).toBeGreaterThan(100);
  });
});

test.describe('in the lab', () => {
  test('the trace shows what was moved, in words and colours, and the recording plays', async ({
    page,
  }, info) => {
    const query = 'program=array-mean&n=2000&chunk=500&scheduler=processes&workers=2&start=fork';
    await page.goto(`lab.html?${query}`);
    const demo = page.locator('dag-demo');
    await expectState(demo, /ready/);
    const { run: button, choice, result } = partsOf(demo);
    await expect(choice('scheduler', 'processes')).toBeChecked();
    await expect(choice('start', 'fork')).toBeChecked();
    await button.click();
    await expectState(demo, /finished/);
    const canvas = demo.locator('.task-stream canvas');
    await expect(canvas).toHaveAttribute('aria-label', /process 0 busy/);
    const value = await result.textContent();
    const tip = demo.locator('.task-stream .tip');
    await pointAt(canvas, tip, /transfer/);
    await expect(tip).toContainText(/\d (B|[KM]iB)/);
    await expect(tip).toContainText(/process [01]/);

    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save' }).click();
    const path = info.outputPath('run.json');
    await (await downloading).saveAs(path);
    await page.goto('lab.html?program=no-op');
    await expectState(demo, /ready/);
    await page.locator('#file').setInputFiles(path);
    await expectState(demo, /replayed/);
    await expect(result).toHaveText(value ?? '');
    const settings = demo.getByLabel('Settings of the recorded run');
    await expect(settings).toContainText('schedulerprocesses');
    await expect(settings).toContainText('startfork');
    expect(await coloursOf(canvas)).toBeGreaterThan(3);
    await pointAt(canvas, tip, /transfer/);
    await expect(tip).toContainText(/\d (B|[KM]iB)/);
  });

  test('spawn in the address is the default, and no mistake', async ({ page }) => {
    await page.goto('lab.html?program=no-op&scheduler=processes&start=spawn');
    const demo = page.locator('dag-demo');
    await expectState(demo, /ready/);
    await expect(partsOf(demo).choice('start', 'spawn')).toBeChecked();
    await expect(partsOf(demo).notice).toHaveText('');
  });
});
