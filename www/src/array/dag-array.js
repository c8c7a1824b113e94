/*
 * A lazy array in blocks: `dask.array.Array`. It records by which operation it comes from which
 * arrays, and computes nothing:
 *
 *     const y = x.add(x.T).mean({ axis: 0 });      y -> mean -> add -> x
 *                                                               '---> transpose -> x
 *     await y.compute({ workers: 4 });
 *
 * An array never changes. Its shape, dtype and chunks are worked out by Rust (description.js), and so
 * is what is wrong with an operation: at the call that asks for it, once the engine is ready. What can
 * be done with arrays is listed in signatures.js.
 */
import { currentDescriber } from '../engine/describer.js';
import { chunkGrid } from './chunk-grid.js';
import { compute, dispose, graphOf, persist } from './compute.js';
import { describeAs, descriptionOf } from './description.js';
import { PERSISTED, read, write } from './expression.js';
import { toData } from './scalar.js';
import { bind, METHOD_NAMES } from './signatures.js';

/** @import { PlainValue } from '../engine/plain.js' */
/** @import { GraphData } from '../engine/protocol.js' */
/** @import { ComputeOptions, GraphOptions } from './compute.js' */
/** @import { Expression } from './expression.js' */
/** @import { Index, Methods } from './methods.js' */
/** @import { Node } from './node.js' */
/** @import { Data } from './scalar.js' */

/** Has the methods that are put into its prototype below, for editors and the type checker. */
const Operations = /** @type {new () => Methods<DagArray>} */ (class {});

export class DagArray extends Operations {
  /** How it is made. @type {Node<DagArray>} */
  node;
  /** The arrays that it is made from, each once. @type {DagArray[]} */
  operands;

  /**
   * Not to be called by users: `da` has functions that make arrays.
   *
   * @param {Node<DagArray>} node
   * @param {DagArray} [source] for blocks that the engine holds: what they were computed from
   * @param {Float64Array[]} [chunks] and their lengths along each axis
   */
  constructor(node, source, chunks) {
    super();
    this.node = node;
    const arrays = node.args.flatMap((arg) => ('array' in arg ? [arg.array] : []));
    this.operands = [...new Set([...arrays, ...Object.values(node.named ?? {})])];
    if (source) describeAs(this, source, chunks);
    else if (currentDescriber()) descriptionOf(this);
  }

  /** The length of each axis; NaN if it is only known once the array is computed. @returns {number[]} */
  get shape() {
    return [...descriptionOf(this).shape];
  }

  /** @returns {string} */
  get dtype() {
    return descriptionOf(this).dtype;
  }

  /** The lengths of the blocks along each axis. @returns {number[][]} */
  get chunks() {
    return descriptionOf(this).chunks.map((lengths) => [...lengths]);
  }

  /** How many axes there are. @returns {number} */
  get ndim() {
    return this.shape.length;
  }

  /** How many elements there are; NaN if that is unknown. @returns {number} */
  get size() {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  /** With its axes in reverse order. */
  get T() {
    return this.transpose();
  }

  /**
   * As Python slices: `x.slice([3, 50, 7], [null, null, -2])` is `x[3:50:7, ::-2]`, and `x.slice(x.greater(0.5))` is
   * `x[x > 0.5]`. How many elements such a mask leaves is only known once they are computed.
   *
   * @param {...Index<DagArray>} index
   */
  slice(...index) {
    const masks = [...new Set(index.filter(isArray))];
    const items = index.map((item, axis) =>
      isArray(item) ? { mask: 1 + masks.indexOf(item) } : indexData(item, axis),
    );
    return record('slice', [this, ...masks], { index: items });
  }

  /**
   * Computes it.
   *
   * @param {ComputeOptions} [options]
   * @returns {Promise<PlainValue>} `{ data, shape, dtype }`; of an array without axes, its one element
   */
  async compute(options) {
    const [value] = await compute([this], options);
    return value;
  }

  /**
   * Computes its blocks, which the engine then holds until `dispose` is called, or nobody can use them
   * any more.
   *
   * @param {ComputeOptions} [options]
   * @returns {Promise<DagArray>}
   */
  persist(options) {
    /** @type {(id: number, chunks: Float64Array[]) => DagArray} */
    const make = (id, chunks) =>
      new DagArray({ op: 'persisted', args: [], keywords: { id } }, this, chunks);
    return persist(this, make, options);
  }

  /**
   * The array with the lengths of all its blocks: some are only known once they are computed, such as those of
   * `x.slice(mask)`. It computes the blocks, which the engine then holds, as for `persist`.
   *
   * @param {ComputeOptions} [options]
   * @returns {Promise<DagArray>}
   */
  compute_chunk_sizes(options) {
    return this.persist(options);
  }

  /** Lets the engine drop the blocks of a persisted array; of another, does nothing. */
  dispose() {
    dispose(this);
  }

  /**
   * Its task graph.
   *
   * @param {GraphOptions} [options]
   * @returns {Promise<GraphData>}
   */
  graph(options) {
    return graphOf(this, options);
  }

  /** As Dask prints it. @override */
  toString() {
    return descriptionOf(this).text;
  }

  /** Its blocks, drawn as an SVG document. */
  toSVG() {
    return chunkGrid(this.chunks);
  }

  /** As data: what `da.fromJSON` reads. @returns {Expression} */
  toJSON() {
    const expression = write([this]);
    if (expression.arrays.some(({ op }) => op === 'persisted')) throw new Error(PERSISTED);
    return expression;
  }

  /**
   * An array from the data that `toJSON` gives, or its text.
   *
   * @param {unknown} json
   */
  static fromJSON(json) {
    const data = typeof json === 'string' ? JSON.parse(json) : json;
    const targets = read(data, (node) => new DagArray(node));
    if (targets.length !== 1) {
      throw new Error(`targets: exactly one target is needed, got ${targets.length}`);
    }
    return targets[0];
  }
}

for (const op of METHOD_NAMES) {
  Object.defineProperty(Operations.prototype, op, {
    /** @this {DagArray} @param {...unknown} given */
    value(...given) {
      return apply(op, [this, ...given]);
    },
  });
}

/**
 * Records an operation, with its operands and keywords as a caller gave them.
 *
 * @param {string} op
 * @param {unknown[]} given
 */
export function apply(op, given) {
  const { args, keywords, named } = bind(op, given, isArray);
  return record(op, args, keywords, named);
}

/**
 * Records an operation.
 *
 * @param {string} op
 * @param {(DagArray | Data)[]} args
 * @param {Record<string, Data>} keywords
 * @param {Record<string, DagArray>} [named] keywords that are arrays
 */
export function record(op, args, keywords, named) {
  const operands = args.map((arg) => (isArray(arg) ? { array: arg } : { scalar: arg }));
  const hasNamed = named && Object.keys(named).length > 0;
  return new DagArray({ op, args: operands, keywords, ...(hasNamed && { named }) });
}

/**
 * Computes several arrays. Tasks that they have in common run once.
 *
 * @param {...(DagArray | ComputeOptions)} given arrays, and last the options, if any
 * @returns {Promise<PlainValue[]>}
 */
export async function computeTogether(...given) {
  const last = given.at(-1);
  const options = last === undefined || isArray(last) ? {} : last;
  const arrays = isArray(last) ? given : given.slice(0, -1);
  if (!arrays.every(isArray)) {
    throw new TypeError('compute: arguments must be arrays, with the options last');
  }
  return compute(arrays, options);
}

/** @param {unknown} value @returns {value is DagArray} */
export function isArray(value) {
  return value instanceof DagArray;
}

/**
 * @param {Exclude<Index<DagArray>, DagArray>} index
 * @param {number} axis
 * @returns {Data}
 */
function indexData(index, axis) {
  const place = `slice: index ${axis}`;
  if (ArrayBuffer.isView(index)) return { indices: toData(index, place) };
  if (!Array.isArray(index)) return toData(index, place);
  if (index.length > 3) {
    throw new TypeError(
      `${place}: [start, stop, step] has at most 3 items; use a typed array for a list of indices`,
    );
  }
  const [start = null, stop = null, step = null] = index;
  return { start, stop, step };
}
