/*
 * The page's ends of rings of bytes in shared memory; python/src/ring.rs describes them.
 */

/** @typedef {{ buffer: ArrayBufferLike }} Memory */

class Ring {
  /**
   * @param {Memory} memory
   * @param {number} address of the two counters: bytes written, bytes read; the bytes follow
   * @param {number} size in bytes
   */
  constructor(memory, address, size) {
    /** @protected */
    this.memory = memory;
    /** @protected */
    this.address = address;
    /** @protected */
    this.size = size;
  }

  /** The index of the counter of written bytes in an Int32Array of the memory. */
  get written() {
    return this.address / 4;
  }

  /** The index of the counter of read bytes. */
  get read() {
    return this.address / 4 + 1;
  }

  /** The memory may have grown: then it has a new buffer. @protected */
  get words() {
    return new Int32Array(this.memory.buffer);
  }

  /** @protected */
  get bytes() {
    return new Uint8Array(this.memory.buffer, this.address + 8, this.size);
  }
}

/** What Python writes. */
export class RingReader extends Ring {
  /** Takes all that is in the ring, and wakes the threads that wait for room. */
  take() {
    const { words, bytes, size } = this;
    const written = Atomics.load(words, this.written);
    const read = Atomics.load(words, this.read);
    const taken = new Uint8Array((written - read) | 0);
    const start = (read >>> 0) % size;
    const first = Math.min(taken.length, size - start);
    taken.set(bytes.subarray(start, start + first));
    taken.set(bytes.subarray(0, taken.length - first), first);
    Atomics.store(words, this.read, written);
    Atomics.notify(words, this.read);
    return taken;
  }
}

/** What Python reads. The page cannot wait, so what does not fit yet is kept. */
export class RingWriter extends Ring {
  /** @type {Uint8Array[]} */
  #kept = [];

  /** @param {Uint8Array} bytes */
  put(bytes) {
    this.#kept.push(bytes);
    this.flush();
  }

  /** Puts down what there is room for. To be called when Python has read. */
  flush() {
    const { words, bytes, size } = this;
    let written = Atomics.load(words, this.written);
    let room = size - ((written - Atomics.load(words, this.read)) | 0);
    while (room > 0 && this.#kept[0]) {
      const [next] = this.#kept;
      const piece = next.subarray(0, room);
      const start = (written >>> 0) % size;
      const first = Math.min(piece.length, size - start);
      bytes.set(piece.subarray(0, first), start);
      bytes.set(piece.subarray(first));
      written = (written + piece.length) | 0;
      room -= piece.length;
      if (piece.length === next.length) this.#kept.shift();
      else this.#kept[0] = next.subarray(piece.length);
    }
    Atomics.store(words, this.written, written);
    Atomics.notify(words, this.written);
  }
}
