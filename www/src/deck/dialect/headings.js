/*
 * Headings: their attributes, `# Text {#id .class data-background-color=navy -}`, and generated ids
 * for those without one. They follow pandoc's rules: letters in lower case, spaces as hyphens, no punctuation but
 * `_`, `-` and `.`, nothing before the first letter; a number is added to an id that is taken.
 */
import { addAttributes, attributesAtEnd } from './attributes.js';
import { report } from './blocks.js';

/** @import { MarkdownIt, StateCore, Token } from 'markdown-it' */

/** @param {MarkdownIt} md */
export function headings(md) {
  md.core.ruler.before('inline', 'heading_attributes', headingAttributes);
  md.core.ruler.push('heading_ids', headingIds);
}

/** @param {StateCore} state */
function headingAttributes({ tokens }) {
  tokens.forEach((token, i) => {
    if (token.type !== 'heading_open') return;
    const inline = tokens[i + 1];
    const found = attributesAtEnd(inline.content);
    if (!found) return;
    addAttributes(token, found.attributes);
    inline.content = inline.content.slice(0, found.start).trimEnd();
  });
}

/** @param {StateCore} state */
function headingIds(state) {
  const used = /** @type {Map<string, number>} */ (state.env.ids);
  state.tokens.forEach((token, i) => {
    if (token.type !== 'heading_open') return;
    const own = token.attrGet('id')?.toString() ?? null;
    if (own !== null && used.has(own)) {
      report(state, token.map?.[0] ?? 0, `the id “${own}” is already used by a heading above`);
    }
    token.attrSet('id', unique(own ?? slug(plainText(state.tokens[i + 1])), used));
  });
}

/**
 * Returns the text of an inline token, without its markup.
 *
 * @param {Token} inline
 * @returns {string}
 */
export function plainText(inline) {
  return (inline.children ?? [])
    .map((token) => {
      if (token.type === 'softbreak' || token.type === 'hardbreak') return ' ';
      if (token.type === 'html_inline') return '';
      return token.children ? plainText(token) : token.content;
    })
    .join('');
}

/** @param {string} heading */
export function slug(heading) {
  const words = heading
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Mark}\p{Number}\s_.-]/gu, '')
    .trim()
    .replace(/\s+/g, '-');
  return words.replace(/^\P{Letter}+/u, '') || 'section';
}

/**
 * @param {string} id
 * @param {Map<string, number>} used all ids, each with the number that its next namesake tries first
 */
export function unique(id, used) {
  let name = id;
  let number = used.get(id) ?? 1;
  for (; used.has(name); number++) name = `${id}-${number}`;
  used.set(id, number).set(name, used.get(name) ?? 1);
  return name;
}
