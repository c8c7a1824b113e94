/*
 * The deck on a phone: slides as wide as the screen, one below the other. It uses the scroll view of reveal.js, with
 * three differences:
 *
 * - Every slide shows its last step. reveal.js would give each step a screen of scrolling, which looks blank.
 * - A link to a slide leads to exactly that slide; in reveal.js it may lead to one nearby.
 * - The URL follows the slides, as it does on larger screens.
 *
 * The view is chosen once, when the deck starts. To leave its scroll view, reveal.js rebuilds all slides, which would
 * end the runs of their demos.
 */

/** @import { RevealApi } from 'reveal.js' */

/** The widest phone in portrait, in px. */
const WIDEST = 435;

/** How long scrolling must pause before the URL is updated. Browsers limit how often it may change. */
const REST_MS = 300;

export function wantsScrollView() {
  return innerWidth <= WIDEST;
}

/**
 * Shows the last step of every slide, and removes the steps.
 *
 * @param {Element} slides
 */
export function showLastSteps(slides) {
  for (const part of slides.querySelectorAll('.fragment')) {
    const goes = part.matches('.fade-out, .fade-in-then-out, .current-visible');
    part.classList.remove('fragment');
    part.toggleAttribute('hidden', goes);
  }
}

/** @param {RevealApi} deck before it is initialised */
export function connectScrollView(deck) {
  // The URL holds the position. What reveal.js stored in this tab may belong to another talk.
  try {
    sessionStorage.removeItem('reveal-scroll-top');
  } catch {
    // Without storage there is nothing to remove.
  }
  deck.on('beforeslidechange', (event) => {
    const { indexh, indexv } = /** @type {{ indexh?: number, indexv?: number }} */ (
      /** @type {unknown} */ (event)
    );
    const slide = document.querySelector(
      `.scroll-page section[data-index-h="${indexh}"][data-index-v="${indexv ?? 0}"]`,
    );
    if (!slide) return;
    event.preventDefault();
    scrollTo(deck, slide);
  });
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  deck.on('slidechanged', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      history.replaceState(history.state, '', `#${deck.getSlidePath(deck.getCurrentSlide())}`);
    }, REST_MS);
  });
}

/**
 * Scrolls to where reveal.js considers the slide the current one: the first at the top of the page, the last at its
 * end, and the others in proportion.
 *
 * @param {RevealApi} deck
 * @param {Element} slide
 */
function scrollTo(deck, slide) {
  const viewport = /** @type {HTMLElement} */ (deck.getViewportElement());
  const pages = [...viewport.querySelectorAll('.scroll-page')];
  const place = pages.findIndex((page) => page.contains(slide)) / Math.max(pages.length - 1, 1);
  viewport.scrollTop = place * (viewport.scrollHeight - viewport.clientHeight);
}
