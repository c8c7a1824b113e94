import { describe, expect, test } from 'vitest';
import { attributesAtEnd, parseAttributes } from '../../../src/deck/dialect/attributes.js';
import { parseLines } from '../../../src/deck/dialect/code.js';
import { parseTalk } from '../../../src/deck/markdown.js';

/** The HTML of what stands on one slide. @param {string} text */
function htmlOf(text) {
  const { slides, problems } = parseTalk(`# A\n\n${text}\n`);
  expect(problems).toEqual([]);
  expect(slides).toHaveLength(1);
  return slides[0].html.replace('<h1>A</h1>\n', '');
}

describe('attributes', () => {
  test('are an id, classes and pairs', () => {
    expect(parseAttributes('#id .a .b key=value two="two words"')).toEqual([
      ['id', 'id'],
      ['key', 'value'],
      ['two', 'two words'],
      ['class', 'a b'],
    ]);
  });

  test('are none when anything else is between the braces', () => {
    expect(parseAttributes('1, 2')).toBeNull();
    expect(parseAttributes('')).toBeNull();
    expect(parseAttributes('.a b')).toBeNull();
  });

  test('of a heading stand at its end', () => {
    expect(attributesAtEnd('Sets {1} {.x}')).toEqual({ attributes: [['class', 'x']], start: 9 });
    expect(attributesAtEnd('Sets {.x} and more')).toBeNull();
  });

  test('follow images, links, code and spans', () => {
    expect(htmlOf('a ![b](c.png){width=50% .d} e')).toContain(
      '<img src="c.png" alt="b" class="d" style="width:50%;">',
    );
    expect(htmlOf('[a](b){.c} `d`{.e} [f *g*]{.h}')).toBe(
      '<p><a href="b" class="c">a</a> <code class="e">d</code> <span class="h">f <em>g</em></span></p>\n',
    );
  });

  test('leave braces alone that are something else', () => {
    expect(htmlOf('the set {x} and [a] {1, 2}')).toBe('<p>the set {x} and [a] {1, 2}</p>\n');
  });
});

describe('smart punctuation', () => {
  test('makes quotes, dashes and an ellipsis', () => {
    expect(htmlOf(`"It's" -- so --- on...`)).toBe('<p>“It’s” – so — on…</p>\n');
  });

  test('leaves code and everything else as it is', () => {
    expect(htmlOf('`a -- b...` f(c) +- (tm)')).toBe('<p><code>a -- b...</code> f(c) +- (tm)</p>\n');
  });
});

describe('divs', () => {
  test('nest with any number of colons, and close in turn', () => {
    expect(htmlOf('::: a\n:::::: {.b #c}\nx\n:::\n::::\n\ny')).toBe(
      '<div class="a">\n<div id="c" class="b">\n<p>x</p>\n</div>\n</div>\n<p>y</p>\n',
    );
  });

  test('may have no attributes', () => {
    expect(htmlOf('::: {}\nx\n:::')).toBe('<div>\n<p>x</p>\n</div>\n');
  });

  test('take no notice of colons in code', () => {
    expect(htmlOf('::: a\n```\n:::\n```\n:::')).toContain('<code>:::</code>');
  });

  test('interrupt a paragraph', () => {
    expect(htmlOf('x\n::: a\ny\n:::\nz')).toBe(
      '<p>x</p>\n<div class="a">\n<p>y</p>\n</div>\n<p>z</p>\n',
    );
  });

  test('of HTML hold Markdown, also on the line of their tags', () => {
    expect(htmlOf('<div class="a">*b*</div> <div>c</div>')).toBe(
      '<div class="a">\n<p><em>b</em></p>\n</div>\n<div>\n<p>c</p>\n</div>\n',
    );
  });

  test('of HTML keep a rule to themselves', () => {
    expect(htmlOf('<div class="fragment">\n---\n\nx\n\n</div>')).toContain('<hr>\n<p>x</p>');
  });

  test('with a width are that wide', () => {
    expect(htmlOf('::: {.column width=30%}\nx\n:::')).toContain('style="width:30%;"');
  });
});

describe('pauses and lists', () => {
  test('a pause makes a fragment of what follows, up to the next', () => {
    expect(htmlOf('a\n\n. . .\n\nb\n\n. . .\n\nc')).toBe(
      '<p>a</p>\n<div class="fragment">\n<p>b</p>\n</div>\n<div class="fragment">\n<p>c</p>\n</div>\n',
    );
  });

  test('a pause in a column ends with the column', () => {
    expect(htmlOf('::: column\na\n\n. . .\n\nb\n:::\n\nc')).toBe(
      '<div class="column">\n<p>a</p>\n<div class="fragment">\n<p>b</p>\n</div>\n</div>\n<p>c</p>\n',
    );
  });

  test('lists are incremental where the front matter says so', () => {
    const { slides } = parseTalk(
      '---\nincremental: true\n---\n# A\n\n- a\n\n::: nonincremental\n- b\n:::\n\n> - c\n',
    );
    expect([...slides[0].html.matchAll(/<li.*?>\w/g)].map(([item]) => item)).toEqual([
      '<li class="fragment">a',
      '<li>b',
      '<li>c',
    ]);
  });

  test('a quote with more than a list stays a quote', () => {
    expect(htmlOf('> - a\n>\n> b')).toContain('<blockquote>');
  });
});

describe('code', () => {
  test('has the class of its language, lines to light up, and numbers', () => {
    expect(htmlOf('```{.python lines="1|2"}\na\nb\n```')).toBe(
      '<pre class="python" data-lines="1|2"><code>a\nb</code></pre>\n',
    );
    expect(htmlOf('``` {.c .numberLines startFrom=3}\na\n```')).toContain('data-start="3"');
    expect(htmlOf('```{.c data-line-numbers="1"}\na\n```')).toContain(
      'data-lines="1" data-start="1"',
    );
    expect(htmlOf('```python\na < b\n```')).toBe(
      '<pre class="python"><code>a &lt; b</code></pre>\n',
    );
  });

  test('lines are numbers and ranges, step by step', () => {
    expect(parseLines('1-3|5, 7')).toEqual([
      [1, 2, 3],
      [5, 7],
    ]);
    expect(parseLines('|2')).toEqual([[], [2]]);
    for (const wrong of ['x', '3-1', '0', '1,,2', '1-', '1-99999']) {
      expect(parseLines(wrong)).toBeNull();
    }
  });
});

describe('demos', () => {
  test('are an element, or a block of settings', () => {
    const element = '<dag-demo program="no-op" tasks="8"></dag-demo>\n';
    expect(htmlOf('<dag-demo program="no-op"\n  tasks=8></dag-demo>')).toBe(element);
    expect(htmlOf('```demo\nprogram: no-op\ntasks: 8\n```')).toBe(element);
    expect(htmlOf('``` {.demo program="no-op"}\n\ntasks: "8"\n```')).toBe(element);
  });

  test('are listed with their lines, and what they are given', () => {
    const { demos } = parseTalk(
      '---\ntitle: t\n---\n\n# A\n\n```demo\nprogram: no-op\nautorun\n```\n',
    );
    expect(demos).toEqual([{ line: 7, attributes: { program: 'no-op', autorun: '' } }]);
  });

  test('come to slides of Tom Augspurger’s talk that are empty for them', () => {
    const { slides, demos } = parseTalk(
      '# Dask Demo\n\n# Distributed Demo\n\n# Parallelism from the stdlib\n\nDemo of it\n',
    );
    expect(demos.map(({ attributes }) => attributes.program)).toEqual([
      'array-mean',
      'cluster-inc-add',
      'futures-primes',
    ]);
    expect(slides[1].html).toContain('<p>Nodes join and die, and the sum stays the same');
    expect(slides[2].html).toMatch(/<p>Demo of it: the same calls.*<\/p>\n<dag-demo/);
  });

  test('do not come to slides that say something, or have one', () => {
    const { demos } = parseTalk(
      '# Dask Demo\n\ntext\n\n# Dask demo\n\n<dag-demo program="no-op"></dag-demo>\n',
    );
    expect(demos).toHaveLength(1);
  });

  test('come to the headings that the front matter names, or to none', () => {
    const own =
      '---\ndemos:\n  Mine: { program: no-op, tasks: 8, caption: "Of *mine*" }\n  Dask Demo: none\n---\n';
    const { slides, demos, problems } = parseTalk(`${own}# mine\n\ntext\n\n# Dask Demo\n`);
    expect(problems).toEqual([]);
    expect(demos).toEqual([{ line: 6, attributes: { program: 'no-op', tasks: '8' } }]);
    expect(slides[0].html).toContain('<p>Of <em>mine</em></p>');
    expect(parseTalk('---\ndemos: none\n---\n# Dask Demo\n').demos).toEqual([]);
  });
});
