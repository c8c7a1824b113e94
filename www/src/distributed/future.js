/*
 * A future: what a client has asked for, `distributed.Future`. Futures with the same key share one entry, which is what the
 * client knows of the key.
 */
import { withResolvers } from '../engine/with-resolvers.js';

/** @typedef {'pending' | 'finished' | 'error' | 'cancelled' | 'lost'} Status */

/** What was asked for was cancelled: `concurrent.futures.CancelledError`. */
export class CancelledError extends Error {
  /** @param {string | null} key null: all, as the client was closed */
  constructor(key) {
    super(key === null ? 'The client was closed.' : `${key} was cancelled`);
    this.name = 'CancelledError';
  }
}

/**
 * A value on its way. The package's types are read without ES2024, which has `PromiseWithResolvers`.
 *
 * @typedef {{ promise: Promise<unknown>, resolve: (value: unknown) => void, reject: (error: Error) => void }} Coming
 */

/** What is known of a key. */
export class Entry {
  /** @type {Status} */
  status = 'pending';
  /** Why there is no value. @type {Error | null} */
  error = null;
  /** The number of futures. */
  holders = 0;
  /** The value, while it is on its way. @type {Coming | null} */
  value = null;
  /** @type {PromiseWithResolvers<void>} */
  #settled = withResolvers();

  /** What takes its value. @type {Entry[]} */
  readers = [];
  /** The error of something that it needs. @type {Error | null} */
  blamed = null;

  /** @param {number} id @param {string} key */
  constructor(id, key) {
    this.id = id;
    this.key = key;
  }

  /** It takes the value of another one. @param {Entry} input */
  reads(input) {
    input.readers.push(this);
    this.blamed ??= input.status === 'error' ? input.error : input.blamed;
  }

  /** All that need it. @returns {Set<Entry>} */
  dependents() {
    /** @type {Set<Entry>} */
    const found = new Set(this.readers);
    for (const entry of found) for (const reader of entry.readers) found.add(reader);
    return found;
  }

  /** Resolves when it is no longer pending. */
  get settled() {
    return this.#settled.promise;
  }

  finish() {
    if (this.status === 'pending') this.status = 'finished';
    this.#settled.resolve();
  }

  /** @param {Status} status @param {Error} error */
  fail(status, error) {
    if (this.error) return;
    [this.status, this.error] = [status, error];
    this.#settled.resolve();
    this.value?.reject(error);
    this.value = null;
  }
}

/**
 * What a future needs of its client.
 *
 * @typedef {Object} Owner
 * @property {(entry: Entry) => Promise<unknown>} valueOf
 * @property {(entry: Entry) => void} release
 * @property {(entry: Entry) => void} cancel
 */

/** Lets go of what nobody can ask for any more. */
const collected = new FinalizationRegistry(
  (/** @type {{ owner: Owner, entry: Entry }} */ { owner, entry }) => owner.release(entry),
);

export class Future {
  #owner;
  #entry;
  #released = false;

  /** Not to be called by users. @param {Owner} owner @param {Entry} entry */
  constructor(owner, entry) {
    this.#owner = owner;
    this.#entry = entry;
    entry.holders += 1;
    collected.register(this, { owner, entry }, this);
  }

  get key() {
    return this.#entry.key;
  }

  get status() {
    return this.#entry.status;
  }

  /** Whether it is no longer pending. */
  done() {
    return this.status !== 'pending';
  }

  cancelled() {
    return this.status === 'cancelled';
  }

  /** Resolves when it is no longer pending, however it ended. */
  get settled() {
    return this.#entry.settled;
  }

  /** Its value. Rejects with the error of the task, or a CancelledError. @returns {Promise<any>} */
  async result() {
    await this.settled;
    if (this.#released) throw new Error(`${this.key} was released`);
    if (this.#entry.error) throw this.#entry.error;
    return this.#owner.valueOf(this.#entry);
  }

  /** Why it has no value; null if it has one. @returns {Promise<Error | null>} */
  async exception() {
    await this.settled;
    return this.#entry.error;
  }

  /** Cancels it, and all that need it. */
  cancel() {
    this.#owner.cancel(this.#entry);
  }

  /** Lets it go. Its value is dropped, if nothing else needs it. */
  release() {
    if (this.#released) return;
    this.#released = true;
    collected.unregister(this);
    this.#owner.release(this.#entry);
  }

  toString() {
    return `<Future: ${this.status}, key: ${this.key}>`;
  }
}

/** @param {unknown} value @returns {value is Future} */
export function isFuture(value) {
  return value instanceof Future;
}

/**
 * The futures as they end, the first one first: `distributed.as_completed`.
 *
 * @param {Iterable<Future>} futures
 * @param {{ with_results?: boolean }} [options] `with_results`: each with its value, as a pair; an error is thrown
 * @returns {AsyncGenerator<any, void>}
 */
export async function* asCompleted(futures, { with_results: withResults = false } = {}) {
  /** @type {Future[]} */
  const ended = [];
  const all = [...futures];
  let more = withResolvers();
  for (const future of all) {
    future.settled.then(() => {
      ended.push(future);
      more.resolve(undefined);
    });
  }
  for (let left = all.length; left > 0; left--) {
    if (ended.length === 0) await more.promise;
    const future = /** @type {Future} */ (ended.shift());
    if (ended.length === 0) more = withResolvers();
    yield withResults ? [future, await future.result()] : future;
  }
}
