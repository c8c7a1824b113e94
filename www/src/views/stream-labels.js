/*
 * The layout of the task stream, and its text: the time axis, the workers' numbers, and the names of tasks where they
 * fit.
 */
import { COMPUTE, COMPUTE_ERRED } from '../model/actions.js';
import { prefixOf } from '../model/graph.js';
import { contrast } from './colours.js';
import { fontOf } from './text.js';
import { ticksOf, toMs, toPx } from './time-scale.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./stream-digest.js').StreamDigest} StreamDigest */
/** @typedef {import('./stream-rows.js').LaneColours} LaneColours */
/** @typedef {import('./surface.js').Viewport} Viewport */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./time-scale.js').TimeScale} TimeScale */

/**
 * The positions of rows, band and axis, in CSS pixels.
 *
 * @typedef {object} StreamLayout
 * @property {number} left of the rows
 * @property {number} top
 * @property {number} width
 * @property {number} height of all rows
 * @property {number} rowHeight
 * @property {{ captionTop: number, top: number, height: number } | null} band under the rows, for the memory curve, with
 *   a line of text above it
 * @property {number} bottom where the axis is
 * @property {number} size of the text
 */

/** The highest row, CSS pixels: two workers do not need half a screen each. */
const HIGHEST_ROW = 90;

/** The heights of the memory band and of the line of text above it, in sizes of the text. */
const BAND = 1.2;
const CAPTION = 1.15;
/** If the rows together are lower than this, in sizes of the text, there is no band below them. */
const LEAST_ROOM = 2.2;

/**
 * @param {number} workers
 * @param {Viewport} viewport
 * @param {boolean} [withBand] whether there is a memory curve to draw
 * @returns {StreamLayout}
 */
export function layoutStream(workers, viewport, withBand = false) {
  const size = viewport.textSize;
  const rows = Math.max(workers, 1);
  const left = Math.round(size * (0.9 + 0.62 * String(rows - 1).length));
  const top = 2;
  const room = Math.max(0, viewport.height - top - Math.round(size * 1.7));
  const gap = Math.round(size * 0.3);
  const bandHeight = Math.round(size * BAND);
  const captionHeight = Math.round(size * CAPTION);
  const below = gap + captionHeight + bandHeight;
  const has = withBand && room - below >= size * LEAST_ROOM;
  const rowHeight = Math.min(HIGHEST_ROW, (has ? room - below : room) / rows);
  const end = top + rowHeight * rows;
  const captionTop = Math.round(end) + gap;
  const band = has
    ? {
        captionTop,
        top: captionTop + captionHeight,
        height: bandHeight,
      }
    : null;
  return {
    left,
    top,
    width: Math.max(1, viewport.width - left - 2),
    height: rowHeight * rows,
    rowHeight,
    band,
    bottom: band ? band.top + band.height : end,
    size,
  };
}

/**
 * Draws the time axis, with the unit at its end.
 *
 * @param {import('./view.js').Painter} context
 * @param {Pick<StreamLayout, 'left' | 'width' | 'bottom' | 'size'>} layout
 * @param {TimeScale} scale in CSS pixels
 * @param {Viewport} viewport
 * @param {Theme} theme
 */
export function drawTimeAxis(context, layout, scale, viewport, theme) {
  const { left, width, bottom, size } = layout;
  const line = 1 / viewport.ratio;
  const { unit, ticks } = ticksOf(scale, Math.max(60, size * 5.5));
  context.font = fontOf(theme, size);
  context.textBaseline = 'top';
  context.textAlign = 'right';
  context.fillStyle = theme.text;
  const textTop = bottom + Math.round(size * 0.45);
  context.fillText(unit, left + width, textTop);
  const unitLeft = left + width - context.measureText(unit).width - size * 0.6;
  context.fillStyle = theme.rule;
  context.fillRect(left, bottom, width, line);
  for (const { px, label } of ticks) {
    const x = Math.round((left + px) * viewport.ratio) / viewport.ratio;
    context.fillStyle = theme.muted;
    context.fillRect(x, bottom, line, Math.round(size * 0.3));
    const half = context.measureText(label).width / 2;
    if (left + px + half > unitLeft) continue;
    context.fillStyle = theme.text;
    context.textAlign = left + px - half < 0 ? 'left' : 'center';
    context.fillText(label, left + px, textTop);
  }
}

/**
 * Draws the number of each worker and a rule below its row. If there are more workers than cores, a dashed line
 * separates the workers that have no core of their own. In a simulation no worker has one.
 *
 * @param {import('./view.js').Painter} context
 * @param {StreamLayout} layout
 * @param {RunModel} model
 * @param {Viewport} viewport
 * @param {Theme} theme
 */
export function drawRowRules(context, layout, model, viewport, theme) {
  const { workers, cores, mode } = model;
  const { left, top, width, rowHeight, size } = layout;
  const line = 1 / viewport.ratio;
  const every = Math.max(1, Math.ceil((size * 1.1) / Math.max(rowHeight, 1)));
  context.font = fontOf(theme, size);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (let worker = 0; worker < workers.length; worker++) {
    const bottom = Math.round((top + (worker + 1) * rowHeight) * viewport.ratio) / viewport.ratio;
    if (rowHeight >= 6) {
      context.fillStyle = theme.rule;
      context.fillRect(left, bottom - line, width, line);
    }
    if (worker % every !== 0) continue;
    context.fillStyle = theme.muted;
    const middle = top + (worker + 0.5) * rowHeight;
    // The number of the first of many low rows would be cut off.
    if (middle < size * 0.5) continue;
    context.fillText(String(worker), left - size * 0.45, middle);
  }
  if (mode === 'model' || cores === null || workers.length <= cores) return;
  const border = Math.round(top + cores * rowHeight) - 0.5;
  context.strokeStyle = theme.text;
  context.lineWidth = 1;
  context.setLineDash([size * 0.35, size * 0.35]);
  context.beginPath();
  context.moveTo(0, border);
  context.lineTo(left + width, border);
  context.stroke();
  context.setLineDash([]);
}

/**
 * Writes the prefix into tasks that have room for it.
 *
 * @param {import('./view.js').Painter} context
 * @param {StreamLayout} layout
 * @param {RunModel} model
 * @param {StreamDigest[]} digests
 * @param {TimeScale} scale in CSS pixels
 * @param {LaneColours} colours
 * @param {Theme} theme
 */
export function drawTaskLabels(context, layout, model, digests, scale, colours, theme) {
  const { left, top, rowHeight, size } = layout;
  if (rowHeight < size * 1.1) return;
  context.font = fontOf(theme, size);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const shortest = size * 2.2;
  const shortestMs = toMs(scale, shortest) - toMs(scale, 0);
  model.workers.forEach((timeline, worker) => {
    const first = timeline.eventAt(Math.max(0, scale.startMs));
    // Among more events than this, none is wide enough for a label.
    const last = Math.min(timeline.length, first + 4000);
    for (let event = first; event < last; event++) {
      const startMs = timeline.startMs(event);
      if (startMs > scale.endMs) break;
      const stopMs = timeline.stopMs[event];
      const what = timeline.action[event];
      if (stopMs - startMs < shortestMs || (what !== COMPUTE && what !== COMPUTE_ERRED)) continue;
      const from = Math.max(0, toPx(scale, startMs));
      const to = Math.min(scale.widthPx, toPx(scale, stopMs));
      const name = prefixOf(model.graph, timeline.task[event]);
      if (context.measureText(name).width + size * 0.6 > to - from) continue;
      const ground = what === COMPUTE ? colours.css[digests[worker].kindOf(event)] : theme.erred;
      context.fillStyle = contrast('#ffffff', ground) >= 4.5 ? '#ffffff' : '#000000';
      context.fillText(name, left + (from + to) / 2, top + (worker + 0.5) * rowHeight);
    }
  });
}
