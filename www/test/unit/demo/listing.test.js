import { expect, test } from 'vitest';
import { highlightedLines, linesOf, listingOf, withValues } from '../../../src/demo/listing.js';

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

test.each(['busy', 'no-op'])('%s shows the code of the chosen shape alone', (program) => {
  const shown = (/** @type {string} */ shape) => withValues(listingOf(program) ?? '', { shape });
  expect(shown('chain')).toContain('needs = [[]] + [[i] for i in range(tasks - 1)]\n\n');
  expect(shown('chain')).not.toContain('# shapes');
  expect(shown('stencil')).not.toContain(shown('chain').split('needs = ')[1]);
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

test('the lines of a name are the statements that define it or begin with it', () => {
  const text = [
    'from dask import threaded as t',
    'n = 4',
    'nn = 5',
    'def f(x):',
    '    return n',
    '',
    'x = [n,',
    '     n',
    ']',
    'with Client(n,',
    '            m) as client:',
    '    client.get(x)',
    'print(n)',
  ].join('\n');
  const shown = (/** @type {string[]} */ ...names) =>
    linesOf(text, names).flatMap((is, i) => (is ? [i] : []));
  expect(shown('n')).toEqual([1]);
  expect(shown('f')).toEqual([3, 4]);
  expect(shown('x')).toEqual([6, 7, 8]);
  expect(shown('client', 'print')).toEqual([9, 10, 11, 12]);
  expect(shown('t')).toEqual([0]);
  expect(shown('m', '', '(')).toEqual([]);
});
