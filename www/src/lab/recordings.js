/*
 * The lab's files: a run is saved as a recording, opened again (by a button, or dropped on the page)
 * and exported for Perfetto. Nothing leaves the machine: files are made and read by the page.
 */
import { readRecording } from '../model/recording-file.js';
import { recordingText } from '../model/recording.js';
import { traceEvents } from '../model/trace-events.js';

/** @import { DagDemo } from '../demo/dag-demo.js' */
/** @import { Recording } from '../model/recording.js' */

/** How long an export may keep the page from drawing. */
const TURN_MS = 30;

/**
 * @param {{
 *   demo: () => DagDemo | null,
 *   show: (recording: Recording) => void,
 *   say: (text: string | null) => void,
 * }} lab `demo` gives the demo whose run is saved
 */
export function connectRecordings({ demo, show, say }) {
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
  const read = (file) => trying(async () => show(await readRecording(file, file.name)));

  open.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    // The same file may be chosen again, changed.
    input.value = '';
    if (file) read(file);
  });

  save.addEventListener('click', () =>
    trying(async () => {
      const recording = demo()?.recording;
      if (recording) download(`${recording.program}.dagdeck.json`, [recordingText(recording)]);
    }),
  );

  exported.addEventListener('click', () =>
    trying(async () => {
      const recording = demo()?.recording;
      if (!recording) return;
      exported.setAttribute('aria-busy', 'true');
      try {
        download(`${recording.program}.trace.json`, await chunksOf(recording));
      } finally {
        exported.removeAttribute('aria-busy');
      }
    }),
  );

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
    /** Shows whether there is something to save. */
    refresh() {
      const none = !demo()?.hasRecording;
      save.disabled = none;
      exported.disabled = none;
    },
  };
}

/**
 * The export of a recording, made in turns so that the page goes on drawing.
 *
 * @param {Recording} recording
 */
async function chunksOf(recording) {
  /** @type {string[]} */
  const chunks = [];
  let until = performance.now() + TURN_MS;
  for (const chunk of traceEvents(recording)) {
    chunks.push(chunk);
    if (performance.now() < until) continue;
    await new Promise((resolve) => setTimeout(resolve));
    until = performance.now() + TURN_MS;
  }
  return chunks;
}

/**
 * @param {string} name
 * @param {string[]} parts
 */
function download(name, parts) {
  const address = URL.createObjectURL(new Blob(parts, { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
