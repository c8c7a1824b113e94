/*
 * The listing of a program on the page: its file name and its lines. Only lines that change are
 * written again, so that moving a slider does not scroll the listing. Where a demo names the lines that
 * its slide is about, the others are folded away, and a button shows them.
 */
import { highlightedLines, linesOf, listingOf, withValues } from './listing.js';

/** @import { SettingValues } from './settings.js' */

/** What is left above the line that is scrolled to. */
const MARGIN_PX = 6;

/**
 * @param {HTMLElement} figure with a caption and a `code` element; hidden when there is no listing
 * @param {string} program
 * @param {SettingValues} values put into the listing
 * @param {string | null} focus the names whose lines are shown; null: all
 */
export function showListing(figure, program, values, focus) {
  const source = listingOf(program);
  figure.hidden = source === null;
  const code = figure.querySelector('code');
  const [name, fold] = [figure.querySelector('.file'), figure.querySelector('.fold')];
  if (source === null || !code || !name || !(fold instanceof HTMLElement)) return;
  name.textContent = `${program}.py`;
  const text = withValues(source, values).trimEnd();
  const shown = focus === null ? null : linesOf(text, focus.trim().split(/\s+/));
  // Names that the listing does not have fold nothing.
  const folds = shown?.includes(true) ?? false;
  fold.hidden = !folds;
  figure.toggleAttribute('data-folds', folds);
  const before = [...code.children];
  const lines = highlightedLines(text).map(({ html, name: assigned }, i) => {
    const line = document.createElement('span');
    line.className = 'line';
    line.classList.toggle('parameter', assigned !== null);
    line.classList.toggle('folded', folds && !shown?.[i]);
    line.classList.toggle('blank', html === '');
    // The colouring escapes the code; nothing but its own tags is left in it.
    line.innerHTML = `${html}\n`;
    return line;
  });
  if (before.length === lines.length) {
    lines.forEach((line, i) => {
      if (before[i].innerHTML !== line.innerHTML) before[i].innerHTML = line.innerHTML;
      if (before[i].className !== line.className) before[i].className = line.className;
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

/**
 * Lets the button of a listing show the lines that are folded away, and fold them again.
 *
 * @param {HTMLElement} figure
 */
export function connectFold(figure) {
  const fold = figure.querySelector('.fold');
  fold?.addEventListener('click', () => {
    const all = figure.toggleAttribute('data-all');
    fold.textContent = all ? 'Fewer lines' : 'All lines';
  });
}
