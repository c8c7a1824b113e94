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
import { drawNotch } from './notch.js';
import { eachApart } from './timeline-marks.js';

/** @typedef {import('../model/timeline.js').Timeline} Timeline */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./time-scale.js').TimeScale} TimeScale */

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
    drawNotch(context, left + x, top, size, theme.steal, theme),
  );
  const middle = top + height - size - 1;
  eachApart(timeline, timeline.unrun, scale, (x) =>
    drawMark(context, ERRED, left + x, middle, size, theme),
  );
}
