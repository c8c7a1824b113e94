/*
 * What threads cost under the interpreter lock, live on the built site: noted, not judged. The programs of the talk
 * with the work that benches/interpreter_lock.py gives to CPython.
 */
import { expect, test } from '../test/e2e/site.js';
import { median, write } from './figures.js';

/** @import { PlainTable } from '../src/engine/plain.js' */
/** @import { Params } from '../src/engine/protocol.js' */

test.describe.configure({ mode: 'serial', timeout: 600_000 });

const ROUNDS = 5;
const UNCOUNTED = 2;

/**
 * What is run, and the column of its table that is kept.
 *
 * @type {Record<string, { program: string, params: Params, column: string }>}
 */
const MEASURED = {
  count: { program: 'gil-count', params: { lock: 'interval', ticks: 1 << 23 }, column: 'time' },
  'count without': {
    program: 'gil-count',
    params: { lock: 'none', ticks: 1 << 23 },
    column: 'time',
  },
  hash: { program: 'nogil-hash', params: { strings: 1 << 20 }, column: 'time' },
  convoy: {
    program: 'gil-convoy',
    params: { calls: 100, wait: 100, ticks: 1 << 23 },
    column: 'round-trips',
  },
};

/** @type {Record<string, unknown>} */
const figures = { rounds: ROUNDS };

test.beforeEach(async ({ page }) => {
  await page.goto('lab.html');
});

// Only a run of all that succeeded leaves its figures.
test.afterAll(({ browser }, info) => {
  figures.versions = { Chromium: browser.version() };
  if (info.status === info.expectedStatus) write('interpreter', figures);
});

for (const [name, { program, params, column }] of Object.entries(MEASURED)) {
  test(`${name}: ${program}`, async ({ page }) => {
    /** @type {Map<string, number[]>} */
    const sections = new Map();
    for (let round = 0; round < UNCOUNTED + ROUNDS; round++) {
      const { value, mode } = await page.evaluate(async ([of, given]) => {
        const run = await window.dagdeck.run(of, given);
        return { value: run.value, mode: run.mode };
      }, /** @type {const} */ ([program, params]));
      expect(mode).toBe('live');
      if (round < UNCOUNTED) continue;
      for (const row of /** @type {PlainTable} */ (value)) {
        const section = String(row.section);
        const found = sections.get(section) ?? [];
        // A section has no figure if its threads were not at work at the same time.
        if (row[column] !== null) sections.set(section, [...found, Number(row[column])]);
      }
    }
    expect(sections.size).toBeGreaterThan(1);
    figures[name] = Object.fromEntries([...sections].map(([of, all]) => [of, median(all)]));
  });
}
