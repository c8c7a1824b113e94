import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { parseTalk } from '../../../src/deck/markdown.js';
import { digestOf } from '../../reference/slides-of-html.js';

const fixtures = new URL('../../fixtures/', import.meta.url);
const { talks } = JSON.parse(readFileSync(new URL('pandoc-slides.json', fixtures), 'utf8'));

describe('pandoc makes the same slides', () => {
  test.for(Object.keys(talks))('of %s', (name) => {
    const text = readFileSync(new URL(`talks/${name}`, fixtures), 'utf8');
    const { slides, problems } = parseTalk(withoutDemos(text));
    expect(problems).toEqual([]);
    const ours = slides.map(({ id, heading, section, stack, html }) => ({
      // Without a heading pandoc gives no id.
      id: heading === '' && /-more(?:-\d+)?$/.test(id) ? null : id,
      section,
      stacked: stack !== null && slides.filter((other) => other.stack === stack).length > 1,
      ...digestOf(html),
    }));
    expect(ours).toEqual(talks[name]);
  });
});

/** Demos are our own. @param {string} text */
function withoutDemos(text) {
  return text.startsWith('---\n')
    ? text.replace('---\n', '---\ndemos: none\n')
    : `---\ndemos: none\n---\n${text}`;
}
