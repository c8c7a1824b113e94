import { expect, test } from 'vitest';
import {
  flatten,
  parametersOf,
  readSettings,
  settingsOf,
  textsOf,
} from '../../../src/demo/settings.js';
import { abilities, programs, schedulersOf } from '../schemas.js';

/** The extra settings as they are when nothing is said. */
const quiet = { policy: 'ordered', 'keep-going': false, 'memory-limit': null };

/** @param {Record<string, string>} texts */
const from = (texts) => (/** @type {string} */ name) => texts[name] ?? null;

test('what is not said is the default', () => {
  const { settings, problems } = readSettings(programs[0], abilities, from({}));
  expect(problems).toEqual([]);
  expect(flatten(settings)).toEqual({
    n: 4000,
    scheduler: 'threads',
    workers: 2,
    seed: 0,
    ...quiet,
  });
});

test('what only a scheduler takes is no parameter of the program', () => {
  const [sync, threads] = abilities.schedulers;
  const [policy] = threads.parameters.filter(({ name }) => name === 'policy');
  /** @type {typeof policy} */
  const nodes = {
    ...policy,
    kind: 'choice',
    name: 'nodes',
    choices: ['two', 'three'],
    default: 'two',
  };
  const cluster = { ...threads, name: 'cluster', parameters: [...threads.parameters, nodes] };
  const more = { schedulers: [sync, threads, cluster] };
  const { settings } = readSettings(programs[0], more, from({ nodes: 'three' }));
  expect(settings.params).toEqual({ n: 4000 });
  expect(settings.schedulerOptions).toEqual({ nodes: 'three' });
  expect(settingsOf(flatten(settings), more)).toEqual(settings);
  // The default goes without saying, so that URLs stay short.
  const { settings: usual } = readSettings(programs[0], more, from({ nodes: 'two' }));
  expect(usual.schedulerOptions).toEqual({});
  expect(textsOf(flatten(usual))).not.toHaveProperty('nodes');
  // A program that takes no scheduler may have a parameter with the same name.
  const schema = { ...programs[1], runs: /** @type {const} */ ('threads'), parameters: [nodes] };
  expect(readSettings(schema, more, from({ nodes: 'three' })).settings.params).toEqual({
    nodes: 'three',
  });
});

test('a program may have its own default scheduler, if the page can use it', () => {
  const own = { ...programs[0], scheduler: 'sync' };
  expect(readSettings(programs[0], abilities, from({})).settings.scheduler).toBe('threads');
  expect(readSettings(own, abilities, from({})).settings.scheduler).toBe('sync');
  expect(readSettings(own, abilities, from({ scheduler: 'threads' })).settings.scheduler).toBe(
    'threads',
  );
  const [sync, threads] = schedulersOf(false);
  const without = { schedulers: [sync, { ...threads, unavailable: 'No.' }] };
  const other = { ...own, scheduler: 'threads' };
  expect(readSettings(other, without, from({})).settings.scheduler).toBe('sync');
});

test('what is said is taken', () => {
  const texts = { n: '100', scheduler: 'sync', workers: '8', seed: '7' };
  const { settings, problems } = readSettings(programs[0], abilities, from(texts));
  expect(problems).toEqual([]);
  expect(flatten(settings)).toEqual({ n: 100, scheduler: 'sync', workers: 8, seed: 7, ...quiet });
});

test.each([
  ['n', 'many', 'a whole number from 1 to 8000'],
  ['n', '0', 'a whole number from 1 to 8000'],
  ['n', '1.5', 'a whole number from 1 to 8000'],
  ['n', '', 'a whole number from 1 to 8000'],
  ['workers', '9', 'a whole number from 1 to 8'],
  ['scheduler', 'cluster', 'choose one of sync, threads'],
  ['policy', 'best', 'choose one of ordered, fifo, lifo, random, critical-path'],
  ['keep-going', 'perhaps', 'true or false'],
  ['memory-limit', 'much', 'a size such as 64 MiB'],
  ['memory-limit', '0', 'a size such as 64 MiB'],
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
  const alone = { schedulers: schedulersOf(false) };
  const texts = { scheduler: 'threads', workers: '4', n: '7' };
  const { settings, problems } = readSettings(programs[0], alone, from(texts));
  expect(flatten(settings)).toEqual({ n: 7, scheduler: 'sync', workers: 1, seed: 0, ...quiet });
  expect(problems).toEqual([]);
});

test('policy, keep going and memory limit are taken, as attributes write them', () => {
  const texts = { policy: 'critical-path', 'keep-going': '', 'memory-limit': '1.5 MB' };
  const { settings, problems } = readSettings(programs[0], abilities, from(texts));
  expect(problems).toEqual([]);
  expect(settings).toMatchObject({
    policy: 'critical-path',
    keepGoing: true,
    memoryLimit: 1_500_000,
  });
});

test('texts are read back, and leave out what is as always', () => {
  const { settings } = readSettings(programs[0], abilities, from({}));
  expect(textsOf(flatten(settings))).toEqual({
    n: '4000',
    scheduler: 'threads',
    workers: '2',
    seed: '0',
  });
  const changed = { ...settings, policy: /** @type {const} */ ('lifo'), keepGoing: true };
  const limited = { ...changed, memoryLimit: 64 * 2 ** 20 };
  const texts = textsOf(flatten(limited));
  expect(texts).toMatchObject({ policy: 'lifo', 'keep-going': 'true', 'memory-limit': '64 MiB' });
  expect(readSettings(programs[0], abilities, from(texts)).settings).toEqual(limited);
});

test('extra settings are marked, so that a demo shows them only where it is asked to', () => {
  const extra = parametersOf(programs[0], abilities).filter((parameter) => parameter.extra);
  expect(extra.map(({ name }) => name)).toEqual(['policy', 'keep-going', 'memory-limit']);
});

test('the schedulers that the engine describes can be chosen, with their parameters', () => {
  const cluster = {
    name: 'cluster',
    title: 'Cluster',
    summary: 'cluster runs tasks on nodes.',
    parameters: [
      /** @type {const} */ ({
        name: 'nodes',
        label: 'nodes',
        help: '',
        kind: 'integer',
        min: 1,
        max: 9,
        default: 3,
        scale: 'linear',
      }),
    ],
    preferred: false,
    unavailable: null,
  };
  const schedulers = [...schedulersOf(false), cluster];
  const settings = parametersOf(programs[0], { schedulers });
  const [scheduler] = settings.filter(({ name }) => name === 'scheduler');
  expect(scheduler).toMatchObject({
    choices: ['sync', 'threads', 'cluster'],
    default: 'sync',
    unavailable: { threads: expect.stringMatching('isolated') },
  });
  const names = settings.map(({ name }) => name);
  expect(names.slice(1, 5)).toEqual(['scheduler', 'workers', 'policy', 'nodes']);
  const { problems } = readSettings(programs[0], { schedulers }, from({ nodes: '10' }));
  expect(problems).toEqual([
    'nodes: “10” cannot be used; a whole number from 1 to 9 is needed. Using 3.',
  ]);
});

test('a program without a scheduler takes its own parameters and a seed', () => {
  const schema = { ...programs[0], runs: /** @type {const} */ ('threads') };
  expect(parametersOf(schema, abilities).map(({ name, extra }) => [name, extra])).toEqual([
    ['n', undefined],
    ['seed', 'folded'],
  ]);
  const texts = { n: '7', seed: '3', workers: '4', scheduler: 'sync' };
  const { settings, problems } = readSettings(schema, abilities, from(texts));
  expect(problems).toEqual([]);
  expect(flatten(settings)).toEqual({ n: 7, seed: 3 });
  expect(settingsOf(flatten(settings), abilities)).toEqual(settings);
  expect(textsOf(flatten(settings))).toEqual({ n: '7', seed: '3' });
});
