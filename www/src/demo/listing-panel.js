/*
 * The listing of a program on the page: its file name and its lines, of which only those that change
 * are written anew, so that moving a slider does not move the reader's place.
 */
import { highlightedLines, listingOf, withValues } from './listing.js';

/** @import { SettingValues } from './settings.js' */

/** What is left above the line that is scrolled to. */
const MARGIN_PX = 6;

/**
 * @param {HTMLElement} figure with a caption and a `code` element; hidden when there is no listing
 * @param {string} program
 * @param {SettingValues} values put into the listing
 */
export function showListing(figure, program, values) {
  const source = listingOf(program);
  figure.hidden = source === null;
  const [caption, code] = [figure.querySelector('figcaption'), figure.querySelector('code')];
  if (source === null || !caption || !code) return;
  caption.textContent = `${program}.py`;
  const before = [...code.children];
  const lines = highlightedLines(withValues(source, values).trimEnd()).map(({ html, name }) => {
    const line = document.createElement('span');
    line.className = 'line';
    line.classList.toggle('parameter', name !== null);
    line.classList.toggle('blank', html === '');
    // The colouring escapes the code; nothing but its own tags is left in it.
    line.innerHTML = `${html}\n`;
    return line;
  });
  if (before.length === lines.length) {
    lines.forEach((line, i) => {
      if (before[i].innerHTML !== line.innerHTML) before[i].innerHTML = line.innerHTML;
    });
  } else {
    code.replaceChildren(...lines);
  }
}

/**
 * Scrolls a listing that lacks room by more than what is above the lines that follow the controls to
 * these lines: what is moved is in sight.
 *
 * @param {HTMLElement} figure
 */
export function showParameters(figure) {
  const [scrolled, first] = [figure.querySelector('pre'), figure.querySelector('.line.parameter')];
  if (!scrolled || !(first instanceof HTMLElement)) return;
  const top = first.offsetTop - scrolled.offsetTop - MARGIN_PX;
  if (scrolled.scrollHeight - scrolled.clientHeight >= top) scrolled.scrollTop = top;
}
