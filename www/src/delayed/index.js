/*
 * `dagdeck.delayed`: calls that run later, as `dask.delayed` has them. The functions are named, because
 * a graph is sent to the engine as data.
 *
 *     const { inc, add, flaky } = dagdeck.delayed;
 *     const one = inc(0);
 *     const sum = add(one, flaky(one, { probability: 0.3, retries: 5 }));
 *     await sum.compute({ scheduler: 'threads', workers: 4 });      // 2
 *
 * Arguments are numbers and other delayed results; `retries` and `priority` go in one object at the end.
 */
import { isOptions } from '../array/options.js';
import { Delayed } from './delayed.js';

/** @import { Annotations, Argument } from './delayed.js' */

/** Calls of `flaky` so far: each has its own seed, so that not all fail together. */
let flakyCalls = 0;

/**
 * @param {string} op
 * @returns {(x: Argument, options?: Annotations) => Delayed}
 */
const ofOne = (op) => (x, options) => new Delayed(op, [x], options);

export const delayed = Object.freeze({
  /** `x + 1` */
  inc: ofOne('inc'),

  /** `x - 1` */
  dec: ofOne('dec'),

  /** `2 * x` */
  double: ofOne('double'),

  /** `x` */
  identity: ofOne('identity'),

  /**
   * `x + y`
   *
   * @param {Argument} x
   * @param {Argument} y
   * @param {Annotations} [options]
   */
  add: (x, y, options) => new Delayed('add', [x, y], options),

  /**
   * The number of primes from `start` to `stop` (excluded), by trial division.
   *
   * @param {Argument} start
   * @param {Argument} stop
   * @param {Annotations} [options]
   */
  primes: (start, stop, options) => new Delayed('primes', [start, stop], options),

  /**
   * The sum of a list.
   *
   * @param {Argument[]} items
   * @param {Annotations} [options]
   */
  sum(items, options) {
    if (!Array.isArray(items)) throw new TypeError('sum: a list is needed');
    return new Delayed('sum', items, options);
  },

  /**
   * Sleeps for some seconds, at most 60, and returns `x`; without it, null. Nothing ends a sleep early.
   *
   * @param {Argument} seconds
   * @param {...(Argument | Annotations)} given `x`, and last the options, if any
   */
  sleep(seconds, ...given) {
    const last = given.at(-1);
    return isOptions(last)
      ? new Delayed('sleep', [seconds, ...given.slice(0, -1)], last)
      : new Delayed('sleep', [seconds, ...given]);
  },

  /**
   * Returns `x`, but each attempt fails with some probability. Which attempts fail is determined by the
   * seed.
   *
   * @param {Argument} x
   * @param {Annotations & { probability?: number, seed?: number }} [options]
   */
  flaky(x, { probability = 0.5, seed = flakyCalls++, ...options } = {}) {
    return new Delayed('flaky', [x, probability, seed], options);
  },
});
