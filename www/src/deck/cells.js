/*
 * Listings that run. A code block with the class `python` gets buttons that run it in the page, edit it, and restore it.
 * What it writes appears below it. All cells of a talk share one `__main__` (src/python). Nothing runs by itself, and
 * before the first cell of a talk file from elsewhere runs, the page says whose code it is.
 */
import { codeLines } from '../page/code-lines.js';
import { elementOf, h } from '../page/h.js';
import { hasPython, whyNoPython } from '../python/available.js';

/** @import { Stream } from '../python/output-ring.js' */

/** The output shows this many characters, the last ones. */
const MOST_SHOWN = 20_000;

/** The least height below a listing in which its output has enough room, in pixels of a slide. */
const LEAST_ROOM_PX = 150;

/**
 * @param {HTMLElement} slides
 * @param {string | null} foreign the name of a talk file that is not dagdeck's own
 */
export function connectCells(slides, foreign) {
  if (!hasPython) return;
  /** Whether the reader knows whose code the cells run. */
  let known = foreign === null;
  const warning = () => {
    if (known) return null;
    known = true;
    return (
      `This code comes from ${foreign}. It runs in this page without access to the network, to files and to the ` +
      'page itself. Press Run again to run it.'
    );
  };
  for (const block of slides.querySelectorAll('pre.python')) {
    if (block.matches('.no-run')) continue;
    const code = block.querySelector('code');
    if (code) new Cell(/** @type {HTMLElement} */ (block), code, warning);
  }
}

class Cell {
  #block;
  #code;
  #warning;
  /** The lines as the slide has them. */
  #original;
  /** @type {AbortController | null} */
  #running = null;
  #tools;
  #run;
  #edit;
  #reset;
  /** @type {HTMLElement} */
  #output;
  #text;
  #state;
  /** @type {HTMLTextAreaElement | null} */
  #editor = null;

  /**
   * @param {HTMLElement} block
   * @param {HTMLElement} code its first layer
   * @param {() => string | null} warning what the reader has to know before the code runs
   */
  constructor(block, code, warning) {
    this.#block = block;
    this.#code = code;
    this.#warning = warning;
    this.#original = [...code.childNodes].map((node) => node.cloneNode(true));
    this.#run = button('Run', 'Run this code (Ctrl+Enter while editing)', () => this.#toggle());
    this.#edit = button('Edit', 'Edit this code', () => this.#beginEdit());
    this.#reset = button('Reset', 'Restore the code of the slide', () => this.#restore());
    this.#reset.hidden = true;
    this.#tools = document.createElement('div');
    this.#tools.className = 'cell-tools';
    this.#tools.append(this.#run, this.#edit, this.#reset);
    // The deck's own keys are not meant for a button that has the focus.
    this.#tools.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') event.stopPropagation();
      if (event.key === 'Escape') leave(event);
    });
    this.#text = elementOf(h('div', { class: 'text', role: 'log', tabIndex: 0 }));
    this.#text.setAttribute('aria-label', 'Output');
    this.#state = elementOf(h('p', { class: 'state', role: 'status' }));
    this.#output = document.createElement('div');
    this.#output.className = 'cell-output';
    this.#output.hidden = true;
    const close = button('×', 'Close the output', () => (this.#output.hidden = true));
    close.className = 'close';
    this.#output.append(this.#text, this.#state, close);
    block.classList.add('cell');
    block.append(this.#tools, this.#output);
  }

  get #source() {
    return this.#editor?.value ?? this.#code.textContent ?? '';
  }

  #toggle() {
    if (this.#running) this.#running.abort();
    else void this.#start();
  }

  async #start() {
    this.#text.replaceChildren();
    const reason = whyNoPython();
    const message = reason === null ? this.#warning() : `This cell cannot run: ${reason}.`;
    this.#show(message ?? 'Loading Python …');
    if (message !== null) return;
    const { signal } = (this.#running = new AbortController());
    this.#run.textContent = 'Stop';
    this.#block.dataset.state = 'running';
    try {
      const { python } = await import('../python/python.js');
      await python.run(this.#source, {
        signal,
        onStart: () => this.#show('Running …'),
        onOutput: (text, stream) => this.#write(text, stream),
      });
      this.#show(this.#text.textContent === '' ? 'Finished without output' : '');
      this.#block.dataset.state = 'finished';
    } catch (error) {
      const { name, message: words } = /** @type {Error} */ (error);
      // The traceback of an exception is part of the output.
      this.#show(
        signal.aborted && name === 'AbortError' ? 'Stopped' : name === 'PythonError' ? '' : words,
      );
      this.#block.dataset.state = 'failed';
    } finally {
      this.#running = null;
      this.#run.textContent = 'Run';
    }
  }

  /** @param {string} state '' for none */
  #show(state) {
    this.#state.textContent = state;
    this.#state.hidden = state === '';
    if (!this.#output.hidden) return;
    this.#output.hidden = false;
    const slide = this.#block.closest('.slide, section');
    if (!slide) return;
    const bounds = slide.getBoundingClientRect();
    const room = bounds.bottom - this.#block.getBoundingClientRect().bottom;
    this.#output.classList.toggle('over', room * (720 / bounds.height) < LEAST_ROOM_PX);
  }

  /**
   * @param {string} text
   * @param {Stream} stream
   */
  #write(text, stream) {
    const last = this.#text.lastElementChild;
    if (last?.className === stream) last.textContent += text;
    else this.#text.append(elementOf(h('span', { class: stream }, text)));
    let excess = (this.#text.textContent?.length ?? 0) - MOST_SHOWN;
    while (excess > 0) {
      const first = /** @type {Element} */ (this.#text.firstElementChild);
      const length = first.textContent?.length ?? 0;
      if (length <= excess) first.remove();
      else first.textContent = first.textContent?.slice(excess) ?? '';
      excess -= length;
    }
    this.#text.scrollTop = this.#text.scrollHeight;
  }

  #beginEdit() {
    if (this.#editor) return this.#editor.focus();
    const editor = document.createElement('textarea');
    this.#editor = editor;
    editor.value = this.#code.textContent?.trimEnd() ?? '';
    editor.spellcheck = false;
    editor.setAttribute('aria-label', 'Python code');
    editor.addEventListener('blur', () => this.#endEdit());
    editor.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key === 'Escape') leave(event);
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        if (!this.#running) void this.#start();
      }
      if (event.key === 'Tab' && !event.shiftKey) {
        event.preventDefault();
        const { selectionStart, selectionEnd } = editor;
        editor.setRangeText('    ', selectionStart, selectionEnd, 'end');
      }
    });
    // It covers the code, so the code keeps its height.
    this.#block.classList.add('editing');
    this.#code.after(editor);
    editor.focus();
    editor.setSelectionRange(0, 0);
  }

  #endEdit() {
    const editor = /** @type {HTMLTextAreaElement} */ (this.#editor);
    const text = editor.value.trimEnd();
    this.#editor = null;
    editor.remove();
    this.#block.classList.remove('editing');
    if (text === this.#code.textContent?.trimEnd()) return;
    const lines = codeLines(text, 'python').map((html) => {
      const line = elementOf(h('span', { class: html === '' ? 'line blank' : 'line' }));
      // highlight.js escapes the code: the only tags in it are its own.
      line.innerHTML = `${html}\n`;
      return line;
    });
    this.#code.replaceChildren(...lines);
    this.#setEdited(true);
  }

  #restore() {
    this.#running?.abort();
    this.#code.replaceChildren(...this.#original.map((node) => node.cloneNode(true)));
    this.#setEdited(false);
    this.#text.replaceChildren();
    this.#output.hidden = true;
    this.#edit.focus();
  }

  /** The steps of a listing show the code of the slide, so an edited one has none. @param {boolean} edited */
  #setEdited(edited) {
    this.#block.classList.toggle('edited', edited);
    this.#reset.hidden = !edited;
  }
}

/**
 * @param {string} text
 * @param {string} title
 * @param {() => void} onClick
 */
function button(text, title, onClick) {
  return /** @type {HTMLButtonElement} */ (
    elementOf(h('button', { type: 'button', title, onClick }, text))
  );
}

/** Returns the focus to the slides. @param {KeyboardEvent} event */
function leave(event) {
  event.stopPropagation();
  /** @type {HTMLElement} */ (event.target).blur();
}
