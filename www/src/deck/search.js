/*
 * Search in the slides (Ctrl+Shift+F): marks every match, counts them, and goes from one to the next. Marks are drawn by
 * the browser's highlight registry, so the slides themselves are never changed:
 * https://developer.mozilla.org/docs/Web/API/CSS_Custom_Highlight_API
 * Without the registry, matches are counted and visited, but not marked.
 */
import { findText } from './find-text.js';

/** @import { RevealApi } from 'reveal.js' */
/**
 * @typedef {Object} Found
 * @property {HTMLElement} slide
 * @property {StaticRange[]} ranges more than one in a listing with steps, which has its text once for each step
 */

/** Names of `::highlight()` in boxes.css. */
const ALL = 'search';
const CURRENT = 'search-current';

const BLOCKS =
  'p, li, h1, h2, h3, h4, h5, h6, pre, td, th, dt, dd, figcaption, blockquote, div, section, svg text';

/** Later steps of a listing cover the first and repeat its text. */
const STEPS = 'pre:not(.edited) > code.fragment';

/** Text that is not visible on a slide. */
const UNSEEN =
  'aside.notes, svg :is(title, desc, defs), pre > code.fragment, .cell-tools, .cell-output';

/** @param {RevealApi} deck */
export function connectSearch(deck) {
  const form = document.createElement('form');
  form.className = 'search';
  form.role = 'search';
  form.hidden = true;
  const input = document.createElement('input');
  input.type = 'search';
  input.placeholder = 'Search the slides';
  input.setAttribute('aria-label', 'Search the slides');
  const count = document.createElement('output');
  form.append(input, count);
  deck.getRevealElement()?.append(form);

  /** @type {Found[]} */
  let found = [];
  /** The index of the current match, or -1. */
  let at = -1;

  const find = () => {
    found = deck.getSlides().flatMap((slide) => matchesIn(slide, input.value));
    if (at >= found.length) at = -1;
  };
  const mark = () => {
    const matches = found.length === 1 ? '1 match' : `${found.length} matches`;
    if (input.value.trim() === '') count.value = '';
    else if (found.length === 0) count.value = 'No match';
    else count.value = at < 0 ? matches : `${at + 1} of ${found.length}`;
    const registry = globalThis.CSS?.highlights;
    if (!registry) return;
    const current = new Highlight(...(at < 0 ? [] : found[at].ranges));
    current.priority = 1;
    registry.set(ALL, new Highlight(...found.flatMap(({ ranges }) => ranges)));
    registry.set(CURRENT, current);
  };
  /** @param {1 | -1} step */
  const go = (step) => {
    find();
    if (found.length > 0) {
      at = neighbour(found, at, step, deck);
      reveal(found[at], deck);
    }
    mark();
  };
  const open = () => {
    form.hidden = false;
    input.focus();
    input.select();
    find();
    mark();
  };
  const close = () => {
    form.hidden = true;
    input.blur();
    globalThis.CSS?.highlights?.delete(ALL);
    globalThis.CSS?.highlights?.delete(CURRENT);
  };

  input.addEventListener('input', () => {
    at = -1;
    find();
    mark();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('keydown', (event) => {
    // The deck uses these keys itself.
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
    else if (isSearchKey(event)) close();
    else return;
    event.preventDefault();
  });
  document.addEventListener('keydown', (event) => {
    if (!isSearchKey(event)) return;
    event.preventDefault();
    open();
  });
  deck.registerKeyboardShortcut('Ctrl + Shift + F', 'Search');
}

/** @param {KeyboardEvent} event */
function isSearchKey({ key, shiftKey, ctrlKey, metaKey }) {
  return key.toLowerCase() === 'f' && shiftKey && (ctrlKey || metaKey);
}

/**
 * @param {HTMLElement} slide
 * @param {string} query
 * @returns {Found[]}
 */
function matchesIn(slide, query) {
  const found = rangesIn(slide, query).map((range) => ({ slide, ranges: [range] }));
  for (const step of slide.querySelectorAll(STEPS)) {
    const first = step.parentElement?.firstElementChild;
    const same = found.filter(({ ranges }) => first?.contains(ranges[0].startContainer));
    rangesIn(step, query).forEach((range, i) => same[i].ranges.push(range));
  }
  return found;
}

/**
 * @param {Element} root
 * @param {string} query
 */
function rangesIn(root, query) {
  const nodes = textsOf(root);
  const pieces = nodes.map((node) => ({
    text: node.data,
    block: node.parentElement?.closest(BLOCKS) ?? node.parentElement,
  }));
  return findText(pieces, query).map(
    ({ start, end }) =>
      new StaticRange({
        startContainer: nodes[start.piece],
        startOffset: start.offset,
        endContainer: nodes[end.piece],
        endOffset: end.offset,
      }),
  );
}

/**
 * Returns the visible text of a slide, in reading order; for a demo, its listing.
 *
 * @param {Node} root
 * @returns {Text[]}
 */
function textsOf(root) {
  /** @type {Text[]} */
  const texts = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, {
    acceptNode: (node) =>
      node instanceof Element && node.matches(UNSEEN)
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_ACCEPT,
  });
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node instanceof Text) texts.push(node);
    else if (node instanceof Element) {
      const listing = node.shadowRoot?.querySelector('pre');
      if (listing) texts.push(...textsOf(listing));
    }
  }
  return texts;
}

/**
 * Returns the match to go to: the next or previous one from the current match or, if the deck has moved to another
 * slide since then, from that slide's start or end. Wraps around at both ends.
 *
 * @param {Found[]} found
 * @param {number} at
 * @param {1 | -1} step
 * @param {RevealApi} deck
 */
function neighbour(found, at, step, deck) {
  const here = deck.getCurrentSlide();
  if (at >= 0 && found[at].slide === here) return (at + step + found.length) % found.length;
  const slides = deck.getSlides();
  const place = slides.indexOf(here);
  const places = found.map(({ slide }) => slides.indexOf(slide));
  if (step > 0) {
    return Math.max(
      places.findIndex((other) => other >= place),
      0,
    );
  }
  const last = places.findLastIndex((other) => other <= place);
  return last < 0 ? found.length - 1 : last;
}

/**
 * Goes to the slide of a match, and to the step that shows the match.
 *
 * @param {Found} found
 * @param {RevealApi} deck
 */
function reveal({ slide, ranges }, deck) {
  let step = -1;
  for (
    let part = ranges[0].startContainer.parentElement?.closest('.fragment');
    part;
    part = part.parentElement?.closest('.fragment')
  ) {
    if (!part.matches('.visible')) {
      step = Math.max(step, Number(part.getAttribute('data-fragment-index')));
    }
  }
  const { h, v } = deck.getIndices(slide);
  deck.slide(h, v, step < 0 ? undefined : step);
}
