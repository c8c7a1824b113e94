/*
 * Reads what Python writes from a ring in shared memory; python/src/output.rs writes it and describes its form.
 */
import { RingReader } from './rings.js';

/** @import { Memory } from './rings.js' */

const HEADER = 4;

/** @typedef {'stdout' | 'stderr'} Stream */

export class OutputRing {
  #ring;
  #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };

  /**
   * @param {Memory} memory
   * @param {number} address of the ring
   * @param {number} size of the ring, in bytes
   */
  constructor(memory, address, size) {
    this.#ring = new RingReader(memory, address, size);
  }

  /** The index of the counter of written bytes in an Int32Array of the memory. */
  get written() {
    return this.#ring.written;
  }

  /**
   * Takes all that is in the ring, and wakes the threads that wait for room.
   *
   * @returns {{ stream: Stream, text: string }[]} neighbours of the same stream are joined
   */
  read() {
    const bytes = this.#ring.take();
    /** @type {{ stream: Stream, text: string }[]} */
    const texts = [];
    let read = 0;
    while (read < bytes.length) {
      const [number, low, middle, high] = bytes.subarray(read, read + HEADER);
      const length = low | (middle << 8) | (high << 16);
      const stream = number === 2 ? 'stderr' : 'stdout';
      read += HEADER;
      // A long line comes in pieces, which may end within a character.
      const text = this.#decoders[stream].decode(bytes.subarray(read, read + length), {
        stream: true,
      });
      const last = texts.at(-1);
      if (last?.stream === stream) last.text += text;
      else texts.push({ stream, text });
      read += length;
    }
    return texts;
  }
}
