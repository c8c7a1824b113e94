/*
 * Channels between Python's processes: queues of messages. Each process is an interpreter with a memory of its own, so the
 * page keeps the channels, and gives a message to whoever has asked first.
 */

/** @typedef {{ give: (message: Uint8Array | null) => void }} Asker null: it was given up */

/**
 * @typedef {Object} Channel
 * @property {Uint8Array[]} messages
 * @property {Asker[]} askers who wait for a message
 */

export class Channels {
  /** Those that have messages or askers. @type {Map<bigint, Channel>} */
  #channels = new Map();

  /** @param {bigint} number @param {Uint8Array} message */
  put(number, message) {
    const asker = this.#channels.get(number)?.askers.shift();
    if (asker) asker.give(message);
    else this.#channel(number).messages.push(message);
    this.#tidy(number);
  }

  /** Puts a message back that was taken. @param {bigint} number @param {Uint8Array} message */
  putBack(number, message) {
    const asker = this.#channels.get(number)?.askers.shift();
    if (asker) asker.give(message);
    else this.#channel(number).messages.unshift(message);
    this.#tidy(number);
  }

  /**
   * Gives the first message, at once or when there is one.
   *
   * @param {bigint} number
   * @param {Asker['give']} give
   * @returns {() => void} gives up; does nothing when there was a message
   */
  take(number, give) {
    const channel = this.#channel(number);
    const message = channel.messages.shift();
    const asker = { give };
    if (message) give(message);
    else channel.askers.push(asker);
    this.#tidy(number);
    return () => {
      const place = channel.askers.indexOf(asker);
      if (place < 0) return;
      channel.askers.splice(place, 1);
      this.#tidy(number);
      give(null);
    };
  }

  /** @param {bigint} number */
  count(number) {
    return this.#channels.get(number)?.messages.length ?? 0;
  }

  /** @param {bigint} number */
  #channel(number) {
    let channel = this.#channels.get(number);
    if (!channel) {
      channel = { messages: [], askers: [] };
      this.#channels.set(number, channel);
    }
    return channel;
  }

  /** @param {bigint} number */
  #tidy(number) {
    const channel = this.#channels.get(number);
    if (channel?.messages.length === 0 && channel.askers.length === 0) {
      this.#channels.delete(number);
    }
  }
}
