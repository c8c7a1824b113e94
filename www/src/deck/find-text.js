/*
 * Finds words in the text of a slide. That text is split over several nodes: "a *b* c" is three text nodes. A match
 * may span the nodes of one block (a paragraph, a list item, a label of a drawing), but never two blocks.
 */

/**
 * @typedef {Object} Piece
 * @property {string} text
 * @property {unknown} block pieces of the same block follow each other
 *
 * @typedef {{ piece: number, offset: number }} Place
 * @typedef {{ start: Place, end: Place }} Match
 */

/** Separates blocks. No query contains it. */
const WALL = '\u0000';

/**
 * Returns all matches in reading order. Case and the amount of white space make no difference.
 *
 * @param {Piece[]} pieces
 * @param {string} query
 * @returns {Match[]}
 */
export function findText(pieces, query) {
  const words = query.replaceAll(WALL, '').trim().split(/\s+/);
  if (words[0] === '') return [];
  const pattern = new RegExp(words.map(escaped).join('\\s+'), 'giu');
  /** The offset of each text node in the joined text. @type {number[]} */
  const starts = [];
  let whole = '';
  pieces.forEach(({ text, block }, i) => {
    if (i > 0 && block !== pieces[i - 1].block) whole += WALL;
    starts.push(whole.length);
    whole += text;
  });
  let piece = 0;
  /** @param {number} index of a character of the whole text, not before the last one asked for */
  const placeOf = (index) => {
    while (piece + 1 < starts.length && starts[piece + 1] <= index) piece++;
    return { piece, offset: index - starts[piece] };
  };
  return [...whole.matchAll(pattern)].map(({ index, 0: { length } }) => {
    const start = placeOf(index);
    const last = placeOf(index + length - 1);
    return { start, end: { piece: last.piece, offset: last.offset + 1 } };
  });
}

/** @param {string} word */
function escaped(word) {
  return word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
