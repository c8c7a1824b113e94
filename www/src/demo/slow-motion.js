/*
 * How slowly a run is replayed so that it can be watched: a run of some milliseconds is over before
 * anyone looks.
 */
import { formatCount } from '../views/format.js';

/** @import { Recording } from '../model/recording.js' */

/** About how long a replay in slow motion takes. */
const WATCHED_MS = 8000;

/** A long run is slowed down too, or else it would be a replay like any other. */
const LEAST = 2;

/**
 * A round factor (1, 2 or 5 times a power of ten) by which the replay of a run takes about eight seconds.
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
 * What a replay in slow motion is called.
 *
 * @param {number} factor
 */
export function slowMotionText(factor) {
  return `Slow motion, 1/${formatCount(factor)} of the speed`;
}
