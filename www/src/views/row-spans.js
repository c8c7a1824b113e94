/*
 * A timeline as a row of pixels: cut into spans in which one thing happens and columns in which more than one does.
 */
import { toMs, toPx } from './time-scale.js';

/** @typedef {import('./time-scale.js').TimeScale} TimeScale */
/** @typedef {import('./timeline-digest.js').TimelineDigest} TimelineDigest */

/**
 * Receives a row from left to right. A solid span is one event (`length` of the timeline means what
 * runs now), a mixed column has milliseconds per kind.
 *
 * @typedef {object} SpanReceiver
 * @property {(from: number, to: number, event: number, kind: number) => void} solid columns `from`
 *   to `to` (excluded)
 * @property {(column: number, times: Float64Array) => void} mixed
 */

/**
 * Cuts what is visible of a worker's timeline into solid spans and mixed columns of device pixels.
 *
 * @param {import('../model/timeline.js').Timeline} timeline
 * @param {TimelineDigest} digest up to date
 * @param {TimeScale} scale in device pixels
 * @param {number} nowMs nothing is drawn after it
 * @param {SpanReceiver} receiver
 */
export function cutRow(timeline, digest, scale, nowMs, receiver) {
  const before = new Float64Array(digest.count);
  const after = new Float64Array(digest.count);
  const within = new Float64Array(digest.count);
  const end = Math.min(scale.widthPx, Math.ceil(toPx(scale, nowMs) - 0.5));
  let column = Math.max(0, Math.ceil(toPx(scale, 0) - 0.5));
  let summedTo = -1;
  while (column < end) {
    const event = timeline.eventAt(toMs(scale, column + 0.5));
    const over = event >= timeline.length;
    const stopPx = toPx(scale, over ? nowMs : timeline.stopMs[event]);
    if (stopPx > column + 1.5) {
      const to = Math.min(end, Math.max(column + 1, Math.round(stopPx)));
      receiver.solid(column, to, event, over ? digest.kindNow : digest.kindOf(event));
      column = to;
      continue;
    }
    if (summedTo === column) before.set(after);
    else digest.timesBefore(Math.max(0, toMs(scale, column)), before);
    digest.timesBefore(Math.min(nowMs, toMs(scale, column + 1)), after);
    summedTo = column + 1;
    for (let kind = 0; kind < digest.count; kind++) within[kind] = after[kind] - before[kind];
    receiver.mixed(column, within);
    column++;
  }
}
