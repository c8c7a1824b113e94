import { expect, test } from 'vitest';
import { recordingName } from '../../../src/deck/recording-name.js';
import { isSetting } from '../../../src/demo/attributes.js';

/** @param {Record<string, string>} attributes */
const nameOf = (attributes) =>
  recordingName(Object.entries(attributes).map(([name, value]) => ({ name, value })));

test('a recording is named after its program and settings, in whatever order', () => {
  expect(nameOf({ program: 'array-mean', workers: '4', n: '4000' })).toBe(
    'array-mean_n-4000_workers-4',
  );
  expect(nameOf({ n: '4000', program: 'array-mean', workers: ' 4 ' })).toBe(
    'array-mean_n-4000_workers-4',
  );
});

test('how a demo is shown does not change the name, and what it runs does', () => {
  const demo = { program: 'no-op', tasks: '64' };
  const shown = {
    ...demo,
    autorun: 'slide',
    limit: '5',
    class: 'fragment',
    'data-prevent-swipe': '',
  };
  expect(nameOf(shown)).toBe(nameOf(demo));
  expect(nameOf({ ...demo, tasks: '65' })).not.toBe(nameOf(demo));
  expect(nameOf({ ...demo, policy: 'fifo' })).not.toBe(nameOf(demo));
});

test('a name is one of a file, whatever the settings say', () => {
  expect(nameOf({ program: '../x', 'memory-limit': '64 MiB/2' })).toMatch(/^[\w.-]+$/);
});

test('settings are what the lab’s address may hold', () => {
  expect(['n', 'scheduler', 'keep-going'].every(isSetting)).toBe(true);
  expect(['program', 'fallback', 'autorun', 'aria-label'].some(isSetting)).toBe(false);
});
