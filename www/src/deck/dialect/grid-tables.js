/*
 * Pandoc's grid tables, whose cells may contain blocks:
 *
 *     +-------+---------+
 *     | Kind  | Words   |
 *     +=======+:=======:+      the line of equals signs ends the head; colons align
 *     | lists | - one   |
 *     |       | - two   |
 *     +-------+---------+
 *
 * Cells that span several rows or columns are not supported.
 */
import { lineText, report } from './blocks.js';

/** @import { MarkdownIt, StateBlock } from 'markdown-it' */

const RULE = /^\+(?::?[-=]+:?\+)+$/;

/** @param {MarkdownIt} md */
export function gridTables(md) {
  md.block.ruler.before('table', 'grid_table', gridTable, { alt: ['blockquote'] });
}

/**
 * @param {StateBlock} state
 * @param {number} start
 * @param {number} end
 * @param {boolean} silent
 */
function gridTable(state, start, end, silent) {
  const first = lineText(state, start)?.trimEnd();
  if (!first || !RULE.test(first)) return false;
  if (silent) return true;
  /** @type {string[]} */
  const lines = [];
  for (let line = start; line < end; line++) {
    const text = lineText(state, line)?.trimEnd();
    if (!text || !/^[+|]/.test(text)) break;
    lines.push(text);
  }
  const borders = [...first].flatMap((character, i) => (character === '+' ? [i] : []));
  const wrong = lines.findIndex((line) => !fits(line, borders));
  if (wrong >= 0 || lines.length < 3 || !RULE.test(lines[lines.length - 1])) {
    const why = `its columns are those of its first line, and its last line is one like +---+`;
    report(state, start + Math.max(wrong, 0), `this grid table cannot be read: ${why}`);
    const token = state.push('code_block', 'code', 0);
    token.content = lines.join('\n');
    token.map = [start, start + lines.length];
  } else write(state, start, lines, borders);
  state.line = start + lines.length;
  return true;
}

/**
 * @param {string} line
 * @param {number[]} borders
 */
function fits(line, borders) {
  const mark = line[0];
  return (
    line.length === borders[borders.length - 1] + 1 &&
    borders.every((at) => line[at] === mark) &&
    (mark === '|' || RULE.test(line))
  );
}

/**
 * @param {StateBlock} state
 * @param {number} start
 * @param {string[]} lines
 * @param {number[]} borders
 */
function write(state, start, lines, borders) {
  const cellsOf = (/** @type {string} */ line) =>
    borders.slice(1).map((border, i) => line.slice(borders[i] + 1, border));
  const rules = lines.flatMap((line, i) => (line.startsWith('+') ? [i] : []));
  const headEnd = rules.find((i) => lines[i].includes('=')) ?? 0;
  const aligned = cellsOf(lines[headEnd]).map(alignment);
  push(state, 'table', 1).map = [start, start + lines.length];
  push(state, headEnd > 0 ? 'thead' : 'tbody', 1);
  rules.slice(0, -1).forEach((rule, row) => {
    if (rule > 0 && rule === headEnd) {
      push(state, 'thead', -1);
      push(state, 'tbody', 1);
    }
    const texts = lines.slice(rule + 1, rules[row + 1]).map(cellsOf);
    push(state, 'tr', 1);
    aligned.forEach((align, column) => {
      const tag = rule < headEnd ? 'th' : 'td';
      const cell = push(state, tag, 1);
      if (align) cell.attrSet('style', `text-align:${align}`);
      parseCell(
        state,
        texts.map((cells) => cells[column]),
        start + rule + 1,
      );
      push(state, tag, -1);
    });
    push(state, 'tr', -1);
  });
  push(state, headEnd === lines.length - 1 ? 'thead' : 'tbody', -1);
  push(state, 'table', -1);
}

/**
 * @param {StateBlock} state
 * @param {string} tag
 * @param {1 | -1} nesting
 */
function push(state, tag, nesting) {
  const token = state.push(`${tag}_${nesting > 0 ? 'open' : 'close'}`, tag, nesting);
  token.block = true;
  return token;
}

/**
 * @param {string} rule of one column
 * @returns {'left' | 'center' | 'right' | null}
 */
function alignment(rule) {
  if (rule.endsWith(':')) return rule.startsWith(':') ? 'center' : 'right';
  return rule.startsWith(':') ? 'left' : null;
}

/**
 * @param {StateBlock} state
 * @param {string[]} lines of the cell
 * @param {number} line of the first
 */
function parseCell({ md, env, tokens, level }, lines, line) {
  const indents = lines.filter((text) => text.trim() !== '').map((text) => text.search(/\S/));
  const indent = Math.min(...indents, 1);
  const from = tokens.length;
  const tell = /** @type {(line: number, message: string) => void} */ (env.report);
  env.report = (/** @type {number} */ at, /** @type {string} */ message) =>
    tell(at + line, message);
  md.block.parse(lines.map((text) => text.slice(indent).trimEnd()).join('\n'), md, env, tokens);
  env.report = tell;
  const made = tokens.slice(from);
  for (const token of made) {
    token.level += level;
    if (token.map) token.map = [token.map[0] + line, token.map[1] + line];
  }
  // A single line is not wrapped in a paragraph.
  if (made.length === 3 && made[0].type === 'paragraph_open') {
    made[0].hidden = made[2].hidden = true;
  }
}
