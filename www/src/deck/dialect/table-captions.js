/*
 * Captions of tables: a paragraph `Table: text` or `: text` before or after a table, with or without a blank
 * line between. `{#id .class}` at its end, as in Quarto, applies to the table.
 */
import { addAttributes, attributesAtEnd } from './attributes.js';
import { lineText } from './blocks.js';

/** @import { MarkdownIt, StateCore, Token } from 'markdown-it' */

const CAPTION = /^(?:[Tt]able)?:[ \t]+(?=\S)/;

/** @param {MarkdownIt} md */
export function tableCaptions(md) {
  // This rule only ends the rows of a table. The text that follows is a paragraph, and so a caption.
  md.block.ruler.before(
    'paragraph',
    'table_caption',
    (state, line, _end, silent) =>
      silent && String(state.parentType) === 'table' && CAPTION.test(lineText(state, line) ?? ''),
    { alt: ['blockquote'] },
  );
  md.core.ruler.after('block', 'table_captions', moveCaptions);
}

/** @param {StateCore} state */
function moveCaptions(state) {
  const { tokens } = state;
  /** @type {Token[]} */
  const made = [];
  /** Where the open tables start, and the table that has just ended. */
  const starts = [];
  let ended = -1;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    const isCaption = token.type === 'paragraph_open' && CAPTION.test(tokens[i + 1].content);
    if (isCaption && made.at(-1)?.type === 'table_close' && !hasCaption(made, ended)) {
      made.splice(ended + 1, 0, ...caption(tokens, i, made[ended]));
      i += 2;
    } else if (isCaption && tokens[i + 3]?.type === 'table_open') {
      const table = tokens[i + 3];
      starts.push(made.length);
      made.push(table, ...caption(tokens, i, table));
      i += 3;
    } else {
      if (token.type === 'table_open') starts.push(made.length);
      if (token.type === 'table_close') ended = starts.pop() ?? -1;
      made.push(token);
    }
  }
  state.tokens = made;
}

/**
 * @param {Token[]} tokens
 * @param {number} table where it starts
 */
function hasCaption(tokens, table) {
  return tokens[table + 1].type === 'caption_open';
}

/**
 * Turns a paragraph into a caption, and moves its attributes to the table.
 *
 * @param {Token[]} tokens
 * @param {number} at
 * @param {Token} table
 */
function caption(tokens, at, table) {
  const [open, inline, close] = tokens.slice(at, at + 3);
  open.type = 'caption_open';
  close.type = 'caption_close';
  open.tag = close.tag = 'caption';
  inline.content = inline.content.replace(CAPTION, '');
  const found = attributesAtEnd(inline.content);
  if (found) {
    addAttributes(table, found.attributes);
    inline.content = inline.content.slice(0, found.start).trimEnd();
  }
  return [open, inline, close];
}
