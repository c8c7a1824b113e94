/*
 * A recording from a file or a URL. It is read in a worker (recording-reader.js), or, where there are
 * no workers, by the page itself: a recording has to play when nothing else works.
 */
import { parseRecording } from './parse-recording.js';
import { recordingText } from './recording-text.js';

/** @import { ReaderMessage } from './recording-reader.js' */
/** @import { Recording } from './recording.js' */

/** How long a file may take to be read, in milliseconds. */
const LIMIT_MS = 60_000;

/**
 * @param {Blob} file
 * @param {string} name for messages
 * @param {{ signal?: AbortSignal, createReader?: () => Worker }} [options]
 * @returns {Promise<Recording>}
 * @throws {Error} that names the file and says what is wrong with it; the signal's reason when aborted
 */
export async function readRecording(file, name, { signal, createReader = startReader } = {}) {
  try {
    signal?.throwIfAborted();
    const reader = await openReader(createReader);
    if (!reader) return parseRecording(await recordingText(file));
    return await readBy(reader, file, signal);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new Error(`${name}: ${/** @type {Error} */ (error).message}`, { cause: error });
  }
}

/**
 * @param {string} url
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<Recording>}
 * @throws {Error} that names the URL and says what is wrong; the signal's reason when aborted
 */
export async function fetchRecording(url, { signal } = {}) {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
  if (
    response.redirected &&
    new URL(response.url).origin !== new URL(url, document.baseURI).origin
  ) {
    throw new Error(`${url}: the server redirects to another site, ${response.url}`);
  }
  return readRecording(await response.blob(), url, { signal });
}

function startReader() {
  return new Worker(new URL('./recording-reader.js', import.meta.url), {
    type: 'module',
    name: 'dagdeck recording reader',
  });
}

/**
 * @param {() => Worker} createReader
 * @returns {Promise<Worker | null>} null where no worker can be started
 */
async function openReader(createReader) {
  try {
    const reader = createReader();
    return await new Promise((resolve) => {
      reader.addEventListener('message', () => resolve(reader), { once: true });
      reader.addEventListener('error', () => resolve(null), { once: true });
    });
  } catch {
    return null;
  }
}

/**
 * @param {Worker} reader
 * @param {Blob} file
 * @param {AbortSignal} [signal]
 * @returns {Promise<Recording>}
 */
async function readBy(reader, file, signal) {
  const limit = AbortSignal.timeout(LIMIT_MS);
  try {
    return await new Promise((resolve, reject) => {
      reader.addEventListener('message', (/** @type {MessageEvent<ReaderMessage>} */ { data }) => {
        if (data.type === 'read') resolve(data.recording);
        else if (data.type === 'failed') reject(new Error(data.message));
      });
      reader.addEventListener('error', (event) => {
        event.preventDefault();
        reject(new Error('it takes more memory than the browser has for it'));
      });
      limit.addEventListener('abort', () =>
        reject(new Error(`it could not be read within ${LIMIT_MS / 1000} s`)),
      );
      signal?.addEventListener('abort', () => reject(signal.reason));
      reader.postMessage(file);
    });
  } finally {
    reader.terminate();
  }
}
