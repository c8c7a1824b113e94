/*
 * The summary line of a run: its figures (figures.js) as text in the page, so that they can be read,
 * selected and heard; their meaning is in a tooltip. A figure that has not been measured yet is a
 * button that measures it.
 */
import { figuresOf } from './figures.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./figures.js').Beside} Beside */
/** @typedef {import('./theme.js').Theme} Theme */

/**
 * @param {HTMLElement} element is filled with a definition list; its looks are the page's:
 *   `dl.figures > div > dt + dd`
 * @param {() => void} [onMeasure] the button was pressed that measures one worker
 */
export function createSummaryView(element, onMeasure = () => {}) {
  const list = document.createElement('dl');
  list.className = 'figures';
  element.append(list);
  /** @type {Map<string, { value: HTMLElement, name: HTMLElement, box: HTMLElement }>} */
  const cells = new Map();
  const measure = document.createElement('button');
  measure.type = 'button';
  measure.className = 'measure';
  measure.addEventListener('click', onMeasure);
  /** @type {RunModel | null} */
  let model = null;
  /** @type {Beside} */
  let beside = {};
  let drawnVersion = -1;

  /** @param {number} index */
  const cellAt = (index) => {
    const key = String(index);
    let cell = cells.get(key);
    if (!cell) {
      const box = document.createElement('div');
      const name = document.createElement('dt');
      const value = document.createElement('dd');
      box.append(name, value);
      list.append(box);
      cell = { box, name, value };
      cells.set(key, cell);
    }
    return cell;
  };

  return {
    /** @param {RunModel | null} next */
    setModel(next) {
      model = next;
      beside = {};
      drawnVersion = -1;
      if (!next) {
        list.replaceChildren();
        cells.clear();
      }
    },
    /** What the run is compared with. @param {Beside} next */
    setBeside(next) {
      beside = next;
      drawnVersion = -1;
    },
    /** @param {Theme} _theme the page's style sheet colours text */
    setTheme(_theme) {},
    draw() {
      if (!model) return;
      // Each frame shows what the other views show in it; while the run goes on its clock moves on.
      if (model.version === drawnVersion && model.phase !== 'running') return;
      const figures = figuresOf(model, beside);
      for (let index = figures.length; index < cells.size; index++) cellAt(index).box.hidden = true;
      figures.forEach((figure, index) => {
        const { box, name, value } = cellAt(index);
        box.hidden = false;
        box.dataset.figure = figure.name;
        if (name.textContent !== figure.name) name.textContent = figure.name;
        if (figure.missing) {
          measure.textContent = figure.value;
          value.replaceChildren(measure);
        } else if (value.textContent !== figure.value || measure.parentElement === value) {
          value.textContent = figure.value;
        }
        if (box.title !== figure.help) box.title = figure.help;
      });
      drawnVersion = model.version;
    },
    resize() {},
    dispose() {
      list.remove();
      cells.clear();
    },
  };
}
