/*
 * Makes the recorded runs that ship with the deck, one for each demo of the talk: opens the built
 * deck in headless Chromium to see which demos there are, runs each in the lab with the demo's own
 * settings, saves the run, and writes it here, gzipped, under the name that the deck looks for. Files
 * of demos that are no more are removed.
 *
 *     make recordings      what is kept is not made again; ALL=1 makes all anew
 */
import { spawn } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { recordingName } from '../src/deck/recording-name.js';
import { isSetting } from '../src/demo/attributes.js';

/** @import { Browser } from '@playwright/test' */

/** @typedef {{ name: string, value: string }[]} Attributes */

const folder = new URL('./', import.meta.url);
const RUN_LIMIT_MS = 60_000;

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
  for (const [file, attributes] of demos) {
    if (present.includes(file) && !process.env.ALL) continue;
    try {
      const text = await record(browser, site, attributes);
      const bytes = gzipSync(text, { level: 9 });
      await writeFile(new URL(file, folder), bytes);
      const [whole, packed] = [text.length, bytes.length].map((size) => (size / 1000).toFixed(0));
      console.log(`${file}: ${whole} kB, ${packed} kB gzipped`);
    } catch (error) {
      console.error(`${file}: not made: ${/** @type {Error} */ (error).message}`);
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
 * @returns {Promise<Map<string, Attributes>>} the demos of the talk by their files' names
 */
async function demosOf(from, site) {
  const page = await from.newPage();
  await page.goto(`${site}index.html`);
  await page.waitForSelector('section.present');
  const all = await page.$$eval('dag-demo', (demos) =>
    demos.map((demo) => [...demo.attributes].map(({ name, value }) => ({ name, value }))),
  );
  await page.close();
  return new Map(all.map((attributes) => [`${recordingName(attributes)}.json.gz`, attributes]));
}

/**
 * @param {Browser} from
 * @param {string} site
 * @param {Attributes} attributes
 * @returns {Promise<string>} the recording's text
 */
async function record(from, site, attributes) {
  const settings = new URLSearchParams(
    attributes
      .filter(({ name }) => name === 'program' || isSetting(name))
      .map(({ name, value }) => [name, value]),
  );
  const page = await from.newPage();
  await page.goto(`${site}lab.html?${settings}`);
  const demo = page.locator('dag-demo');
  await demo.locator('.demo[data-state="ready"]').waitFor({ timeout: RUN_LIMIT_MS });
  // The lab says what it cannot use, and shows something else.
  const problem = await page.locator('#message').textContent();
  if (problem) throw new Error(problem);
  // The first run compiles and fills caches; the second is what a speaker would see.
  for (let i = 0; i < 2; i++) {
    await demo.evaluate((element) =>
      // A run that is meant to fail is recorded as such.
      /** @type {import('../src/demo/dag-demo.js').DagDemo} */ (element).run().catch(() => {}),
    );
  }
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save' }).click();
  const text = await readFile(await (await downloading).path(), 'utf8');
  await page.close();
  return text;
}
