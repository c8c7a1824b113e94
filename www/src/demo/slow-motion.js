/*
 * Computes how slowly to replay a run so that people can watch it. A run of a few milliseconds is over before
 * anyone looks.
 */
import { formatCount } from '../views/format.js';

/** @import { Recording } from '../model/recording.js' */

/** The approximate duration of a replay in slow motion. */
const WATCHED_MS = 8000;

/** Long runs are slowed down by at least this factor, or it would be a replay like any other. */
const LEAST = 2;

/**
 * Returns a round factor (1, 2 or 5 times a power of ten) with which the replay of a run takes about eight seconds.
 *
 * @param {Recording} recording
 * @returns {number} at least 2
 */
export function slowMotionFactor({ outcome, trace }) {
  const lastMs = trace.workers.reduce((last, { stopMs }) => Math.max(last, stopMs.at(-1) ?? 0), 0);
  const wanted = WATCHED_MS / Math.max(outcome?.makespanMs ?? lastMs, 1e-3);
  const power = 10 ** Math.floor(Math.log10(wanted));
  // The nearest by ratio: a factor that is twice too large is as far off as one half as large.
  const distance = (/** @type {number} */ times) => Math.abs(Math.log((times * power) / wanted));
  const times = [1, 2, 5, 10].reduce((best, next) =>
    distance(next) < distance(best) ? next : best,
  );
  return Math.max(LEAST, Math.round(times * power));
}

/**
 * Returns the label of a replay in slow motion.
 *
 * @param {number} factor
 */
export function slowMotionText(factor) {
  return `Slow motion, 1/${formatCount(factor)} of the speed`;
}
