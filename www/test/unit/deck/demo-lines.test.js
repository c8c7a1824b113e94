import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseTalk } from '../../../src/deck/markdown.js';
import { linesOf, listingOf } from '../../../src/demo/listing.js';

const talk = readFileSync(
  new URL('../../../talk/parallel-programming.md', import.meta.url),
  'utf8',
);

const demos = parseTalk(talk).demos.map(({ attributes }) => attributes);

/** Lines of 20 px that a slide has room for, beside three controls and a result. */
const ROOM = 14;

test('the talk has demos', () => expect(demos.length).toBeGreaterThan(5));

describe.each(demos)('the listing of $program with lines="$lines"', (attributes) => {
  const listing = (listingOf(attributes.program) ?? '').trimEnd();
  const names = (attributes.lines ?? '').split(' ');
  const text = listing.split('\n');

  test('has something for each name', () => {
    for (const name of names) expect(linesOf(listing, [name]), name).toContain(true);
  });

  test('shows parameters that have a control, and a call that computes', () => {
    const shown = text.filter((_, i) => linesOf(listing, names)[i]).join('\n');
    const moved = (attributes.controls ?? '')
      .split(' ')
      .filter((name) => new RegExp(`^${name} = `, 'm').test(shown));
    expect(moved.length).toBeGreaterThanOrEqual(2);
    expect(shown).toMatch(
      /compute\(|get\(|def busy|measure\(|round_trips\(|one\(|submit\(|hash_array\(|sleep\(|sum\(|counter = 0/,
    );
  });

  test('fits its slide', () => {
    expect(linesOf(listing, names).filter(Boolean).length).toBeLessThanOrEqual(ROOM);
  });
});
