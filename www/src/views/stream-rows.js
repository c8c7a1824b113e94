/*
 * A worker's timeline as pixels: cut into spans in which one thing happens and columns in which more
 * than one does, and written into a buffer, in the colours of its lanes.
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
import { toMs, toPx } from './time-scale.js';

/** @typedef {import('./stream-digest.js').StreamDigest} StreamDigest */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./time-scale.js').TimeScale} TimeScale */

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
 * Receives a row from left to right. A solid span is one event (`length` of the timeline means what
 * runs now), a mixed column has milliseconds per lane.
 *
 * @typedef {object} SpanReceiver
 * @property {(from: number, to: number, event: number, lane: number) => void} solid columns `from`
 *   to `to` (excluded)
 * @property {(column: number, times: Float64Array) => void} mixed
 */

const before = new Float64Array(LANES);
const after = new Float64Array(LANES);
const within = new Float64Array(LANES);

/**
 * Cuts what is visible of a worker's timeline into solid spans and mixed columns of device pixels.
 *
 * @param {import('../model/timeline.js').Timeline} timeline
 * @param {StreamDigest} digest up to date
 * @param {TimeScale} scale in device pixels
 * @param {number} nowMs nothing is drawn after it
 * @param {SpanReceiver} receiver
 */
export function cutRow(timeline, digest, scale, nowMs, receiver) {
  const end = Math.min(scale.widthPx, Math.ceil(toPx(scale, nowMs) - 0.5));
  let column = Math.max(0, Math.ceil(toPx(scale, 0) - 0.5));
  let summedTo = -1;
  while (column < end) {
    const event = timeline.eventAt(toMs(scale, column + 0.5));
    const over = event >= timeline.length;
    const stopPx = toPx(scale, over ? nowMs : timeline.stopMs[event]);
    if (stopPx > column + 1.5) {
      const to = Math.min(end, Math.max(column + 1, Math.round(stopPx)));
      receiver.solid(column, to, event, over ? digest.laneNow : digest.laneOf(event));
      column = to;
      continue;
    }
    if (summedTo === column) before.set(after);
    else digest.timesBefore(Math.max(0, toMs(scale, column)), before);
    digest.timesBefore(Math.min(nowMs, toMs(scale, column + 1)), after);
    summedTo = column + 1;
    for (let lane = 0; lane < LANES; lane++) within[lane] = after[lane] - before[lane];
    receiver.mixed(column, within);
    column++;
  }
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
