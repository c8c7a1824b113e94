/*
 * Shared by the rules for blocks that contain Markdown: iterating over the lines of a parser state outside code fences,
 * and parsing some of the lines as the content of a block.
 */

/** @import { StateBlock, Token } from 'markdown-it' */

/**
 * Returns a line without its indent, or null if it is indented as code.
 *
 * @param {StateBlock} state
 * @param {number} line
 */
export function lineText(state, line) {
  if (state.sCount[line] - state.blkIndent >= 4) return null;
  return state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
}

/**
 * Returns the lines of a state from a given one on, without those in fenced code.
 *
 * @param {StateBlock} state
 * @param {number} from
 * @param {number} to
 * @returns {Generator<number>}
 */
export function* linesOutsideCode(state, from, to) {
  /** @type {string | null} */
  let fence = null;
  for (let line = from; line < to; line++) {
    const marker = /^(`{3,}|~{3,})(.*)$/.exec(lineText(state, line) ?? '');
    if (fence === null) {
      if (marker && !(marker[1][0] === '`' && marker[2].includes('`'))) [, fence] = marker;
      else yield line;
    } else if (marker?.[1].startsWith(fence) && marker[2].trim() === '') fence = null;
  }
}

/**
 * Returns where a block that is never closed ends: before the next heading or rule, so that one mistake affects only
 * one slide.
 *
 * @param {StateBlock} state
 * @param {number} from
 * @param {number} to
 */
export function endOfUnclosed(state, from, to) {
  for (const line of linesOutsideCode(state, from, to)) {
    if (/^#{1,6}\s|^(?:-\s*){3,}$/.test(lineText(state, line) ?? '') && line > from) return line;
  }
  return to;
}

/**
 * @param {StateBlock} state
 * @param {number} from
 * @param {number} to
 */
export function parseInside(state, from, to) {
  const { parentType, lineMax } = state;
  state.parentType = 'root';
  state.lineMax = to;
  state.md.block.tokenize(state, from, to);
  state.parentType = parentType;
  state.lineMax = lineMax;
}

/**
 * Returns the inline tokens of all texts, each with the line on which it begins.
 *
 * @param {Token[]} tokens
 * @returns {Generator<[part: Token, line: number]>}
 */
export function* linesOfInlines(tokens) {
  // Table cells are the only texts without a line number of their own: their row has one.
  let line = 0;
  for (const { type, map, children } of tokens) {
    if (map) [line] = map;
    if (type !== 'inline') continue;
    let at = line;
    for (const child of children ?? []) {
      yield [child, at];
      if (/break$/.test(child.type)) at += 1;
      else at += child.content.split('\n').length - 1;
    }
  }
}

/**
 * Reports a mistake in the talk file.
 *
 * @param {{ env: any }} state
 * @param {number} line from 0, in the text that is parsed
 * @param {string} message
 */
export function report(state, line, message) {
  state.env.report(line, message);
}
