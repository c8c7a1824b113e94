/*
 * Demos in a talk file, in one of two forms:
 *
 *     <dag-demo program="array-mean" n="4000"></dag-demo>
 *
 *     ``` {.demo program="array-mean"}        or ```demo, and everything as lines
 *     n: 4000
 *     ```
 *
 * Both become the element. Only the engine knows whether the program and its parameters exist (demo-problems.js).
 */
import { addAttributes } from './attributes.js';
import { lineText, report } from './blocks.js';
import { fenceAttributes } from './code.js';
import { inWords, limits } from '../limits.js';

/** @import { MarkdownIt, StateBlock, StateCore, Token } from 'markdown-it' */
/** @import { Attributes } from './attributes.js' */

const TAG = '<dag-demo';

const ATTRIBUTE = /\s+([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/y;
const END = /\s*>\s*<\/dag-demo>$/iy;

/** @param {MarkdownIt} md */
export function demos(md) {
  md.block.ruler.before('html_block', 'demo', element, {
    alt: ['paragraph', 'reference', 'blockquote'],
  });
  md.core.ruler.after('block', 'demo_fences', (state) => {
    for (const token of state.tokens) if (token.type === 'fence') fromFence(state, token);
  });
  md.renderer.rules.demo = (tokens, i, _options, _env, renderer) =>
    `<dag-demo${renderer.renderAttrs(tokens[i])}></dag-demo>\n`;
}

/**
 * @param {StateBlock} state
 * @param {number} start
 * @param {number} end
 * @param {boolean} silent
 */
function element(state, start, end, silent) {
  if (!lineText(state, start)?.startsWith(TAG)) return false;
  const last = lastLine(state, start, end);
  if (last === null) return false;
  const attributes = attributesOfTag(
    state.getLines(start, last + 1, state.blkIndent, false).trim(),
  );
  if (!attributes || silent) return attributes !== null;
  const token = state.push('demo', 'dag-demo', 0);
  token.map = [start, last + 1];
  setAttributes(state, token, attributes);
  state.line = last + 1;
  return true;
}

/**
 * Returns the line on which a demo ends. Its tag may span several lines, up to a blank line or the next demo.
 *
 * @param {StateBlock} state
 * @param {number} start
 * @param {number} end
 * @returns {number | null}
 */
function lastLine(state, start, end) {
  for (let line = start; line < end && !state.isEmpty(line); line++) {
    const text = state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
    if (line > start && text.startsWith(TAG)) return null;
    if (/<\/dag-demo>\s*$/i.test(text)) return line;
  }
  return null;
}

/**
 * @param {string} text all of `<dag-demo ...></dag-demo>`
 * @returns {Attributes | null} null if it is anything else
 */
function attributesOfTag(text) {
  /** @type {Attributes} */
  const found = [];
  let at = TAG.length;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const attribute = ATTRIBUTE.exec(text);
    if (!attribute) break;
    const [all, name, double, single, bare] = attribute;
    found.push([name.toLowerCase(), double ?? single ?? bare ?? '']);
    at += all.length;
  }
  END.lastIndex = at;
  return END.test(text) ? found : null;
}

/**
 * @param {StateBlock | StateCore} state
 * @param {Token} token
 * @param {Attributes} attributes
 */
function setAttributes(state, token, attributes) {
  if (attributes.length > limits.attributes) {
    report(
      state,
      token.map?.[0] ?? 0,
      `this demo has ${inWords(attributes.length)} settings: only the first ${limits.attributes} are used`,
    );
  }
  addAttributes(token, attributes.slice(0, limits.attributes));
}

/**
 * @param {StateCore} state
 * @param {Token} token
 */
function fromFence(state, token) {
  const attributes = fenceAttributes(token.info);
  const classes = attributes.find(([name]) => name === 'class');
  const names = classes?.[1].split(/\s+/) ?? [];
  if (!classes || !names.includes('demo')) return;
  classes[1] = names.filter((name) => name !== 'demo').join(' ');
  const start = token.map?.[0] ?? 0;
  token.content.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    const [, name, value] = /^\s*([\w-]+)\s*(?::\s*(.*?))?\s*$/.exec(line) ?? [];
    if (name) attributes.push([name, value?.replace(/^(["'])(.*)\1$/, '$2') ?? '']);
    else {
      report(state, start + 1 + i, `“${line.trim()}” is not a setting: write “name: value”`);
    }
  });
  token.type = 'demo';
  token.tag = 'dag-demo';
  setAttributes(
    state,
    token,
    attributes.filter(([name, value]) => name !== 'class' || value !== ''),
  );
}
