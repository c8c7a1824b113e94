/*
 * Raw text for a particular format, and syntax of other programs. Raw HTML, `<b>`{=html}, is used as HTML. Raw LaTeX,
 * Quarto's shortcodes and raw text for other formats are reported and left out, as pandoc does for HTML output.
 */
import { linesOfInlines, report } from './blocks.js';

/** @import { MarkdownIt, StateBlock, StateCore, StateInline } from 'markdown-it' */

const RAW = /^\{=([\w-]+)\}/;
const COMMAND = /\\[a-zA-Z]+\*?(?:\[[^[\]]{0,500}\]|\{(?:[^{}]|\{[^{}]{0,500}\}){0,500}\})*/y;
const SHORTCODE = /\{\{<\s*\/?([\w-]*)[^\n]{0,500}?>\}\}/y;
const BEGIN = /^\\begin\{([a-zA-Z]+\*?)\}/;

/** The longest environment, in lines. */
const MOST_LINES = 200;

/** @param {MarkdownIt} md */
export function raw(md) {
  md.block.ruler.before('paragraph', 'latex_environment', environment, {
    alt: ['paragraph', 'reference', 'blockquote'],
  });
  md.inline.ruler.before('escape', 'latex', latex);
  md.inline.ruler.before('escape', 'shortcode', shortcode);
  md.core.ruler.after('block', 'raw_blocks', rawBlocks);
  md.core.ruler.after('inline', 'raw_inlines', rawInlines);
  md.core.ruler.push('left_out', (state) => {
    for (const [{ type, content }, line] of linesOfInlines(state.tokens)) {
      if (type === 'left_out') report(state, line, content);
    }
  });
  md.renderer.rules.left_out = () => '';
}

/** @param {string} what */
const leftOut = (what) => `${what} is left out`;

/**
 * @param {StateInline} state
 * @param {boolean} silent
 */
function latex(state, silent) {
  if (state.src[state.pos] !== '\\') return false;
  return skip(state, silent, COMMAND, ([command]) => leftOut(`the LaTeX ${command}`));
}

/**
 * @param {StateInline} state
 * @param {boolean} silent
 */
function shortcode(state, silent) {
  if (state.src[state.pos] !== '{') return false;
  return skip(state, silent, SHORTCODE, ([, name]) => leftOut(`the Quarto shortcode “${name}”`));
}

/**
 * Leaves out the construct at a position in a text.
 *
 * @param {StateInline} state
 * @param {boolean} silent
 * @param {RegExp} pattern
 * @param {(found: RegExpExecArray) => string} message
 */
function skip(state, silent, pattern, message) {
  pattern.lastIndex = state.pos;
  const found = pattern.exec(state.src);
  if (!found) return false;
  if (!silent) state.push('left_out', '', 0).content = message(found).replace(/\s+/g, ' ');
  state.pos = pattern.lastIndex;
  return true;
}

/**
 * @param {StateBlock} state
 * @param {number} start
 * @param {number} end
 * @param {boolean} silent
 */
function environment(state, start, end, silent) {
  const text = (/** @type {number} */ line) =>
    state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
  const name = BEGIN.exec(text(start))?.[1];
  if (!name) return false;
  const last = Math.min(end, start + MOST_LINES);
  for (let line = start; line < last; line++) {
    if (!text(line).trimEnd().endsWith(`\\end{${name}}`)) continue;
    if (silent) return true;
    report(state, start, leftOut(`the LaTeX environment “${name}”`));
    state.line = line + 1;
    return true;
  }
  return false;
}

/** @param {StateCore} state */
function rawBlocks(state) {
  state.tokens = state.tokens.filter((token) => {
    const format = token.type === 'fence' && RAW.exec(token.info.trim())?.[1];
    if (!format) return true;
    if (format === 'html') {
      token.type = 'html_block';
      return true;
    }
    report(state, token.map?.[0] ?? 0, leftOut(`raw text for “${format}”`));
    return false;
  });
}

/** @param {StateCore} state */
function rawInlines({ tokens }) {
  for (const { children } of tokens) {
    children?.forEach((token, i) => {
      const next = children[i + 1];
      const found = token.type === 'code_inline' && next?.type === 'text' && RAW.exec(next.content);
      if (!found) return;
      next.content = next.content.slice(found[0].length);
      token.type = found[1] === 'html' ? 'html_inline' : 'left_out';
      if (found[1] !== 'html') token.content = leftOut(`raw text for “${found[1]}”`);
    });
  }
}
