/*
 * Builds the elements that reveal.js presents from a parsed talk: one section per slide, the title first. The slides
 * of a part of the talk are nested in a section of their own, one below the other. A talk's HTML is sanitised here,
 * before it gets onto the page.
 */
import { placeCollectionsFigure } from '../figures/collections-schedulers.js';
import { inlineDrawings } from '../figures/drawings.js';
import { createCodeDresser } from './code-blocks.js';
import { limitDrawings } from './drawing-limits.js';
import { renumberFragments } from './fragment-order.js';
import { watchImages } from './images.js';
import { inWords, limits } from './limits.js';
import { createSanitiser } from './sanitise.js';
import { watchVideos } from './videos.js';

/** @import { Slide, Talk } from './markdown.js' */
/** @import { DrawMaths } from './maths.js' */
/** @import { Sanitiser } from './sanitise.js' */

/**
 * @typedef {Object} Tools what the slides of one talk are built with
 * @property {Sanitiser} sanitiser
 * @property {(slide: HTMLElement) => void} dressCode
 * @property {DrawMaths} drawMaths
 * @property {(message: string, at?: Element) => void} report reports a mistake on the slide that is being
 *   built, and the element it is in
 */

/**
 * @param {Talk} talk
 * @param {Object} [options]
 * @param {string} [options.base] the talk's URL, which relative URLs in it are resolved against; the page's by default
 * @param {(line: number, message: string) => void} [options.report] reports what is left out
 * @param {DrawMaths} [options.drawMaths] for a talk that has formulas
 * @returns {HTMLElement[]} throws if the talk is too large for the page
 */
export function slideElements(
  talk,
  { base = document.baseURI, report = () => {}, drawMaths = () => {} } = {},
) {
  checkSize(talk);
  let line = 1;
  const sanitiser = createSanitiser(new URL(base), (message, place) => {
    report(place ?? line, message);
  });
  const reportAt = (/** @type {string} */ message, /** @type {Element | undefined} */ at) => {
    report((at && sanitiser.lineOf(at)) ?? line, message);
  };
  /** @type {Tools} */
  const tools = { sanitiser, drawMaths, dressCode: createCodeDresser(reportAt), report: reportAt };
  const lines = talk.title.map((shown) => {
    ({ line } = shown);
    return titleLine(shown, sanitiser);
  });
  const title = lines.length > 0 ? titleSlide(lines) : null;
  if (title) {
    drawMaths(title, reportAt);
    watchVideos(title, reportAt);
  }
  /** @type {HTMLElement[]} */
  const elements = title ? [title] : [];
  /** @type {HTMLElement[][]} */
  const stacks = [];
  for (const slide of talk.slides.slice(0, limits.slides)) {
    ({ line } = slide);
    const element = slideSection(slide, tools);
    // Notes before the first heading belong to the title.
    if (title && slide === talk.slides[0] && hasOnlyNotes(element)) {
      title.append(...element.querySelectorAll(':scope > aside.notes'));
    } else if (slide.stack === null) elements.push(element);
    else (stacks[slide.stack] ??= []).push(element);
  }
  if (talk.slides.length > limits.slides) {
    const count = inWords(talk.slides.length);
    report(
      talk.slides[limits.slides].line,
      `the talk has ${count} slides: only the first ${inWords(limits.slides)} are shown`,
    );
  }
  for (const stack of stacks.filter(Boolean)) {
    elements.push(stack.length === 1 ? stack[0] : wrap('section', 'part', stack));
  }
  limitDemos(elements, reportAt);
  limitDrawings(elements, reportAt);
  return elements;
}

/**
 * @param {HTMLElement[]} elements
 * @param {Tools['report']} report
 */
function limitDemos(elements, report) {
  const demos = elements.flatMap((element) => [...element.querySelectorAll('dag-demo')]);
  const more = demos.slice(limits.demos);
  if (more.length === 0) return;
  report(
    `the talk has ${inWords(demos.length)} demos: only the first ${limits.demos} are shown`,
    more[0],
  );
  for (const demo of more) demo.remove();
}

/** @param {Talk} talk */
function checkSize({ slides }) {
  let tags = 0;
  for (const { html } of slides) tags += html.split('<').length - 1;
  // Most elements have two tags.
  if (tags / 2 > limits.elements) {
    throw new Error(`it has more than ${inWords(limits.elements)} elements`);
  }
}

/**
 * @param {Talk['title'][number]} line
 * @param {Sanitiser} sanitiser
 */
function titleLine({ name, html }, sanitiser) {
  return wrap(name === 'title' ? 'h1' : 'p', name, [sanitiser.content(html)]);
}

/** @param {HTMLElement[]} lines */
function titleSlide(lines) {
  const slide = wrap('div', 'slide', lines);
  markLongText(slide);
  const section = wrap('section', 'title', [slide]);
  section.id = 'title-slide';
  return section;
}

/**
 * @param {Slide} slide
 * @param {Tools} tools
 */
function slideSection({ id, section, level, attributes, html, line }, tools) {
  const { sanitiser, dressCode, drawMaths, report } = tools;
  const slide = wrap('div', 'slide', [sanitiser.content(html)]);
  inlineDrawings(slide);
  placeCollectionsFigure(slide);
  dressCode(slide);
  watchImages(slide);
  renumberFragments(slide, report);
  drawMaths(slide, report);
  watchVideos(slide, report);
  // reveal.js expects speaker notes to be children of the section.
  const element = wrap('section', '', [slide, ...slide.querySelectorAll('aside.notes')]);
  markLongText(slide);
  sanitiser.attributes(attributes, element);
  element.classList.add(`level${level}`);
  if (section) element.classList.add('part-title');
  element.id = id;
  element.dataset.line = String(line);
  return element;
}

/** @param {HTMLElement} slide */
function markLongText(slide) {
  const { length } = slide.textContent ?? '';
  slide.classList.toggle('long-text', length > limits.contextual);
}

/** @param {HTMLElement} section */
function hasOnlyNotes(section) {
  return section.querySelector('.slide')?.childElementCount === 0;
}

/**
 * @param {string} name
 * @param {string} className
 * @param {Node[]} children
 */
function wrap(name, className, children) {
  const element = document.createElement(name);
  element.className = className;
  element.append(...children);
  return element;
}
