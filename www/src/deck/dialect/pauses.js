/*
 * Pauses: a paragraph `. . .` makes what follows it a fragment, up to the next pause or the end of the
 * enclosing block.
 */

import MarkdownIt from 'markdown-it';

/** @import { Token } from 'markdown-it' */

/**
 * @param {Token[]} tokens of one slide
 * @returns {Token[]}
 */
export function withPauses(tokens) {
  /** @type {Token[]} */
  const made = [];
  /** For each open block, whether a fragment is open in it. */
  const open = [false];
  const div = (/** @type {'div_open' | 'div_close'} */ type, /** @type {1 | -1} */ nesting) => {
    const token = new MarkdownIt.Token(type, 'div', nesting);
    token.block = true;
    made.push(token);
    return token;
  };
  const close = () => div('div_close', -1);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (isPause(tokens, i)) {
      if (open.at(-1)) close();
      div('div_open', 1).attrSet('class', 'fragment');
      open[open.length - 1] = true;
      i += 2;
      continue;
    }
    if (token.nesting < 0 && open.pop()) close();
    made.push(token);
    if (token.nesting > 0) open.push(false);
  }
  if (open[0]) close();
  return made;
}

/**
 * @param {Token[]} tokens
 * @param {number} at
 */
function isPause(tokens, at) {
  return tokens[at].type === 'paragraph_open' && tokens[at + 1].content.trim() === '. . .';
}
