/*
 * Gives every element its line number in the file as `data-line`, so that elements that are left out later can be
 * reported with their line. The sanitiser removes the attribute.
 */

import { linesOfInlines } from './blocks.js';

/** @import { Token } from 'markdown-it' */

export const LINE = 'data-line';

/** A comment, or an opening tag with its attributes. */
const TAGS = /<!--[\s\S]*?-->|<([a-z][^\s/>"'<]*)((?:[^"'<>]|"[^"]*"|'[^']*')*)>/gi;

/**
 * @param {Token[]} tokens of a slide
 * @param {number} start line of the slide, from 0
 * @param {number} offset added to every line
 */
export function markLines(tokens, start, offset) {
  for (const [token, line] of linesOfInlines(tokens)) markLine(token, line + offset);
  let line = start;
  for (const token of tokens) {
    if (token.map) [line] = token.map;
    if (token.type !== 'inline') markLine(token, line + offset);
  }
}

/**
 * @param {Token} token
 * @param {number} line
 */
function markLine(token, line) {
  if (/^html_/.test(token.type)) token.content = withLines(token.content, line);
  else if (token.nesting >= 0 && token.tag) token.attrSet(LINE, String(line));
}

/**
 * @param {string} html
 * @param {number} start its line
 */
export function withLines(html, start) {
  let line = start;
  let done = 0;
  return html.replace(
    TAGS,
    (tag, /** @type {string | undefined} */ name, rest, /** @type {number} */ at) => {
      line += breaks(html.slice(done, at));
      done = at;
      return name === undefined ? tag : `<${name} ${LINE}="${line}"${rest}>`;
    },
  );
}

/** @param {string} text */
function breaks(text) {
  return text.split('\n').length - 1;
}
