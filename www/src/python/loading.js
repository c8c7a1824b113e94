/*
 * Loads Python's module, and tells how far it is. The browser compiles it while it arrives.
 */

/** How often the page is told, at most. */
const TELL_EVERY_MS = 50;

/**
 * @typedef {Object} Progress
 * @property {number} share of what has arrived, from 0 to 1
 * @property {number} bytes that have arrived, as the server sends them: compressed or not
 * @property {number} total the number of bytes that the server sends
 */

/**
 * Asks for the module.
 *
 * @param {string} url
 * @param {number} size of the module, not compressed
 * @param {(progress: Progress) => void} onProgress
 * @param {typeof fetch} [load]
 * @returns {Promise<Response>} rejects with a message if the server does not send it
 */
export async function loadModule(url, size, onProgress, load = fetch) {
  const response = await load(url).catch((error) => {
    throw new Error('it could not be downloaded. Check the network connection', { cause: error });
  });
  if (!response.ok) {
    throw new Error(`it could not be downloaded: the server answered ${response.status}`);
  }
  // A copy: browsers keep the compiled module only of the response itself.
  void follow(response.clone(), size, onProgress).catch(() => {});
  return response;
}

/**
 * @param {Response} response
 * @param {number} size
 * @param {(progress: Progress) => void} onProgress
 */
async function follow({ body, headers }, size, onProgress) {
  // Of a compressed response, this is the compressed length.
  const total = Number(headers.get('Content-Length')) || size;
  let arrived = 0;
  let toldAt = -Infinity;
  const reader = /** @type {ReadableStream<Uint8Array>} */ (body).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    arrived += next.value.length;
    const share = Math.min(1, arrived / size);
    if (share < 1 && performance.now() - toldAt < TELL_EVERY_MS) continue;
    toldAt = performance.now();
    onProgress({ share, bytes: Math.round(share * total), total });
  }
}
