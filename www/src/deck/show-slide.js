/*
 * Goes to a slide, in whichever view the deck is.
 */

/** @import { RevealApi } from 'reveal.js' */

/**
 * @param {RevealApi} deck
 * @param {HTMLElement} slide
 * @param {number} [step] the fragment to show
 */
export function showSlide(deck, slide, step) {
  const { h, v } = deck.getIndices(slide);
  deck.slide(h, v, step);
  // In the scroll view reveal.js only comes near the slide, which has a page of its own there.
  slide.closest('.scroll-page')?.scrollIntoView({ block: 'start' });
}
