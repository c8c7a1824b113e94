/*
 * Code blocks, indented and fenced: ```` ```python ```` or ```` ``` {.python .numberLines startFrom=3} ````.
 * `lines="1-3|5"` highlights lines step by step. `data-line-numbers="1-3|5"`, the syntax of reveal.js, and Quarto's
 * `code-line-numbers="1-3|5"` also show line numbers.
 * `file="listings/slides/threads.py"` on an empty block shows a listing that ships with the deck. Syntax
 * highlighting is added on the page (code-blocks.js).
 */
import { shortened } from '../limits.js';
import { listingFile } from '../listings.js';
import { parseAttributes } from './attributes.js';
import { report } from './blocks.js';

/** @import { MarkdownIt, StateCore, Token } from 'markdown-it' */
/** @import { Attributes } from './attributes.js' */

/** @param {MarkdownIt} md */
export function code(md) {
  md.core.ruler.push('code', (state) => {
    for (const token of state.tokens) {
      if (!/^[`~]{3}/.test(token.markup)) continue;
      checkEnd(state, token);
      if (token.type === 'fence') readInfo(state, token);
    }
  });
  md.renderer.rules.fence = md.renderer.rules.code_block = (
    tokens,
    i,
    _options,
    _env,
    renderer,
  ) => {
    const { content } = tokens[i];
    const attributes = renderer.renderAttrs(tokens[i]);
    return `<pre${attributes}><code>${md.utils.escapeHtml(content.replace(/\n$/, ''))}</code></pre>\n`;
  };
}

/**
 * CommonMark lets an unclosed fence run to the end of the file or of its block; pandoc does not.
 *
 * @param {StateCore} state
 * @param {Token} token
 */
function checkEnd(state, { map, content, markup }) {
  const [start, end] = map ?? [0, 0];
  if (end - start === 2 + lineCount(content)) return;
  report(state, start, `this code block is not closed: end it with ${markup}`);
}

/** @param {string} content */
function lineCount(content) {
  return content === '' ? 0 : content.replace(/\n$/, '').split('\n').length;
}

/**
 * Parses the attributes after the opening fence: `python`, `{.python}` or both.
 *
 * @param {string} info
 * @returns {Attributes} the language is the first class
 */
export function fenceAttributes(info) {
  const [, word, braces] = /^\s*([^\s{]*)\s*(?:\{(.*)\})?\s*$/.exec(info) ?? [];
  const attributes = (braces && parseAttributes(braces)) || [];
  if (!word) return attributes;
  const classes = attributes.find(([name]) => name === 'class');
  if (!classes) return [['class', word], ...attributes];
  classes[1] = `${word} ${classes[1]}`;
  return attributes;
}

/**
 * @param {StateCore} state
 * @param {Token} token
 */
function readInfo(state, token) {
  const line = token.map?.[0] ?? 0;
  const cell = /^\s*\{([a-z]\w*)(?:[\s,][^{}]*)?\}\s*$/.exec(token.info)?.[1];
  if (cell) {
    report(state, line, `this cell is not run: write {.${cell}} for code that is shown`);
    token.info = cell;
    token.content = token.content.replace(/^(?:(?:#|\/\/|--)\|.*\n)+/, '');
  }
  const attributes = new Map(fenceAttributes(token.info));
  const file = attributes.get('file');
  if (file !== undefined && token.content === '') {
    const listing = listingFile(file);
    if (listing === null) report(state, line, `file: “${file}” is not a listing of the deck`);
    token.content = listing ?? '';
  }
  const classes = (attributes.get('class') ?? '').split(/\s+/);
  const numbers = attributes.get('data-line-numbers') ?? attributes.get('code-line-numbers');
  const lines =
    attributes.get('lines') ?? (numbers?.match(/^(?:true|false)$/) ? undefined : numbers);
  const numbered =
    (numbers !== undefined && numbers !== 'false') ||
    /^number(?:-l|L)ines$/.test(classes.at(-1) ?? '');
  const steps = lines === undefined ? [] : parseLines(lines);
  const count = lineCount(token.content);
  if (!steps) {
    report(
      state,
      line,
      `lines: “${shortened(lines ?? '')}” cannot be read; write lines as in "1-3|5,7"`,
    );
  } else if (steps.flat().some((number) => number > count)) {
    report(
      state,
      line,
      `lines: “${lines}” names a line that does not exist: the code has ${count}`,
    );
  }
  token.attrs = null;
  for (const [name, value] of [
    ['id', attributes.get('id')],
    ['class', attributes.get('class')],
    ['data-lines', steps ? lines : undefined],
    [
      'data-start',
      attributes.get('startFrom') ??
        (numbered || classes.includes('numberLines') ? '1' : undefined),
    ],
  ]) {
    if (name && value) token.attrSet(name, value);
  }
}

/**
 * Parses steps of lines to highlight.
 *
 * @param {string} text `1-3|5,7`; nothing between bars is all lines
 * @returns {number[][] | null} null for what cannot be read
 */
export function parseLines(text) {
  let count = 0;
  /** @type {number[][]} */
  const steps = [];
  for (const step of text.split('|')) {
    /** @type {Set<number>} */
    const numbers = new Set();
    for (const range of step
      .split(',')
      .filter((part) => step.trim() !== '' || part.trim() !== '')) {
      const [, first, last = first] = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(range) ?? [];
      if (!first || Number(first) < 1 || Number(last) < Number(first) || Number(last) > 5000) {
        return null;
      }
      // More than any real block of code.
      count += Number(last) - Number(first);
      if (count > 20_000) return null;
      for (let n = Number(first); n <= Number(last); n++) numbers.add(n);
    }
    steps.push([...numbers]);
  }
  return steps;
}
