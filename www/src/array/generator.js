/*
 * Random arrays, bit for bit those of `dask.array.random.default_rng(seed)`: each block has a generator of
 * its own, seeded by a child of the seed. A later array goes on where the one before stopped, so each
 * records what was drawn before it (`after`): an expression says by itself what its numbers are.
 */
import { isArray, record } from './dag-array.js';
import { bind } from './signatures.js';

/** @import { Chunks, DType, Shape } from './methods.js' */
/** @import { DagArray } from './dag-array.js' */
/** @import { Data } from './scalar.js' */

/** @typedef {{ size?: Shape, chunks?: Chunks }} DrawOptions */
/** @typedef {DrawOptions & { replace?: boolean, p?: number[] | DagArray }} ChoiceOptions */
/** @typedef {DrawOptions & { endpoint?: boolean, dtype?: DType }} IntegersOptions */

export class Generator {
  #seed;
  /** What was drawn so far. @type {Data[]} */
  #drawn = [];

  /** @param {number} seed */
  constructor(seed) {
    this.#seed = seed;
  }

  /** From 0 to 1. @param {DrawOptions} [options] */
  random(options) {
    return this.#draw('random', [options]);
  }

  /**
   * From `low` to `high`, which are 0 and 1 if left out. Both may also be keywords.
   *
   * @param {[low: number, high: number, options?: DrawOptions]
   *   | [options?: DrawOptions & { low?: number, high?: number }]} given
   */
  uniform(...given) {
    return this.#draw('uniform', given);
  }

  /** Normal, with mean 0 and standard deviation 1. @param {DrawOptions} [options] */
  standard_normal(options) {
    return this.#draw('standard_normal', [options]);
  }

  /**
   * Normal, with mean `loc` and standard deviation `scale`.
   *
   * @param {DrawOptions & { loc?: number, scale?: number }} [options]
   */
  normal(options) {
    return this.#draw('normal', [options]);
  }

  /** Exponential, with mean 1. @param {DrawOptions} [options] */
  standard_exponential(options) {
    return this.#draw('standard_exponential', [options]);
  }

  /**
   * Exponential, with mean `scale`, which is 1 if left out. It may also be a keyword.
   *
   * @param {[scale: number, options?: DrawOptions] | [options?: DrawOptions & { scale?: number }]} given
   */
  exponential(...given) {
    return this.#draw('exponential', given);
  }

  /**
   * Counts of what happens `lam` times on average (1 if left out): Poisson. It may also be a keyword.
   *
   * @param {[lam: number, options?: DrawOptions] | [options?: DrawOptions & { lam?: number }]} given
   */
  poisson(...given) {
    return this.#draw('poisson', given);
  }

  /**
   * Integers from `low` to `high`, which is left out unless `endpoint`. Both may also be keywords.
   *
   * @param {[low: number, high: number, options?: IntegersOptions]
   *   | [options: IntegersOptions & { low: number, high: number }]} given
   */
  integers(...given) {
    return this.#draw('integers', given);
  }

  /**
   * Elements of `a`, or integers from 0 up to `a`, with the probabilities `p`, or each as likely. Without `replace:
   * false`, what was taken may be taken again. `a` may also be a keyword.
   *
   * @param {[a: number | DagArray, options?: ChoiceOptions] | [options: ChoiceOptions & { a: number | DagArray }]} given
   */
  choice(...given) {
    return this.#draw('choice', given);
  }

  /**
   * The rows of `x`, or the integers from 0 up to `x`, in a random order. It draws from the generator itself, not
   * from a child of its seed: the next permutation depends on it, but no other array does.
   *
   * @param {number | DagArray} x an array needs the engine: its length must be known
   */
  permutation(x) {
    const { keywords, named } = bind('permutation', [x], isArray);
    const array = record('permutation', [], this.#after(keywords), named);
    this.#drawn.push({ permutation: isArray(x) ? x.shape[0] : Math.max(x, 0) });
    return array;
  }

  /**
   * @param {string} op
   * @param {unknown[]} given
   */
  #draw(op, given) {
    const { keywords, named } = bind(op, given, isArray);
    for (const name of ['seed', 'after']) {
      if (name in keywords) throw new TypeError(`${op}: ${name} is set by the generator`);
    }
    const array = record(op, [], this.#after(keywords), named);
    const { size, chunks } = keywords;
    this.#drawn.push({
      ...(size !== undefined && { size }),
      ...(chunks !== undefined && { chunks }),
    });
    return array;
  }

  /** Keywords with where the generator is. @param {Record<string, Data>} keywords */
  #after(keywords) {
    return { ...keywords, seed: this.#seed, after: [...this.#drawn] };
  }
}

/**
 * A generator of random arrays.
 *
 * @param {number} [seed] a whole number; without one, another each time
 */
export function default_rng(seed = entropy()) {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new TypeError(`default_rng: seed must be a whole number from 0 to 2^53 - 1, got ${seed}`);
  }
  return new Generator(seed);
}

/** A seed that nobody chose. */
function entropy() {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high & 0x1fffff) * 2 ** 32 + low;
}
