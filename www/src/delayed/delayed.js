/*
 * The result of a call that runs later: `dask.delayed.Delayed`. It records which function is called
 * with which arguments, and computes nothing. Each call is a task of its own, as in Dask.
 */
import { compute, graphOf } from '../array/compute.js';
import { inOrder } from '../array/expression.js';
import { isOptions } from '../array/options.js';
import { isScalar, shown, toData } from '../array/scalar.js';

/** @import { ComputeOptions } from '../array/compute.js' */
/** @import { Data, Scalar } from '../array/scalar.js' */
/** @import { PlainValue } from '../engine/plain.js' */
/** @import { GraphData } from '../engine/protocol.js' */

/**
 * @typedef {Delayed | Scalar} Argument
 *
 * How the task of a call is to run: how often it is retried after a failure, and a priority: tasks of a
 * higher one run first.
 *
 * @typedef {{ retries?: number, priority?: number }} Annotations
 *
 * @typedef {{ dagdeck: number, delayed: Record<string, Data>[], targets: number[] }} DelayedExpression
 */

const ANNOTATIONS = ['retries', 'priority'];

export class Delayed {
  /** The function's name. @type {string} */
  op;
  /** @type {Argument[]} */
  args;
  /** @type {Annotations} */
  annotations;

  /**
   * Not to be called by users: `delayed` has the functions.
   *
   * @param {string} op
   * @param {unknown[]} args
   * @param {unknown} [annotations]
   */
  constructor(op, args, annotations = {}) {
    if (!isOptions(annotations)) {
      throw new TypeError(`${op}: ${shown(annotations)} is not an object of options`);
    }
    const unknown = Object.keys(annotations).find((name) => !ANNOTATIONS.includes(name));
    if (unknown) {
      throw new TypeError(
        `${op}: unknown option “${unknown}”; the options are ${ANNOTATIONS.join(', ')}`,
      );
    }
    this.op = op;
    this.args = args.map((arg, i) => {
      if (isDelayed(arg) || isScalar(arg)) return arg;
      throw new TypeError(`${op}: argument ${i} must be delayed or a number, got ${shown(arg)}`);
    });
    this.annotations = annotations;
    Object.freeze(this);
  }

  /** What it needs. The engine holds nothing of it. @returns {Delayed[]} */
  get operands() {
    return this.args.filter(isDelayed);
  }

  /**
   * Computes it.
   *
   * @param {ComputeOptions} [options]
   * @returns {Promise<PlainValue>} a number; null where the function returns nothing
   */
  async compute(options) {
    const [value] = await compute([this], options, write);
    return value;
  }

  /** Its task graph. @returns {Promise<GraphData>} */
  graph() {
    return graphOf(this, {}, write);
  }

  /** As data. @returns {DelayedExpression} */
  toJSON() {
    return write([this]);
  }

  toString() {
    return `Delayed('${this.op}')`;
  }
}

/**
 * Computes several results. Calls that they have in common run once.
 *
 * @param {...(Delayed | ComputeOptions)} given results, and last the options, if any
 * @returns {Promise<PlainValue[]>}
 */
export async function computeTogether(...given) {
  const last = given.at(-1);
  const options = last === undefined || isDelayed(last) ? {} : last;
  const targets = isDelayed(last) ? given : given.slice(0, -1);
  if (!targets.every(isDelayed)) {
    throw new TypeError('compute: arguments must all be delayed, with the options last');
  }
  return compute(targets, options, write);
}

/** @param {unknown} value @returns {value is Delayed} */
export function isDelayed(value) {
  return value instanceof Delayed;
}

/**
 * An expression: all calls, each after those that it needs.
 *
 * @param {Delayed[]} targets
 * @returns {DelayedExpression}
 */
function write(targets) {
  const order = inOrder(targets, (each) => each.operands);
  const places = new Map(order.map((each, place) => [each, place]));
  const placeOf = (/** @type {Delayed} */ each) => /** @type {number} */ (places.get(each));
  const data = (/** @type {Delayed} */ { op, args, annotations }) => ({
    op,
    args: args.map((arg) =>
      isDelayed(arg) ? { delayed: placeOf(arg) } : toData(arg, `${op}: argument`),
    ),
    ...annotations,
  });
  return { dagdeck: 1, delayed: order.map(data), targets: targets.map(placeOf) };
}
