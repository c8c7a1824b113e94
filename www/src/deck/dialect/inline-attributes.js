/*
 * Attributes in a line of text: spans `[text]{.class}`, and attributes after an image, a link or code:
 * `![](figure.svg){width=50%}`. A figure is an image alone in its paragraph, with its text as a caption.
 */
import { addAttributes, attributesAt, sizesAsStyle } from './attributes.js';

/** @import { MarkdownIt, StateCore, StateInline, Token } from 'markdown-it' */

/** @param {MarkdownIt} md */
export function inlineAttributes(md) {
  md.inline.ruler.before('link', 'span', span);
  md.core.ruler.after('inline', 'inline_attributes', ({ tokens }) => {
    for (const { children } of tokens) if (children) takeAttributes(children);
  });
  md.core.ruler.push('figures', figures);
}

/**
 * @param {StateInline} state
 * @param {boolean} silent
 */
function span(state, silent) {
  const { pos } = state;
  if (state.src[pos] !== '[') return false;
  const labelEnd = state.md.helpers.parseLinkLabel(state, pos);
  const found = labelEnd < 0 ? null : attributesAt(state.src, labelEnd + 1);
  if (!found) return false;
  if (!silent) {
    const { posMax } = state;
    addAttributes(state.push('span_open', 'span', 1), found.attributes);
    state.pos = pos + 1;
    state.posMax = labelEnd;
    state.md.inline.tokenize(state);
    state.posMax = posMax;
    state.push('span_close', 'span', -1);
  }
  state.pos = found.end;
  return true;
}

/** @param {Token[]} tokens */
function takeAttributes(tokens) {
  /** @type {Token[]} */
  const links = [];
  tokens.forEach((token, i) => {
    if (token.type === 'link_open') links.push(token);
    const target = token.type === 'link_close' ? links.pop() : token;
    if (!['image', 'code_inline', 'link_close'].includes(token.type) || !target) return;
    const next = tokens[i + 1];
    const found = next?.type === 'text' ? attributesAt(next.content, 0) : null;
    if (!found) return;
    addAttributes(target, sizesAsStyle(found.attributes));
    next.content = next.content.slice(found.end);
  });
}

/** @param {StateCore} state */
function figures({ tokens, Token: Made }) {
  tokens.forEach((inline, i) => {
    const [before, after] = [tokens[i - 1], tokens[i + 1]];
    if (inline.type !== 'inline' || before?.type !== 'paragraph_open') return;
    const children = (inline.children ?? []).filter(
      ({ type, content }) => type !== 'text' || content.trim() !== '',
    );
    if (children.length !== 1 || children[0].type !== 'image' || !children[0].content) return;
    before.type = 'figure_open';
    after.type = 'figure_close';
    before.tag = after.tag = 'figure';
    before.hidden = after.hidden = false;
    const tag = (/** @type {string} */ content) =>
      Object.assign(new Made('html_inline', '', 0), { content });
    const caption = children[0].children ?? [];
    inline.children = [...children, tag('<figcaption>'), ...caption, tag('</figcaption>')];
  });
}
