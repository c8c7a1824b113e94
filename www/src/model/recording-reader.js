/*
 * A worker that reads one recording's file: inflating, parsing and checking a large one takes
 * seconds, in which the page goes on drawing. Columns are transferred, not copied.
 */
import { parseRecording } from './parse-recording.js';
import { recordingText } from './recording-text.js';

/** @import { Recording } from './recording.js' */

/**
 * @typedef {{ type: 'up' } | { type: 'read', recording: Recording } | { type: 'failed', message: string }} ReaderMessage
 */

/** @param {ReaderMessage} message @param {ArrayBuffer[]} [transfer] */
const say = (message, transfer = []) => self.postMessage(message, { transfer });

self.addEventListener('message', async (/** @type {MessageEvent<Blob>} */ { data: file }) => {
  try {
    const recording = parseRecording(await recordingText(file));
    say({ type: 'read', recording }, [...buffersOf(recording)]);
  } catch (error) {
    say({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
say({ type: 'up' });

/**
 * The memory of all columns in plain data, each once.
 *
 * @param {unknown} value
 * @param {Set<ArrayBuffer>} [found]
 */
function buffersOf(value, found = new Set()) {
  if (ArrayBuffer.isView(value)) found.add(/** @type {ArrayBuffer} */ (value.buffer));
  else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) buffersOf(member, found);
  }
  return found;
}
