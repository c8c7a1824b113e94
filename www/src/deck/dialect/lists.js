/*
 * Lists that appear item by item: in `::: incremental`, or everywhere when the front matter says
 * `incremental: true`, and then not in `::: nonincremental`. A quote that contains only a list
 * inverts this, as in pandoc. `- [ ]` and `- [x]` begin with a box, empty or ticked.
 */
import { classesOf } from './attributes.js';

/** @import { MarkdownIt, StateCore, Token } from 'markdown-it' */

/** @param {MarkdownIt} md */
export function incrementalLists(md) {
  md.core.ruler.push('incremental_lists', (state) => {
    markItems(state);
  });
  md.core.ruler.push('tasks', ({ tokens }) => {
    tokens.forEach((token, i) => {
      if (token.type !== 'list_item_open' || tokens[i + 1].type !== 'paragraph_open') return;
      const text = tokens[i + 2].children?.[0];
      if (text?.type !== 'text') return;
      text.content = text.content.replace(/^\[([ xX])\] /, (_, x) => (x === ' ' ? '☐ ' : '☒ '));
    });
  });
}

/** @param {StateCore} state */
function markItems(state) {
  /** For each open block, whether list items in it are fragments. */
  const incremental = [state.env.incremental === true];
  const { tokens } = state;
  state.tokens = tokens.filter((token, i) => {
    const now = incremental[incremental.length - 1];
    if (token.nesting < 0) {
      incremental.pop();
      return token.type !== 'list_quote';
    }
    if (token.nesting === 0) return true;
    if (token.type === 'list_item_open' && now) token.attrJoin('class', 'fragment');
    const closing = token.type === 'blockquote_open' ? closingOfListQuote(tokens, i) : null;
    if (closing) closing.type = 'list_quote';
    const classes = classesOf(token);
    incremental.push(
      classes.includes('incremental') || (!classes.includes('nonincremental') && now !== !!closing),
    );
    return !closing;
  });
}

/**
 * Returns the end of a quote that contains only lists.
 *
 * @param {Token[]} tokens
 * @param {number} at
 * @returns {Token | null}
 */
function closingOfListQuote(tokens, at) {
  const level = tokens[at].level;
  for (let i = at + 1; i < tokens.length; i++) {
    const token = tokens[i];
    if (token.level === level) return i > at + 1 ? token : null;
    if (token.level === level + 1 && !/^(?:bullet|ordered)_list_/.test(token.type)) return null;
  }
  return null;
}
