/*
 * What an interpreter asks the page about processes and channels, and the page's answers; python/src/mailbox.rs describes
 * their form.
 */
import { watchWord } from './changes.js';
import { RingReader, RingWriter } from './rings.js';

/** @import { Words } from './protocol.js' */
/** @import { Memory } from './rings.js' */

/** What the page is asked for. */
export const Kind = /** @type {const} */ ({
  PUT: 1,
  PUT_BACK: 2,
  TAKE: 3,
  GIVE_UP: 4,
  COUNT: 5,
  START: 6,
  END: 7,
});

/** The status of a request that was given up. */
export const GIVEN_UP = 1;

/** kind, request, subject, length */
const HEADER = 20;

/**
 * @typedef {Object} Request
 * @property {number} kind
 * @property {number} request its number
 * @property {bigint} subject a channel or a process
 * @property {Uint8Array} bytes
 */

export class Mailbox {
  #reader;
  #writer;
  #onRequest;
  /** Pieces of a request that is not whole yet. @type {Uint8Array[]} */
  #pieces = [];
  #length = 0;
  #needed = HEADER;
  /** @type {(() => void)[]} */
  #stops;

  /**
   * @param {Memory} memory
   * @param {Words} words
   * @param {(request: Request) => void} onRequest
   */
  constructor(memory, { toPage, fromPage, ringBytes }, onRequest) {
    this.#reader = new RingReader(memory, toPage, ringBytes);
    this.#writer = new RingWriter(memory, fromPage, ringBytes);
    this.#onRequest = onRequest;
    this.#stops = [
      watchWord(memory, this.#reader.written, () => this.#read()),
      watchWord(memory, this.#writer.read, () => this.#writer.flush()),
    ];
  }

  /** @param {number} request @param {number} status @param {Uint8Array} [bytes] */
  answer(request, status, bytes = new Uint8Array()) {
    const message = new Uint8Array(12 + bytes.length);
    message.set(new Uint8Array(Uint32Array.of(request, status, bytes.length).buffer));
    message.set(bytes, 12);
    this.#writer.put(message);
  }

  end() {
    for (const stop of this.#stops) stop();
  }

  #read() {
    const piece = this.#reader.take();
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length < this.#needed) return;
    const bytes = joined(this.#pieces, this.#length);
    const view = new DataView(bytes.buffer);
    let read = 0;
    this.#needed = HEADER;
    while (bytes.length - read >= HEADER) {
      const end = read + HEADER + view.getUint32(read + 16, true);
      this.#needed = end - read;
      if (end > bytes.length) break;
      this.#needed = HEADER;
      const request = {
        kind: view.getUint32(read, true),
        request: view.getUint32(read + 4, true),
        subject: view.getBigUint64(read + 8, true),
        bytes: bytes.slice(read + HEADER, end),
      };
      read = end;
      this.#onRequest(request);
    }
    this.#pieces = [bytes.subarray(read)];
    this.#length = bytes.length - read;
  }
}

/** @param {Uint8Array[]} pieces @param {number} length */
function joined(pieces, length) {
  const whole = new Uint8Array(length);
  let end = 0;
  for (const piece of pieces) {
    whole.set(piece, end);
    end += piece.length;
  }
  return whole;
}
