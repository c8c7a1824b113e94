/*
 * Programs whose threads share an interpreter lock: live and as a model, through the page's script and on a demo.
 */
import { addresses } from '../../playwright.config.js';
import { expect, expectState, partsOf, test } from './site.js';

/** @import { Page } from '@playwright/test' */
/** @import { PlainTable } from '../../src/engine/plain.js' */
/** @import { Params } from '../../src/engine/protocol.js' */

/**
 * Runs a program by the page's script.
 *
 * @param {Page} page
 * @param {string} program
 * @param {Params} params
 */
async function outcomeOf(page, program, params) {
  const { value, ...outcome } = await page.evaluate(async ([name, given]) => {
    const { trace, ...rest } = await window.dagdeck.run(name, given);
    const workers = trace?.workers ?? [];
    return {
      ...rest,
      nodes: [...new Set(workers.map(({ lane }) => lane?.node))],
      ended: workers.flatMap(({ action }) => [...action].filter((code) => code === 0)).length,
    };
  }, /** @type {const} */ ([program, params]));
  const rows = /** @type {PlainTable} */ (value);
  return { ...outcome, rows, sections: rows.map(({ section }) => String(section)) };
}

for (const mode of ['live', 'model']) {
  test(`gil-count shows every policy, ${mode}`, async ({ page }) => {
    await page.goto('lab.html');
    const params = { lock: 'all', threads: 3, ticks: 200_000, mode };
    const { rows, sections, nodes, ended, ...outcome } = await outcomeOf(page, 'gil-count', params);
    expect(outcome).toMatchObject({ mode, workers: 20, tasks: 20, utilisation: null });
    expect(ended).toBe(20);
    expect(sections).toHaveLength(10);
    expect(sections.slice(0, 2)).toEqual(['ticks, 1 thread', 'ticks, 3 threads']);
    // Threads cannot stand in for processes, and the page says so.
    const modes = sections.map((name) => (name.startsWith('processes') ? 'model' : mode));
    expect(rows.map((row) => row.mode)).toEqual(modes);
    expect(outcome.notes).toHaveLength(mode === 'live' ? 1 : 0);
    expect(nodes).toEqual(
      sections.map((name, i) => (modes[i] === mode ? name : `${name} (model)`)),
    );
    const times = rows.map(({ time }) => Number(time));
    expect(Math.min(...times)).toBeGreaterThan(0);
    expect(outcome.makespanMs).toBe(Math.max(...times));
  });

  test(`gil-io, gil-convoy and locks-compared run, ${mode}`, async ({ page }) => {
    await page.goto('lab.html');
    const io = await outcomeOf(page, 'gil-io', { wait: 20, mode });
    expect(io.sections).toEqual(['interval, 1 thread', 'interval, 4 threads']);
    // Eight calls of 20 ms, or four times two.
    expect(Number(io.rows[0].time)).toBeGreaterThanOrEqual(160);
    expect(Number(io.rows[1].time)).toBeGreaterThanOrEqual(40);

    const convoy = await outcomeOf(page, 'gil-convoy', { calls: 10, ticks: 1_000_000, mode });
    expect(convoy.sections).toHaveLength(6);
    // Live, the calls may be over before the other thread has a core.
    const rates = convoy.rows.map((row) => row['round-trips'] ?? (mode === 'live' ? 1 : 0));
    expect(Math.min(...rates.map(Number))).toBeGreaterThan(0);

    const locks = await outcomeOf(page, 'locks-compared', { ticks: 1_000_000, mode });
    expect(locks.sections).toHaveLength(5);
    expect(locks.rows[0]['speed-up']).toBe(1);

    for (const { ended, tasks, nodes, sections, mode: shown } of [io, convoy, locks]) {
      expect(ended).toBe(tasks);
      expect(nodes).toEqual(sections);
      expect(shown).toBe(mode);
    }
  });
}

test('the model is the same in every run, and follows its seed', async ({ page }) => {
  await page.goto('lab.html');
  const times = await page.evaluate(async () => {
    const params = { lock: 'ticks', ticks: 1_000_000, mode: 'model' };
    const runs = [1, 1, 2].map((seed) => window.dagdeck.run('gil-count', params, { seed }));
    return (await Promise.all(runs)).map(({ makespanMs }) => makespanMs);
  });
  expect(times[0]).toBe(times[1]);
  expect(times[2]).not.toBe(times[0]);
});

test('race: a lock and an atomic lose nothing', async ({ page }) => {
  await page.goto('lab.html');
  const { rows, mode } = await outcomeOf(page, 'race', { threads: 4, increments: 100_000 });
  expect(mode).toBe('live');
  const counted = rows.map((row) => Number(row.counted));
  expect(counted[0]).toBeGreaterThan(0);
  expect(counted[0]).toBeLessThanOrEqual(400_000);
  expect(counted.slice(1)).toEqual([400_000, 400_000, 100_000]);
  for (const row of rows) expect(Number(row.lost)).toBe(400_000 - Number(row.counted));
});

test('a demo of threads has no scheduler, shows its table, and is cancelled in the middle', async ({
  page,
}) => {
  await page.goto('lab.html?program=gil-count&ticks=400000');
  const demo = page.locator('dag-demo');
  const { run, number, summary } = partsOf(demo);
  await expectState(demo, /ready/);
  await expect(number('threads')).toHaveValue('2');
  for (const name of ['scheduler', 'workers', 'policy']) {
    await expect(demo.locator(`[data-name="${name}"]`)).toHaveCount(0);
  }
  await run.click();
  await expectState(demo, /finished/);
  await expect(demo.getByRole('rowheader')).toHaveText([
    'interval, 1 thread',
    'interval, 2 threads',
  ]);
  await expect(summary).not.toContainText('speed-up');

  // About half a minute.
  await number('ticks').fill('134217728');
  await number('ticks').press('Enter');
  await expectState(demo, /ready/);
  await run.click();
  await expect(run).toHaveText('Cancel');
  await run.click();
  await expectState(demo, /cancelled/);
  // The threads have stopped, so there is room for the next run.
  await number('ticks').fill('100000');
  await number('ticks').press('Enter');
  await expectState(demo, /ready/);
  await run.click();
  await expectState(demo, /finished/);
});

test('a run of threads is saved and replayed with its table', async ({ page }, info) => {
  await page.goto('lab.html?program=gil-io&wait=5&mode=model&lock=per+interpreter');
  const demo = page.locator('dag-demo');
  const { run, banner } = partsOf(demo);
  const table = demo.getByRole('table');
  await expectState(demo, /ready/);
  await run.click();
  await expectState(demo, /finished/);
  const before = await table.textContent();
  const path = info.outputPath('threads.json');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save' }).click();
  await (await downloading).saveAs(path);

  await page.goto('lab.html?program=no-op');
  await expectState(demo, /ready/);
  await page.locator('#file').setInputFiles(path);
  await expectState(demo, /replayed/);
  await expect(banner).toContainText('Recorded run');
  await expect(table).toHaveText(before ?? '');
  const settings = demo.getByLabel('Settings of the recorded run');
  await expect(settings).toContainText('per interpreter');
  await expect(settings).not.toContainText('scheduler');
});

test.describe('without the isolation headers', () => {
  test.use({ baseURL: addresses.plain });

  test('there is the model, and the page says so; a race has none', async ({ page }) => {
    await page.goto('lab.html');
    const io = await outcomeOf(page, 'gil-io', { wait: 5 });
    expect(io.mode).toBe('model');
    expect(io.notes).toEqual([expect.stringContaining('not isolated')]);
    expect(io.ended).toBe(io.tasks);
    const refused = await page.evaluate(() =>
      window.dagdeck.run('race').catch((error) => error.message),
    );
    expect(refused).toContain('has no model');
  });
});
