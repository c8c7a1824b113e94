/*
 * Code in a URL: compressed, then base64 with the alphabet that needs no escapes. Anyone can write a URL, so reading one
 * has limits, and its errors say what is wrong.
 */

/** The longest packed text. Servers and messengers cut longer URLs off. */
export const MOST_PACKED = 8000;

/** The longest text: a short one can be unpacked to gigabytes. */
const MOST_UNPACKED = 200_000;

/**
 * @param {string} text
 * @returns {Promise<string>} rejects with a message if the text is too long
 */
export async function pack(text) {
  const compressed = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(compressed).arrayBuffer());
  const packed = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  if (text.length > MOST_UNPACKED || packed.length > MOST_PACKED) {
    throw new Error(
      `The code is too long for a URL: it takes ${packed.length} characters, and at most ${MOST_PACKED} are allowed.`,
    );
  }
  return packed;
}

/**
 * @param {string} packed
 * @returns {Promise<string>} rejects with a message if the text cannot be read
 */
export async function unpack(packed) {
  if (packed.length > MOST_PACKED) {
    throw new Error(
      `The code in the URL is too long: ${packed.length} characters, and at most ${MOST_PACKED} are allowed.`,
    );
  }
  try {
    return await unpackedText(packed);
  } catch (error) {
    if (error instanceof TooLong) throw error;
    throw new Error('The code in the URL cannot be read. The URL may have been cut off.', {
      cause: error,
    });
  }
}

class TooLong extends Error {}

/** @param {string} packed */
async function unpackedText(packed) {
  const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const reader = new Blob([bytes])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'))
    .getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    text += decoder.decode(next.value, { stream: true });
    if (text.length <= MOST_UNPACKED) continue;
    void reader.cancel();
    throw new TooLong(`The code in the URL is too long: more than ${MOST_UNPACKED} characters.`);
  }
  return text + decoder.decode();
}
