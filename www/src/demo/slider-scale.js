/*
 * Maps the positions of a slider to the values of an integer parameter. A slider stops at round values (1,
 * 2 or 5 times a power of ten, or powers of two) and at both ends of the range; other whole numbers can be
 * typed. This file does not touch the slider itself.
 */

/** @import { IntegerParameter } from '../engine/protocol.js' */

/** About how many stops a linear slider has: with fewer it is coarse, with more a mouse cannot hit them. */
const STOPS = 80;

/**
 * The values that the slider stops at, in order.
 *
 * @param {Pick<IntegerParameter, 'min' | 'max' | 'scale'>} parameter
 * @returns {number[]}
 */
export function stopsOf({ min, max, scale }) {
  const stops = [min];
  if (scale === 'log2') {
    for (let value = 1; value < max; value *= 2) {
      if (value > min) stops.push(value);
    }
  } else {
    const step = roundStep((max - min) / STOPS);
    for (let value = Math.ceil((min + 1) / step) * step; value < max; value += step) {
      stops.push(value);
    }
  }
  if (max > min) stops.push(max);
  return stops;
}

/**
 * The index of the stop nearest to a value.
 *
 * @param {number[]} stops
 * @param {number} value
 * @returns {number}
 */
export function placeOf(stops, value) {
  let place = 0;
  for (let i = 1; i < stops.length; i++) {
    if (Math.abs(stops[i] - value) < Math.abs(stops[place] - value)) place = i;
  }
  return place;
}

/**
 * The smallest 1, 2 or 5 times a power of ten that is not below `least`, and at least 1.
 *
 * @param {number} least
 */
function roundStep(least) {
  let power = 1;
  while (power * 10 <= least) power *= 10;
  for (const factor of [1, 2, 5]) {
    if (factor * power >= least) return factor * power;
  }
  return power * 10;
}
