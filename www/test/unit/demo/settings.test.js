import { expect, test } from 'vitest';
import { flatten, readSettings } from '../../../src/demo/settings.js';
import { abilities, programs } from '../schemas.js';

/** @param {Record<string, string>} texts */
const from = (texts) => (/** @type {string} */ name) => texts[name] ?? null;

test('what is not said is the default', () => {
  const { settings, problems } = readSettings(programs[0], abilities, from({}));
  expect(problems).toEqual([]);
  expect(flatten(settings)).toEqual({ n: 4000, scheduler: 'threads', workers: 2, seed: 0 });
});

test('what is said is taken', () => {
  const texts = { n: '100', scheduler: 'sync', workers: '8', seed: '7' };
  const { settings, problems } = readSettings(programs[0], abilities, from(texts));
  expect(problems).toEqual([]);
  expect(flatten(settings)).toEqual({ n: 100, scheduler: 'sync', workers: 8, seed: 7 });
});

test.each([
  ['n', 'many', 'a whole number from 1 to 8000'],
  ['n', '0', 'a whole number from 1 to 8000'],
  ['n', '1.5', 'a whole number from 1 to 8000'],
  ['n', '', 'a whole number from 1 to 8000'],
  ['workers', '9', 'a whole number from 1 to 8'],
  ['scheduler', 'cluster', 'choose one of sync, threads'],
  ['seed', '-1', 'a whole number from 0 to 2^53 - 1'],
])('%s = “%s” is named, with what is allowed, and the default stands in', (name, text, words) => {
  const { settings, problems } = readSettings(programs[0], abilities, from({ [name]: text }));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`${name}: “${text}”`);
  expect(problems[0]).toContain(words);
  expect(settings).toEqual(readSettings(programs[0], abilities, from({})).settings);
});

test('a choice takes one of its own', () => {
  const { problems } = readSettings(programs[1], abilities, from({ shape: 'ring' }));
  expect(problems[0]).toContain('choose one of tree, chain');
});

test('without isolation there is sync on one worker, and nothing to complain about', () => {
  const alone = { isolated: false, poolSize: 1, defaultWorkers: 1 };
  const texts = { scheduler: 'threads', workers: '4', n: '7' };
  const { settings, problems } = readSettings(programs[0], alone, from(texts));
  expect(flatten(settings)).toEqual({ n: 7, scheduler: 'sync', workers: 1, seed: 0 });
  expect(problems).toEqual([]);
});
