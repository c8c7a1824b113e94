/*
 * The JSON text of a recording's file, from bytes: as it is or gzipped, told apart by the first two
 * bytes, since some hosts unpack what they send and others do not. It stops reading at a limit, so
 * that a small file which inflates to gigabytes costs no more than a large one.
 */

/** A million tasks take about 100 MiB. In bytes, inflated. */
const MOST_BYTES = 256 * 2 ** 20;

/**
 * The most commas and opening brackets. Columns are strings without any, so a real recording has few;
 * a text of empty lists would take twenty times its length in memory.
 */
const MOST_ITEMS = 2 ** 23;

const [COMMA, BRACKET, BRACE] = [...',[{'].map((letter) => letter.charCodeAt(0));

/**
 * @param {Blob} file
 * @param {{ bytes?: number, items?: number }} [limits]
 * @returns {Promise<string>}
 * @throws {Error} that says what is wrong with the file
 */
export async function recordingText(file, { bytes = MOST_BYTES, items = MOST_ITEMS } = {}) {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const gzipped = first === 0x1f && second === 0x8b;
  const stream = gzipped
    ? file.stream().pipeThrough(new DecompressionStream('gzip'))
    : file.stream();
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let [bytesRead, itemsRead] = [0, 0];
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      throw new Error(`the file cannot be inflated (${error.message})`);
    });
    if (done) return text + decoder.decode();
    bytesRead += value.length;
    itemsRead += itemsIn(value);
    const mebibytes = bytes / 2 ** 20;
    const problem =
      bytesRead > bytes
        ? `a recording may have ${mebibytes} MiB at most, inflated; this one has more`
        : itemsRead > items
          ? `a recording may have ${items} items at most; this one has more`
          : null;
    if (problem) {
      await reader.cancel();
      throw new Error(problem);
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** @param {Uint8Array} bytes */
function itemsIn(bytes) {
  let items = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    items += Number(byte === COMMA || byte === BRACKET || byte === BRACE);
  }
  return items;
}
