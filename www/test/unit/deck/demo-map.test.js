/* The demos that slides get by their headings. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { demosByHeading, demosOfTheTalk } from '../../../src/deck/demo-map.js';
import { parseTalk } from '../../../src/deck/markdown.js';

const read = (/** @type {string} */ name) =>
  readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');

const source = read('test/fixtures/talks/source.md');

/** The program of the demo of each slide that has one, by its heading or its first line. */
function programs(/** @type {string} */ text) {
  const { slides } = parseTalk(text);
  return slides.flatMap(({ heading, html }) => {
    const [, program] = /<dag-demo program="([^"]+)"/.exec(html) ?? [];
    const name = heading || (/<li>(.*?)<\/li>/.exec(html)?.[1] ?? '');
    return program ? [[name.replace(/<[^>]+>/g, ''), program]] : [];
  });
}

test('the slides of the talk of 2017 get the demos of those of the same name', () => {
  expect(programs(source)).toEqual([
    ['Only one thread in your python process can run Python at once', 'gil-count'],
    ['Threads', 'gil-io'],
    ['MultiProcessing', 'fork-copy'],
    ['Threads vs. Processes', 'which-one'],
    ['Parallelism from the stdlib', 'futures-primes'],
    ['Parallelism for PyData', 'nogil-hash'],
    ['Dask Demo', 'array-mean'],
    ['Dask’s Values', 'array-qr'],
    ['Distributed Demo', 'cluster-inc-add'],
  ]);
});

test('each of them is a demo of the own talk, whose programs and recordings are tested', () => {
  const own = parseTalk(read('talk/parallel-programming.md')).demos.map(
    ({ attributes }) => attributes,
  );
  for (const [heading, settings] of Object.entries({ ...demosByHeading, ...demosOfTheTalk })) {
    const { caption: _, nth: __, ...attributes } = settings;
    const texts = Object.entries(attributes).map(([name, value]) => [name, String(value)]);
    expect(own, heading).toContainEqual(Object.fromEntries(texts));
  }
});

test('other talks keep slides that say something as they are', () => {
  const other = source.replace('author: Tom Augspurger', 'author: Somebody Else');
  expect(programs(other).map(([, program]) => program)).toEqual([
    'futures-primes',
    'array-mean',
    'cluster-inc-add',
  ]);
});
