/*
 * The npm package, as `npm pack` packs it: its example page from a static server, a page that a bundler
 * has built with it, and its types.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, expectState, partsOf, test } from './site.js';
import { startServer } from './server.js';

const www = fileURLToPath(new URL('../../', import.meta.url));

/** A project that has the package installed, and nothing else. */
let project = '';
let installed = '';

/** @param {string} command @param {string[]} words */
const run = (command, words) =>
  execFileSync(command, words, { cwd: www, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

test.beforeAll(() => {
  test.setTimeout(120_000);
  project = mkdtempSync(join(tmpdir(), 'dagdeck-package-'));
  installed = join(project, 'node_modules', 'dagdeck');
  mkdirSync(installed, { recursive: true });
  run('npm', ['run', 'build:package']);
  run('npm', ['pack', './dist-package', '--pack-destination', project]);
  const [tarball] = readdirSync(project).filter((name) => name.endsWith('.tgz'));
  run('tar', ['-xzf', join(project, tarball), '-C', installed, '--strip-components=1']);
});

test.afterAll(() => rmSync(project, { recursive: true, force: true }));

test('the example page runs from the package alone', async ({ page }) => {
  const server = await startServer([`--root=${installed}`]);
  await page.goto(`${server.url}example/`);
  await expect(page.locator('#programs')).toContainText('array-mean');
  await expect(page.locator('#ran')).toHaveText(/^1000 tasks in [\d.]+ ms$/);
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await expect(partsOf(demo).choice('scheduler', 'threads')).toBeChecked();
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  await expect(partsOf(demo).result).toContainText('shape (1000,)');
  // It has its own colours, which follow the page's theme.
  const ground = () =>
    demo.locator('.listing').evaluate((e) => getComputedStyle(e).backgroundColor);
  for (const [colorScheme, colour] of /** @type {const} */ ([
    ['light', 'rgb(245, 246, 248)'],
    ['dark', 'rgb(27, 32, 39)'],
  ])) {
    await page.emulateMedia({ colorScheme });
    expect(await ground()).toBe(colour);
  }
  await server.stop();
});

test('a page that Vite has built with the package runs, worker, module and all', async ({
  page,
}) => {
  writeFileSync(
    join(project, 'index.html'),
    '<!doctype html><link rel="icon" href="data:," />' +
      '<script type="module">import "dagdeck";</script>' +
      '<dag-demo program="no-op" tasks="100" workers="2"></dag-demo>',
  );
  await build({
    root: project,
    configFile: false,
    logLevel: 'silent',
    base: './',
    worker: { format: 'es' },
  });
  const server = await startServer([`--root=${join(project, 'dist')}`]);
  await page.goto(server.url);
  const demo = page.locator('dag-demo');
  await expectState(demo, /ready/);
  await partsOf(demo).run.click();
  await expectState(demo, /finished/);
  await server.stop();
});

test('its types say what it has', () => {
  const check = (/** @type {string} */ code) => {
    const file = join(project, 'check.ts');
    writeFileSync(file, code);
    const options =
      '--ignoreConfig --noEmit --strict --module esnext --moduleResolution bundler --target es2022';
    run('npx', ['tsc', ...options.split(' '), '--lib', 'es2023,dom,dom.iterable', file]);
  };
  const use = `import { dagdeck, DagDemo, recordingPieces, type Recording } from 'dagdeck';
    const { makespanMs } = await dagdeck.run('no-op', { tasks: 10 }, { scheduler: 'threads' });
    const time: number = makespanMs;
    const demo = document.querySelector('dag-demo') ?? new DagDemo();
    const recording: Recording | null = demo.recording;
    if (recording) console.log([...recordingPieces(recording)].join(''), time);
    export {};`;
  check(use);
  expect(() => check(use.replace('time: number', 'time: string'))).toThrow();
  expect(() => check(use.replace("'threads'", '4'))).toThrow();
});
