/*
 * Columns of numbers as text: base64 (RFC 4648, with padding) of their little-endian bytes, which is
 * the order in which every machine that runs browsers has them in memory.
 */

/**
 * @typedef {Uint8Array | Uint16Array | Uint32Array | Int32Array | BigInt64Array | Float32Array
 *   | Float64Array} Column
 */

/**
 * @template {Column} T
 * @typedef {{ new (buffer: ArrayBuffer): T, BYTES_PER_ELEMENT: number, name: string }} ColumnType
 */

/**
 * Newer browsers do both ways themselves, many times faster.
 *
 * @typedef {Uint8Array & { toBase64?: () => string }} ToBase64
 * @typedef {{ fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }} FromBase64
 */

/** Bytes that one call turns into text: a multiple of three, so that pieces join without padding. */
const PIECE = 3 * 4096;

/**
 * @param {Column} column
 * @returns {Generator<string, void, void>} pieces of one text
 */
export function* encodedPieces(column) {
  const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  for (let from = 0; from < bytes.length; from += PIECE) {
    /** @type {ToBase64} */
    const piece = bytes.subarray(from, from + PIECE);
    yield piece.toBase64 ? piece.toBase64() : btoa(String.fromCharCode(...piece));
  }
}

/** @param {Column} column */
export const encode = (column) => [...encodedPieces(column)].join('');

/**
 * @template {Column} T
 * @param {string} text
 * @param {ColumnType<T>} type
 * @returns {T}
 * @throws {Error} when the text is no base64, or its bytes are no whole number of items
 */
export function decode(text, type) {
  let bytes;
  try {
    const { fromBase64 } = /** @type {FromBase64} */ (Uint8Array);
    bytes = fromBase64 ? fromBase64.call(Uint8Array, text) : bytesOf(atob(text));
  } catch {
    throw new Error('base64 is needed');
  }
  const size = type.BYTES_PER_ELEMENT;
  if (bytes.length % size !== 0) {
    throw new Error(`${bytes.length} bytes; a multiple of ${size} is needed`);
  }
  return new type(bytes.buffer);
}

/** @param {string} binary a letter for each byte */
function bytesOf(binary) {
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
