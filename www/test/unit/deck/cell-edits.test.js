import { expect, test } from 'vitest';
import { pack } from '../../../src/cells/packed.js';
import { editsOf, linkWith } from '../../../src/deck/cell-edits.js';

const page = 'https://example.org/talk/index.html?talk=a.md#/two';
const edits = [{ slide: 'two', number: 0, text: 'print("hi")' }];

test('a link carries the edits, and leaves the rest of the URL as it is', async () => {
  const link = await linkWith(edits, page);
  expect(link).toMatch(
    /^https:\/\/example\.org\/talk\/index\.html\?talk=a\.md&edits=[\w-]+#\/two$/,
  );
  expect(await editsOf(new URL(link).search)).toEqual(edits);
  expect(await linkWith([], link)).toBe(page);
});

test('a URL without edits has none', async () => {
  expect(await editsOf('?talk=a.md')).toEqual([]);
});

test('edits of another form are refused with a message', async () => {
  for (const json of ['{}', '[1]', '[["a", "0", "x"]]', '[["a", 0]]', 'x']) {
    const packed = await pack(json);
    await expect(editsOf(`?edits=${packed}`)).rejects.toThrow(/cannot be read/);
  }
});
