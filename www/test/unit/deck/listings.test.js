import { expect, test } from 'vitest';
import { withListings } from '../../../src/deck/listings.js';
import talk from '../../../talk/parallel-programming.md?raw';

const FENCE = '```';

test('a block that names a file gets its text, and keeps its attributes', () => {
  const opening = `${FENCE}{.python file="listings/threads.py" data-line-numbers="1"}`;
  const [first, ...code] = withListings(`Before\n\n${opening}\n${FENCE}\n\nAfter`).split('\n').slice(2);
  expect(first).toBe(opening);
  expect(code[0]).toBe('import threading');
  expect(code.slice(-3)).toEqual([FENCE, '', 'After']);
});

test('a file that is not there, and a block with code of its own, stay as they are', () => {
  for (const block of [
    `${FENCE}{.python file="listings/none.py"}\n${FENCE}`,
    `${FENCE}{.python file="listings/threads.py"}\nown = 1\n${FENCE}`,
    `${FENCE}{.python file="../package.json"}\n${FENCE}`,
  ]) {
    expect(withListings(block)).toBe(block);
  }
});

test('every listing that the talk names is there', () => {
  expect([...talk.matchAll(/ file="/g)].length).toBeGreaterThan(3);
  expect(withListings(talk)).not.toMatch(/ file="[^\n]*\n```$/m);
});
