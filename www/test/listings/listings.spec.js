/*
 * Each program's listing, as the page shows it, run by real Dask: what it prints must be what the page computes for the
 * same values, and what Python in the page prints. PYTHON names a Python that has Dask (scripts/python).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, hasPython, test } from '../e2e/site.js';

/** @import { Page } from '@playwright/test' */
/** @import { Params } from '../../src/engine/protocol.js' */

/**
 * These print how long they took, and in what unit.
 *
 * @type {Record<string, { params: { tasks: number, work?: number }, unit: string } | undefined>}
 */
const timed = {
  'no-op': { params: { tasks: 100 }, unit: 'ns' },
  busy: { params: { tasks: 100, work: 100 }, unit: 'ms' },
};

/**
 * The programs whose threads share a lock, with small values and the number of lines that their listings print: each has
 * numbers, the first of which names the line. The page has other rows too, since one Python has only one kind of lock.
 * Programs that use futures are here too: `line` is the pattern of their lines.
 *
 * @type {Record<string, { params: Params, lines: number, line?: string } | undefined>}
 */
const threaded = {
  'gil-count': { params: { threads: 3, ticks: 100_000 }, lines: 2 },
  'gil-io': { params: { threads: 3, calls: 4, wait: 5 }, lines: 2 },
  'gil-convoy': { params: { calls: 5, wait: 50, ticks: 100_000 }, lines: 4 },
  'locks-compared': { params: { threads: 3, ticks: 100_000 }, lines: 2 },
  race: { params: { threads: 3, increments: 1000 }, lines: 2 },
  'nogil-hash': { params: { threads: 3, strings: 2000 }, lines: 2 },
  'which-one': {
    params: { calls: 2, size: 1000, wait: 5, elements: 1000, max_workers: 2 },
    lines: 3,
    line: '(cpu_bound|io_bound|scientific) [\\d.]+ [\\d.]+',
  },
  'futures-primes': {
    params: { calls: 4, size: 1000, max_workers: 2 },
    lines: 3,
    line: '550 [\\d.]+ s',
  },
  'futures-downloads': {
    params: { downloads: 8, wait: 2, max_workers: 2 },
    lines: 8,
    line: 'page-\\d (\\d+|(OS|Cancelled)Error\\(.*\\))',
  },
  'processes-cost': {
    params: { calls: 2, max_workers: 2 },
    lines: 25,
    line: '[\\d.]+ ms \\d+ KiB [\\d.e-]+',
  },
  'fork-copy': { params: { value: 5 }, lines: 1, line: 'fork 5 6 5 6\nspawn 0 1 5 1' },
  // The page simulates what the listing does on a cluster in one process.
  'cluster-simulate': {
    params: { shape: 'tree', tasks: 20, nodes: 3, work: 1000, size: 1 },
    lines: 3,
  },
  // The sum of 2 i.
  'cluster-inc-add': { params: { inputs: 8, sleep: 1, failing: 0 }, lines: 1, line: '56' },
  'cluster-tree': { params: { inputs: 8, split_every: 3, sleep: 1 }, lines: 1, line: '28' },
  'cluster-flaky': { params: { inputs: 8, sleep: 1, failing: 30 }, lines: 1, line: '28' },
  // The sum of i + 2.
  'cluster-kill': { params: { inputs: 8, steps: 2, sleep: 1, deaths: 1 }, lines: 1, line: '44' },
  'futures-tree': { params: { groups: 3, loads: 4, max_workers: 2 }, lines: 1, line: '66' },
};

/** Programs whose listings do not run in the page: they need a cluster. */
const elsewhere = ['cluster-array'];

/** What a program is given whose values are compared here only. @type {Record<string, Params[] | undefined>} */
const compared = {
  'cluster-array': [
    { array: 'mean', n: 20, chunk: 5 },
    { array: 'qr', n: 40, chunk: 10, columns: 3 },
  ],
};

/** What the other programs are given: what the reference values are made for, tests/reference/programs.py. */
const fixture = new URL('../../../tests/fixtures/programs.json', import.meta.url);
/** @type {{ program: string, parameters: Record<string, number> }[]} */
const cases = JSON.parse(readFileSync(fixture, 'utf8'));

const listings = readdirSync(new URL('../../talk/listings', import.meta.url))
  .filter((file) => file.endsWith('.py'))
  .map((file) => file.slice(0, -'.py'.length));

test('every program has a listing, and every listing a program', async ({ page }) => {
  await page.goto('lab.html');
  const programs = await page.evaluate(() => window.dagdeck.programs());
  expect(programs.map(({ name }) => name).sort()).toEqual(listings.toSorted());
});

for (const program of listings) {
  const time = timed[program];
  if (time) {
    test(`${program}.py prints a time, as the page does, for every choice`, async ({ page }) => {
      test.setTimeout(240_000);
      await page.goto('lab.html');
      const schema = (await page.evaluate(() => window.dagdeck.programs())).find(
        ({ name }) => name === program,
      );
      const choices = (schema?.parameters ?? []).flatMap((parameter) =>
        parameter.kind === 'choice'
          ? parameter.choices.map((choice) => ({ [parameter.name]: choice }))
          : [],
      );
      expect(choices.length).toBeGreaterThan(1);
      for (const choice of choices) {
        await test.step(JSON.stringify(choice), async () => {
          const values = { ...time.params, ...choice };
          const { printed, computed } = await bothWays(page, program, values, 'print(len(graph))');
          const [took, unit, tasks] = /^([\d.]+) (.+)\n(\d+)\n$/.exec(printed)?.slice(1) ?? [];
          expect(unit, printed).toBe(time.unit);
          for (const figure of [Number(took), ...computed]) expect(figure).toBeGreaterThan(0);
          // As the page: about as many tasks as were asked for.
          expect(Number(tasks)).toBeLessThanOrEqual(1.1 * time.params.tasks);
          expect(Number(tasks)).toBeGreaterThanOrEqual(0.6 * time.params.tasks);
        });
      }
    });
    continue;
  }
  const threads = threaded[program];
  if (threads) {
    test(`${program}.py runs, as the page does`, async ({ page }) => {
      const { printed, computed } = await bothWays(page, program, threads.params);
      const { lines, line = '\\d+ [\\d.]+ .+' } = threads;
      expect(printed).toMatch(new RegExp(`^(${line}\n){${lines}}$`));
      // A sweep has a line for each of its cells.
      const cells = program === 'processes-cost' ? 5 : 1;
      expect(computed.length * cells).toBeGreaterThanOrEqual(lines);
    });
    continue;
  }
  const given =
    compared[program] ??
    cases.filter((one) => one.program === program).map(({ parameters }) => parameters);
  test(`${program}.py prints what the page computes`, async ({ page }) => {
    expect(given, 'cases in tests/reference/programs.py').not.toEqual([]);
    for (const parameters of given) {
      const { printed, printedInPage, computed } = await bothWays(page, program, parameters);
      const numbers = numbersIn(printed);
      if (printedInPage !== null) {
        expect(withoutDigits(printedInPage)).toBe(withoutDigits(printed));
        expectClose(numbersIn(printedInPage), numbers);
      }
      expect(computed.length, printed).toBe(numbers.length);
      expectClose(computed, numbers);
    }
  });
}

/**
 * What the listing that the lab shows for some values prints, here and in the page, and the numbers that the page computes
 * for them.
 *
 * @param {Page} page
 * @param {string} program
 * @param {Params} values parameters, and a seed
 * @param {string} [also] Python that is run after the listing
 */
async function bothWays(page, program, values, also = '') {
  const words = Object.entries(values).map(([name, value]) => [name, String(value)]);
  await page.goto(`lab.html?${new URLSearchParams([['program', program], ...words])}`);
  const shown = page.locator(`dag-demo[program="${program}"] figure code`);
  for (const [name, value] of Object.entries(values)) {
    await expect(shown).toContainText(`${name} = ${JSON.stringify(value)}\n`);
  }
  const listing = `${(await shown.textContent()) ?? ''}\n${also}`;
  const printed = python(listing);
  const runsInPage =
    hasPython && !(program in threaded || program in timed || elsewhere.includes(program));
  const printedInPage = runsInPage
    ? await page.evaluate(
        async (cell) => (await window.dagdeck.python.run(cell)).output,
        `${inFull}\n${listing}`,
      )
    : null;
  const computed = await page.evaluate(async ([name, { seed, ...params }]) => {
    const { value } = await window.dagdeck.run(name, params, { seed: Number(seed ?? 0) });
    if (value === null) throw new Error('no result');
    if (typeof value !== 'object') return [Number(value)];
    // A table: the numbers of the rows that the page has.
    if (!('data' in value)) return value.map((_, row) => row);
    return Array.from(value.data, Number);
  }, /** @type {const} */ ([program, values]));
  return { printed, printedInPage, computed };
}

/** Prints all digits of all numbers. */
const inFull =
  'import sys, numpy\nnumpy.set_printoptions(threshold=sys.maxsize, floatmode="unique")';

/**
 * What a script prints, with all digits of all numbers.
 *
 * @param {string} script
 */
function python(script) {
  const folder = mkdtempSync(join(tmpdir(), 'listing-'));
  try {
    // A file, since a process that is spawned imports it.
    const file = join(folder, 'listing.py');
    writeFileSync(file, `${inFull}\n${script}`);
    const { status, stdout, stderr } = spawnSync(process.env.PYTHON || 'python3', [file], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(status, stderr).toBe(0);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} printed an array or a number as NumPy prints it */
function numbersIn(printed) {
  return printed
    .replaceAll(/[[\]]/g, ' ')
    .trim()
    .split(/\s+/)
    .map((word) => (word === 'nan' ? NaN : Number(word)));
}

/**
 * The text around the numbers: brackets and the number of lines. Sums in another order differ in the last digits.
 *
 * @param {string} printed
 */
function withoutDigits(printed) {
  return printed.replaceAll(/[^[\]]+/g, ' ').trim();
}

/**
 * @param {number[]} given
 * @param {number[]} numbers
 */
function expectClose(given, numbers) {
  expect(given.length).toBe(numbers.length);
  for (const [i, number] of numbers.entries()) {
    const tolerance = 1e-12 * Math.max(1, Math.abs(number));
    expect(Math.abs(given[i] - number), `number ${i}: ${number}`).toBeLessThanOrEqual(tolerance);
  }
}
