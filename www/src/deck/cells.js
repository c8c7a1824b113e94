/*
 * The cells of a talk: listings that run. All of them share one `__main__` (src/python). Nothing runs by itself, and
 * before the first cell of a talk file from elsewhere runs, the page says whose code it is.
 *
 * In dagdeck's own talk all Python listings are cells, except those with the class `no-run`. In other talks, only
 * those with the class `run` are.
 */
import { createNote } from '../page/note.js';
import { hasPython } from '../python/available.js';
import { Cell } from './cell.js';
import { editsOf, linkWith } from './cell-edits.js';

/**
 * @param {HTMLElement} slides
 * @param {Object} talk
 * @param {string | null} talk.foreign the name of a talk file that is not dagdeck's own
 * @param {() => void} talk.turn shows the next slide
 */
export function connectCells(slides, { foreign, turn }) {
  if (!hasPython) return;
  /** Whose code the cells run, as far as the reader has not been told. */
  const authors = new Set(foreign === null ? [] : [foreign]);
  const selector = foreign === null ? 'pre.python:not(.no-run)' : 'pre.python.run';

  /** @type {Cell[]} */
  const cells = [];
  const slideOf = (/** @type {Cell} */ cell) => cell.block.closest('section');
  /** The number of a cell on its slide. @param {Cell} cell */
  const numberOf = (cell) =>
    cells.filter((other) => slideOf(other) === slideOf(cell)).indexOf(cell);

  const surroundings = {
    warning() {
      if (authors.size === 0) return null;
      const names = [...authors].join(' and from ');
      authors.clear();
      return (
        `This code comes from ${names}. It runs in this page without access to the network, to files and to the ` +
        'page itself. Press Run again to run it.'
      );
    },
    above: (/** @type {Cell} */ cell) => cells.slice(0, cells.indexOf(cell)),
    goOn(/** @type {Cell} */ cell) {
      const next = cells[cells.indexOf(cell) + 1];
      if (next && slideOf(next) === slideOf(cell)) void next.edit();
      else turn();
    },
    link() {
      const edits = cells
        .filter((cell) => cell.isEdited)
        .map((cell) => ({
          slide: slideOf(cell)?.id ?? '',
          number: numberOf(cell),
          text: cell.source,
        }));
      return linkWith(edits, location.href);
    },
  };

  for (const block of slides.querySelectorAll(selector)) {
    const code = block.querySelector('code');
    if (code) cells.push(new Cell(/** @type {HTMLElement} */ (block), code, surroundings));
  }
  // As demos do.
  slides.parentElement?.addEventListener('slidechanged', () => {
    for (const cell of cells) if (!cell.isOnScreen) cell.stop();
  });

  void takeEdits();

  /** Edits the cells as the URL says. */
  async function takeEdits() {
    try {
      const edits = await editsOf(location.search);
      let missing = 0;
      for (const { slide, number, text } of edits) {
        const cell = cells.find((one) => slideOf(one)?.id === slide && numberOf(one) === number);
        if (cell) cell.replace(text);
        else missing++;
      }
      if (edits.length > missing) authors.add('the link that you opened');
      if (missing > 0) {
        say(
          `${missing} of ${edits.length} edits in the URL belong to listings that this talk does not have.`,
        );
      }
    } catch (error) {
      say(/** @type {Error} */ (error).message);
    }
  }
}

/** @param {string} message */
function say(message) {
  document.body.prepend(createNote('Edits in the URL', [message], { Close() {} }));
}
