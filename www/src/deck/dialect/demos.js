/*
 * Demos in a talk file, in one of two forms:
 *
 *     <dag-demo program="array-mean" n="4000"></dag-demo>
 *
 *     ``` {.demo program="array-mean"}        or ```demo, and all as lines
 *     n: 4000
 *     ```
 *
 * Both become the element. Whether program and parameters exist only the engine can tell
 * (demo-problems.js).
 */
import { addAttributes } from './attributes.js';
import { lineText, report } from './blocks.js';
import { fenceAttributes } from './code.js';

/** @import { MarkdownIt, StateBlock, StateCore, Token } from 'markdown-it' */

const ELEMENT =
  /^<dag-demo((?:\s+[\w-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*>\s*<\/dag-demo>\s*$/i;
const ATTRIBUTE = /([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;

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
  if (!lineText(state, start)?.startsWith('<dag-demo')) return false;
  // The tag may go over several lines.
  for (let line = start; line < end && !state.isEmpty(line); line++) {
    const text = state.getLines(start, line + 1, state.blkIndent, false).trim();
    const found = ELEMENT.exec(text);
    if (!found) continue;
    if (silent) return true;
    const token = state.push('demo', 'dag-demo', 0);
    token.map = [start, line + 1];
    for (const [, name, double, single, bare] of found[1].matchAll(ATTRIBUTE)) {
      token.attrSet(name.toLowerCase(), double ?? single ?? bare ?? '');
    }
    state.line = line + 1;
    return true;
  }
  return false;
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
      report(state, start + 1 + i, `a demo has lines of “name: value”, and not “${line.trim()}”`);
    }
  });
  token.type = 'demo';
  token.tag = 'dag-demo';
  addAttributes(
    token,
    attributes.filter(([name, value]) => name !== 'class' || value !== ''),
  );
}
