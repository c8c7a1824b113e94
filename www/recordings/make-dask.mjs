/*
 * Records runs on a real Dask cluster, which it starts on this machine: dask/examples/<program>.dagdeck.json.gz. The
 * lab can play them; and so can the slides whose demo has the same program, while their scheduler is dask.
 *
 *     make recording-dask
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { parseRecording } from '../src/model/parse-recording.js';
import { recordingPieces } from '../src/model/recording.js';
import { startCluster } from '../test/dask/cluster.js';

const folder = new URL('../../dask/examples/', import.meta.url);

/** @type {Record<string, string>[]} */
const runs = [
  { program: 'array-mean', n: '4000', chunk: '1000' },
  // As on the slide “Distributed Demo”.
  { program: 'cluster-inc-add', inputs: '256', sleep: '40' },
];

/** The first runs import modules and open connections. */
const WARM = 2;

const cluster = await startCluster(['--workers', '2', '--threads', '2', '--port', '0']);
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
  const site = await new Promise((resolve, reject) => {
    server.stdout.on('data', (data) => {
      const found = /http:\S+/.exec(String(data));
      if (found) resolve(found[0]);
    });
    server.once('exit', () => reject(new Error('the server did not start: make build')));
  });
  const page = await browser.newPage();
  await mkdir(folder, { recursive: true });
  for (const settings of runs) {
    const file = new URL(`${settings.program}.dagdeck.json.gz`, folder);
    const recording = await record(page, site, settings);
    await writeFile(file, gzipSync([...recordingPieces(recording)].join(''), { level: 9 }));
    console.log(`${fileURLToPath(file)}: ${recording.outcome?.makespanMs.toFixed(0)} ms`);
  }
} finally {
  await browser.close();
  server.kill();
  await cluster.end();
}

/**
 * @param {import('@playwright/test').Page} page
 * @param {string} site
 * @param {Record<string, string>} settings
 */
async function record(page, site, settings) {
  const [url, token] = cluster.url.split('#');
  const query = new URLSearchParams({ ...settings, scheduler: 'dask' });
  await page.goto(`${site}lab.html?${query}&cluster=${url}#${token}`);
  const demo = page.locator('dag-demo');
  await demo.locator('.demo[data-state="ready"]').waitFor();
  await demo.evaluate(async (element, count) => {
    const player = /** @type {import('../src/demo/dag-demo.js').DagDemo} */ (element);
    for (let i = 0; i < count; i++) await player.run();
  }, WARM + 1);
  const [saved] = await Promise.all([page.waitForEvent('download'), page.locator('#save').click()]);
  const text = await readFile(await saved.path(), 'utf8');
  if (text.includes(token)) throw new Error('the recording has the token');
  const recording = parseRecording(text);
  if (recording.outcome?.notes) throw new Error(recording.outcome.notes.join(' '));
  return recording;
}
