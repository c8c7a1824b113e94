import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { parseTalk } from '../../../src/deck/markdown.js';

/** @param {string} text */
const idsOf = (text) => parseTalk(text).slides.map(({ id }) => id);

/** The HTML of a talk's only slide. @param {string} text */
function htmlOf(text) {
  const { slides, problems } = parseTalk(text);
  expect(problems).toEqual([]);
  expect(slides).toHaveLength(1);
  return slides[0].html;
}

describe('front matter', () => {
  test('gives texts', () => {
    const { meta } = parseTalk('---\ntitle: "A: talk"\ndate: 2017-07-27\nn: 3\n---\n');
    expect(meta).toEqual({ title: 'A: talk', date: '2017-07-27', n: '3' });
  });

  test('may be left out', () => {
    const { meta, title, slides } = parseTalk('### One\n\ntext');
    expect(meta).toEqual({});
    expect(title).toEqual([]);
    expect(slides).toHaveLength(1);
  });

  test('makes the title slide, line by line, with a line for each author', () => {
    const { title, meta } = parseTalk(
      '---\ntitle: The *talk*\nauthor: [Ann, Bo]\ninstitute: X\ndate: today\n---\n',
    );
    expect(title).toEqual([
      { name: 'title', html: 'The <em>talk</em>', line: 2 },
      { name: 'author', html: 'Ann', line: 3 },
      { name: 'author', html: 'Bo', line: 3 },
      { name: 'institute', html: 'X', line: 4 },
      { name: 'date', html: 'today', line: 5 },
    ]);
    expect(meta.author).toBe('Ann, Bo');
  });

  test('ends with three dots as well, and lines may end in any way', () => {
    expect(parseTalk('---\r\ntitle: A\r\n...\r\n\r\n### B\r\n').meta.title).toBe('A');
  });
});

describe('slides', () => {
  test('start at each heading and at each rule', () => {
    const { slides } = parseTalk('### One\n\na\n\n---\n\nb\n\n### Two\n\n#### deeper\n\nc\n');
    expect(slides.map(({ id }) => id)).toEqual(['one', 'one-more', 'two']);
    expect(slides[0].html).toBe('<h3>One</h3>\n<p>a</p>\n');
    expect(slides[1].html).toBe('<p>b</p>\n');
    expect(slides[2].html).toContain('<h4 id="deeper">deeper</h4>');
  });

  test('are not made empty by a rule before a heading', () => {
    expect(idsOf('### One\n\n---\n\n### Two\n')).toEqual(['one', 'two']);
  });

  test('begin at the highest level that is followed by content', () => {
    const { slides } = parseTalk('# Part\n\n## One\n\na\n\n### sub\n\n## Two\n');
    expect(slides.map(({ id, section, stack }) => ({ id, section, stack }))).toEqual([
      { id: 'part', section: true, stack: 1 },
      { id: 'one', section: false, stack: 1 },
      { id: 'two', section: false, stack: 1 },
    ]);
    expect(slides[1].html).toContain('<h3 id="sub">');
  });

  test('begin at the level that the front matter names', () => {
    expect(idsOf('---\nslide-level: 3\n---\n# A\n\na\n\n### B\n\nb\n')).toEqual(['a', 'b']);
  });

  test('with an empty heading have no title', () => {
    const { slides } = parseTalk('### \n\ntext\n');
    expect(slides[0]).toMatchObject({ id: 'section', heading: '', html: '<p>text</p>\n' });
  });

  test('take the attributes of their heading, of which unknown names are data', () => {
    const { slides } = parseTalk(
      '# A {#here .big background-color="navy" data-timing=60 -}\n\ntext\n',
    );
    expect(slides[0]).toMatchObject({ id: 'here', heading: 'A' });
    expect(slides[0].attributes).toEqual([
      ['data-background-color', 'navy'],
      ['data-timing', '60'],
      ['class', 'big unnumbered'],
    ]);
  });
});

describe('ids', () => {
  test('are as pandoc makes them', () => {
    expect(
      idsOf("# Dask's Values\n\na\n\n# Threads vs. *Processes*\n\n# 3. Über `x_y`--z\n"),
    ).toEqual(['dasks-values', 'threads-vs.-processes', 'über-x_yz']);
  });

  test('are unique', () => {
    expect(idsOf('### A\n\na\n\n### A\n\n### A\n')).toEqual(['a', 'a-1', 'a-2']);
  });
});

describe('a talk of its own', () => {
  test('dagdeck’s has no mistakes, notes on each slide, and demos', () => {
    const file = new URL('../../../talk/parallel-programming.md', import.meta.url);
    const { meta, slides, demos, problems } = parseTalk(readFileSync(file, 'utf8'));
    expect(problems).toEqual([]);
    expect(meta.title).toBe('Parallel Programming in Python');
    expect(meta.credit).toContain('Tom Augspurger');
    for (const { html } of slides) expect(html).toContain('<aside class="notes">');
    expect(demos.length).toBeGreaterThan(1);
  });

  test('HTML stays, with Markdown inside', () => {
    expect(htmlOf('### A\n\n<div class="left">\n\n- *x*\n\n</div>\n')).toContain(
      '<div class="left">\n<ul>\n<li><em>x</em></li>',
    );
  });
});
