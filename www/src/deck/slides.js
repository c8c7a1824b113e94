/*
 * A parsed talk as the elements that reveal.js presents: one section per slide, the title first; the
 * slides of a part of the talk in a section of their own, one below the other. This is where a talk's HTML gets onto
 * the page: sanitised.
 */
import { placeCollectionsFigure } from '../figures/collections-schedulers.js';
import { inlineDrawings } from '../figures/drawings.js';
import { dressCode } from './code-blocks.js';
import { watchImages } from './images.js';
import { createSanitiser } from './sanitise.js';
import { watchVideos } from './videos.js';

/** @import { Slide, Talk } from './markdown.js' */
/** @import { DrawMaths } from './maths.js' */
/** @import { Sanitiser } from './sanitise.js' */

/**
 * @param {Talk} talk
 * @param {Object} [options]
 * @param {string} [options.base] the talk's address, to which those in it are relative; the page's without one
 * @param {(line: number, message: string) => void} [options.report] tells what is left out
 * @param {DrawMaths} [options.drawMaths] for a talk that has formulas
 * @returns {HTMLElement[]}
 */
export function slideElements(
  talk,
  { base = document.baseURI, report = () => {}, drawMaths = () => {} } = {},
) {
  let line = 1;
  const sanitiser = createSanitiser(new URL(base), (what) => {
    report(line, `${what} is not allowed in a talk, and left out`);
  });
  const finish = (/** @type {HTMLElement} */ slide) => {
    drawMaths(slide, (formulaLine, message) => report(formulaLine ?? line, message));
    watchVideos(slide, (message) => report(line, message));
  };
  const title = talk.title.length > 0 ? titleSlide(talk, sanitiser) : null;
  if (title) finish(title);
  /** @type {HTMLElement[]} */
  const elements = title ? [title] : [];
  /** @type {HTMLElement[][]} */
  const stacks = [];
  for (const slide of talk.slides) {
    ({ line } = slide);
    const element = slideSection(slide, sanitiser);
    finish(element);
    // Notes that stand before the first heading are the title's.
    if (title && slide === talk.slides[0] && hasOnlyNotes(element)) {
      title.append(...element.querySelectorAll(':scope > aside.notes'));
    } else if (slide.stack === null) elements.push(element);
    else (stacks[slide.stack] ??= []).push(element);
  }
  for (const stack of stacks.filter(Boolean)) {
    elements.push(stack.length === 1 ? stack[0] : wrap('section', 'part', stack));
  }
  return elements;
}

/**
 * @param {Talk} talk
 * @param {Sanitiser} sanitiser
 */
function titleSlide(talk, sanitiser) {
  const lines = talk.title.map(({ name, html }) => {
    const line = document.createElement(name === 'title' ? 'h1' : 'p');
    line.className = name;
    line.append(sanitiser.content(html));
    return line;
  });
  const section = wrap('section', 'title', [wrap('div', 'slide', lines)]);
  section.id = 'title-slide';
  return section;
}

/**
 * @param {Slide} slide
 * @param {Sanitiser} sanitiser
 */
function slideSection({ id, section, level, attributes, html, line }, sanitiser) {
  const slide = wrap('div', 'slide', [sanitiser.content(html)]);
  inlineDrawings(slide);
  placeCollectionsFigure(slide);
  dressCode(slide);
  watchImages(slide);
  // reveal.js looks for speaker notes directly in the section.
  const element = wrap('section', '', [slide, ...slide.querySelectorAll('aside.notes')]);
  sanitiser.attributes(attributes, element);
  element.classList.add(`level${level}`);
  if (section) element.classList.add('part-title');
  element.id = id;
  element.dataset.line = String(line);
  return element;
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
