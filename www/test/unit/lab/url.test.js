import { expect, test } from 'vitest';
import { readUrl, writeUrl } from '../../../src/lab/url.js';
import { abilities, programs } from '../schemas.js';

test('an empty URL means the first program with its defaults', () => {
  expect(readUrl('', programs, abilities)).toEqual({
    program: 'array-mean',
    values: {},
    problems: [],
  });
});

test('a URL says program, parameters, scheduler, workers and seed', () => {
  const query = '?program=array-mean&n=12&workers=3&scheduler=sync&seed=5';
  const { program, values, problems } = readUrl(query, programs, abilities);
  expect(problems).toEqual([]);
  expect(program).toBe('array-mean');
  expect(values).toEqual({ n: 12, workers: 3, scheduler: 'sync', seed: 5 });
  expect(readUrl(writeUrl(program, values), programs, abilities).values).toEqual(values);
});

test('a URL says policy, keep going and memory limit, and only where they differ', () => {
  const query = '?program=array-mean&policy=lifo&keep-going=true&memory-limit=64+MiB';
  const { program, values, problems } = readUrl(query, programs, abilities);
  expect(problems).toEqual([]);
  expect(values).toEqual({ policy: 'lifo', 'keep-going': true, 'memory-limit': 64 * 2 ** 20 });
  expect(writeUrl(program, values)).toBe(query);
  const quiet = { policy: 'ordered', 'keep-going': false, 'memory-limit': null };
  expect(writeUrl(program, quiet)).toBe('?program=array-mean');
});

test('an option of a scheduler that has its default goes without saying', () => {
  const [sync, threads] = abilities.schedulers;
  const start = { ...threads.parameters[1], name: 'start' };
  const schedulers = [sync, threads, { ...sync, name: 'processes', parameters: [start] }];
  const read = (/** @type {string} */ query) => readUrl(query, programs, { schedulers });
  expect(read('?n=12&start=ordered')).toEqual({
    program: 'array-mean',
    values: { n: 12 },
    problems: [],
  });
  expect(read('?n=12&start=lifo').values).toEqual({ n: 12, start: 'lifo' });
});

test('an unknown program is named, with those there are', () => {
  const { program, problems } = readUrl('?program=array-men', programs, abilities);
  expect(program).toBe('array-mean');
  expect(problems[0]).toContain('“array-men”');
  expect(problems[0]).toContain('array-mean, no-op');
});

test('a bad value and an unknown name are named, and the rest is taken', () => {
  const { values, problems } = readUrl('?n=-4&m=2&workers=2', programs, abilities);
  expect(values).toEqual({ n: 4000, workers: 2 });
  expect(problems).toHaveLength(2);
  expect(problems[0]).toContain('n: “-4”');
  expect(problems[1]).toContain('m: array-mean has no such parameter');
});
