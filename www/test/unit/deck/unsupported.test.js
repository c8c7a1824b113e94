/* What pandoc and Quarto know and the deck does not: none of it stands on a slide without a word. */
import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { parseTalk } from '../../../src/deck/markdown.js';

/**
 * @param {string} text of a slide, from line 3 on
 * @returns {{ html: string, told: string[] }}
 */
function told(text) {
  const { slides, problems } = parseTalk(`# A\n\n${text}\n\n# Still here\n\nthe rest\n`);
  expect(slides.map(({ id }) => id)).toEqual(['a', 'still-here']);
  return {
    html: slides[0].html.replace('<h1>A</h1>\n', ''),
    told: problems.map(({ line, message }) => `${line} ${message}`),
  };
}

test.for([
  ['as in [@knuth84, p. 3]', '3 citations are not supported'],
  ['a\nb [see -@knuth84; @x]', '4 citations are not supported'],
  ['see @fig-one', '3 cross-references are not supported'],
  ['| a line\n| block', '3 line blocks are not supported'],
  ['(@two) two', '3 example lists are not supported'],
  ['a. one\nb. two', '3 lists with letters'],
  ['#. one\n#. two', '3 lists with letters'],
  ['iv) one', '3 lists with letters'],
  ['(2) one', '3 lists with letters'],
  ['[a link][nowhere]', '3 this link has no address'],
  ['$$ a\n\nb', '3 this formula is never closed'],
  ['one\n\n---\ntitle: more\n---\n\ntwo', '5 this metadata is left out'],
  ['x \\pause y', '3 the LaTeX \\pause is left out'],
  ['x\n\\cite[p. 3]{key}', '4 the LaTeX \\cite[p. 3]{key} is left out'],
  ['\\begin{center}\n# x\n\n- y\n\\end{center}', '3 the LaTeX environment “center” is left out'],
  ['{{< video a.mp4 >}}', '3 the Quarto shortcode “video” is left out'],
  ['x `\\y`{=latex}', '3 raw text for “latex” is left out'],
  ['```{=latex}\n\\x\n```', '3 raw text for “latex” is left out'],
  ['```{python}\n#| echo: false\nx\n```', '3 this cell is not run: write {.python}'],
  ['```{r, echo=FALSE}\nx\n```', '3 this cell is not run: write {.r}'],
  ['  Right   Left\n-------  -----\n      1  2', '3 simple and multi-line tables'],
  ['-------  -----\n      1  2\n-------  -----', '3 simple and multi-line tables'],
  [
    '--------------\n Head   Of two\n lines  x\n------  ------\n a      b\n\n c      d\n--------------',
    '3 simple and multi-line tables',
  ],
])('%s', ([text, message]) => {
  const { told: messages } = told(text);
  expect(new Set(messages.map((one) => one.slice(0, message.length)))).toEqual(new Set([message]));
});

test('what is left out is not on the slide, and what is shown is as it was written', () => {
  expect(told('a \\vspace{1cm}b').html).toBe('<p>a b</p>\n');
  expect(told('a {{< x >}} b').html).toBe('<p>a  b</p>\n');
  expect(told('```{python}\n#| echo: false\nx = 1\n```').html).toBe(
    '<pre class="python"><code>x = 1</code></pre>\n',
  );
  expect(told('  A   B\n---  ---\n  1  2').html).toBe(
    '<pre><code>  A   B\n---  ---\n  1  2</code></pre>\n',
  );
});

test('raw HTML is HTML', () => {
  expect(told('a `<b>x</b>`{=html}')).toEqual({ html: '<p>a <b>x</b></p>\n', told: [] });
  expect(told('```{=html}\n<b>x</b>\n```')).toEqual({ html: '<b>x</b>\n', told: [] });
});

test.for([
  'mail a@b.org, @handle and f(@x)[0]',
  'the set {x}, a[i][j] in `code[i][j]`, [x] and (see below)',
  '1. one\n2) two',
  'a — b -- c',
  'e.g. this, i.e. that, v. good',
  '`\\pause` and \\* and \\\\',
  'Note: this\n\n- - -',
])('nothing is told of: %s', (text) => {
  const { problems } = parseTalk(`# A\n\n${text.replace('a[i][j] in ', '')}\n`);
  expect(problems).toEqual([]);
});

test('nothing is told of talks that have none of it', () => {
  for (const name of ['talk/parallel-programming.md', 'test/fixtures/talks/source.md']) {
    const text = readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
    expect(parseTalk(text).problems).toEqual([]);
  }
});

test('pandoc’s title block is a title slide', () => {
  const { title, slides, problems } = parseTalk(
    '% On\n  tasks\n% Ann; Bo\n% today\n\n# A\n\nx[^y]\n',
  );
  expect(title.map(({ name, html }) => `${name} ${html}`)).toEqual([
    'title On tasks',
    'author Ann',
    'author Bo',
    'date today',
  ]);
  expect(slides.map(({ line }) => line)).toEqual([6]);
  expect(problems[0].line).toBe(8);
});

test('tasks have boxes, and a backslash keeps words together', () => {
  expect(told('- [ ] one\n- [x] two').html).toContain('<li>☐ one</li>\n<li>☒ two</li>');
  expect(told('5\\ km').html).toBe('<p>5\u00a0km</p>\n');
});

test('what is never closed takes no longer for being much', () => {
  const start = performance.now();
  for (const piece of [
    '\\a{',
    '\\a[',
    '\\begin{x}\n',
    '{{< ',
    '[@a ',
    '---\na: b\n\n',
    '--- ---\n',
    '`x`{=',
    '[a][',
  ]) {
    parseTalk(`# A\n\n${piece.repeat(20_000)}`);
  }
  // Not a measurement: what is not linear takes minutes.
  expect(performance.now() - start).toBeLessThan(40_000);
});
