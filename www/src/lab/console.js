/*
 * A Python console in the lab. It shares `__main__` with `dagdeck.python.run`. Code that comes with the URL or a file is
 * put where one types, and does not run by itself.
 */
import { OutputText } from '../cells/output-text.js';
import { pack, unpack } from '../cells/packed.js';
import { elementOf, h } from '../page/h.js';
import { hasPython, whyNoPython } from '../python/available.js';
import { InputHistory, isComplete } from './console-input.js';
import './console.css';

/** @import { EditorView } from '@codemirror/view' */
/** @import { Editor } from '../cells/editor.js' */

/** The name of the code in the URL. */
export const CODE = 'code';

/** The longest file that is opened, in bytes. */
const LONGEST_FILE = 200_000;

const prompted = (/** @type {string} */ code) =>
  code
    .split('\n')
    .map((line, i) => `${i === 0 ? '>>>' : '...'} ${line}\n`)
    .join('');

class Console {
  element;
  #output = new OutputText();
  #input = elementOf(h('div', { class: 'input' }));
  #state = elementOf(h('p', { class: 'state', role: 'status' }));
  #run = this.#button('Run', 'Run the code (Ctrl+Enter)', () => this.#toggle());
  /** @type {Editor | null} */
  #editor = null;
  #history = new InputHistory();
  /** @type {AbortController | null} */
  #running = null;
  /** What was entered while something ran. @type {string[]} */
  #entered = [];

  constructor() {
    this.element = elementOf(h('section', { class: 'console', 'aria-label': 'Python console' }));
    const bar = elementOf(h('div', { class: 'tools' }));
    bar.append(
      elementOf(h('h2', null, 'Python')),
      this.#state,
      this.#run,
      this.#button('Clear', 'Clear the output', () => this.#output.clear()),
      this.#button('Restart', 'End Python with all its variables', () => void this.#restart()),
      this.#button(
        'Copy link',
        'Copy a link to the lab with this code',
        () => void this.#copyLink(),
      ),
      this.#button('Close', 'Close the console', () => this.toggle(false)),
    );
    this.element.append(bar, this.#output.element, this.#input);
    this.element.hidden = true;
  }

  /** Shows or hides it. @param {boolean} [shown] */
  toggle(shown = this.element.hidden === true) {
    this.element.hidden = !shown;
    if (shown) void this.#open();
  }

  /** Shows it with some code to run. @param {string} code @param {string} words where the code comes from */
  async propose(code, words) {
    this.toggle(true);
    await this.#open();
    this.#editor?.setText(code.trimEnd());
    this.#state.textContent = words;
  }

  async #open() {
    const reason = whyNoPython();
    if (reason !== null) this.#state.textContent = `Python cannot run: ${reason}.`;
    try {
      const { createEditor } = await import('../cells/editor.js');
      this.#editor ??= createEditor(this.#input, {
        text: '',
        label: 'Python code; Enter runs it, Escape leaves the editor',
        onRun: () => void this.#enter(),
        onRunNext: () => void this.#enter(),
        onLeave: () => this.#run.focus(),
        onKey: (view, key) => this.#onKey(view, key),
        liveNames,
      });
      this.#editor.focus();
    } catch {
      this.#state.textContent = 'The editor could not be loaded. Check the network connection.';
    }
  }

  /** @param {EditorView} view @param {'ArrowUp' | 'ArrowDown' | 'Enter'} key */
  #onKey({ state }, key) {
    const { doc, selection } = state;
    const { number: line } = doc.lineAt(selection.main.head);
    if (key === 'Enter') {
      const isAtEnd = line === doc.lines;
      if (!isAtEnd || !isComplete(doc.toString())) return false;
      void this.#enter();
      return true;
    }
    if (line !== (key === 'ArrowUp' ? 1 : doc.lines)) return false;
    const entry = key === 'ArrowUp' ? this.#history.back(doc.toString()) : this.#history.forth();
    if (entry !== null) this.#editor?.setText(entry);
    return entry !== null;
  }

  #toggle() {
    if (this.#running) this.#running.abort();
    else void this.#enter();
  }

  /** Runs what was typed; while something runs, after it. */
  async #enter() {
    const code = this.#editor?.text.trimEnd() ?? '';
    if (code === '') return;
    this.#history.add(code);
    this.#editor?.setText('');
    this.#entered.push(code);
    if (this.#running) return;
    for (let next = this.#entered.shift(); next !== undefined; next = this.#entered.shift()) {
      await this.#runOne(next);
    }
  }

  /** @param {string} code */
  async #runOne(code) {
    const output = this.#output;
    const running = new AbortController();
    this.#running = running;
    this.#run.textContent = 'Stop';
    output.write(prompted(code), 'input');
    this.#say('Loading Python …');
    let words = '';
    try {
      const { python } = await import('../python/python.js');
      await python.run(code, {
        signal: running.signal,
        onLoading: ({ share }) => this.#say(`Loading Python … ${Math.round(share * 100)} %`),
        onStart: () => this.#say('Running …'),
        onOutput: (text, stream) => output.write(text, stream),
      });
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error);
      if (name !== 'PythonError') this.#entered = [];
      if (name === 'AbortError') words = 'Stopped';
      else if (name !== 'PythonError') words = message;
    }
    this.#running = null;
    this.#run.textContent = 'Run';
    this.#say(words);
  }

  async #restart() {
    const { python } = await import('../python/python.js');
    python.restart();
    this.#say('Python has been restarted: all variables are gone');
  }

  async #copyLink() {
    try {
      const url = new URL(location.href);
      const code = this.#editor?.text.trimEnd() || (this.#history.back('') ?? '');
      url.searchParams.set(CODE, await pack(code));
      const isCopied = await navigator.clipboard?.writeText(url.href).then(
        () => true,
        () => false,
      );
      if (!isCopied) history.replaceState(null, '', url);
      this.#say(isCopied ? 'The link is in the clipboard' : 'The link is in the address bar');
    } catch (error) {
      this.#say(/** @type {Error} */ (error).message);
    }
  }

  /** @param {string} words */
  #say(words) {
    this.#state.textContent = words;
  }

  /** @param {string} text @param {string} title @param {() => void} onClick */
  #button(text, title, onClick) {
    return elementOf(h('button', { type: 'button', title, onClick }, text));
  }
}

/** @param {string} owner */
async function liveNames(owner) {
  const { python } = await import('../python/python.js');
  return python.namesOf(owner);
}

/**
 * @param {HTMLElement} main where it is shown
 * @param {(text: string | null) => void} say
 */
export function connectConsole(main, say) {
  const button = /** @type {HTMLButtonElement} */ (document.querySelector('#console'));
  if (!hasPython) return { openFile: null, openUrl() {} };
  button.hidden = false;
  const shown = new Console();
  main.append(shown.element);
  button.addEventListener('click', () => shown.toggle());
  return {
    /** @param {File} file */
    async openFile(file) {
      if (file.size > LONGEST_FILE) {
        say(`${file.name} is too long: a Python file may have up to 200 kB.`);
        return;
      }
      await shown.propose(await file.text(), `${file.name}: press Run to run it`);
    },

    /** @param {string} packed what the URL has */
    async openUrl(packed) {
      try {
        const code = await unpack(packed);
        await shown.propose(code, 'This code comes from the URL: press Run to run it');
      } catch (error) {
        say(/** @type {Error} */ (error).message);
      }
    },
  };
}
