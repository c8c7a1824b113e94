import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import peers from '../../../../benches/peers.json';
import { peersOf } from '../../../src/demo/peers.js';

const report = readFileSync(new URL('../../../../benches/RESULTS.md', import.meta.url), 'utf8');
const outcome = { tasks: 1000, makespanMs: 0.4 };

test('the figures of Dask are those of the committed report', () => {
  const again = 'python3 benches/report.py target/bench benches/RESULTS.md writes both';
  expect(report, again).toContain(peers.date);
  expect(report, again).toContain(`Dask ${peers.versions.Dask}`);
  expect(report, again).toContain(`| machine | ${peers.machine}`);
  const [header, ...rows] = report
    .split('\n')
    .filter((line) =>
      /^\| shape \| tasks \| native|^\| [a-z-]+ \| 10,000 \|( [^|]+\|){10}$/.test(line),
    )
    .map((line) => line.split('|').map((cell) => cell.trim()));
  expect(rows.length).toBe(5);
  const number = (/** @type {string} */ text) => Number(text.replaceAll(',', ''));
  for (const cells of rows) {
    const shape = /** @type {keyof typeof peers.nsPerTask.sync} */ (cells[1]);
    expect(peers.nsPerTask.threads[shape]).toBe(number(cells[header.indexOf('Dask threaded')]));
    expect(peers.nsPerTask.sync[shape]).toBe(number(cells[header.indexOf('Dask sync')]));
  }
});

test('a run of tasks that do nothing stands beside Dask, with version, date and machine', () => {
  const settings = { params: { shape: 'tree' }, scheduler: 'threads' };
  const [own, dask] = peersOf('no-op', settings, outcome);
  expect(own).toMatchObject({ name: 'per task', value: '400 ns' });
  expect(dask.name).toBe(`Dask ${peers.versions.Dask}, ${peers.date}`);
  expect(dask.value).toMatch(/^[\d.]+ µs$/);
  expect(dask.help).toContain(peers.machine);
  const sync = peersOf('no-op', { ...settings, scheduler: 'sync' }, outcome);
  expect(sync[1].value).not.toBe(dask.value);
});

test('what was not measured in Dask has no figure', () => {
  const shape = (/** @type {string} */ name) => ({ params: { shape: name }, scheduler: 'threads' });
  expect(peersOf('no-op', shape('stencil'), outcome)).toEqual([]);
  expect(peersOf('busy', shape('tree'), outcome)).toEqual([]);
});
