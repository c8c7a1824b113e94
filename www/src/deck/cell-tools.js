/*
 * The buttons of a cell, a menu of the rarer ones, and a mark that says whether its code has run.
 */
import { elementOf, h } from '../page/h.js';
import { button } from './cell-button.js';

/** What the mark says. @typedef {'none' | 'ran' | 'changed'} Mark */

const MARKS = {
  none: { text: '', title: '' },
  ran: { text: '✓ ran', title: 'This code has run' },
  changed: { text: '● changed', title: 'This code was changed since it ran' },
};

export class CellTools {
  element = document.createElement('div');
  run;
  edit;
  #reset;
  #mark = elementOf(h('span', { class: 'mark' }));
  #more;
  #menu = document.createElement('div');

  /**
   * @param {Record<'run' | 'edit' | 'reset', () => void>} acts
   * @param {Record<string, () => void>} rare what each entry of the menu does, by its text
   */
  constructor(acts, rare) {
    this.run = button('Run', 'Run this code (Ctrl+Enter while editing)', acts.run);
    this.edit = button('Edit', 'Edit this code', acts.edit);
    this.#reset = button('Reset', 'Restore the code of the slide', acts.reset);
    this.#reset.hidden = true;
    this.#more = button('⋯', 'More', () => this.#open(this.#menu.hidden === true));
    this.#more.setAttribute('aria-label', 'More');
    this.#more.ariaExpanded = 'false';
    this.#menu.className = 'cell-menu';
    this.#menu.hidden = true;
    for (const [text, act] of Object.entries(rare)) {
      const choose = () => {
        this.#open(false);
        act();
      };
      this.#menu.append(button(text, '', choose));
    }
    this.element.className = 'cell-tools';
    this.element.setAttribute('data-prevent-swipe', '');
    // The mark and Reset come and go at the end where they move none of the others.
    this.element.append(this.#mark, this.#reset, this.run, this.edit, this.#more, this.#menu);
    // The editor keeps the focus until the click: without it the listing may get another height, and the button move away.
    this.element.addEventListener('mousedown', (event) => event.preventDefault());
    // The deck's own keys are not meant for a button that has the focus.
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') event.stopPropagation();
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      if (this.#menu.hidden) return /** @type {HTMLElement} */ (event.target).blur();
      this.#open(false);
      this.#more.focus();
    });
    this.element.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget !== null && !this.element.contains(/** @type {Node} */ (relatedTarget))) {
        this.#open(false);
      }
    });
  }

  /** @param {boolean} running whether the first button stops the cell */
  setRunning(running) {
    this.run.textContent = running ? 'Stop' : 'Run';
    this.run.title = running ? 'Stop this code' : 'Run this code (Ctrl+Enter while editing)';
  }

  /** @param {boolean} edited */
  setEdited(edited) {
    this.#reset.hidden = !edited;
  }

  /** @param {Mark} mark */
  setMark(mark) {
    const { text, title } = MARKS[mark];
    if (this.#mark.textContent === text) return;
    this.#mark.textContent = text;
    this.#mark.title = title;
    this.#mark.dataset.mark = mark;
  }

  /** @param {boolean} open */
  #open(open) {
    this.#menu.hidden = !open;
    this.#more.ariaExpanded = String(open);
    if (open) document.addEventListener('pointerdown', this.#closeFromOutside);
    else document.removeEventListener('pointerdown', this.#closeFromOutside);
  }

  #closeFromOutside = (/** @type {PointerEvent} */ { target }) => {
    if (!this.element.contains(/** @type {Node} */ (target))) this.#open(false);
  };
}
