/*
 * Python on the page: one interpreter with one `__main__`, started when a cell runs for the first time. Cells run one
 * after the other.
 *
 * Stopping a cell interrupts all of Python's threads. Python looks for interrupts between two instructions, so a single
 * long call, for example `sum(range(10**12))`, does not notice. Then the interpreter is ended, and the next cell starts
 * a new one.
 */
import { whyNoPython } from './available.js';
import { Interpreter, PythonLost } from './interpreter.js';

/** @import { Progress } from './loading.js' */
/** @import { Stream } from './output-ring.js' */

/** How long a cell may take to stop before it is interrupted again: `except:` may have caught the first interrupt. */
const AGAIN_AFTER_MS = 500;

/** How long a cell may take to stop before the interpreter is ended. */
const STOP_LIMIT_MS = 1000;

/** A result has at most this many characters of the output. */
const MOST_OUTPUT = 1_000_000;

/** The cell raised an exception. */
export class PythonError extends Error {
  /** @override */
  name = 'PythonError';

  /**
   * @param {string} message the last line of the traceback: `ZeroDivisionError: division by zero`
   * @param {string} output what the cell wrote, with the traceback
   */
  constructor(message, output) {
    super(message);
    this.output = output;
  }
}

/**
 * @typedef {Object} PythonOptions
 * @property {AbortSignal} [signal] stops the cell; rejects with the signal's reason
 * @property {(text: string, stream: Stream) => void} [onOutput] called with what the cell writes, as it comes
 * @property {(progress: Progress) => void} [onLoading] called while Python is downloaded for this cell
 * @property {() => void} [onStart] called when the cell's turn has come and Python has started
 * @property {string} [name] of the cell in tracebacks; cells without a name are numbered
 */

export class Python {
  #create;
  /** @type {Interpreter | null} */
  #interpreter = null;
  /** @type {WebAssembly.Module | null} */
  #module = null;
  /** Settles when all cells so far have ended. @type {Promise<unknown>} */
  #last = Promise.resolve();
  /** The number of cells without a name. */
  #cells = 0;
  /** The interpreter that has imported what tracebacks need. @type {Interpreter | null} */
  #warm = null;
  /** @type {Set<() => void>} */
  #watchers = new Set();
  /** The number of cells that run or wait for their turn. */
  #pending = 0;
  /** An interpreter that is starting. @type {Interpreter | null} */
  #starting = null;

  /** @param {(module: WebAssembly.Module | null) => Interpreter} [create] */
  constructor(create = (module) => new Interpreter(module)) {
    this.#create = create;
  }

  /** Whether a cell runs or waits for its turn. */
  get isBusy() {
    return this.#pending > 0;
  }

  /** Whether there is an interpreter, so that a cell does not have to wait for one. */
  get isReady() {
    return this.#interpreter !== null && !this.#interpreter.ended;
  }

  /** Calls `onLost` each time when an interpreter has ended, with all its variables. @param {() => void} onLost */
  watchLoss(onLost) {
    this.#watchers.add(onLost);
  }

  /**
   * Ends the interpreter, whatever it does, with all its variables. A cell that runs rejects with PythonLost. The next
   * cell starts a new interpreter.
   */
  restart() {
    (this.#starting ?? this.#interpreter)?.end('it was restarted');
  }

  /**
   * Runs Python in `__main__`. The value of the last expression is part of the output, as in Python's console.
   *
   * @param {string} source
   * @param {PythonOptions} [options]
   * @returns {Promise<{ output: string }>} what it wrote, up to a million characters. Rejects with PythonError if it
   *   raises an exception, and with PythonLost if the interpreter had to be ended
   */
  run(source, options = {}) {
    const { signal } = options;
    /** @type {'waiting' | 'starting' | 'running'} */
    let stage = 'waiting';
    const turn = this.#last.then(() => {
      signal?.throwIfAborted();
      stage = 'starting';
      return this.#run(source, {
        ...options,
        onStart() {
          stage = 'running';
          options.onStart?.();
        },
      });
    });
    this.#last = turn.catch(() => {});
    this.#pending++;
    return new Promise((resolve, reject) => {
      // A cell that runs is interrupted instead.
      const leave = () => {
        if (stage === 'running') return;
        if (stage === 'starting') this.#starting?.end('it was stopped');
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave);
      turn.then(resolve, reject).finally(() => {
        this.#pending--;
        signal?.removeEventListener('abort', leave);
      });
    });
  }

  /**
   * Returns the names that an object has, for completion. Asks only an interpreter that has nothing else to do.
   *
   * @param {string} owner a name, or several with dots between; '' for `__main__`
   * @returns {Promise<string[]>}
   */
  async namesOf(owner) {
    const interpreter = this.#interpreter;
    if (!interpreter || interpreter.ended || this.isBusy || !/^[\w.]*$/.test(owner)) return [];
    // What threads of earlier cells write still goes where it went.
    const { onOutput } = interpreter;
    try {
      const source = `print(*dir(${owner}), sep="\\n")`;
      const { output } = await this.run(source, { name: '<names>' });
      return output.split('\n').filter((name) => /^[A-Za-z_]\w*$/.test(name));
    } catch {
      return [];
    } finally {
      interpreter.onOutput = onOutput;
    }
  }

  /**
   * @param {string} source
   * @param {PythonOptions} options
   */
  async #run(source, { signal, onOutput, onLoading, onStart, name }) {
    signal?.throwIfAborted();
    const interpreter = await this.#started(onLoading);
    signal?.throwIfAborted();
    const shownName = name ?? `<cell ${++this.#cells}>`;
    let output = '';
    interpreter.onOutput = (text, stream) => {
      if (output.length < MOST_OUTPUT) output += text.slice(0, MOST_OUTPUT - output.length);
      onOutput?.(text, stream);
    };
    /** @type {ReturnType<typeof setTimeout>[]} */
    let timers = [];
    const stop = () => {
      interpreter.interrupt();
      const lose = () => interpreter.end(`the cell did not stop within ${STOP_LIMIT_MS / 1000} s`);
      timers = [
        setTimeout(() => interpreter.interrupt(), AGAIN_AFTER_MS),
        setTimeout(lose, STOP_LIMIT_MS),
      ];
    };
    signal?.addEventListener('abort', stop);
    try {
      onStart?.();
      const raised = await interpreter.run(source, shownName);
      if (this.#warm !== interpreter) interpreter.warmUp();
      this.#warm = interpreter;
      signal?.throwIfAborted();
      if (raised !== null) throw new PythonError(raised, output);
      return { output };
    } finally {
      signal?.removeEventListener('abort', stop);
      timers.forEach(clearTimeout);
    }
  }

  /**
   * Returns the interpreter; starts one if there is none, or if it was lost.
   *
   * @param {PythonOptions['onLoading']} onLoading
   */
  async #started(onLoading = () => {}) {
    if (this.#interpreter && !this.#interpreter.ended) return this.#interpreter;
    const reason = whyNoPython();
    if (reason !== null) throw new Error(`Python cannot run: ${reason}.`);
    // The memory of the lost one is not needed any more.
    this.#interpreter = null;
    const interpreter = this.#create(this.#module);
    interpreter.onLoading = onLoading;
    interpreter.onEnd = () => this.#watchers.forEach((watcher) => watcher());
    this.#starting = interpreter;
    try {
      await interpreter.start(navigator.hardwareConcurrency || 1);
    } finally {
      this.#starting = null;
    }
    this.#module = interpreter.module;
    this.#interpreter = interpreter;
    // For the next time without a network.
    navigator.serviceWorker?.ready.then(({ active }) => active?.postMessage('python'));
    return interpreter;
  }
}

export { PythonLost };

/** The page's Python. */
export const python = new Python();
