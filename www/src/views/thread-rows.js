/*
 * The rows of threads: a timeline, cut into spans and columns (row-spans.js), in the looks of the states
 * (thread-patterns.js). They are written into a buffer of pixels, or drawn as shapes.
 *
 * In a column in which more than one thing happens, each state has its share of the height; those that run are at the
 * bottom. A false alarm is often thinner than a pixel and would be lost among the others, so every column that has one
 * gets a tick at the upper edge.
 */
import { AWAY, THREAD_STATES } from './thread-states.js';
import { fillLook } from './thread-patterns.js';

/** @typedef {import('./row-spans.js').SpanReceiver} SpanReceiver */
/** @typedef {import('./thread-patterns.js').Look} Look */
/** @typedef {import('./thread-patterns.js').Tile} Tile */

/** The share of a column from which on it counts as one state. */
const ONE_STATE = 0.995;

/** The height of the tick of a false alarm, as a share of the row. */
export const TICK = 0.26;

/**
 * @param {Uint32Array} pixels `width` x any height
 * @param {number} width
 * @param {number} top first row of pixels of this thread
 * @param {number} bottom excluded
 * @param {Tile[]} tiles per state
 * @param {Uint32Array} flat colour per state, where there is no room for a pattern
 * @returns {SpanReceiver}
 */
export function pixelReceiver(pixels, width, top, bottom, tiles, flat) {
  const height = bottom - top;
  return {
    solid,
    mixed(column, times) {
      let total = 0;
      let most = 0;
      for (let state = 0; state < THREAD_STATES; state++) {
        total += times[state];
        if (times[state] > times[most]) most = state;
      }
      // Several slices of one state, such as pieces of work one after the other.
      if (times[most] >= total * ONE_STATE) {
        solid(column, column + 1, -1, most);
        return;
      }
      let sum = 0;
      let y = bottom;
      for (let state = 0; state < AWAY && total > 0; state++) {
        if (times[state] <= 0) continue;
        sum += times[state];
        const stop = bottom - Math.round((sum / total) * height);
        for (; y > stop; y--) pixels[(y - 1) * width + column] = flat[state];
      }
      for (; y > top; y--) pixels[(y - 1) * width + column] = flat[AWAY];
    },
  };

  /** @type {SpanReceiver['solid']} */
  function solid(from, to, _event, state) {
    const { size, pixels: tile } = tiles[state];
    for (let y = top; y < bottom; y++) {
      const row = y * width;
      if (size === 1) {
        pixels.fill(tile[0], row + from, row + to);
        continue;
      }
      const line = (y % size) * size;
      for (let x = from; x < to; x++) pixels[row + x] = tile[line + (x % size)];
    }
  }
}

/**
 * Draws a row as shapes, for a drawing that can be scaled.
 *
 * @param {import('./view.js').Painter} painter
 * @param {{ left: number, top: number, height: number }} row
 * @param {Look[]} looks per state
 * @returns {SpanReceiver}
 */
export function shapeReceiver(painter, { left, top, height }, looks) {
  return {
    solid(from, to, _event, state) {
      if (state === AWAY) return;
      fillLook(painter, looks[state], { left: left + from, top, width: to - from, height });
    },
    mixed(column, times) {
      let total = 0;
      for (let state = 0; state < THREAD_STATES; state++) total += times[state];
      let bottom = top + height;
      for (let state = 0; state < AWAY && total > 0; state++) {
        if (times[state] <= 0) continue;
        const part = (times[state] / total) * height;
        bottom -= part;
        painter.fillStyle = looks[state].flat;
        painter.fillRect(left + column, bottom, 1, part);
      }
    },
  };
}
