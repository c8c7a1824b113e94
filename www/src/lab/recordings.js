/*
 * The lab's files: saves a run as a recording, opens one (by a button, or dropped on the page) and exports
 * a run for Perfetto. Nothing leaves the machine: the page itself writes and reads the files.
 */
import { readRecording } from '../model/recording-file.js';
import { recordingPieces } from '../model/recording.js';
import { traceEvents } from '../model/trace-events.js';
import { formatBytes } from '../views/format.js';
import { download } from './download.js';

/** @import { DagDemo } from '../demo/dag-demo.js' */
/** @import { Recording } from '../model/recording.js' */

/** How long writing a file may block the page at a time. */
const TURN_MS = 30;

/** Files shorter than this, in bytes, are written without showing the progress. */
const SHORT_FILE = 2 ** 20;

/**
 * @param {{
 *   demo: () => DagDemo | null,
 *   show: (recording: Recording) => void,
 *   openPython: ((file: File) => Promise<void>) | null,
 *   say: (text: string | null) => void,
 * }} lab `demo` returns the demo whose run is saved
 */
export function connectRecordings({ demo, show, openPython, say }) {
  const find = (/** @type {string} */ id) => {
    const found = document.getElementById(id);
    if (!found) throw new Error(`the lab has no #${id}`);
    return /** @type {HTMLButtonElement} */ (found);
  };
  const [open, save, exported] = ['open', 'save', 'export'].map(find);
  const input = /** @type {HTMLInputElement} */ (/** @type {unknown} */ (find('file')));

  /** @param {() => Promise<void>} act */
  const trying = async (act) => {
    say(null);
    try {
      await act();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  };

  /** @param {File} file */
  const read = (file) =>
    trying(async () => {
      if (openPython && file.name.endsWith('.py')) await openPython(file);
      else show(await readRecording(file, file.name));
    });

  open.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    // Lets the user choose the same file again after changing it.
    input.value = '';
    if (file) read(file);
  });

  /**
   * Writes a file when `button` is clicked. Meanwhile the button shows the progress, and a second click
   * stops the writing.
   *
   * @param {HTMLButtonElement} button
   * @param {string} ending of the file's name
   * @param {(recording: Recording) => Iterable<string>} pieces
   */
  const writes = (button, ending, pieces) => {
    const label = button.textContent;
    let stopped = false;
    button.addEventListener('click', () =>
      trying(async () => {
        if (button.ariaBusy) {
          stopped = true;
          return;
        }
        const recording = demo()?.recording;
        if (!recording) return;
        stopped = false;
        button.ariaBusy = 'true';
        try {
          const file = await fileOf(pieces(recording), (bytes) => {
            if (bytes > SHORT_FILE) button.textContent = `Stop (${formatBytes(bytes)})`;
            return stopped;
          });
          if (file) download(`${recording.program}.${ending}.json`, file);
        } finally {
          button.ariaBusy = null;
          button.textContent = label;
        }
      }),
    );
  };
  writes(save, 'dagdeck', recordingPieces);
  writes(exported, 'trace', traceEvents);

  const dropping = (/** @type {boolean} */ is) => document.body.classList.toggle('dropping', is);
  const carriesFile = (/** @type {DragEvent} */ { dataTransfer }) =>
    dataTransfer?.types.includes('Files') ?? false;
  addEventListener('dragover', (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    dropping(true);
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) dropping(false);
  });
  addEventListener('drop', (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    dropping(false);
    const [file] = event.dataTransfer?.files ?? [];
    if (file) read(file);
  });

  return {
    /** Enables the buttons if there is something to save. */
    refresh() {
      const none = !demo()?.hasRecording;
      // A button that is writing a file stays enabled, since it stops the writing.
      for (const button of [save, exported]) button.disabled = none && !button.ariaBusy;
    },
  };
}

/**
 * Makes a file of pieces of text, in short turns so that the page stays responsive.
 *
 * @param {Iterable<string>} pieces
 * @param {(bytes: number) => boolean} isStopped called after each turn with the size so far
 * @returns {Promise<Blob | null>} null when it was stopped
 */
async function fileOf(pieces, isStopped) {
  /** The output of finished turns, which the browser keeps outside of this page's memory. @type {Blob[]} */
  const done = [];
  let bytes = 0;
  /** @type {string[]} */
  let turn = [];
  const endTurn = () => {
    const blob = new Blob(turn);
    done.push(blob);
    bytes += blob.size;
    turn = [];
  };
  let until = performance.now() + TURN_MS;
  for (const piece of pieces) {
    turn.push(piece);
    if (performance.now() < until) continue;
    endTurn();
    if (isStopped(bytes)) return null;
    await new Promise((resolve) => setTimeout(resolve));
    until = performance.now() + TURN_MS;
  }
  endTurn();
  return isStopped(bytes) ? null : new Blob(done, { type: 'application/json' });
}
