/*
 * Memory over time, as a band below the rows of the task stream and on the same axis: how many bytes the
 * values of the run take, where the peak is, and the memory limit if the run had one.
 *
 *     0 | add | add |mean|
 *     1 | add |  add    |
 *       memory: peak 61.0 MiB
 *       |____.--''\___.-`|
 *       0     5    10    15 ms
 */
import { blend } from './colours.js';
import { formatBytes, formatDuration } from './format.js';
import { fontOf } from './text.js';
import { toMs, toPx } from './time-scale.js';

/** @typedef {import('../model/memory.js').MemoryCurve} MemoryCurve */
/** @typedef {import('./stream-labels.js').StreamLayout} StreamLayout */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./time-scale.js').TimeScale} TimeScale */

/**
 * What the band shows.
 *
 * @typedef {object} Memory
 * @property {MemoryCurve} curve
 * @property {number | null} limit bytes
 * @property {number} untilMs nothing is drawn after it
 */

/** A limit higher than this many times the peak is only written: with its line the curve would be flat. */
const FARTHEST_LIMIT = 4;

/**
 * The step of a curve at a time. O(log steps).
 *
 * @param {MemoryCurve} curve
 * @param {number} timeMs
 * @returns {number} -1 before the first
 */
function stepAt({ timesMs }, timeMs) {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timesMs[middle] <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * How much memory is in use at a time.
 *
 * @param {MemoryCurve} curve
 * @param {number} timeMs
 * @returns {number} bytes
 */
export function heldAt(curve, timeMs) {
  return curve.bytes[stepAt(curve, timeMs)] ?? 0;
}

/**
 * The most memory in use in each column of pixels, so that no peak is lost between two of them.
 *
 * @param {MemoryCurve} curve
 * @param {TimeScale} scale
 * @param {number} columns
 * @param {number} untilMs
 * @returns {Float64Array} bytes
 */
export function heldPerColumn(curve, scale, columns, untilMs) {
  const most = new Float64Array(columns);
  let step = stepAt(curve, toMs(scale, 0));
  for (let column = 0; column < columns; column++) {
    if (toMs(scale, column) > untilMs) break;
    const endMs = Math.min(untilMs, toMs(scale, column + 1));
    let held = curve.bytes[step] ?? 0;
    while (step + 1 < curve.timesMs.length && curve.timesMs[step + 1] <= endMs) {
      held = Math.max(held, curve.bytes[++step]);
    }
    most[column] = held;
    // The peak has no length: the values that a task reads are released when its own value exists.
    const { peakMs } = curve;
    if (peakMs > toMs(scale, column) && peakMs <= endMs) most[column] = curve.peakBytes;
  }
  return most;
}

/**
 * @param {import('./view.js').Painter} context
 * @param {StreamLayout} layout with a band
 * @param {Memory} memory
 * @param {TimeScale} scale in CSS pixels
 * @param {Theme} theme
 */
export function drawMemory(context, layout, { curve, limit, untilMs }, scale, theme) {
  const { band, left, width, size } = layout;
  if (!band || curve.peakBytes <= 0) return;
  const drawsLimit = limit !== null && limit <= curve.peakBytes * FARTHEST_LIMIT;
  const highest = Math.max(curve.peakBytes, drawsLimit ? limit : 0);
  const bottom = band.top + band.height;
  const yOf = (/** @type {number} */ bytes) => bottom - (bytes / highest) * (band.height - 2);
  context.fillStyle = theme.idle;
  context.fillRect(left, band.top, width, band.height);
  context.fillStyle = blend(theme.highlight, theme.background, 0.4);
  heldPerColumn(curve, scale, Math.floor(width), untilMs).forEach((bytes, column) => {
    if (bytes > 0) context.fillRect(left + column, yOf(bytes), 1, bottom - yOf(bytes));
  });

  const peakPx = toPx(scale, curve.peakMs);
  if (curve.peakMs <= untilMs && peakPx >= 0 && peakPx <= width) {
    context.fillStyle = theme.text;
    context.beginPath();
    context.arc(left + Math.min(peakPx, width - 3), yOf(curve.peakBytes) + 3, 3, 0, 2 * Math.PI);
    context.fill();
  }
  if (drawsLimit) {
    context.strokeStyle = theme.stateEdge.at(-1) ?? theme.text;
    context.lineWidth = 1.5;
    context.setLineDash([6, 4]);
    context.beginPath();
    context.moveTo(left, yOf(limit) + 0.5);
    context.lineTo(left + width, yOf(limit) + 0.5);
    context.stroke();
    context.setLineDash([]);
  }
  const told = limit === null ? '' : `, limit ${formatBytes(limit)}`;
  const words = `memory: peak ${formatBytes(curve.peakBytes)}${told}`;
  context.font = fontOf(theme, size);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = theme.text;
  context.fillText(words, left, (band.captionTop + band.top) / 2);
}

/**
 * The memory in use at a time, in words.
 *
 * @param {Memory} memory
 * @param {number} timeMs
 * @returns {string[]}
 */
export function memoryWords({ curve, limit }, timeMs) {
  const lines = [
    `${formatBytes(heldAt(curve, timeMs))} in use at ${formatDuration(timeMs)}`,
    `peak ${formatBytes(curve.peakBytes)} at ${formatDuration(curve.peakMs)}`,
  ];
  return limit === null ? lines : [...lines, `limit ${formatBytes(limit)}`];
}
