/*
 * Makes the recorded runs that ship with the deck, one for each demo of the talk. It opens the built deck in
 * headless Chromium to see which demos it has, and runs each in the lab with the demo's own settings: some runs
 * to warm up, then some that count, of which the median is kept. If the program has workers, the same with one worker is
 * measured too, and its time goes into the recording. A run that contradicts what its slide claims (claims.js) is not written. Files of
 * demos that the talk no longer has are removed.
 *
 *     make recordings      makes those that are missing; ALL=1 makes all of them again
 *
 * The machine should do nothing else meanwhile.
 */
import { spawn } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { recordingName } from '../src/deck/recording-name.js';
import { isSetting } from '../src/demo/attributes.js';
import { parseRecording } from '../src/model/parse-recording.js';
import { recordingPieces } from '../src/model/recording.js';
import { contradictions } from './claims.js';

/** @import { Browser, Page } from '@playwright/test' */
/** @import { Recording } from '../src/model/recording.js' */

/** @typedef {{ name: string, value: string }[]} Attributes */
/** @typedef {{ slide: string, attributes: Attributes }} Demo */

const folder = new URL('./', import.meta.url);
const RUN_LIMIT_MS = 60_000;

/** Runs that warm up the engine, and runs that count. */
const WARM = 3;
const COUNTED = 5;

/** If a run contradicts its slide, the machine may have been busy. */
const ATTEMPTS = 3;

const [load] = loadavg();
if (load > availableParallelism() / 2) {
  console.warn(`The machine is busy (load ${load.toFixed(1)}): recordings may be refused.`);
}
const server = spawn(process.execPath, ['serve.mjs'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  env: { ...process.env, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const site = await addressOf(server);
  const demos = await demosOf(browser, site);
  const present = (await readdir(folder)).filter((name) => name.endsWith('.json.gz'));
  for (const file of present.filter((name) => !demos.has(name))) {
    await rm(new URL(file, folder));
    console.log(`${file}: removed, the talk has no such demo`);
  }
  for (const [file, demo] of demos) {
    if (present.includes(file) && !process.env.ALL) continue;
    try {
      const run = await recordTrue(browser, site, demo);
      const bytes = gzipSync([...recordingPieces(run)].join(''), { level: 9 });
      await writeFile(new URL(file, folder), bytes);
      console.log(`${file}: ${describe(run)}; ${(bytes.length / 1000).toFixed(0)} kB`);
    } catch (error) {
      console.error(`${file}: not written: ${/** @type {Error} */ (error).message}`);
      process.exitCode = 1;
    }
  }
} finally {
  await browser.close();
  server.kill();
}

/** @param {import('node:child_process').ChildProcess} child that says where it serves */
async function addressOf(child) {
  for await (const data of child.stdout ?? []) {
    const found = /http:\S+/.exec(String(data));
    if (found) return found[0];
  }
  throw new Error('the server did not start: is there a built site? make build');
}

/**
 * @param {Browser} from
 * @param {string} site
 * @returns {Promise<Map<string, Demo>>} the demos of the talk by their files' names
 */
async function demosOf(from, site) {
  const page = await from.newPage();
  await page.goto(`${site}index.html`);
  await page.waitForSelector('section.present');
  const all = await page.$$eval('dag-demo', (demos) =>
    demos.map((demo) => ({
      slide: demo.closest('section')?.id ?? '',
      attributes: [...demo.attributes].map(({ name, value }) => ({ name, value })),
    })),
  );
  await page.close();
  return new Map(all.map((demo) => [`${recordingName(demo.attributes)}.json.gz`, demo]));
}

/**
 * A recording that its slide's claims hold for.
 *
 * @param {Browser} from
 * @param {string} site
 * @param {Demo} demo
 * @returns {Promise<Recording>}
 */
async function recordTrue(from, site, { slide, attributes }) {
  const settings = Object.fromEntries(
    attributes
      .filter(({ name }) => name === 'program' || isSetting(name))
      .map(({ name, value }) => [name, value]),
  );
  const page = await from.newPage();
  try {
    for (let attempt = 1; ; attempt++) {
      // Threads under an interpreter lock are no workers: such a program compares on its own.
      const alone =
        settings.workers && (await medianRun(page, site, { ...settings, workers: '1' }));
      const run = await medianRun(page, site, settings);
      run.oneWorkerMs = alone ? makespanOf(alone) : null;
      const found = contradictions(slide, run);
      if (found.length === 0) return run;
      if (attempt === ATTEMPTS) throw new Error(found.join('; '));
    }
  } finally {
    await page.close();
  }
}

/**
 * @param {Page} page
 * @param {string} site
 * @param {Record<string, string>} settings
 * @returns {Promise<Recording>} the median of the runs that count
 */
async function medianRun(page, site, settings) {
  await page.goto(`${site}lab.html?${new URLSearchParams(settings)}`);
  const demo = page.locator('dag-demo');
  await demo.locator('.demo[data-state="ready"]').waitFor({ timeout: RUN_LIMIT_MS });
  // The lab says what it cannot use, and shows something else.
  const problem = await page.locator('#message').textContent();
  if (problem) throw new Error(problem);
  /** @type {Recording[]} */
  const runs = [];
  for (let i = 0; i < WARM + COUNTED; i++) {
    await demo.evaluate((element) =>
      /** @type {import('../src/demo/dag-demo.js').DagDemo} */ (element).run(),
    );
    if (i >= WARM) runs.push(await savedRun(page));
  }
  return runs.toSorted((a, b) => makespanOf(a) - makespanOf(b))[COUNTED >> 1];
}

/**
 * @param {Page} page the lab, after a run
 * @returns {Promise<Recording>}
 */
async function savedRun(page) {
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save' }).click();
  return parseRecording(await readFile(await (await downloading).path(), 'utf8'));
}

/** @param {Recording} run */
function makespanOf({ outcome }) {
  return outcome?.makespanMs ?? Infinity;
}

/** @param {Recording} run */
function describe(run) {
  const one = run.oneWorkerMs === null ? '' : ` with one worker ${run.oneWorkerMs.toFixed(1)} ms,`;
  return `${makespanOf(run).toFixed(1)} ms,${one} on ${run.cores} cores`;
}
