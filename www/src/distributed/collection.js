/*
 * An array or a delayed result whose tasks run on a cluster, and whose values stay there: what `persist` and `compute` give.
 */
import { assemble } from './values.js';

/** @import { Future } from './future.js' */

export class Collection {
  /** Its blocks, in C order; of a delayed result, the only one. @type {readonly Future[]} */
  futures;
  #chunks;

  /**
   * Not to be called by users.
   *
   * @param {Future[]} futures
   * @param {number[][]} chunks the lengths of the blocks along each axis
   */
  constructor(futures, chunks) {
    this.futures = Object.freeze(futures);
    this.#chunks = chunks;
  }

  get status() {
    const bad = this.futures.find(({ status }) => status !== 'finished');
    return (
      this.futures.find(({ status }) => status === 'error')?.status ?? bad?.status ?? 'finished'
    );
  }

  /** Its value. Rejects with the first error of a block. @returns {Promise<any>} */
  async result() {
    return assemble(await Promise.all(this.futures.map((future) => future.result())), this.#chunks);
  }

  /** Lets its blocks go. */
  release() {
    for (const future of this.futures) future.release();
  }
}
