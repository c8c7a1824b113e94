/*
 * The time axis of a view with a row per worker: which part of the run it shows, how it zooms, and how the arrow keys
 * go along a row. The task stream and the threads use it.
 */
import { panned, timeScale, toMs, toPx, zoomed } from './time-scale.js';

/** @typedef {import('../model/timeline.js').Timeline} Timeline */
/** @typedef {import('./time-scale.js').TimeScale} TimeScale */
/** @typedef {import('./view.js').Frame} Frame */
/** @typedef {import('./view.js').ShowWindow} ShowWindow */

/** Where a view has its axis, CSS pixels. @typedef {{ left: number, width: number }} Axis */

/** Events closer than this to the one before are skipped by the arrow keys, CSS pixels. */
const THINNEST = 2;

/** Until when time goes. Before anything has run: a tenth of a second, about what a demo takes. @param {Pick<Frame, 'models'>} frame */
export function endOf({ models: [model] }) {
  return model?.endMs || 100;
}

/**
 * @param {Frame} frame
 * @param {number} widthPx
 */
export function scaleOf(frame, widthPx) {
  const endMs = endOf(frame);
  const { window } = frame;
  // The window may be that of a longer run.
  if (!window || window.startMs >= endMs) return timeScale(0, endMs, widthPx);
  return timeScale(window.startMs, window.endMs, widthPx);
}

/**
 * How a view with a time axis zooms.
 *
 * @param {(frame: any) => Axis} axisOf
 * @returns {import('./view.js').Zoom}
 */
export function timeZoom(axisOf) {
  return {
    by(factor, { x }, frame, show) {
      const { left, width } = axisOf(frame);
      const about = Math.max(0, Math.min(width, x - left));
      return choose(zoomed(scaleOf(frame, width), factor, about, endOf(frame)), frame, show);
    },
    pan(dx, _dy, frame, show) {
      if (!frame.window) return false;
      return choose(panned(scaleOf(frame, axisOf(frame).width), dx, endOf(frame)), frame, show);
    },
    reset(frame, show) {
      const changes = frame.window !== null;
      show(null);
      return changes;
    },
    zoomed: ({ window }) => window !== null,
  };
}

/**
 * @param {TimeScale} scale
 * @param {Frame} frame
 * @param {ShowWindow} show
 */
function choose({ startMs, endMs }, frame, show) {
  const before = frame.window;
  if (before && before.startMs === startMs && before.endMs === endMs) return false;
  const whole = startMs <= 0 && endMs >= endOf(frame) * (1 - 1e-9);
  show(whole ? null : { startMs, endMs });
  return !(whole && before === null);
}

/**
 * The event that an arrow key reaches from another one. Where events are thinner than what can be seen, a step goes as
 * far as can be seen.
 *
 * @param {Timeline} timeline
 * @param {number} from
 * @param {boolean} forth whether to the right
 * @param {TimeScale} scale in CSS pixels
 * @returns {number}
 */
export function nextEvent(timeline, from, forth, scale) {
  const last = Math.max(0, timeline.length - 1);
  const here = Math.min(last, from);
  const next = Math.max(0, Math.min(last, here + (forth ? 1 : -1)));
  const thin = THINNEST * (toMs(scale, 1) - toMs(scale, 0));
  const start = timeline.startMs(here);
  if (forth && timeline.startMs(next) - start < thin) {
    return Math.max(next, Math.min(last, timeline.eventAt(start + thin)));
  }
  if (!forth && start - timeline.startMs(next) < thin) {
    return Math.min(next, timeline.eventAt(Math.max(0, start - thin)));
  }
  return next;
}

/**
 * Moves the window, if there is one, so that a time is in it.
 *
 * @param {number} timeMs
 * @param {Axis} axis
 * @param {Frame} frame
 * @param {ShowWindow} show
 */
export function follow(timeMs, { width }, frame, show) {
  const scale = scaleOf(frame, width);
  if (!frame.window || (timeMs >= scale.startMs && timeMs <= scale.endMs)) return;
  const { startMs, endMs } = panned(scale, width / 2 - toPx(scale, timeMs), endOf(frame));
  show({ startMs, endMs });
}
