/*
 * Programs whose threads share an interpreter lock: live and as a model, through the page's script and on a demo.
 */
import { expect, test } from './site.js';

/** @import { PlainTable } from '../../src/engine/plain.js' */

for (const mode of /** @type {const} */ (['live', 'model'])) {
  test(`gil-count, ${mode}: every policy has two sections, whose lanes and pieces are there`, async ({
    page,
  }) => {
    await page.goto('lab.html');
    const { outcome, lanes, ended } = await page.evaluate(async (wanted) => {
      const params = { lock: 'all', threads: 3, ticks: 200_000, mode: wanted };
      const { trace, ...rest } = await window.dagdeck.run('gil-count', params);
      const workers = trace?.workers ?? [];
      return {
        outcome: rest,
        lanes: workers.map(({ lane }) => lane?.node),
        ended: workers.map(({ action }) => action.filter((code) => code === 0).length),
      };
    }, mode);
    expect(outcome).toMatchObject({ mode, workers: 20, tasks: 20, utilisation: null });
    expect(ended).toEqual(Array(20).fill(1));
    const rows = /** @type {PlainTable} */ (outcome.value);
    const sections = rows.map(({ section }) => String(section));
    expect(sections).toHaveLength(10);
    expect(sections.slice(0, 2)).toEqual(['ticks, 1 thread', 'ticks, 3 threads']);
    // Threads cannot stand in for processes, and the page says so.
    const modes = sections.map((name) => (name.startsWith('processes') ? 'model' : mode));
    expect(rows.map((row) => row.mode)).toEqual(modes);
    expect(outcome.notes).toHaveLength(mode === 'live' ? 1 : 0);
    const nodes = sections.map((name, i) => (modes[i] === mode ? name : `${name} (model)`));
    expect([...new Set(lanes)]).toEqual(nodes);
    const times = rows.map(({ time }) => Number(time));
    expect(Math.min(...times)).toBeGreaterThan(0);
    expect(outcome.makespanMs).toBe(Math.max(...times));
  });
}
