/*
 * Formulas by pandoc's rules: `$x^2$` in a line, `$$x^2$$` on lines of its own, and environments such as
 * `\begin{align}` ... `\end{align}`. A dollar opens a formula when no space follows it, and closes one
 * when no space stands before it and no digit follows it, so that "$5 and $6" stays text. The source is
 * kept unchanged: KaTeX draws it on the page (maths.js).
 */
import { linesOfInlines } from './blocks.js';

/** @import { MarkdownIt, StateBlock, StateInline, Token } from 'markdown-it' */

const ENVIRONMENT = /^\\begin\{((?:equation|align|alignat|gather)\*?)\}/;

/** The longest text in braces that may contain dollars: `\text{if $x$}`. */
const LONGEST_TEXT = 1000;

const MOST_LINES = 60;

/** @param {MarkdownIt} md */
export function maths(md) {
  md.inline.ruler.before('escape', 'math', formula);
  md.block.ruler.before('paragraph', 'math_environment', environment, {
    alt: ['paragraph', 'reference', 'blockquote'],
  });
  md.core.ruler.push('math_lines', ({ tokens, env }) => {
    for (const [token, line] of linesOfInlines(tokens)) {
      if (token.type === 'math') setLine(token, line, env);
    }
    for (const token of tokens) {
      if (token.type === 'math') setLine(token, token.map?.[0] ?? 0, env);
    }
  });
  md.renderer.rules.math = (tokens, i, _options, _env, renderer) => {
    const { content, block } = tokens[i];
    const attributes = renderer.renderAttrs(tokens[i]);
    const html = `<span${attributes}>${md.utils.escapeHtml(content.trim())}</span>`;
    return block ? `<p>${html}</p>\n` : html;
  };
}

/**
 * @param {Token} token
 * @param {number} line from 0, in the text that is parsed
 * @param {any} env
 */
function setLine(token, line, env) {
  token.attrSet('data-line', String(line + (env.bodyLine ?? 1)));
}

/**
 * @param {StateInline} state
 * @param {boolean} silent
 */
function formula(state, silent) {
  const { src, pos, posMax } = state;
  if (src[pos] !== '$') return false;
  const display = src[pos + 1] === '$';
  const start = pos + (display ? 2 : 1);
  const end = display ? displayEnd(src, start, posMax) : inlineEnd(src, start, posMax);
  if (end === null) return false;
  if (!silent) {
    const token = state.push('math', 'span', 0);
    token.content = src.slice(start, end);
    token.attrSet('class', display ? 'math display' : 'math inline');
  }
  state.pos = end + (display ? 2 : 1);
  return true;
}

/**
 * @param {string} src
 * @param {number} start
 * @param {number} max
 */
function displayEnd(src, start, max) {
  const end = src.indexOf('$$', start);
  return end < 0 || end + 2 > max || src.slice(start, end).trim() === '' ? null : end;
}

/**
 * @param {string} src
 * @param {number} start
 * @param {number} max
 * @returns {number | null} where the closing dollar stands
 */
function inlineEnd(src, start, max) {
  if (/[\s$]/.test(src[start] ?? ' ')) return null;
  for (let at = start; at < max; at++) {
    if (src[at] === '\\') at = src.startsWith('\\text{', at) ? textEnd(src, at + 5) : at + 1;
    else if (src[at] === '$') {
      return /\s/.test(src[at - 1]) || /\d/.test(src[at + 1] ?? '') ? null : at;
    }
  }
  return null;
}

/**
 * @param {string} src
 * @param {number} open where the brace stands
 * @returns {number} the brace that closes it; the same one without
 */
function textEnd(src, open) {
  let depth = 0;
  for (let at = open; at < Math.min(src.length, open + LONGEST_TEXT); at++) {
    if (src[at] === '{') depth += 1;
    else if (src[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return open;
}

/**
 * @param {StateBlock} state
 * @param {number} start
 * @param {number} end
 * @param {boolean} silent
 */
function environment(state, start, end, silent) {
  const name = ENVIRONMENT.exec(
    state.src.slice(state.bMarks[start] + state.tShift[start], state.eMarks[start]),
  )?.[1];
  if (!name || state.sCount[start] - state.blkIndent >= 4) return false;
  const last = Math.min(end, start + MOST_LINES);
  for (let line = start; line < last && !state.isEmpty(line); line++) {
    const text = state.src.slice(state.bMarks[line], state.eMarks[line]);
    if (!text.trimEnd().endsWith(`\\end{${name}}`)) continue;
    if (silent) return true;
    const token = state.push('math', 'span', 0);
    token.block = true;
    token.map = [start, line + 1];
    token.content = state.getLines(start, line + 1, state.blkIndent, false).trim();
    token.attrSet('class', 'math display');
    state.line = line + 1;
    return true;
  }
  return false;
}
