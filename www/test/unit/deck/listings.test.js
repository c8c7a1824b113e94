import { expect, test } from 'vitest';
import { listingFile } from '../../../src/deck/listings.js';
import { parseTalk } from '../../../src/deck/markdown.js';

const FENCE = '```';

/** @param {string} block */
const parsed = (block) => parseTalk(`### Slide\n\n${block}\n`);

test('an empty block that names a file shows it', () => {
  const { slides, problems } = parsed(
    `${FENCE}{.python file="listings/slides/threads.py" lines="1-2"}\n${FENCE}`,
  );
  expect(problems).toEqual([]);
  expect(slides[0].html).toContain('import threading\nimport time\n');
  expect(slides[0].html).not.toContain('file=');
});

test('a block with code of its own keeps it', () => {
  const { slides } = parsed(
    `${FENCE}{.python file="listings/slides/threads.py"}\nown = 1\n${FENCE}`,
  );
  expect(slides[0].html).toContain('<code>own = 1</code>');
});

test('a file that does not ship with the deck is named, with its line', () => {
  for (const name of ['listings/none.py', '../package.json']) {
    const { problems } = parsed(`${FENCE}{.python file="${name}"}\n${FENCE}`);
    expect(problems).toEqual([
      { line: 3, message: `file: “${name}” is not a listing of the deck` },
    ]);
    expect(listingFile(name)).toBeNull();
  }
});
