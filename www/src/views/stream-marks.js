/*
 * The marks of the task stream: events without length, which take no room in a row of slices.
 *
 *     0  |  add  v add |  mean  |      v  a steal: the task was taken from another worker
 *     1  |  boom |x               x  a task that erred without running: a task it depends on erred
 *
 * If marks would overlap, only one of them is drawn; the tooltip says how many there are.
 */
import { ERRED } from '../model/states.js';
import { drawMark } from './marks.js';
import { toMs, toPx } from './time-scale.js';

/** @typedef {import('../model/timeline.js').Column} Column */
/** @typedef {import('../model/timeline.js').Timeline} Timeline */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./time-scale.js').TimeScale} TimeScale */

/** Neighbours are at least this far apart, in CSS pixels. */
const APART = 7;

/** The largest distance of the pointer from a mark, CSS pixels. */
const NEAR = 5;

/**
 * @param {import('./view.js').Painter} context
 * @param {Timeline} timeline
 * @param {TimeScale} scale in CSS pixels
 * @param {{ left: number, top: number, height: number }} row
 * @param {Theme} theme
 */
export function drawStreamMarks(context, timeline, scale, { left, top, height }, theme) {
  const size = Math.max(2.5, Math.min(6, height * 0.16));
  eachApart(timeline, timeline.steals, scale, (x) =>
    drawNotch(context, left + x, top, size, theme),
  );
  const middle = top + height - size - 1;
  eachApart(timeline, timeline.unrun, scale, (x) =>
    drawMark(context, ERRED, left + x, middle, size, theme),
  );
}

/**
 * Visits the places of marks that are in sight, without those that would overlap.
 *
 * @param {Timeline} timeline
 * @param {Column} marks
 * @param {TimeScale} scale
 * @param {(px: number) => void} visit
 */
function eachApart(timeline, marks, scale, visit) {
  let i = firstMark(timeline, marks, scale.startMs);
  while (i < marks.length) {
    const timeMs = timeline.stopMs[marks.values[i]];
    if (timeMs > scale.endMs) return;
    const px = toPx(scale, timeMs);
    visit(px);
    i = Math.max(i + 1, firstMark(timeline, marks, toMs(scale, px + APART)));
  }
}

/**
 * Returns the nearest mark, if it is near enough.
 *
 * @param {Timeline} timeline
 * @param {Column} marks
 * @param {TimeScale} scale in CSS pixels
 * @param {number} px
 * @returns {number} its event, -1 for none
 */
export function markAt(timeline, marks, scale, px) {
  const next = firstMark(timeline, marks, toMs(scale, px));
  let nearest = -1;
  let distance = NEAR;
  for (const i of [next - 1, next]) {
    if (i < 0 || i >= marks.length) continue;
    const away = Math.abs(toPx(scale, timeline.stopMs[marks.values[i]]) - px);
    if (away > distance) continue;
    distance = away;
    nearest = marks.values[i];
  }
  return nearest;
}

/**
 * Returns the first mark that is not before a time. O(log marks).
 *
 * @param {Timeline} timeline
 * @param {Column} marks
 * @param {number} timeMs
 */
function firstMark({ stopMs }, marks, timeMs) {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (stopMs[marks.values[middle]] < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Draws a triangle that points into the row from its upper edge, visible on any colour.
 *
 * @param {import('./view.js').Painter} context
 * @param {number} x
 * @param {number} top
 * @param {number} size
 * @param {Theme} theme
 */
function drawNotch(context, x, top, size, theme) {
  context.beginPath();
  context.moveTo(x - size, top);
  context.lineTo(x + size, top);
  context.lineTo(x, top + size * 1.5);
  context.closePath();
  context.fillStyle = theme.steal;
  context.strokeStyle = theme.background;
  context.lineWidth = 1.5;
  context.stroke();
  context.fill();
}
