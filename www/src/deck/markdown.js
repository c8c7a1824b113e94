/*
 * A talk file (Markdown) as slides: text in, plain data and HTML strings out.
 *
 *     ---                       front matter: title, subtitle, author, date, credit
 *     title: ...
 *     ---
 *     ### Heading               starts a slide, as does any heading of a higher level
 *     text
 *
 *     ---                       a horizontal rule starts one too
 *     <aside class="notes">     speaker notes, HTML as Markdown allows it
 *
 * HTML in a talk file is taken as it is: this is for talks that ship with the deck. It builds no
 * elements and knows nothing of reveal.js.
 */
import MarkdownIt from 'markdown-it';
import { load, CORE_SCHEMA } from 'js-yaml';

/**
 * @typedef {Object} Slide
 * @property {string} id unique in the talk, from the heading
 * @property {string} html
 *
 * @typedef {Object} Talk
 * @property {Record<string, string>} meta the front matter
 * @property {Slide[]} slides without the title slide
 */

/** Headings of this level and above start a slide. */
const SLIDE_LEVEL = 3;

/**
 * @param {string} text a talk file
 * @returns {Talk}
 */
export function parseTalk(text) {
  const { meta, body } = splitFrontMatter(text);
  const markdown = new MarkdownIt({ html: true, linkify: false, typographer: true });
  /** @type {Record<string, never>} */
  const env = {};
  const tokens = markdown.parse(body, env);

  /** @type {(typeof tokens)[]} */
  const groups = [];
  for (const token of tokens) {
    const rule = token.type === 'hr' && token.level === 0;
    const heading =
      token.type === 'heading_open' && token.level === 0 && Number(token.tag[1]) <= SLIDE_LEVEL;
    if (rule || heading || groups.length === 0) groups.push([]);
    if (!rule) groups[groups.length - 1].push(token);
  }

  /** @type {Map<string, number>} */
  const used = new Map();
  const slides = groups
    .filter((group) => group.length > 0)
    .map((group, i) => {
      const heading = group[0].type === 'heading_open' ? group[1].content : '';
      return {
        id: unique(slug(heading) || `slide-${i + 1}`, used),
        html: markdown.renderer.render(group, markdown.options, env),
      };
    });
  return { meta, slides };
}

/**
 * @param {string} text
 * @returns {{ meta: Record<string, string>, body: string }}
 */
function splitFrontMatter(text) {
  const found = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(text);
  if (!found) return { meta: {}, body: text };
  const data = load(found[1], { schema: CORE_SCHEMA }) ?? {};
  if (typeof data !== 'object' || Array.isArray(data)) {
    throw new Error('the front matter of a talk is a list of `name: value` lines');
  }
  const meta = Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, String(value)]),
  );
  return { meta, body: text.slice(found[0].length) };
}

/**
 * A heading as an id: `Dask's Values` as `dasks-values`.
 *
 * @param {string} heading
 */
function slug(heading) {
  return heading
    .replace(/<[^>]*>/g, '')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .trim()
    .replace(/[\s_]+/g, '-');
}

/**
 * @param {string} id
 * @param {Map<string, number>} used
 */
function unique(id, used) {
  const count = used.get(id) ?? 0;
  used.set(id, count + 1);
  return count === 0 ? id : `${id}-${count}`;
}
