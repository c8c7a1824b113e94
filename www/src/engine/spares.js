/*
 * Buffers of messages, to be used again: memory that is new costs ten times as much as copying into it. Who
 * receives a message gives its buffer back with the next message in the other direction.
 */

/** @import { Envelope } from './protocol.js' */

/** Smaller buffers are cheap, and not kept. Larger ones have a multiple of this length, so that they fit again. */
const LEAST = 1 << 16;

/** How many buffers are kept. */
const MOST = 8;

/** A buffer may be this much longer than what it is used for. */
const SLACK = 2;

/** One end of a port. */
export class Spares {
  /** @type {ArrayBuffer[]} */
  #mine = [];
  /** Those of the other side, which are due. @type {ArrayBuffer[]} */
  #due = [];

  /**
   * A buffer for a message of this length.
   *
   * @param {number} length
   * @returns {Uint8Array<ArrayBuffer>}
   */
  take(length) {
    if (length < LEAST) return new Uint8Array(length);
    const fits = (/** @type {ArrayBuffer} */ { byteLength }) =>
      byteLength >= length && byteLength <= SLACK * length;
    const place = this.#mine.findIndex(fits);
    const [buffer] = place < 0 ? [] : this.#mine.splice(place, 1);
    const room = Math.ceil(length / LEAST) * LEAST;
    return new Uint8Array(buffer ?? new ArrayBuffer(room), 0, length);
  }

  /**
   * Posts a message with the buffers that are due.
   *
   * @param {MessagePort} port
   * @param {Uint8Array<ArrayBuffer>} message
   */
  post(port, message) {
    const back = this.#due;
    this.#due = [];
    /** @type {Envelope} */
    const envelope = { message, back };
    port.postMessage(envelope, [message.buffer, ...back]);
  }

  /**
   * Takes in a message. Its content has to be used before the next message is posted.
   *
   * @param {Envelope} envelope
   */
  receive({ message, back }) {
    this.#mine = [...back, ...this.#mine].slice(0, MOST);
    // The other side keeps no more than that either.
    const isDue = message.buffer.byteLength >= LEAST && this.#due.length < MOST;
    if (isDue) this.#due.push(message.buffer);
    return message;
  }
}
