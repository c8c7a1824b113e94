/*
 * The rows of the task stream: a worker's timeline, cut into spans and columns (row-spans.js), in the colours of its
 * lanes. They are written into a buffer of pixels, or drawn as shapes.
 */
import { ERRED } from '../model/states.js';
import { blend, pixelOf, viridis } from './colours.js';
import {
  LANE_DESERIALIZE,
  LANE_ERRED,
  LANE_IDLE,
  LANE_OTHER,
  LANE_OVERHEAD,
  LANE_RETRY,
  LANE_SERIALIZE,
  LANE_STEAL,
  LANE_TRANSFER,
  LANE_WAIT,
  LANES,
} from './stream-digest.js';

/** @typedef {import('./row-spans.js').SpanReceiver} SpanReceiver */
/** @typedef {import('./theme.js').Theme} Theme */

/**
 * Colours per lane: fills as words of pixels and as CSS.
 *
 * @typedef {{ css: string[], pixels: Uint32Array, gap: number, ground: number, erred: number }} LaneColours
 */

/** Dask draws everything but computing at this opacity. */
const FAINT = 0.4;

/**
 * @param {Theme} theme
 * @returns {LaneColours}
 */
export function laneColours(theme) {
  const css = new Array(LANES);
  const forced = theme.name === 'forced';
  // On a ground that the reader has chosen, every colour is moved towards the text's.
  viridis.forEach((colour, i) => (css[i] = forced ? blend(colour, theme.text, 0.65) : colour));
  // A thin slice has no room for an outline, so it is drawn in the colour of the outline.
  css[LANE_ERRED] = theme.stateEdge[ERRED];
  css[LANE_STEAL] = blend(theme.steal, theme.idle, FAINT);
  css[LANE_TRANSFER] = blend(theme.transfer, theme.idle, FAINT);
  css[LANE_SERIALIZE] = blend(theme.serialize, theme.idle, FAINT);
  css[LANE_DESERIALIZE] = blend(theme.muted, theme.idle, FAINT);
  css[LANE_WAIT] = blend(theme.wait, theme.idle, FAINT);
  css[LANE_RETRY] = theme.retry;
  css[LANE_OVERHEAD] = theme.overhead;
  css[LANE_OTHER] = blend(theme.muted, theme.idle, FAINT);
  css[LANE_IDLE] = theme.idle;
  const ground = pixelOf(theme.background);
  const gap = forced ? pixelOf(theme.text) : ground;
  return { css, pixels: Uint32Array.from(css, pixelOf), gap, ground, erred: pixelOf(theme.erred) };
}

/**
 * Draws rows into a buffer of pixels, which is much faster than one rectangle per event.
 *
 * @param {Uint32Array} pixels `width` x `height`
 * @param {number} width
 * @param {number} top first row of pixels of this worker
 * @param {number} bottom excluded
 * @param {LaneColours} colours
 * @param {number} gap device pixels between neighbouring tasks, where there is room
 * @returns {SpanReceiver}
 */
export function pixelReceiver(pixels, width, top, bottom, colours, gap) {
  const height = bottom - top;
  return {
    solid(from, to, _event, lane) {
      const wide = to - from > gap * 4;
      const edge = wide && lane !== LANE_IDLE ? to - gap : to;
      for (let y = top; y < bottom; y++) {
        const row = y * width;
        pixels.fill(colours.pixels[lane], row + from, row + edge);
        if (edge < to) pixels.fill(colours.gap, row + edge, row + to);
        if (lane === LANE_RETRY) stripe(pixels, row, from, edge, y, gap * 3, colours.gap);
        // Black, with an outline that can be seen on any page.
        if (lane !== LANE_ERRED || y < top + gap || y >= bottom - gap) continue;
        if (edge - from > 2 * gap) pixels.fill(colours.erred, row + from + gap, row + edge - gap);
      }
    },
    mixed(column, times) {
      let total = 0;
      for (let lane = 0; lane < LANES; lane++) total += times[lane];
      if (!(total > 0)) total = 1;
      // From the bottom up, idle last: the top edge of the colours is the utilisation.
      let sum = 0;
      let y = bottom;
      for (let lane = 0; lane < LANES; lane++) {
        if (times[lane] <= 0) continue;
        sum += times[lane];
        const stop = bottom - Math.round((sum / total) * height);
        for (; y > stop; y--) pixels[(y - 1) * width + column] = colours.pixels[lane];
      }
      for (; y > top; y--) pixels[(y - 1) * width + column] = colours.pixels[LANE_IDLE];
    },
  };
}

/**
 * Draws a row as rectangles, for a drawing that can be scaled.
 *
 * @param {import('./view.js').Painter} painter
 * @param {{ left: number, top: number, height: number }} row
 * @param {LaneColours} colours
 * @returns {SpanReceiver}
 */
export function shapeReceiver(painter, { left, top, height }, colours) {
  return {
    solid(from, to, _event, lane) {
      if (lane === LANE_IDLE) return;
      painter.fillStyle = colours.css[lane];
      painter.fillRect(left + from, top, to - from - (to - from > 4 ? 1 : 0), height);
    },
    mixed(column, times) {
      let total = 0;
      for (let lane = 0; lane < LANES; lane++) total += times[lane];
      let bottom = top + height;
      for (let lane = 0; lane < LANE_IDLE && total > 0; lane++) {
        if (times[lane] <= 0) continue;
        const part = (times[lane] / total) * height;
        bottom -= part;
        painter.fillStyle = colours.css[lane];
        painter.fillRect(left + column, bottom, 1, part);
      }
    },
  };
}

/**
 * Cuts slanting stripes into a line of pixels, so that a retry can be told from a finished task without
 * its colour.
 *
 * @param {Uint32Array} pixels
 * @param {number} row where the line begins
 * @param {number} from
 * @param {number} to
 * @param {number} y
 * @param {number} width of a stripe
 * @param {number} ground
 */
function stripe(pixels, row, from, to, y, width, ground) {
  for (let x = from; x < to; x++) {
    if ((x - from + y) % (2 * width) >= width) pixels[row + x] = ground;
  }
}
