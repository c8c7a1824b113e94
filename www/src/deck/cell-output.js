/*
 * The output of a listing that runs: what it writes, as it comes, and a line that says how the run stands.
 */
import { button } from './cell-button.js';
import { elementOf, h } from '../page/h.js';

/** @import { Stream } from '../python/output-ring.js' */

/** A piece of output; neighbours differ in their stream. @typedef {{ text: string, stream: Stream }} Piece */

/** What is shown: the last characters, in the last pieces. */
const MOST_CHARACTERS = 20_000;
const MOST_PIECES = 300;

/** The least height below a listing in which its output has enough room, in pixels of a slide. */
const LEAST_ROOM_PX = 150;

/** Keys that scroll or press what has the focus, and turn slides elsewhere. */
const OWN_KEYS = /^(Arrow(Up|Down|Left|Right)|Page(Up|Down)|Home|End|Enter| )$/;

export class CellOutput {
  #block;
  #element;
  #text;
  #state;
  /** @type {Piece[]} */
  #pieces = [];
  #length = 0;
  #isDue = false;

  /**
   * @param {HTMLElement} block the listing
   * @param {() => void} onLeave called when the focus leaves the output for the listing
   */
  constructor(block, onLeave) {
    this.#block = block;
    this.#text = elementOf(h('div', { class: 'text', role: 'log', tabIndex: 0 }));
    this.#text.setAttribute('aria-label', 'Output');
    this.#state = elementOf(h('p', { class: 'state', role: 'status' }));
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
    this.#element.append(this.#text, this.#state, close);
    this.#element.addEventListener('keydown', (event) => {
      if (OWN_KEYS.test(event.key)) event.stopPropagation();
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      onLeave();
    });
    block.append(this.#element);
  }

  get isEmpty() {
    return this.#pieces.length === 0;
  }

  hide() {
    this.#element.hidden = true;
  }

  clear() {
    this.#pieces = [];
    this.#length = 0;
    this.#draw();
  }

  /** Says how the run stands. @param {string} state '' for nothing */
  show(state) {
    this.#state.textContent = state;
    this.#state.classList.toggle('empty', state === '');
    if (!this.#element.hidden) return;
    this.#element.hidden = false;
    const slide = this.#block.closest('.slide, section');
    if (!slide) return;
    const bounds = slide.getBoundingClientRect();
    const room = bounds.bottom - this.#block.getBoundingClientRect().bottom;
    this.#element.classList.toggle('over', room * (720 / bounds.height) < LEAST_ROOM_PX);
  }

  /**
   * Adds to what is shown. It is drawn once a frame, however often this is called.
   *
   * @param {string} text
   * @param {Stream} stream
   */
  write(text, stream) {
    const last = this.#pieces.at(-1);
    if (last?.stream === stream) last.text += text;
    else this.#pieces.push({ text, stream });
    this.#length += text.length;
    while (this.#length > MOST_CHARACTERS || this.#pieces.length > MOST_PIECES) {
      const [first] = this.#pieces;
      const excess = this.#length - MOST_CHARACTERS;
      const isWhole = this.#pieces.length > MOST_PIECES || first.text.length <= excess;
      const cut = isWhole ? first.text.length : excess;
      if (isWhole) this.#pieces.shift();
      else first.text = first.text.slice(cut);
      this.#length -= cut;
    }
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#isDue = false;
    const spans = this.#pieces.map(({ text, stream }) =>
      elementOf(h('span', { class: stream }, text)),
    );
    this.#text.replaceChildren(...spans);
    this.#text.scrollTop = this.#text.scrollHeight;
  }
}
