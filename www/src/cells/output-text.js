/*
 * What Python writes, as text that is drawn at most once a frame. Of long output, the end is shown.
 */
import { elementOf, h } from '../page/h.js';

/** @import { Stream } from '../python/output-ring.js' */

/** `input` is code that was entered in a console. @typedef {Stream | 'input'} Kind */

/** A piece of text; neighbours differ in their kind. @typedef {{ text: string, kind: Kind }} Piece */

/** What is shown: the last characters, in the last pieces. */
const MOST_CHARACTERS = 20_000;
const MOST_PIECES = 300;

export class OutputText {
  element;
  /** @type {Piece[]} */
  #pieces = [];
  #length = 0;
  #isDue = false;

  constructor() {
    this.element = elementOf(h('div', { class: 'text', role: 'log', tabIndex: 0 }));
    this.element.setAttribute('aria-label', 'Output');
  }

  get isEmpty() {
    return this.#pieces.length === 0;
  }

  clear() {
    this.#pieces = [];
    this.#length = 0;
    this.#draw();
  }

  /**
   * Adds to what is shown. It is drawn once a frame, however often this is called.
   *
   * @param {string} text
   * @param {Kind} kind
   */
  write(text, kind) {
    const last = this.#pieces.at(-1);
    if (last?.kind === kind) last.text += text;
    else this.#pieces.push({ text, kind });
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
    const spans = this.#pieces.map(({ text, kind }) => elementOf(h('span', { class: kind }, text)));
    this.element.replaceChildren(...spans);
    this.element.scrollTop = this.element.scrollHeight;
  }
}
