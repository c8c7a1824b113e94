import { describe, expect, it } from 'vitest';
import { findText } from '../../../src/deck/find-text.js';

/** The matched text, piece by piece. */
function found(/** @type {[string, string][]} */ parts, /** @type {string} */ query) {
  const pieces = parts.map(([block, text]) => ({ block, text }));
  return findText(pieces, query).map(({ start, end }) =>
    pieces
      .slice(start.piece, end.piece + 1)
      .map(({ text }, i, all) =>
        text.slice(i === 0 ? start.offset : 0, i === all.length - 1 ? end.offset : undefined),
      ),
  );
}

describe('findText', () => {
  it('finds every match, whatever its case', () => {
    expect(found([['p', 'Lock, unlock, LOCK']], 'lock')).toEqual([['Lock'], ['lock'], ['LOCK']]);
    expect(found([['p', 'GRÜN und Σ']], 'grün')).toEqual([['GRÜN']]);
  });

  it('finds a match that spans pieces of one block', () => {
    const parts = /** @type {[string, string][]} */ ([
      ['p', 'when you decide '],
      ['p', 'now'],
      ['p', ' to work'],
    ]);
    expect(found(parts, 'decide now to')).toEqual([['decide ', 'now', ' to']]);
    expect(found(parts, 'now')).toEqual([['now']]);
  });

  it('finds nothing across two blocks', () => {
    const parts = /** @type {[string, string][]} */ ([
      ['li 1', 'fast'],
      ['li 2', 'food'],
    ]);
    expect(found(parts, 'fastfood')).toEqual([]);
    expect(found(parts, 'fast food')).toEqual([]);
    expect(found(parts, 'foo')).toEqual([['foo']]);
  });

  it('takes any white space for any other', () => {
    expect(found([['p', 'a line\n   that was broken']], ' line that ')).toEqual([
      ['line\n   that'],
    ]);
  });

  it('takes the characters of patterns literally', () => {
    expect(found([['p', 'f(x) = x.y*']], '(x)')).toEqual([['(x)']]);
    expect(found([['p', 'axy']], 'x.y')).toEqual([]);
    for (const query of ['[', '\\', 'a{2', '*', '?', '/', '-']) {
      expect(found([['p', 'b']], query)).toEqual([]);
    }
  });

  it('finds nothing for an empty query', () => {
    expect(found([['p', 'text']], '')).toEqual([]);
    expect(found([['p', 'text']], '  ')).toEqual([]);
    expect(found([['p', 'text']], '\u0000')).toEqual([]);
    expect(found([], 'text')).toEqual([]);
  });
});
