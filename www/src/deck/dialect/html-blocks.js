/*
 * HTML elements that contain Markdown, as in pandoc: the tags of `<div class="left">` are kept, and the text between
 * them is Markdown, with or without blank lines around it. Several elements may be on one line:
 * `<div>one</div> <div>two</div>`.
 */
import { endOfUnclosed, linesOutsideCode, lineText, parseInside, report } from './blocks.js';

/** @import { MarkdownIt, StateBlock } from 'markdown-it' */

const NAMES =
  'div|aside|section|article|header|footer|main|nav|center|details|summary|figure|figcaption';
const OPENING = new RegExp(
  `<(${NAMES})(?:\\s+[a-z_:@][\\w:.@-]*(?:\\s*=\\s*(?:"[^"]*"|'[^']*'|[^\\s"'=<>\`]+))?)*\\s*>`,
  'iy',
);
const CLOSING = new RegExp(`^</(${NAMES})\\s*>\\s*$`, 'i');

/** @param {MarkdownIt} md */
export function htmlBlocks(md) {
  md.block.ruler.before('html_block', 'html_element', htmlElement, {
    alt: ['paragraph', 'reference', 'blockquote'],
  });
}

/**
 * @param {StateBlock} state
 * @param {number} start
 * @param {number} end
 * @param {boolean} silent
 */
function htmlElement(state, start, end, silent) {
  const text = lineText(state, start);
  if (!text?.startsWith('<')) return false;
  const stray = CLOSING.exec(text);
  if (stray) {
    if (silent) return true;
    report(state, start, `</${stray[1]}> has no opening tag`);
    state.line = start + 1;
    return true;
  }
  let opening = openingAt(state, start);
  if (!opening || silent) return opening !== null;
  let line = start;
  // Text after an element's end, on the same line, is part of the same block: in markdown-it every block takes whole
  // lines.
  while (opening) {
    const close = element(state, opening, line, end);
    ({ line } = close);
    startLineAt(state, line, close.to);
    opening = openingAt(state, line);
  }
  if (lineText(state, line)) parseInside(state, line, line + 1);
  state.line = line + 1;
  return true;
}

/**
 * @param {StateBlock} state
 * @param {number} line
 * @returns {{ tag: string, name: string, end: number } | null} an opening tag at its beginning
 */
function openingAt(state, line) {
  OPENING.lastIndex = state.bMarks[line] + state.tShift[line];
  const found = OPENING.exec(state.src);
  if (!found || OPENING.lastIndex > state.eMarks[line]) return null;
  return { tag: found[0], name: found[1].toLowerCase(), end: OPENING.lastIndex };
}

/**
 * @param {StateBlock} state
 * @param {{ tag: string, name: string, end: number }} opening
 * @param {number} start
 * @param {number} end
 * @returns {{ line: number, from: number, to: number }} where its closing tag stands
 */
function element(state, { tag, name, end: inside }, start, end) {
  const found = closingTag(state, name, start, inside, end);
  if (!found) report(state, start, `<${name}> is not closed: end it with </${name}>`);
  const close = found ?? unclosedEnd(state, start, end);
  const open = state.push('html_block', '', 1);
  open.content = `${tag}\n`;
  open.map = [start, close.line + 1];
  const eMark = state.eMarks[close.line];
  startLineAt(state, start, inside);
  state.eMarks[close.line] = close.from;
  parseInside(state, start, close.line + 1);
  state.eMarks[close.line] = eMark;
  state.push('html_block', '', -1).content = `</${name}>\n`;
  return close;
}

/**
 * Marks the part of a line before a position as parsed.
 *
 * @param {StateBlock} state
 * @param {number} line
 * @param {number} at
 */
function startLineAt(state, line, at) {
  const space = /^[ \t]*/.exec(state.src.slice(at, state.eMarks[line]))?.[0].length ?? 0;
  state.bMarks[line] = at;
  state.tShift[line] = space;
  state.sCount[line] = state.blkIndent;
}

/**
 * @param {StateBlock} state
 * @param {string} name
 * @param {number} start
 * @param {number} inside where the content starts
 * @param {number} end
 * @returns {{ line: number, from: number, to: number } | null} where the closing tag stands
 */
function closingTag(state, name, start, inside, end) {
  const tag = new RegExp(`<(/?)${name}(?=[\\s>/])[^>]*>`, 'gi');
  let depth = 1;
  for (const line of linesOutsideCode(state, start, end)) {
    const from = line === start ? inside : state.bMarks[line];
    for (const match of state.src.slice(from, state.eMarks[line]).matchAll(tag)) {
      depth += match[1] ? -1 : 1;
      const at = from + match.index;
      if (depth === 0) return { line, from: at, to: at + match[0].length };
    }
  }
  return null;
}

/**
 * @param {StateBlock} state
 * @param {number} start
 * @param {number} end
 */
function unclosedEnd(state, start, end) {
  const line = endOfUnclosed(state, start, end) - 1;
  return { line, from: state.eMarks[line], to: state.eMarks[line] };
}
