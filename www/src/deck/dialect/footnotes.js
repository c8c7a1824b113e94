/*
 * Footnotes: `[^1]` with a block `[^1]: text` anywhere in the file, and `^[text]`. markdown-it-footnote
 * reads them. It would put all of them at the end of the file. Here they are moved to the foot of the slide
 * that refers to them, or to the end of the speaker notes. As in pandoc, they are numbered through the whole talk.
 */
import MarkdownIt from 'markdown-it';
import footnote from 'markdown-it-footnote';
import { classesOf } from './attributes.js';
import { linesOfInlines, report } from './blocks.js';

/** @import { MarkdownIt as Markdown, StateCore, Token } from 'markdown-it' */

/**
 * @typedef {Object} Footnote
 * @property {string} [label] none for one that stands in the text
 * @property {string} [content] of one that stands in the text
 * @property {Token[]} tokens
 */

/** Footnotes are repeated on each slide that refers to them. This limits their characters in total. */
const LONGEST_OF_ALL = 1_000_000;

/** @param {Markdown} md to be called after all other rules, so that they are applied to footnotes too */
export function footnotes(md) {
  md.use(footnote);
  md.core.ruler.at('footnote_tail', placeInlineNotes);
  md.core.ruler.push('footnotes', takeNotes);
  md.renderer.rules.footnote_ref = (tokens, i) =>
    `<sup class="footnote-ref">${metaOf(tokens[i]).number ?? ''}</sup>`;
}

/**
 * Turns inline footnotes into the same form as block footnotes.
 *
 * @param {StateCore} state
 */
function placeInlineNotes({ tokens, env, Token: Made }) {
  const list = listIn(env);
  for (const [part, line] of [...linesOfInlines(tokens)]) {
    if (part.type !== 'footnote_ref') continue;
    const meta = metaOf(part);
    const note = (meta.note = list[meta.id]);
    if (note.label !== undefined) continue;
    const open = new Made('footnote_reference_open', '', 1);
    const paragraph = new Made('paragraph_open', 'p', 1);
    const inline = new Made('inline', '', 0);
    const end = new Made('paragraph_close', 'p', -1);
    const close = new Made('footnote_reference_close', '', -1);
    open.meta = { note };
    inline.map = [line, line + 1];
    [inline.content, inline.children] = [note.content ?? '', note.tokens];
    for (const token of [paragraph, inline, end]) Object.assign(token, { level: 1, block: true });
    tokens.push(open, paragraph, inline, end, close);
  }
}

/**
 * Removes the footnotes from the text and attaches them to their references.
 *
 * @param {StateCore} state
 */
function takeNotes(state) {
  const { env, tokens } = state;
  for (const [part, line] of linesOfInlines(tokens)) {
    if (part.type !== 'text') continue;
    for (const [, label] of part.content.matchAll(/\[\^([^\]\s]+)\]/g)) {
      report(state, line, `there is no footnote “${label}”: write its text as [^${label}]: text`);
    }
  }
  /** @type {Map<string, Footnote>} */
  const byLabel = new Map();
  for (const note of listIn(env)) if (note.label) byLabel.set(note.label, note);
  /** @type {Token[] | null} */
  let current = null;
  state.tokens = tokens.filter((token, i) => {
    const { type } = token;
    if (type === 'footnote_reference_open') {
      const meta = metaOf(token);
      current = [];
      const note = meta.note ?? byLabel.get(meta.label);
      const line = tokens[i + 1]?.map?.[0] ?? 0;
      if (!note) {
        report(state, line, `nothing refers to this footnote: write [^${meta.label}] in the text`);
      } else if (note.label && note.tokens) {
        report(state, line, `there are two footnotes “${note.label}”`);
      } else note.tokens = current;
      return false;
    }
    if (type !== 'footnote_reference_close') {
      current?.push(token);
      return !current;
    }
    current = null;
    return false;
  });
}

/**
 * @typedef {Object} Count of the footnotes of a talk, kept by the parser
 * @property {number} [footnoteNumber] the last number
 * @property {number} [footnoteLength] characters of all that are shown
 * @property {(line: number, message: string) => void} report
 *
 * @typedef {Map<Footnote, number>} Numbered in the order of their numbers
 */

/**
 * Returns the tokens of a slide with its footnotes.
 *
 * @param {Token[]} tokens of one slide
 * @param {number} line of the slide, from 0
 * @param {Count} count
 * @returns {Token[]}
 */
export function withFootnotes(tokens, line, count) {
  /** @type {Token[]} */
  const made = [];
  /** @type {Numbered} */
  const ofSlide = new Map();
  /** @type {{ level: number, notes: Numbered } | null} */
  let speaker = null;
  for (const token of tokens) {
    if (token.tag === 'aside' && token.nesting > 0 && classesOf(token).includes('notes')) {
      speaker = { level: token.level, notes: new Map() };
    }
    number(token, speaker?.notes ?? ofSlide, count);
    if (speaker && token.nesting < 0 && token.level === speaker.level) {
      made.push(...listOf(speaker.notes, line, count));
      speaker = null;
    }
    made.push(token);
  }
  return [...made, ...listOf(ofSlide, line, count)];
}

/**
 * Numbers the footnotes that a token refers to.
 *
 * @param {Token} token
 * @param {Numbered} notes
 * @param {Count} count
 */
function number({ children }, notes, count) {
  for (const child of children ?? []) {
    if (child.type !== 'footnote_ref') continue;
    const meta = metaOf(child);
    if (!notes.has(meta.note)) {
      count.footnoteNumber = (count.footnoteNumber ?? 0) + 1;
      notes.set(meta.note, count.footnoteNumber);
    }
    meta.number = notes.get(meta.note);
  }
}

/**
 * @param {Numbered} notes
 * @param {number} line
 * @param {Count} count
 * @returns {Token[]}
 */
function listOf(notes, line, count) {
  if (notes.size === 0) return [];
  const [first] = notes.values();
  const made = [html(`<div class="footnotes"><ol start="${first}">`)];
  // A footnote may refer to others, which are then appended.
  for (const [{ tokens, content }] of notes) {
    const before = count.footnoteLength ?? 0;
    const length = (content ?? '').length + tokens.reduce((sum, t) => sum + t.content.length, 1);
    count.footnoteLength = before + length;
    if (count.footnoteLength > LONGEST_OF_ALL) {
      const most = LONGEST_OF_ALL.toLocaleString('en');
      const message = `footnotes are left out from this slide on: a talk may have ${most} characters of them`;
      if (before <= LONGEST_OF_ALL) count.report(line, message);
      return [];
    }
    for (const token of tokens) number(token, notes, count);
    made.push(html('<li>'), ...tokens, html('</li>'));
  }
  return [...made, html('</ol></div>')];
}

/** @param {string} content */
function html(content) {
  return Object.assign(new MarkdownIt.Token('html_block', '', 0), { content });
}

/** @param {Token} token @returns {any} what the plugin and this file keep with a token */
function metaOf(token) {
  return token.meta;
}

/** @param {any} env @returns {Footnote[]} */
function listIn(env) {
  return env.footnotes?.list ?? [];
}
