/*
 * The deck on a phone: slides as wide as the screen, one below the other, to be scrolled. It uses the scroll view of
 * reveal.js, with three differences:
 *
 * - Every slide shows its last step. reveal.js would give each step a screen of scrolling, which looks like a blank.
 * - A link to a slide leads to that slide. reveal.js leads to its neighbourhood.
 * - The address follows the slides, as it does on larger screens.
 *
 * The view is chosen once, when the deck starts: reveal.js leaves its scroll view by parsing all slides anew, and that
 * would end the runs of their demos.
 */

/** @import { RevealApi } from 'reveal.js' */

/** In px. A phone in portrait. */
const WIDEST = 435;

/** How long the slides rest before the address follows. Browsers limit how often it changes. */
const REST_MS = 300;

export function wantsScrollView() {
  return innerWidth <= WIDEST;
}

/**
 * Shows the last step of every slide, and leaves no step to be shown.
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
  // Where the page was scrolled to is in the address; what reveal.js noted in this tab may be of another talk.
  try {
    sessionStorage.removeItem('reveal-scroll-top');
  } catch {
    // Without storage nothing was noted.
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
 * Scrolls to where reveal.js takes the slide for the current one: the first when the page is at its top, the last when it
 * is at its end, and the others in proportion.
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
