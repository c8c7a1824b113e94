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
    drawNotch(context, left + x, top, size, theme),
  );
  const middle = top + height - size - 1;
  eachApart(timeline, timeline.unrun, scale, (x) =>
    drawMark(context, ERRED, left + x, middle, size, theme),
  );
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
