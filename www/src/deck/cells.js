/*
 * Listings that run. A code block with the class `python` gets buttons that run it in the page, edit it, and restore it.
 * What it writes appears below it. All cells of a talk share one `__main__` (src/python). Nothing runs by itself, and
 * before the first cell of a talk file from elsewhere runs, the page says whose code it is.
 */
import { codeLines } from '../page/code-lines.js';
import { elementOf, h } from '../page/h.js';
import { hasPython, whyNoPython } from '../python/available.js';
import { button } from './cell-button.js';
import { CellOutput } from './cell-output.js';

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
    if (!code) continue;
    const cell = new Cell(/** @type {HTMLElement} */ (block), code, warning);
    // As demos do.
    slides.parentElement?.addEventListener('slidechanged', () => {
      if (!block.closest('section.present')) cell.stop();
    });
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
  #output;
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
    this.#tools.setAttribute('data-prevent-swipe', '');
    // Reset comes and goes at the end where it moves none of the others.
    this.#tools.append(this.#reset, this.#run, this.#edit);
    // The deck's own keys are not meant for a button that has the focus.
    // The editor keeps the focus until the click: without it the listing may get another height, and the button move away.
    this.#tools.addEventListener('mousedown', (event) => event.preventDefault());
    this.#tools.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') event.stopPropagation();
      if (event.key === 'Escape') leave(event);
    });
    block.classList.add('cell');
    block.append(this.#tools);
    this.#output = new CellOutput(block, () => this.#run.focus());
  }

  stop() {
    this.#running?.abort();
  }

  get #source() {
    return this.#editor?.value ?? this.#code.textContent ?? '';
  }

  #toggle() {
    this.#editor?.blur();
    if (this.#running) this.stop();
    else void this.#start();
  }

  async #start() {
    const output = this.#output;
    output.clear();
    const reason = whyNoPython();
    const message = reason === null ? this.#warning() : `This cell cannot run: ${reason}.`;
    output.show(message ?? 'Loading Python …');
    if (message !== null) return;
    const running = new AbortController();
    const { signal } = running;
    this.#running = running;
    this.#run.textContent = 'Stop';
    this.#block.dataset.state = 'running';
    /** The cell may be restored while it stops. @param {'finished' | 'failed'} state @param {string} words */
    const end = (state, words) => {
      if (this.#running !== running) return;
      this.#running = null;
      this.#run.textContent = 'Run';
      this.#block.dataset.state = state;
      output.show(words);
    };
    try {
      const { python } = await import('../python/python.js');
      if (python.isBusy) output.show('Waiting for another cell …');
      await python.run(this.#source, {
        signal,
        onStart: () => output.show('Running …'),
        onOutput: (text, stream) => {
          if (this.#running === running) output.write(text, stream);
        },
      });
      end('finished', output.isEmpty ? 'Finished without output' : '');
    } catch (error) {
      const { name, message: words } = /** @type {Error} */ (error);
      const isStopped = signal.aborted && name === 'AbortError';
      // The traceback of an exception is part of the output.
      end('failed', isStopped ? 'Stopped' : name === 'PythonError' ? '' : words);
    }
  }

  #beginEdit() {
    if (this.#editor) return this.#editor.focus();
    const editor = document.createElement('textarea');
    this.#editor = editor;
    editor.value = this.#code.textContent?.trimEnd() ?? '';
    editor.spellcheck = false;
    editor.setAttribute('aria-label', 'Python code; Escape leaves the editor');
    editor.setAttribute('data-prevent-swipe', '');
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
    this.#editor?.blur();
    this.stop();
    this.#running = null;
    this.#run.textContent = 'Run';
    delete this.#block.dataset.state;
    this.#code.replaceChildren(...this.#original.map((node) => node.cloneNode(true)));
    this.#setEdited(false);
    this.#output.clear();
    this.#output.hide();
    this.#edit.focus();
  }

  /** An edited listing has no steps: they highlight lines of the original code. @param {boolean} edited */
  #setEdited(edited) {
    this.#block.classList.toggle('edited', edited);
    this.#reset.hidden = !edited;
  }
}

/** Returns the focus to the slides. @param {KeyboardEvent} event */
function leave(event) {
  event.stopPropagation();
  /** @type {HTMLElement} */ (event.target).blur();
}
