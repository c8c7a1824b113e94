/*
 * Reads what Python writes from a ring in shared memory; python/src/output.rs writes it and describes its form.
 */

const HEADER = 4;

/** @typedef {'stdout' | 'stderr'} Stream */

export class OutputRing {
  #memory;
  #address;
  #size;
  #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };

  /**
   * @param {{ buffer: ArrayBufferLike }} memory
   * @param {number} address of the two counters: bytes written, bytes read; the bytes follow
   * @param {number} size of the ring, in bytes
   */
  constructor(memory, address, size) {
    this.#memory = memory;
    this.#address = address;
    this.#size = size;
  }

  /** The index of the counter of written bytes in an Int32Array of the memory. */
  get written() {
    return this.#address / 4;
  }

  /**
   * Takes all that is in the ring, and wakes the threads that wait for room.
   *
   * @returns {{ stream: Stream, text: string }[]} neighbours of the same stream are joined
   */
  read() {
    // The memory may have grown: then it has a new buffer.
    const { buffer } = this.#memory;
    const words = new Int32Array(buffer);
    const written = Atomics.load(words, this.written);
    let read = Atomics.load(words, this.written + 1);
    /** @type {{ stream: Stream, text: string }[]} */
    const texts = [];
    const ring = new Uint8Array(buffer, this.#address + 8, this.#size);
    while (read !== written) {
      const [number, low, middle, high] = this.#copy(ring, read, HEADER);
      const length = low | (middle << 8) | (high << 16);
      const stream = number === 2 ? 'stderr' : 'stdout';
      const bytes = this.#copy(ring, read + HEADER, length);
      // A long line comes in pieces, which may end within a character.
      const text = this.#decoders[stream].decode(bytes, { stream: true });
      const last = texts.at(-1);
      if (last?.stream === stream) last.text += text;
      else texts.push({ stream, text });
      read = (read + HEADER + length) | 0;
    }
    Atomics.store(words, this.written + 1, read);
    Atomics.notify(words, this.written + 1);
    return texts;
  }

  /**
   * @param {Uint8Array} ring
   * @param {number} count the counter of bytes where the copy starts
   * @param {number} length
   */
  #copy(ring, count, length) {
    const copy = new Uint8Array(length);
    const start = (count >>> 0) % this.#size;
    const first = Math.min(length, this.#size - start);
    copy.set(ring.subarray(start, start + first));
    copy.set(ring.subarray(0, length - first), first);
    return copy;
  }
}
