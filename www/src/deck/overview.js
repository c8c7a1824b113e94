/*
 * The overview (O, Esc) as a grid that shows the whole talk. reveal.js handles the mode itself (the keys that open and
 * close it, clicks, events), but lays the slides out in one line. This file gives each slide its row and column, and
 * overview.css places it there.
 */
import { fitGrid, moveInGrid } from './grid.js';

/** @import { RevealApi } from 'reveal.js' */

/** The gap between slides and around the grid, in px of a slide. */
const GAP = 90;

/** @param {RevealApi} deck */
export function connectOverview(deck) {
  const arrange = () => {
    if (!deck.isOverview()) return;
    const slides = deck.getSlides();
    const { columns, rows, scale } = gridOf(deck);
    deck.getSlidesElement()?.style.setProperty('--overview-scale', String(scale));
    slides.forEach((slide, i) => {
      const x = (i % columns) - (columns - 1) / 2;
      const y = Math.floor(i / columns) - (rows - 1) / 2;
      for (const element of [slide, deck.getSlideBackground(slide)]) {
        element?.style.setProperty('--overview-x', String(x));
        element?.style.setProperty('--overview-y', String(y));
      }
    });
  };
  deck.on('overviewshown', arrange);
  new ResizeObserver(arrange).observe(/** @type {Element} */ (deck.getRevealElement()));
}

/**
 * Sees each key before reveal.js does, whose arrow keys would move along one line of slides.
 *
 * @param {KeyboardEvent} event
 * @param {RevealApi} deck
 * @returns {boolean} whether the key moved in the grid
 */
export function moveInOverview(event, deck) {
  if (!deck.isOverview() || event.altKey || event.ctrlKey || event.metaKey) return false;
  const slides = deck.getSlides();
  const at = slides.indexOf(deck.getCurrentSlide());
  const to = moveInGrid(event.key, at, slides.length, gridOf(deck).columns);
  if (to === null) return false;
  event.preventDefault();
  const { h, v } = deck.getIndices(slides[to]);
  deck.slide(h, v);
  return true;
}

/** @param {RevealApi} deck */
function gridOf(deck) {
  const { width, height } = deck.getComputedSlideSize();
  const { clientWidth, clientHeight } = /** @type {Element} */ (deck.getRevealElement());
  return fitGrid(
    deck.getSlides().length,
    { width: width + GAP, height: height + GAP },
    { width: clientWidth, height: clientHeight },
  );
}
