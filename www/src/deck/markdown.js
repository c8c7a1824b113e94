/*
 * A talk file as slides: text in, plain data and HTML strings out. The dialect is pandoc's for
 * reveal.js; talk/README.md describes it, and dialect/ has a file for each part of it.
 *
 *     front matter -> blocks -> inlines -> headings get ids -> split at headings and rules
 *                                                               -> demos, pauses -> HTML
 *
 * A mistake in the file is reported with its line, and the rest of the talk is still shown. The HTML is as
 * untrusted as the file: it has to be sanitised before it is put on a page (sanitise.js).
 */
import MarkdownIt from 'markdown-it';
import definitionLists from 'markdown-it-deflist';
import subscript from 'markdown-it-sub';
import superscript from 'markdown-it-sup';
import { demoMap } from './demo-map.js';
import { attributesOf } from './dialect/attributes.js';
import { callouts } from './dialect/callouts.js';
import { code } from './dialect/code.js';
import { demos } from './dialect/demos.js';
import { fencedDivs } from './dialect/fenced-divs.js';
import { footnotes, withFootnotes } from './dialect/footnotes.js';
import { lineOf, splitFrontMatter } from './dialect/front-matter.js';
import { gridTables } from './dialect/grid-tables.js';
import { headings, plainText, unique } from './dialect/headings.js';
import { htmlBlocks } from './dialect/html-blocks.js';
import { inlineAttributes } from './dialect/inline-attributes.js';
import { incrementalLists } from './dialect/lists.js';
import { maths } from './dialect/maths.js';
import { paragraphs } from './dialect/paragraphs.js';
import { withPauses } from './dialect/pauses.js';
import { markLines } from './dialect/places.js';
import { slideLevelOf, splitSlides } from './dialect/slide-split.js';
import { raw } from './dialect/raw.js';
import { smart } from './dialect/smart.js';
import { tableCaptions } from './dialect/table-captions.js';
import { unsupported } from './dialect/unsupported.js';
import { videos } from './dialect/videos.js';
import { shortened } from './limits.js';

/** @import { MarkdownIt as Markdown, Token } from 'markdown-it' */
/** @import { Attributes } from './dialect/attributes.js' */
/** @import { Group } from './dialect/slide-split.js' */

/**
 * @typedef {Object} Problem a mistake in a talk file
 * @property {number} line from 1
 * @property {string} message
 *
 * @typedef {Object} Slide
 * @property {string} id unique in the talk, from the heading
 * @property {string} heading as plain text
 * @property {number} level of the heading
 * @property {boolean} section whether it opens a section, and is no ordinary slide
 * @property {number | null} stack slides with the same number stand one below the other
 * @property {Attributes} attributes of the heading: class and data
 * @property {string} html
 * @property {number} line from 1
 *
 * @typedef {Object} DemoUse a demo that stands in the file
 * @property {number} line from 1
 * @property {Record<string, string>} attributes
 *
 * @typedef {Object} Talk
 * @property {Record<string, string>} meta the front matter's texts
 * @property {{ name: string, html: string, line: number }[]} title the lines of the title slide; none
 *   without a title
 * @property {Slide[]} slides without the title slide
 * @property {DemoUse[]} demos
 * @property {Problem[]} problems
 */

/** The fields of the front matter that the title slide shows, in this order. */
const TITLE_LINES = ['title', 'subtitle', 'author', 'affiliation', 'institute', 'date', 'credit'];

/**
 * @param {string} text a talk file
 * @param {Object} [options]
 * @param {boolean} [options.places] whether the HTML says on which line each element stands, for the
 *   sanitiser's reports
 * @returns {Talk}
 */
export function parseTalk(text, { places = false } = {}) {
  /** @type {Problem[]} */
  const problems = [];
  const report = (/** @type {number} */ line, /** @type {string} */ message) => {
    problems.push({ line, message: shortened(message) });
  };
  const { data, source, body, bodyLine } = splitFrontMatter(text.replace(/\r\n?/g, '\n'), report);
  const reportName = (/** @type {string} */ name, /** @type {string} */ message) => {
    report(lineOf(source, name), message);
  };
  const markdown = createMarkdown();
  /** @type {Map<string, number>} */
  const ids = new Map([['title-slide', 1]]);
  const env = {
    ids,
    incremental: data.incremental,
    bodyLine,
    report: (/** @type {number} */ line, /** @type {string} */ message) => {
      report(line + bodyLine, message);
    },
  };
  const tokens = markdown.parse(body, env);
  const slideLevel = slideLevelFrom(data['slide-level'], reportName) ?? slideLevelOf(tokens);
  const groups = splitSlides(tokens, slideLevel);
  addMappedDemos(groups, data, markdown, reportName);

  const demoUses = groups
    .flatMap((group) => group.tokens)
    .filter(({ type }) => type === 'demo')
    .map((token) => ({
      line: (token.map?.[0] ?? 0) + bodyLine,
      attributes: Object.fromEntries(attributesOf(token)),
    }));

  const meta = textsOf(data);
  let id = 'slide';
  let [stack, stackLevel] = [0, Infinity];
  const slides = groups.map((group) => {
    const section = group.level < slideLevel;
    if (section && group.level <= stackLevel) [stack, stackLevel] = [stack + 1, group.level];
    const { open, inline } = group.heading ?? {};
    if (open) id = String(open.attrGet('id'));
    const shown = withFootnotes(withPauses(allTokens(group)), group.line, env);
    const attributes = open ? sectionAttributes(open) : [];
    if (places) markLines(shown, group.line, bodyLine);
    return {
      id: open ? id : unique(`${id}-more`, ids),
      heading: inline ? plainText(inline) : '',
      level: group.level,
      section,
      stack: stack || null,
      attributes,
      html: markdown.renderer.render(shown, markdown.options, env),
      line: group.line + bodyLine,
    };
  });

  return {
    meta,
    title: meta.title ? titleLines(data, markdown, reportName, source) : [],
    slides,
    demos: demoUses,
    problems: problems.sort((a, b) => a.line - b.line),
  };
}

function createMarkdown() {
  const markdown = new MarkdownIt({ html: true, linkify: false, typographer: true });
  for (const plugin of [definitionLists, subscript, superscript]) markdown.use(plugin);
  for (const rules of [
    paragraphs,
    fencedDivs,
    htmlBlocks,
    demos,
    smart,
    headings,
    maths,
    raw,
    inlineAttributes,
    videos,
    gridTables,
    tableCaptions,
    callouts,
    unsupported,
    incrementalLists,
    code,
    footnotes,
  ]) {
    markdown.use(rules);
  }
  return markdown;
}

/**
 * @param {unknown} asked
 * @param {(name: string, message: string) => void} report
 * @returns {number | null}
 */
function slideLevelFrom(asked, report) {
  if (asked === undefined) return null;
  if (Number.isInteger(asked) && Number(asked) >= 0 && Number(asked) <= 6) return Number(asked);
  report('slide-level', `slide-level: “${asked}” must be a whole number from 0 to 6`);
  return null;
}

/**
 * Turns the attributes of a heading into those of its slide. As in pandoc, a name that is not an HTML attribute gets
 * the prefix `data-`, so that `background-color=navy` reaches reveal.js.
 *
 * @param {Token} heading
 * @returns {Attributes}
 */
function sectionAttributes(heading) {
  return attributesOf(heading)
    .filter(([name]) => name !== 'id')
    .map(([name, value]) => [
      /^(?:class|style|data-.*)$/.test(name) ? name : `data-${name}`,
      value,
    ]);
}

/**
 * Returns the tokens of a slide with its heading. The heading's attributes are moved to the slide.
 *
 * @param {Group} group
 * @returns {Token[]}
 */
function allTokens({ heading, tokens }) {
  if (!heading || heading.inline.content.trim() === '') return tokens;
  const { open, inline } = heading;
  const bare = new MarkdownIt.Token('heading_open', open.tag, 1);
  const close = new MarkdownIt.Token('heading_close', open.tag, -1);
  close.block = true;
  return [bare, inline, close, ...tokens];
}

/**
 * Adds demos to slides that announce one but have none.
 *
 * @param {Group[]} groups
 * @param {Record<string, unknown>} data the front matter
 * @param {Markdown} markdown
 * @param {(name: string, message: string) => void} report
 */
function addMappedDemos(groups, data, markdown, report) {
  const map = demoMap(data, report);
  for (const { heading, tokens, line } of groups) {
    // A slide without a heading is known by its first line.
    const inline = heading?.inline ?? tokens.find(({ type }) => type === 'inline');
    const entry = inline && map.take(plainText(inline));
    if (!entry || tokens.some(({ type }) => type === 'demo')) continue;
    if (!entry.anywhere && !waitsForDemo(tokens)) continue;
    const { caption, ...settings } = entry.settings;
    if (caption !== undefined) addCaption(tokens, String(caption), markdown);
    const demo = new MarkdownIt.Token('demo', 'dag-demo', 0);
    demo.map = [line, line];
    for (const [name, value] of Object.entries(settings)) demo.attrSet(name, String(value));
    tokens.push(demo);
  }
  for (const heading of map.unused()) {
    report(heading, `demos: no slide has the heading “${heading}”`);
  }
}

/**
 * The caption of a mapped demo: a paragraph of its own, or the end of the one that announces the demo.
 *
 * @param {Token[]} tokens of the slide
 * @param {string} caption
 * @param {Markdown} markdown
 */
function addCaption(tokens, caption, markdown) {
  const paragraph = markdown.parse(caption, { ids: new Map(), report() {} });
  if (tokens.length === 0 || !waitsForDemo(tokens)) {
    tokens.push(...paragraph);
    return;
  }
  const colon = new MarkdownIt.Token('text', '', 0);
  colon.content = ': ';
  tokens[1].children?.push(colon, ...(paragraph[1].children ?? []));
}

/**
 * Returns whether a slide is empty or has just one paragraph, which announces a demo.
 *
 * @param {Token[]} tokens
 */
function waitsForDemo(tokens) {
  if (tokens.length === 0) return true;
  return tokens.length === 3 && tokens[1].type === 'inline' && /^demo\b/i.test(tokens[1].content);
}

/**
 * Returns the front matter as plain texts, with the members of lists as separate texts.
 *
 * @param {Record<string, unknown>} data
 * @returns {Record<string, string>}
 */
function textsOf(data) {
  return Object.fromEntries(
    Object.entries(data)
      .map(([name, value]) => [name, linesOf(value).join(', ')])
      .filter(([, text]) => text !== ''),
  );
}

/**
 * @param {Record<string, unknown>} data
 * @param {Markdown} markdown
 * @param {(name: string, message: string) => void} report
 * @param {string} source of the front matter
 */
function titleLines(data, markdown, report, source) {
  return TITLE_LINES.flatMap((name) => {
    const env = {
      report: (/** @type {number} */ _line, /** @type {string} */ message) => report(name, message),
    };
    return linesOf(data[name]).map((line) => ({
      name,
      html: markdown.renderInline(line, env),
      line: lineOf(source, name),
    }));
  });
}

/**
 * @param {unknown} value
 * @returns {string[]}
 */
function linesOf(value) {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value])
    .filter((line) => typeof line !== 'object')
    .map(String);
}
