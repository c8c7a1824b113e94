/*
 * Marks in a timeline: events that are listed apart because they are too short for a row of slices. If marks would
 * overlap, only one of them is visited.
 */
import { toMs, toPx } from './time-scale.js';

/** @typedef {import('../model/timeline.js').Column} Column */
/** @typedef {import('../model/timeline.js').Timeline} Timeline */
/** @typedef {import('./time-scale.js').TimeScale} TimeScale */

/** Neighbours are at least this far apart, in pixels. */
const APART = 7;

/** The largest distance of the pointer from a mark, CSS pixels. */
const NEAR = 5;

/**
 * Visits the places of marks that are in sight, without those that would overlap.
 *
 * @param {Timeline} timeline
 * @param {Column} marks
 * @param {TimeScale} scale
 * @param {(px: number, event: number) => void} visit
 */
export function eachApart(timeline, marks, scale, visit) {
  let i = firstMark(timeline, marks, scale.startMs);
  while (i < marks.length) {
    const timeMs = timeline.stopMs[marks.values[i]];
    if (timeMs > scale.endMs) return;
    const px = toPx(scale, timeMs);
    visit(px, marks.values[i]);
    i = Math.max(i + 1, firstMark(timeline, marks, toMs(scale, px + APART)));
  }
}

/**
 * Visits the columns of pixels that have marks, with the first mark of each.
 *
 * @param {Timeline} timeline
 * @param {Column} marks
 * @param {TimeScale} scale
 * @param {(column: number, event: number) => void} visit
 */
export function eachColumn(timeline, marks, scale, visit) {
  let i = firstMark(timeline, marks, scale.startMs);
  while (i < marks.length) {
    const event = marks.values[i];
    if (timeline.stopMs[event] > scale.endMs) return;
    const column = Math.floor(toPx(scale, timeline.stopMs[event]));
    visit(column, event);
    i = Math.max(i + 1, firstMark(timeline, marks, toMs(scale, column + 1)));
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
