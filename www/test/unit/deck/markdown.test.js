import { describe, expect, test } from 'vitest';
import { parseTalk } from '../../../src/deck/markdown.js';
import { readFileSync } from 'node:fs';

describe('a talk file', () => {
  test('gives its front matter as texts', () => {
    const { meta } = parseTalk(
      '---\ntitle: A: talk\ndate: 2017-07-27\nn: 3\n---\n'.replace('A: talk', '"A: talk"'),
    );
    expect(meta).toEqual({ title: 'A: talk', date: '2017-07-27', n: '3' });
  });

  test('without front matter is all slides', () => {
    const { meta, slides } = parseTalk('### One\n\ntext');
    expect(meta).toEqual({});
    expect(slides).toHaveLength(1);
  });

  test('starts a slide at each heading and at each rule', () => {
    const { slides } = parseTalk('### One\n\na\n\n---\n\nb\n\n### Two\n\n#### deeper\n\nc\n');
    expect(slides.map(({ id }) => id)).toEqual(['one', 'slide-2', 'two']);
    expect(slides[0].html).toBe('<h3>One</h3>\n<p>a</p>\n');
    expect(slides[1].html).toBe('<p>b</p>\n');
    expect(slides[2].html).toContain('<h4>deeper</h4>');
  });

  test('makes no empty slide of a rule before a heading', () => {
    const { slides } = parseTalk('### One\n\n---\n\n### Two\n');
    expect(slides.map(({ id }) => id)).toEqual(['one', 'two']);
  });

  test('gives repeated headings ids of their own', () => {
    const { slides } = parseTalk("### Dask's Values\n\n### Dask's Values\n");
    expect(slides.map(({ id }) => id)).toEqual(['dasks-values', 'dasks-values-1']);
  });

  test('keeps HTML, with Markdown inside where blank lines are', () => {
    const { slides } = parseTalk('### A\n\n<div class="left">\n\n- *x*\n\n</div>\n');
    expect(slides[0].html).toContain('<div class="left">\n<ul>\n<li><em>x</em></li>');
  });

  test('says what front matter is when it is something else', () => {
    expect(() => parseTalk('---\n- a\n---\n')).toThrow('front matter');
  });
});

test('the talk has a title, three slides, notes for all, and two demos', () => {
  const file = new URL('../../../talk/parallel-programming.md', import.meta.url);
  const { meta, slides } = parseTalk(readFileSync(file, 'utf8'));
  expect(meta.title).toBe('Parallel Programming in Python');
  expect(meta.credit).toContain('Tom Augspurger');
  expect(slides.filter(({ html }) => html.includes('<h3>'))).toHaveLength(3);
  for (const { html } of slides) expect(html).toContain('<aside class="notes">');
  expect(slides.filter(({ html }) => html.includes('<dag-demo'))).toHaveLength(2);
});
