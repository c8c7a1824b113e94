/* Formulas, footnotes, grid tables, captions and callouts; test/fixtures/talks/extras.md compares them with pandoc's. */
import { describe, expect, test } from 'vitest';
import { parseTalk } from '../../../src/deck/markdown.js';

/** The HTML of what stands on one slide. @param {string} text */
function htmlOf(text) {
  const { slides, problems } = parseTalk(`# A\n\n${text}\n`);
  expect(problems).toEqual([]);
  expect(slides).toHaveLength(1);
  return slides[0].html.replace('<h1>A</h1>\n', '');
}

/** @param {string} text */
const problemsOf = (text) =>
  parseTalk(text).problems.map(({ line, message }) => /** @type {const} */ ([line, message]));

/**
 * Parses a talk that was made to take long.
 *
 * @param {string} text
 */
function timed(text) {
  const start = performance.now();
  const talk = parseTalk(text);
  // Not a measurement: what is not linear takes minutes.
  expect(performance.now() - start).toBeLessThan(20_000);
  return talk;
}

describe('formulas', () => {
  test('keep their source and know their line', () => {
    expect(htmlOf('a\nb $x < 1$')).toBe(
      '<p>a\nb <span class="math inline" data-line="4">x &lt; 1</span></p>\n',
    );
    const { slides } = parseTalk('---\ntitle: t\n---\n\n# A\n\n$$\nx\n$$ and $y$\n');
    expect(slides[0].html).toMatch(/display" data-line="7">x<.*inline" data-line="9">y</s);
  });

  test('may be environments on lines of their own', () => {
    expect(htmlOf('x:\n\\begin{align}\na &= b\n\\end{align}')).toContain(
      '<span class="math display" data-line="4">\\begin{align}\na &amp;= b\n\\end{align}</span>',
    );
  });

  test('are no emphasis, no code and no link inside', () => {
    expect(htmlOf('$a_1 * b * [c](d) `e`$')).toContain('>a_1 * b * [c](d) `e`</span>');
  });

  test('are not what costs dollars', () => {
    for (const text of ['$5 and $6', '$ x$', '$x $', '\\$x$', '`$x$`', '$x$5']) {
      expect(htmlOf(text)).not.toContain('class="math');
    }
  });

  test('in captions and titles are formulas too', () => {
    expect(htmlOf('![Of $x$](a.png)')).toContain('<figcaption>Of <span class="math inline"');
    expect(parseTalk('---\ntitle: On $x$\n---\n').title[0].html).toContain('class="math inline"');
  });

  test('that are never closed take no longer for being many', () => {
    timed(`# A\n\n${'$a'.repeat(50_001)} ${'$\\text{'.repeat(20_000)}`);
    timed(`# A\n\n${'\\begin{align}\n'.repeat(20_000)}`);
    timed(`# A\n\n${'$$a '.repeat(50_001)}`);
  });
});

describe('footnotes', () => {
  test('stand at the foot of the slide that refers to them', () => {
    const { slides } = parseTalk('# A\n\na[^x]\n\n# B\n\nb^[*two*]\n\n[^x]: one\n');
    expect(slides[0].html).toContain(
      '<p>a<sup class="footnote-ref">1</sup></p>\n<div class="footnotes"><ol start="1"><li><p>one</p>',
    );
    expect(slides[1].html).toContain('<ol start="2"><li><p><em>two</em></p>');
  });

  test('of speaker notes stay with them', () => {
    const { slides } = parseTalk('# A\n\na^[one]\n\n::: notes\nb^[two]\n:::\n');
    expect(slides[0].html).toMatch(
      /two<\/p>\n<\/li><\/ol><\/div><\/aside>\n<div class="footnotes"/,
    );
  });

  test('come with every slide that refers to them, once', () => {
    const { slides } = parseTalk('# A\n\na[^x] b[^x]\n\n# B\n\nc[^x]\n\n[^x]: one\n');
    for (const { html } of slides) expect(html.match(/<p>one/g)).toHaveLength(1);
  });

  test('that do not fit together are reported', () => {
    expect(problemsOf('# A\n\na[^x] b\nc[^y]\n\n[^y]: one\n\n[^y]: two\n\n[^z]: three\n')).toEqual([
      [3, 'there is no footnote “x”: write its text as [^x]: text'],
      [8, 'there are two footnotes “y”'],
      [10, 'nothing refers to this footnote: write [^z] in the text'],
    ]);
  });

  test('that refer to themselves, or to each other, end', () => {
    const { slides } = parseTalk('# A\n\na[^x]\n\n[^x]: x[^x] y[^y]\n\n[^y]: x[^x]\n');
    expect(slides[0].html.match(/<li>/g)).toHaveLength(2);
  });

  test('may be ten thousand', () => {
    const notes = Array.from({ length: 10_000 }, (_, i) => i);
    const { slides } = timed(
      `# A\n\n${notes.map((i) => `a[^${i}]`).join(' ')}\n\n${notes.map((i) => `[^${i}]: n\n\n`).join('')}`,
    );
    expect(slides[0].html.match(/<li>/g)).toHaveLength(10_000);
    timed(`# A\n\n${'^['.repeat(2000)}`);
    timed(`# A\n\n${'^[a'.repeat(300)}${']'.repeat(300)}`);
  });

  test('are not multiplied without end', () => {
    const long = `[^x]: ${'word '.repeat(20_000)}`;
    const { slides, problems } = timed(`${'# A\n\na[^x]\n\n'.repeat(1000)}${long}\n`);
    expect(slides.reduce((sum, { html }) => sum + html.length, 0)).toBeLessThan(2_000_000);
    expect(problems.map(({ message }) => message)).toEqual([
      'footnotes are left out from this slide on: a talk may have 1,000,000 characters of them',
    ]);
  });
});

describe('tables', () => {
  test('have captions, above or below, with attributes', () => {
    expect(htmlOf('| a |\n|---|\n| 1 |\n: Words {#t .wide}')).toContain(
      '<table id="t" class="wide">\n<caption>Words</caption>\n<thead>',
    );
    expect(htmlOf('Table: Words\n\n| a |\n|---|\n| 1 |')).toContain('<caption>Words</caption>');
  });

  test('keep a caption each', () => {
    const table = '| a |\n|---|\n| 1 |\n';
    const html = htmlOf(`${table}\n: one\n\n${table}\n: two`);
    expect([...html.matchAll(/<caption>(.*)<\/caption>/g)].map(([, text]) => text)).toEqual([
      'one',
      'two',
    ]);
  });

  test('of a grid hold blocks, with the lines of their mistakes', () => {
    const talk =
      '# A\n\n+---+-------+\n| a | - b   |\n+---+-------+\n| c | d[^x] |\n+---+-------+\n';
    expect(parseTalk(talk).slides[0].html).toContain('<td>\n<ul>\n<li>b</li>\n</ul>\n</td>');
    expect(problemsOf(talk)[0][0]).toBe(6);
  });

  test('of a grid that do not fit their first line are shown as they are, and reported', () => {
    const talk = '# A\n\n+---+---+\n| a | b |\n+---+---+\n| c   d |\n+---+---+\n';
    expect(problemsOf(talk)).toEqual([
      [6, expect.stringMatching(/^this grid table cannot be read: its columns/)],
    ]);
    expect(parseTalk(talk).slides[0].html).toContain('<code>+---+---+\n| a | b |');
  });

  test('of a grid may be long', () => {
    timed(`# A\n\n+---+\n${'| a |\n+---+\n'.repeat(50_000)}`);
  });
});

describe('callouts', () => {
  test('have a title: a given one, the heading that they start with, or their kind', () => {
    expect(htmlOf('::: {.callout-tip title="Do *this*" collapse="true"}\nx\n:::')).toBe(
      '<div class="callout-tip callout">\n<p class="callout-title">Do <em>this</em></p>\n<p>x</p>\n</div>\n',
    );
    expect(htmlOf('::: {.callout-tip}\n## Mine\n\nx\n:::')).toContain(
      '<p class="callout-title">Mine</p>\n<p>x</p>',
    );
    expect(htmlOf('::: callout-warning\nx\n:::')).toContain('<p class="callout-title">Warning</p>');
  });

  test('of an unknown kind are reported', () => {
    expect(problemsOf('# A\n\n::: callout-hint\nx\n:::\n')).toEqual([
      [3, 'callout: “hint” is not known; choose one of note, tip, warning, important, caution'],
    ]);
  });
});

test('lines of code light up by Quarto’s name for it', () => {
  expect(htmlOf('```{.python code-line-numbers="1|2"}\na\nb\n```')).toContain(
    '<pre class="python" data-lines="1|2" data-start="1">',
  );
  expect(htmlOf('```{.c code-line-numbers="true"}\na\n```')).toContain(
    '<pre class="c" data-start="1">',
  );
  expect(htmlOf('```{.c code-line-numbers="false"}\na\n```')).toContain('<pre class="c"><code>');
});
