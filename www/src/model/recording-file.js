/*
 * A recording's file, from bytes: the JSON of recording.js, as it is or gzipped (told apart by the
 * first two bytes, since some hosts unpack what they send and others do not). It limits how much a
 * file may hold; what is in it is checked by recording.js.
 */
import { parseRecording } from './recording.js';

/** @import { Recording } from './recording.js' */

/** A text longer than this is more than a browser can hold in one. */
const LONGEST_TEXT = 400 * 2 ** 20;

/**
 * @param {Blob} file
 * @param {string} name for messages
 * @returns {Promise<Recording>}
 * @throws {Error} with a message for people
 */
export async function readRecording(file, name) {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const gzipped = first === 0x1f && second === 0x8b;
  const stream = gzipped
    ? file.stream().pipeThrough(new DecompressionStream('gzip'))
    : file.stream();
  /** @type {BlobPart[]} */
  const pieces = [];
  let bytes = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      throw new Error(`${name}: it cannot be unpacked (${error.message})`);
    });
    if (done) break;
    bytes += value.length;
    if (bytes > LONGEST_TEXT) {
      await reader.cancel();
      throw new Error(`${name}: more than ${LONGEST_TEXT} bytes; that is more than can be read`);
    }
    pieces.push(value);
  }
  return parseRecording(await new Blob(pieces).text());
}

/**
 * @param {string} address
 * @returns {Promise<Recording>}
 * @throws {Error} with a message for people
 */
export async function fetchRecording(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`recording: ${address}: ${response.status}`);
  return readRecording(await response.blob(), address);
}
