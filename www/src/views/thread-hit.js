/*
 * What is at a point of the view of threads, and what the arrow keys reach: a slice or a mark of a thread, or, where
 * slices are thinner than can be seen, the short time around the point.
 */
import { countsOfThread, layoutOf } from './thread-frame.js';
import { endOf, follow, nextEvent, scaleOf } from './time-axis.js';
import { toMs, toPx } from './time-scale.js';
import { markAt } from './timeline-marks.js';

/** @typedef {import('./thread-frame.js').ThreadFrame} ThreadFrame */
/** @typedef {import('./thread-frame.js').ThreadHit} ThreadHit */

/** A slice that is thinner than this cannot be pointed at, CSS pixels. */
const THIN = 2;

/**
 * @param {import('./view.js').Point} point
 * @param {ThreadFrame} frame
 * @returns {ThreadHit | null}
 */
export function hitThreads(point, frame) {
  const { rows, rowHeight, left, width } = layoutOf(frame);
  const { workers } = frame.models[0];
  const row = rows.findIndex((top) => point.y >= top && point.y < top + rowHeight);
  const scale = scaleOf(frame, width);
  const px = point.x - left;
  const timeMs = toMs(scale, px);
  if (row < 0 || px < 0 || px > width || timeMs < 0 || timeMs > endOf(frame)) return null;
  const timeline = workers[row];
  // Drop requests are marked at the lower edge.
  if ((point.y - rows[row]) / rowHeight > 0.6) {
    const { counts, place } = countsOfThread(frame, row);
    const mark = markAt(timeline, counts.dropRequestsOf(place), scale, px);
    if (mark >= 0 && mark < timeline.length) return atEvent(frame, row, mark, timeMs);
  }
  return atTime(frame, row, timeline.eventAt(timeMs), timeMs);
}

/**
 * An event; or, if it is too thin to be seen, the time of the pixels around it.
 *
 * @param {ThreadFrame} frame
 * @param {number} row
 * @param {number} event
 * @param {number} timeMs
 * @returns {ThreadHit}
 */
function atTime(frame, row, event, timeMs) {
  const at = atEvent(frame, row, event, timeMs);
  const scale = scaleOf(frame, layoutOf(frame).width);
  const wide = toPx(scale, at.stopMs) - toPx(scale, at.startMs) >= THIN;
  if (wide || event >= frame.models[0].workers[row].length) return at;
  const px = Math.floor(toPx(scale, timeMs));
  const startMs = Math.max(0, toMs(scale, px - 1));
  const stopMs = Math.min(endOf(frame), toMs(scale, px + 2));
  return { ...at, task: -1, startMs, stopMs, several: true };
}

/**
 * @param {ThreadFrame} frame
 * @param {number} row
 * @param {number} event
 * @param {number} timeMs
 * @returns {ThreadHit}
 */
function atEvent(frame, row, event, timeMs) {
  const timeline = frame.models[0].workers[row];
  const over = event < timeline.length;
  const task = over ? timeline.task[event] : -1;
  return {
    row,
    event,
    task: task < frame.models[0].tasks ? task : -1,
    timeMs,
    startMs: timeline.startMs(event),
    stopMs: over ? timeline.stopMs[event] : endOf(frame),
    several: false,
  };
}

/**
 * @param {ThreadHit} at
 * @param {ThreadFrame} frame
 */
export function placeInThreads(at, frame) {
  const { rows, rowHeight, left, width } = layoutOf(frame);
  const x = left + Math.max(0, Math.min(width, toPx(scaleOf(frame, width), at.timeMs)));
  return { x, y: rows[at.row] + rowHeight / 2 };
}

/**
 * Left and right go from slice to slice of a thread, up and down to another thread.
 *
 * @param {import('./view.js').Step} step
 * @param {ThreadHit | null} from
 * @param {ThreadFrame} frame
 * @param {import('./view.js').ShowWindow} show
 * @returns {ThreadHit | null}
 */
export function stepInThreads(step, from, frame, show) {
  const { workers } = frame.models[0];
  if (workers.length === 0) return null;
  const layout = layoutOf(frame);
  const scale = scaleOf(frame, layout.width);
  const last = workers.length - 1;
  let row = Math.min(from?.row ?? 0, last);
  let timeMs = from?.timeMs ?? Math.max(0, scale.startMs);
  if (step === 'up') row = Math.max(0, row - 1);
  if (step === 'down') row = Math.min(last, row + 1);
  if (step === 'first') timeMs = 0;
  if (step === 'last') timeMs = endOf(frame);
  const timeline = workers[row];
  const lastEvent = Math.max(0, timeline.length - 1);
  let event = Math.min(lastEvent, timeline.eventAt(timeMs));
  const along = from && (step === 'left' || step === 'right');
  if (along) event = nextEvent(timeline, from.event, step === 'right', scale);
  if (event < timeline.length) {
    const [start, stop] = [timeline.startMs(event), timeline.stopMs[event]];
    // From row to row the time stays; along a row it is the middle of the event.
    if (!(timeMs >= start && timeMs <= stop) || along) timeMs = (start + stop) / 2;
  }
  follow(timeMs, layout, frame, show);
  return atTime(frame, row, event, timeMs);
}
