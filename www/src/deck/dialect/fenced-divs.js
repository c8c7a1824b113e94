/*
 * Pandoc's fenced divs, `::: name` or `::: {#id .class key=value}` up to a line of colons. They nest,
 * whatever the number of colons. `::: notes` holds the speaker notes.
 */
import { addAttributes, attributesAt, classesOf, sizesAsStyle } from './attributes.js';
import { endOfUnclosed, linesOutsideCode, lineText, parseInside, report } from './blocks.js';

/** @import { MarkdownIt, StateBlock } from 'markdown-it' */
/** @import { Attributes } from './attributes.js' */

const COLONS = /^:{3,}\s*(.*?)\s*:*$/;

/** @param {MarkdownIt} md */
export function fencedDivs(md) {
  md.block.ruler.before('fence', 'fenced_div', fencedDiv, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  });
}

/**
 * @param {StateBlock} state
 * @param {number} start
 * @param {number} end
 * @param {boolean} silent
 */
function fencedDiv(state, start, end, silent) {
  const colons = COLONS.exec(lineText(state, start) ?? '');
  if (!colons) return false;
  const closing = colons[1] === '';
  const attributes = closing ? null : openingAttributes(colons[1]);
  if (!closing && !attributes) return false;
  if (silent) return true;
  state.line = start + 1;
  if (!attributes) {
    report(state, start, 'these colons close a div, but no div is open here');
    return true;
  }

  let close = closingLine(state, start + 1, end);
  const closed = close !== null;
  if (close === null) {
    report(state, start, 'this div is not closed: end it with a line of three colons');
    close = endOfUnclosed(state, start + 1, end);
  }
  const open = state.push('div_open', 'div', 1);
  addAttributes(open, sizesAsStyle(attributes));
  const isNotes = classesOf(open).includes('notes');
  if (isNotes) open.tag = 'aside';
  open.block = true;
  open.map = [start, close];
  parseInside(state, start + 1, close);
  state.push('div_close', open.tag, -1).block = true;
  state.line = closed ? close + 1 : close;
  return true;
}

/**
 * @param {string} text `name` or `{...}`
 * @returns {Attributes | null}
 */
function openingAttributes(text) {
  if (!text.startsWith('{')) return /^[^\s{}]+$/.test(text) ? [['class', text]] : null;
  if (/^\{\s*\}$/.test(text)) return [];
  const found = attributesAt(text, 0);
  return found?.end === text.length ? found.attributes : null;
}

/**
 * @param {StateBlock} state
 * @param {number} from
 * @param {number} to
 * @returns {number | null}
 */
function closingLine(state, from, to) {
  let depth = 1;
  for (const line of linesOutsideCode(state, from, to)) {
    const colons = COLONS.exec(lineText(state, line) ?? '');
    if (!colons) continue;
    if (colons[1] === '') depth -= 1;
    else if (openingAttributes(colons[1])) depth += 1;
    if (depth === 0) return line;
  }
  return null;
}
