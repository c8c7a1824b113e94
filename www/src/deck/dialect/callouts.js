/*
 * Quarto's callouts: `::: {.callout-tip title="Words"}` ... `:::`, or with the title as a heading at the
 * beginning. Kinds are note, tip, warning, important and caution. `collapse`, `icon` and
 * `appearance` are for documents, and are ignored on slides.
 */
import MarkdownIt from 'markdown-it';
import { addAttributes, attributesAtEnd, attributesOf, classesOf } from './attributes.js';
import { report } from './blocks.js';

/** @import { MarkdownIt as Markdown, StateCore, Token } from 'markdown-it' */

const KINDS = ['note', 'tip', 'warning', 'important', 'caution'];

const OF_DOCUMENTS = ['title', 'collapse', 'icon', 'appearance'];

/** @param {Markdown} md */
export function callouts(md) {
  md.core.ruler.after('block', 'callouts', (state) => {
    state.tokens = state.tokens.flatMap((token, i) => withTitle(state, token, i));
  });
}

/**
 * @param {StateCore} state
 * @param {Token} open
 * @param {number} at
 * @returns {Token[]} the token, and before the content of a callout its title
 */
function withTitle(state, open, at) {
  const name =
    open.type === 'div_open' && classesOf(open).find((one) => one.startsWith('callout-'));
  if (!name) return [open];
  const kind = name.slice('callout-'.length);
  if (!KINDS.includes(kind)) {
    const message = `callout: “${kind}” is not known; choose one of ${KINDS.join(', ')}`;
    report(state, open.map?.[0] ?? 0, message);
    return [open];
  }
  const given = open.attrGet('title');
  open.attrs = attributesOf(open).filter(([attribute]) => !OF_DOCUMENTS.includes(attribute));
  open.attrJoin('class', 'callout');
  const [heading, inline, end] = state.tokens.slice(at + 1, at + 4);
  if (given === null && heading.type === 'heading_open') {
    const found = attributesAtEnd(inline.content);
    if (found) inline.content = inline.content.slice(0, found.start).trimEnd();
    heading.type = 'paragraph_open';
    end.type = 'paragraph_close';
    heading.tag = end.tag = 'p';
    addAttributes(heading, [['class', 'callout-title']]);
    return [open];
  }
  const title = `${kind[0].toUpperCase()}${kind.slice(1)}`;
  return [open, ...paragraph(String(given ?? title), open)];
}

/**
 * @param {string} text
 * @param {Token} open the callout
 */
function paragraph(text, open) {
  const tokens = [
    new MarkdownIt.Token('paragraph_open', 'p', 1),
    new MarkdownIt.Token('inline', '', 0),
    new MarkdownIt.Token('paragraph_close', 'p', -1),
  ];
  const [start, inline] = tokens;
  start.attrSet('class', 'callout-title');
  Object.assign(inline, { content: text, children: [], map: open.map });
  for (const token of tokens) Object.assign(token, { block: true, level: open.level + 1 });
  return tokens;
}
