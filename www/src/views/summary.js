/*
 * The summary of a run: its figures (figures.js) as text in the page, so that they can be read, selected and heard.
 * What a figure means is in its tooltip, which pointer, keyboard and finger reach. A figure that has not been measured
 * yet is a button that measures it.
 */
import { describeSummary, figuresOf } from './figures.js';
import { defineView } from './view.js';

/** @typedef {import('./figures.js').Figure} Figure */
/** @typedef {{ value: HTMLElement, name: HTMLElement, box: HTMLElement }} Cell */

/**
 * @typedef {object} SummaryMemo
 * @property {HTMLElement | null} list
 * @property {Cell[]} cells
 * @property {Figure[]} figures that the cells show
 */

/** @typedef {{ task: number, timeMs: null, index: number }} FigureHit */
/** @typedef {import('./view.js').Frame<SummaryMemo, FigureHit>} SummaryFrame */

/**
 * Fills its element with a definition list, `dl.figures > div > dt + dd`.
 *
 * @param {() => void} [onMeasure] the button was pressed that measures one worker
 */
export function createSummary(onMeasure = () => {}) {
  return defineView({
    name: 'summary',
    title: 'Summary',
    surface: 'element',
    clock: true,
    memo: () => /** @type {SummaryMemo} */ ({ list: null, cells: [], figures: [] }),
    /** @param {HTMLElement} element @param {SummaryFrame} frame */
    draw(element, { models: [model], beside, memo }) {
      const list = (memo.list ??= createList(element));
      if (!model) {
        list.replaceChildren();
        memo.cells = [];
        memo.figures = [];
        return;
      }
      memo.figures = figuresOf(model, beside);
      memo.figures.forEach((figure, index) => {
        memo.cells[index] ??= createCell(list);
        fill(memo.cells[index], figure, onMeasure);
      });
      memo.cells.forEach(({ box }, index) => {
        box.hidden = index >= memo.figures.length;
      });
    },
    /** @param {import('./view.js').Point} point @param {SummaryFrame} frame */
    hit({ x, y }, { memo }) {
      const index = memo.cells.findIndex(({ box }) => {
        const [left, top] = [box.offsetLeft, box.offsetTop];
        const inside = x >= left && y >= top;
        return inside && x < left + box.offsetWidth && y < top + box.offsetHeight;
      });
      return memo.figures[index] ? hitOf(index) : null;
    },
    /** @param {SummaryFrame} frame @param {FigureHit | null} at */
    words({ models: [model], beside, memo }, at) {
      if (!at) return model ? [describeSummary(model, beside)] : [];
      const figure = memo.figures[at.index];
      return figure ? [`${figure.name} ${figure.value}`, figure.help] : [];
    },
    /** @param {import('./view.js').Step} step @param {FigureHit | null} from @param {SummaryFrame} frame */
    step(step, from, { memo }) {
      const last = memo.figures.length - 1;
      if (last < 0) return null;
      const by = { left: -1, up: -1, right: 1, down: 1, first: -last, last };
      return hitOf(from ? Math.max(0, Math.min(last, from.index + by[step])) : 0);
    },
    /** @param {FigureHit} at @param {SummaryFrame} frame */
    place({ index }, { memo }) {
      const box = memo.cells[index]?.box;
      return box ? { x: box.offsetLeft, y: box.offsetTop } : { x: 0, y: 0 };
    },
    keys: 'figures and what they mean',
  });
}

/** @param {number} index @returns {FigureHit} */
function hitOf(index) {
  return { task: -1, timeMs: null, index };
}

/** @param {HTMLElement} element */
function createList(element) {
  const list = document.createElement('dl');
  list.className = 'figures';
  element.append(list);
  return list;
}

/** @param {HTMLElement} list @returns {Cell} */
function createCell(list) {
  const box = document.createElement('div');
  const name = document.createElement('dt');
  const value = document.createElement('dd');
  box.append(name, value);
  list.append(box);
  return { box, name, value };
}

/**
 * @param {Cell} cell
 * @param {Figure} figure
 * @param {() => void} onMeasure
 */
function fill({ box, name, value }, figure, onMeasure) {
  box.dataset.figure = figure.name;
  if (name.textContent !== figure.name) name.textContent = figure.name;
  const button = value.querySelector('button');
  if (figure.missing) {
    if (button) return;
    const measure = document.createElement('button');
    measure.type = 'button';
    measure.className = 'measure';
    measure.textContent = figure.value;
    measure.addEventListener('click', onMeasure);
    value.replaceChildren(measure);
  } else if (value.textContent !== figure.value || button) {
    value.textContent = figure.value;
  }
}
