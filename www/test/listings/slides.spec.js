/*
 * The listings that stand on slides by themselves, run by Python: each prints what its comments say. PYTHON names a
 * Python that has Dask (scripts/python). Those that can run in the page print the same there.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

import { expect, hasPython, test } from '../e2e/site.js';

const folder = new URL('../../talk/listings/slides/', import.meta.url);

/** @type {Record<string, string | RegExp>} */
const printed = {
  // The dashboard takes another port if its own is in use.
  'cluster.py': /^http:\/\/\S+:\d+\/status\n2000000\.0\n3\n$/,
  'delayed.py': '11 tasks\n6\n',
  'graph.py': '17 tasks\n2000000.0\n',
  'processes.py': '[285, 328350, 332833500]\n[]\n',
  'threads.py': '4 pages, 1 s\n',
};

test('every listing of a slide is run here', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(printed));
});

for (const [name, output] of Object.entries(printed)) {
  test(`${name} prints what it says`, () => {
    const python = process.env.PYTHON || 'python3';
    const { stdout, stderr } = spawnSync(python, [name], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 50_000,
    });
    if (typeof output === 'string') expect(stdout, stderr).toBe(output);
    else expect(stdout, stderr).toMatch(output);
  });
}

const inPage = ['delayed.py', 'graph.py', 'processes.py', 'threads.py'];

for (const name of inPage) {
  test(`${name} prints the same in the page`, async ({ page }) => {
    test.skip(!hasPython, 'the site was built without Python');
    await page.goto('lab.html');
    const source = readFileSync(new URL(name, folder), 'utf8');
    const { output } = await page.evaluate((cell) => window.dagdeck.python.run(cell), source);
    expect(output).toBe(printed[name]);
  });
}

test('the listings that can run in the page have a button on their slides', () => {
  const talk = readFileSync(new URL('../../parallel-programming.md', folder), 'utf8');
  const fences = [...talk.matchAll(/^```\{(\.python\b.*) file="listings\/slides\/(.*?)"/gm)];
  const run = fences
    .filter(([, classes]) => !classes.includes('.no-run'))
    .map(([, , file]) => file);
  expect(run.sort()).toEqual(inPage);
});
