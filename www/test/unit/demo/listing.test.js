import { expect, test } from 'vitest';
import { highlightedLines, listingOf, withValues } from '../../../src/demo/listing.js';

const listing = `import dask

n = 4000  # rows
name = "tree"
m = n + 1
def f():
    n = 3
`;

test('plain assignments at the start of a line follow the values', () => {
  expect(withValues(listing, { n: 8, name: 'chain', m: 5, other: 1 })).toBe(`import dask

n = 8  # rows
name = "chain"
m = n + 1
def f():
    n = 3
`);
});

test.each(['array-mean', 'no-op'])('%s has a listing, with scheduler and workers', (program) => {
  const text = withValues(listingOf(program) ?? '', { scheduler: 'sync', workers: 3 });
  expect(text).toContain('scheduler = "sync"\n');
  expect(text).toContain('workers = 3\n');
});

test('a program without a file has no listing', () => {
  expect(listingOf('nothing')).toBeNull();
});

test('lines are coloured one by one, and code is escaped', () => {
  const lines = highlightedLines('n = 1\nx = """a\n<b>"""\nif n < 2: pass');
  expect(lines.map(({ name }) => name)).toEqual(['n', null, null, null]);
  for (const { html } of lines) {
    expect(html.match(/<span/g)?.length ?? 0).toBe(html.match(/<\/span>/g)?.length ?? 0);
    expect(html).not.toContain('<b>');
  }
  expect(lines[2].html).toContain('hljs-string');
});
