/*
 * Syntax of pandoc and Quarto that this deck does not support: it is shown as it is written, and reported with its line.
 */
import { linesOfInlines, report } from './blocks.js';

/** @import { MarkdownIt, StateBlock } from 'markdown-it' */

/** Beginnings of paragraphs that are other kinds of block in pandoc. */
const PARAGRAPHS = [
  { pattern: /^\|[ \t]/, message: 'line blocks are not supported: end lines with a backslash' },
  { pattern: /^\(@[\w-]*\)[ \t]/, message: 'example lists are not supported: write “1.”' },
  {
    pattern:
      /^(?:#[.)]|\((?:#|\d+|[a-zA-Z]|[ivx]+)\)|(?:[a-z]|[ivx]+)[.)]|[A-Z]\)|[A-Z]\.[ \t])[ \t]+\S/,
    message: 'lists with letters, Roman numerals, “#.” or “(1)” are not supported: write “1.”',
  },
];

/** Syntax that may occur anywhere in a text. */
const TEXTS = [
  {
    pattern: /(?<![\w.])@(?:fig|tbl|eq|sec|lst)-\w/,
    message: 'cross-references are not supported: write a link',
  },
  { pattern: /(?<!\w)\(@[\w-]+\)/, message: 'example lists are not supported: write “1.”' },
  { pattern: /\$\$/, message: 'this formula is never closed, or has a blank line: end it with $$' },
  { pattern: /\]\[[^[\]]+\]/, message: 'this link has no address: write a line [name]: address' },
];

const BRACKETS = /\[([^[\]]*)\]/g;
const CITATION = /(?:^|[\s;])-?@[\w{]/;

const DASHES = /^-{2,}(?:[ \t]+-{2,})+[ \t]*$/;

/** The dashes below or above columns, and the end of a table or of metadata. */
const HEAD_LINES = 6;
const MOST_LINES = 200;

/** @param {MarkdownIt} md */
export function unsupported(md) {
  md.block.ruler.before('code', 'dashed_table', dashedTable);
  md.block.ruler.before('code', 'metadata', metadata);
  md.core.ruler.push('unsupported', (state) => {
    state.tokens.forEach(({ type, content, map }, i) => {
      if (type !== 'inline' || state.tokens[i - 1]?.type !== 'paragraph_open') return;
      const found = PARAGRAPHS.find(({ pattern }) => pattern.test(content));
      if (found) report(state, map?.[0] ?? 0, found.message);
    });
    for (const [{ type, content }, line] of linesOfInlines(state.tokens)) {
      if (type !== 'text') continue;
      for (const { pattern, message } of TEXTS) {
        if (pattern.test(content)) report(state, line, message);
      }
      if ([...content.matchAll(BRACKETS)].some(([, inside]) => CITATION.test(inside))) {
        report(state, line, 'citations are not supported: write a footnote');
      }
    }
  });
}

/**
 * Pandoc's simple and multi-line tables, whose columns are below dashes. They are shown as written.
 *
 * @param {StateBlock} state
 * @param {number} start
 * @param {number} end
 * @param {boolean} silent
 */
function dashedTable(state, start, end, silent) {
  const text = (/** @type {number} */ line) => textOf(state, line).trim();
  const isDashes = (/** @type {number} */ line) => /^-{2,}[-\s]*$/.test(text(line));
  const framed = isDashes(start);
  const headEnd = Math.min(end, start + HEAD_LINES);
  let line = start;
  while (line < headEnd && !state.isEmpty(line) && !DASHES.test(text(line))) line += 1;
  if (line >= end || !DASHES.test(text(line))) return false;
  // A table without a frame has one header line, and ends at a blank line.
  if (!framed && line !== start + 1) return false;
  if (silent) return true;
  const last = Math.min(end, start + MOST_LINES);
  let stop = line + 1;
  while (stop < last && !(framed ? isDashes(stop) : state.isEmpty(stop))) stop += 1;
  if (framed) stop = Math.min(stop + 1, end);
  report(
    state,
    start,
    'simple and multi-line tables are not supported: write a pipe table or a grid table',
  );
  const token = state.push('code_block', 'code', 0);
  token.content = state.getLines(start, stop, state.blkIndent, true);
  token.map = [start, stop];
  state.line = stop;
  return true;
}

/**
 * Metadata after the front matter.
 *
 * @param {StateBlock} state
 * @param {number} start
 * @param {number} end
 * @param {boolean} silent
 */
function metadata(state, start, end, silent) {
  if (state.level > 0 || textOf(state, start).trim() !== '---') return false;
  if (!/^[\w-]+:(?:\s|$)/.test(textOf(state, start + 1))) return false;
  const last = Math.min(end, start + MOST_LINES);
  for (let line = start + 2; line < last; line++) {
    if (!/^(?:---|\.\.\.)$/.test(textOf(state, line).trim())) continue;
    if (silent) return true;
    report(state, start, 'this metadata is left out: write it at the top of the file');
    state.line = line + 1;
    return true;
  }
  return false;
}

/**
 * @param {StateBlock} state
 * @param {number} line
 */
function textOf(state, line) {
  return state.src.slice(state.bMarks[line], state.eMarks[line]);
}
