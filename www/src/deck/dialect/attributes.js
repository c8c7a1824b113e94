/*
 * Pandoc's attributes, `{#id .class key=value key="two words" -}`: parses them and adds them to tokens. The
 * sanitiser decides later which are allowed.
 */

/** @import { Token } from 'markdown-it' */

/** @typedef {[name: string, value: string][]} Attributes with the id first, all classes in one */

const BRACES = /\{((?:[^{}"']|"[^"]*"|'[^']*')*)\}/y;
const PART =
  /\s*(?:#([^\s"'=#.]+)|\.([^\s"'=#.]+)|([\w:][\w:.-]*)=(?:"([^"]*)"|'([^']*)'|([^\s"']+))|(-))(?=\s|$|[#.])/y;

/**
 * @param {string} text what stands between the braces
 * @returns {Attributes | null} null when it is something else
 */
export function parseAttributes(text) {
  /** @type {Map<string, string>} */
  const found = new Map();
  const classes = [];
  const inner = text.trim();
  PART.lastIndex = 0;
  while (PART.lastIndex < inner.length) {
    const part = PART.exec(inner);
    if (!part) return null;
    const [, id, className, name, double, single, bare, dash] = part;
    if (id) found.set('id', id);
    else if (className) classes.push(className);
    else if (dash) classes.push('unnumbered');
    else if (name === 'class') classes.push(...(double ?? single ?? bare).split(/\s+/));
    else found.set(name, double ?? single ?? bare);
  }
  if (found.size === 0 && classes.length === 0) return null;
  if (classes.length > 0) found.set('class', classes.join(' '));
  return [...found];
}

/**
 * Parses attributes at a position in a text.
 *
 * @param {string} text
 * @param {number} at
 * @returns {{ attributes: Attributes, end: number } | null}
 */
export function attributesAt(text, at) {
  BRACES.lastIndex = at;
  const braces = BRACES.exec(text);
  const attributes = braces && parseAttributes(braces[1]);
  return attributes && { attributes, end: BRACES.lastIndex };
}

/**
 * Parses attributes at the end of a text, as in headings.
 *
 * @param {string} text
 * @returns {{ attributes: Attributes, start: number } | null}
 */
export function attributesAtEnd(text) {
  const start = text.lastIndexOf('{');
  if (start < 0) return null;
  const found = attributesAt(text, start);
  if (!found || text.slice(found.end).trim() !== '') return null;
  return { attributes: found.attributes, start };
}

/**
 * @param {Token} token
 * @param {Attributes} attributes
 */
export function addAttributes(token, attributes) {
  for (const [name, value] of attributes) {
    if (name === 'class') token.attrJoin(name, value);
    else token.attrSet(name, value);
  }
}

/**
 * Turns sizes into a style, as pandoc does: `width=40%`, `height=300` (pixels).
 *
 * @param {Attributes} attributes
 * @returns {Attributes}
 */
export function sizesAsStyle(attributes) {
  /** @type {Attributes} */
  const others = [];
  let style = '';
  for (const [name, value] of attributes) {
    if (name === 'width' || name === 'height') {
      style += `${name}:${/^\d+$/.test(value) ? `${value}px` : value};`;
    } else if (name === 'style') style += `${value};`;
    else others.push([name, value]);
  }
  return style ? [...others, ['style', style]] : others;
}

/**
 * @param {Token} token
 * @returns {Attributes}
 */
export function attributesOf(token) {
  return (token.attrs ?? []).map(([name, value]) => [name, String(value)]);
}

/**
 * @param {Token} token
 * @returns {string[]}
 */
export function classesOf(token) {
  return String(token.attrGet('class') ?? '').split(/\s+/);
}
