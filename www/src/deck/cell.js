/*
 * A cell: a listing with buttons that run it in the page, edit it, and restore it. What it writes appears below it.
 */
import { codeLines } from '../page/code-lines.js';
import { elementOf, h } from '../page/h.js';
import { whyNoPython } from '../python/available.js';
import { CellOutput } from './cell-output.js';
import { CellTools } from './cell-tools.js';

/** @import { Editor } from '../cells/editor.js' */
/** @import { EditorState } from '@codemirror/state' */

/** The space below a cell that is edited, in pixels of a slide. */
const MARGIN_PX = 16;

/**
 * How a run ended; `refused` did not begin.
 *
 * @typedef {'finished' | 'failed' | 'stopped' | 'refused'} Ending
 *
 * @typedef {Object} Surroundings
 * @property {() => string | null} warning what the reader has to know before the code runs
 * @property {(cell: Cell) => Cell[]} above the cells before this one
 * @property {(cell: Cell) => void} goOn shows the next cell, or the next slide
 * @property {() => Promise<string>} link of the talk with all edits; rejects with a message
 */

export class Cell {
  block;
  #code;
  #surroundings;
  /** The lines as the slide has them. */
  #original;
  /** @type {AbortController | null} */
  #running = null;
  #tools;
  #output;
  /** @type {Editor | null} */
  #editor = null;
  /** The last editor's. @type {EditorState | null} */
  #editorState = null;
  /** The code that ran last in the interpreter that there is. @type {string | null} */
  #ran = null;
  #isWatching = false;

  /**
   * @param {HTMLElement} block
   * @param {HTMLElement} code its first layer
   * @param {Surroundings} surroundings
   */
  constructor(block, code, surroundings) {
    this.block = block;
    this.#code = code;
    this.#surroundings = surroundings;
    this.#original = [...code.childNodes].map((node) => node.cloneNode(true));
    this.#tools = new CellTools(
      {
        run: () => this.#toggle(),
        edit: () => void this.edit(),
        reset: () => this.#restore(),
      },
      {
        'Run all above': () => void this.#runAbove(),
        'Copy link with my edits': () => void this.#copyLink(),
        'Restart Python': () => void this.#restart(),
      },
    );
    block.classList.add('cell');
    block.append(this.#tools.element);
    this.#output = new CellOutput(block, () => this.#tools.run.focus());
    block.addEventListener('click', (event) => {
      const { target, ctrlKey, altKey, metaKey, clientX: x, clientY: y } = event;
      // A tap on a phone would open the keyboard. A dragged mouse selects text.
      const isPlain = event.pointerType === 'mouse' && !ctrlKey && !altKey && !metaKey;
      if (!isPlain || !(target instanceof Element) || !target.closest('code')) return;
      if (getSelection()?.isCollapsed) void this.edit({ x, y });
    });
  }

  get source() {
    return this.#editor?.text ?? this.#code.textContent ?? '';
  }

  get isEdited() {
    return this.source.trimEnd() !== this.#originalText;
  }

  get isOnScreen() {
    return this.block.closest('section.present') !== null;
  }

  get #originalText() {
    return this.#original
      .map(({ textContent }) => textContent)
      .join('')
      .trimEnd();
  }

  /** The number that is shown for the first line, if lines have numbers. */
  get #firstLine() {
    return this.block.matches('.numbered')
      ? Number.parseInt(this.block.dataset.start ?? '1', 10)
      : null;
  }

  stop() {
    this.#running?.abort();
  }

  #toggle() {
    this.#endEdit();
    if (this.#running) this.stop();
    else void this.run();
  }

  /** Runs its code, as it is edited. @param {AbortSignal} [signal] also stops it @returns {Promise<Ending>} */
  run(signal) {
    return this.#whileRunning(async (own) => {
      const output = this.#output;
      output.show('Loading Python …');
      const source = this.source;
      const { python } = await import('../python/python.js');
      this.#watch(python);
      if (python.isBusy) output.show('Waiting for another cell …');
      const isCurrent = () => this.#running?.signal === own;
      await python.run(source, {
        signal: signal ? AbortSignal.any([own, signal]) : own,
        onLoading: (progress) => {
          if (isCurrent()) output.showLoading(progress);
        },
        onStart: () => {
          this.#ran = source;
          if (isCurrent()) output.show('Running …');
        },
        onOutput: (text, stream) => {
          if (isCurrent()) output.write(text, stream);
        },
      });
      return output.isEmpty ? 'Finished without output' : '';
    });
  }

  /** Runs the cells above one after the other, until one fails. */
  #runAbove() {
    return this.#whileRunning(async (signal) => {
      const cells = this.#surroundings.above(this);
      for (const [i, cell] of cells.entries()) {
        this.#output.show(`Running cell ${i + 1} of ${cells.length} above …`);
        const ending = await cell.run(signal);
        signal.throwIfAborted();
        if (ending !== 'finished') {
          throw new Error(`Cell ${i + 1} of ${cells.length} above ${ending}`);
        }
      }
      if (cells.length === 0) return 'There are no cells above';
      return cells.length === 1
        ? 'The cell above has run'
        : `All ${cells.length} cells above have run`;
    });
  }

  /**
   * Does something that Stop stops.
   *
   * @param {(signal: AbortSignal) => Promise<string>} act returns what to say at the end
   * @returns {Promise<Ending>}
   */
  async #whileRunning(act) {
    if (this.#running) return 'refused';
    const output = this.#output;
    output.clear();
    const reason = whyNoPython();
    const message =
      reason === null ? this.#surroundings.warning() : `This cell cannot run: ${reason}.`;
    if (message !== null) {
      output.show(message);
      return 'refused';
    }
    const running = new AbortController();
    const { signal } = running;
    this.#running = running;
    this.#tools.setRunning(true);
    this.block.dataset.state = 'running';
    /** The cell may be restored while it stops. @param {Ending} ending @param {string} words */
    const end = (ending, words) => {
      if (this.#running !== running) return ending;
      this.#running = null;
      this.#tools.setRunning(false);
      this.block.dataset.state = ending;
      output.show(words);
      this.#showMark();
      return ending;
    };
    try {
      return end('finished', await act(signal));
    } catch (error) {
      const { name, message: words } = /** @type {Error} */ (error);
      if (name === 'AbortError') return end('stopped', 'Stopped');
      // The traceback of an exception is part of the output.
      return end('failed', name === 'PythonError' ? '' : words);
    }
  }

  /** @param {{ watchLoss: (onLost: () => void) => void }} python */
  #watch(python) {
    if (this.#isWatching) return;
    this.#isWatching = true;
    python.watchLoss(() => {
      this.#ran = null;
      this.#showMark();
    });
  }

  #showMark() {
    if (this.#ran === null) this.#tools.setMark('none');
    else this.#tools.setMark(this.#ran.trimEnd() === this.source.trimEnd() ? 'ran' : 'changed');
  }

  async #copyLink() {
    try {
      const link = await this.#surroundings.link();
      const isCopied = await navigator.clipboard?.writeText(link).then(
        () => true,
        () => false,
      );
      if (!isCopied) history.replaceState(history.state, '', link);
      this.#output.show(
        isCopied
          ? 'The link is in the clipboard'
          : 'The link is in the address bar: the browser does not let this page copy it',
      );
    } catch (error) {
      this.#output.show(/** @type {Error} */ (error).message);
    }
  }

  async #restart() {
    const { python } = await import('../python/python.js');
    python.restart();
    this.#output.show('Python has been restarted: all variables are gone');
  }

  /**
   * Opens the editor in place of the code.
   *
   * @param {{ x: number, y: number }} [place] of the cursor in the window; the start of the code without it
   */
  async edit(place) {
    if (this.#editor) return this.#editor.focus();
    /** @type {typeof import('../cells/editor.js')} */
    let module;
    try {
      module = await import('../cells/editor.js');
    } catch {
      this.#output.show('The editor could not be loaded. Check the network connection.');
      return;
    }
    if (this.#editor) return;
    this.#fit();
    this.block.classList.add('editing');
    const editor = module.createEditor(this.block, {
      text: this.#code.textContent?.trimEnd() ?? '',
      state: this.#editorState,
      firstLine: this.#firstLine,
      label: 'Python code; Escape leaves the editor',
      onRun: () => {
        if (!this.#running) void this.run();
      },
      onRunNext: () => void this.#runAndGoOn(),
      onLeave: () => this.#editor?.view.contentDOM.blur(),
      onChange: () => this.#showMark(),
      liveNames: async (owner) => {
        const { python } = await import('../python/python.js');
        return python.namesOf(owner);
      },
      onBlur: () => this.#endEdit(),
    });
    this.#editor = editor;
    editor.view.dom.setAttribute('data-prevent-swipe', '');
    editor.focus();
    if (place) editor.pointAt(place);
  }

  async #runAndGoOn() {
    this.#endEdit();
    if ((await this.run()) === 'finished' && this.isOnScreen) this.#surroundings.goOn(this);
  }

  /** Sets how high the code may become on the slide. */
  #fit() {
    const slide = this.block.closest('.slide, section');
    if (!slide) return;
    const bounds = slide.getBoundingClientRect();
    const room = (bounds.bottom - this.block.getBoundingClientRect().top) * (720 / bounds.height);
    this.block.style.setProperty('--room', `${Math.round(room - MARGIN_PX)}px`);
  }

  #endEdit() {
    const editor = this.#editor;
    if (!editor) return;
    const text = editor.text.trimEnd();
    this.#editor = null;
    this.#editorState = editor.view.state;
    editor.destroy();
    this.block.classList.remove('editing');
    if (text !== this.#code.textContent?.trimEnd()) this.replace(text);
  }

  /** Replaces its code. @param {string} text */
  replace(text) {
    const lines = codeLines(text, 'python').map((html) => {
      const line = elementOf(h('span', { class: html === '' ? 'line blank' : 'line' }));
      // highlight.js escapes the code: the only tags in it are its own.
      line.innerHTML = `${html}\n`;
      return line;
    });
    this.#code.replaceChildren(...lines);
    this.#setEdited();
  }

  #restore() {
    this.#endEdit();
    this.stop();
    this.#running = null;
    this.#tools.setRunning(false);
    delete this.block.dataset.state;
    this.#code.replaceChildren(...this.#original.map((node) => node.cloneNode(true)));
    this.#editorState = null;
    this.#setEdited();
    this.#output.clear();
    this.#output.hide();
    this.#tools.edit.focus();
  }

  /** An edited listing has no steps: they highlight lines of the original code. */
  #setEdited() {
    this.block.classList.toggle('edited', this.isEdited);
    this.#tools.setEdited(this.isEdited);
    this.#showMark();
  }
}
