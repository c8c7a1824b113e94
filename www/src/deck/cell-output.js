/*
 * The output of a cell: what it writes, as it comes, and a line that says how the run stands.
 */
import { OutputText } from '../cells/output-text.js';
import { elementOf, h } from '../page/h.js';
import { button } from './cell-button.js';

/** @import { Progress } from '../python/loading.js' */
/** @import { Stream } from '../python/output-ring.js' */

/** The least height below a listing in which its output has enough room, in pixels of a slide. */
const LEAST_ROOM_PX = 150;

/** Keys that scroll or press what has the focus, and turn slides elsewhere. */
const OWN_KEYS = /^(Arrow(Up|Down|Left|Right)|Page(Up|Down)|Home|End|Enter| )$/;

export class CellOutput {
  #block;
  #element;
  #text = new OutputText();
  #state;
  /** How much of Python has been downloaded. */
  #loaded;

  /**
   * @param {HTMLElement} block the listing
   * @param {() => void} onLeave called when the focus leaves the output for the listing
   */
  constructor(block, onLeave) {
    this.#block = block;
    this.#state = elementOf(h('p', { class: 'state', role: 'status' }));
    this.#loaded = elementOf(h('p', { class: 'loaded' }));
    this.#loaded.hidden = true;
    const close = button('×', 'Close the output', () => {
      this.hide();
      onLeave();
    });
    close.setAttribute('aria-label', 'Close the output');
    close.className = 'close';
    this.#element = document.createElement('div');
    this.#element.className = 'cell-output';
    this.#element.setAttribute('data-prevent-swipe', '');
    this.#element.hidden = true;
    this.#element.append(this.#text.element, this.#state, this.#loaded, close);
    this.#element.addEventListener('keydown', (event) => {
      if (OWN_KEYS.test(event.key)) event.stopPropagation();
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      onLeave();
    });
    block.append(this.#element);
  }

  get isEmpty() {
    return this.#text.isEmpty;
  }

  hide() {
    this.#element.hidden = true;
  }

  clear() {
    this.#text.clear();
  }

  /** Says how the run stands. @param {string} state '' for nothing */
  show(state) {
    this.#state.textContent = state;
    this.#state.classList.toggle('empty', state === '');
    this.#loaded.hidden = true;
    this.#element.hidden = false;
    const slide = this.#block.closest('.slide, section');
    if (!slide) return;
    const bounds = slide.getBoundingClientRect();
    const room = bounds.bottom - this.#block.getBoundingClientRect().bottom;
    this.#element.classList.toggle('over', room * (720 / bounds.height) < LEAST_ROOM_PX);
  }

  /** Shows a bar below the state, until the state changes. @param {Progress} progress */
  showLoading({ share, bytes, total }) {
    const megabytes = (/** @type {number} */ count) => (count / 1e6).toFixed(1);
    this.#loaded.hidden = false;
    this.#loaded.replaceChildren(
      elementOf(h('progress', { value: share, max: 1, 'aria-label': 'Loading Python' })),
      ` ${megabytes(bytes)} of ${megabytes(total)} MB`,
    );
  }

  /**
   * @param {string} text
   * @param {Stream} stream
   */
  write(text, stream) {
    this.#text.write(text, stream);
  }
}
