/*
 * The threads of an interpreter: a row for each thread, grouped by section, all on one time axis.
 *
 *     old lock    686 ms · 6 747 switches · 52 243 false alarms, 7.7 per switch
 *     thread 0    |####|////|#|//|######|        # runs and holds the lock     / waits for it
 *     thread 1    |////|####|/|##|xx////|        x was woken in vain (false alarm)
 *                      ^                         ^ asked for the lock (drop request)
 *
 * It can be zoomed from seconds to a single switch. A column of pixels in which more than one thing happens is stacked:
 * each state has its share of the height. So nothing flickers, and a million events say how much time was lost. False
 * alarms stay in sight however short they are. Drawing costs O(columns x threads), whatever the number of events
 * (timeline-digest.js).
 */
import { pixelOf } from './colours.js';
import { drawNotch } from './notch.js';
import { cutRow } from './row-spans.js';
import { drawTimeAxis } from './stream-labels.js';
import { countsOf, countsOfThread, createThreadMemo, digestOf, layoutOf } from './thread-frame.js';
import { hitThreads, placeInThreads, stepInThreads } from './thread-hit.js';
import { drawHeadings, drawNames, drawSliceWords, drawThreadLegend } from './thread-labels.js';
import { threadLooks, tileOf } from './thread-patterns.js';
import { pixelReceiver, shapeReceiver, TICK } from './thread-rows.js';
import { describeThreads, wordsOfHit } from './thread-words.js';
import { endOf, scaleOf, timeZoom } from './time-axis.js';
import { toPx } from './time-scale.js';
import { eachApart, eachColumn } from './timeline-marks.js';
import { defineView } from './view.js';

/** @typedef {import('./thread-frame.js').ThreadFrame} ThreadFrame */
/** @typedef {import('./thread-layout.js').ThreadLayout} ThreadLayout */
/** @typedef {import('./time-scale.js').TimeScale} TimeScale */
/** @typedef {import('./view.js').Painter} Painter */

/** Below this height a row has no room for marks, CSS pixels. */
const ROOM_FOR_MARKS = 9;

export const threads = defineView({
  name: 'threads',
  title: 'Threads',
  clock: true,
  memo: createThreadMemo,
  open(frame) {
    Object.assign(frame.memo, createThreadMemo());
  },
  draw: drawThreads,
  hit: hitThreads,
  words(frame, at) {
    const [model] = frame.models;
    if (!model) return [];
    if (!at) {
      return [
        describeThreads(
          model,
          countsOf(frame).map((counts) => counts.at(model.nowMs)),
        ),
      ];
    }
    const { counts, place } = countsOfThread(frame, at.row);
    return wordsOfHit(model, at, digestOf(frame, at.row), (fromMs, toMs) =>
      counts.falseAlarmsIn(place, fromMs, toMs),
    );
  },
  step: stepInThreads,
  place: placeInThreads,
  keys: 'slices and threads',
  zoom: timeZoom(layoutOf),
});

/**
 * @param {CanvasRenderingContext2D} painter
 * @param {ThreadFrame} frame
 */
function drawThreads(painter, frame) {
  const { theme, viewport, memo } = frame;
  const { ratio } = viewport;
  const [model] = frame.models;
  if (memo.theme !== theme || memo.ratio !== ratio) {
    memo.theme = theme;
    memo.ratio = ratio;
    memo.looks = threadLooks(theme);
    memo.tiles = memo.looks.map((look) => tileOf(look, ratio));
  }
  painter.fillStyle = theme.background;
  painter.fillRect(0, 0, viewport.width, viewport.height);
  const layout = layoutOf(frame);
  const scale = scaleOf(frame, layout.width);
  if (model && model.workers.length > 0) {
    if (frame.vector) drawRowsAsShapes(painter, frame, layout);
    else drawRows(painter, frame, layout);
    drawMarks(painter, frame, layout, scale);
    drawSliceWords(painter, layout, model, memo.digests, scale, theme);
    const counts = countsOf(frame).map((section) => section.at(model.nowMs));
    drawHeadings(painter, layout, model, counts, theme);
    drawNames(painter, layout, model, viewport, theme);
  }
  drawTimeAxis(painter, layout, scale, viewport, theme);
  const legendTop = layout.bottom + layout.size * 1.75;
  drawThreadLegend(painter, layout, memo.looks, legendTop, theme);
  if (!frame.vector) drawHighlights(painter, frame, layout, scale);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {ThreadFrame} frame
 * @param {ThreadLayout} layout
 */
function drawRows(context, frame, layout) {
  const { memo, viewport, theme } = frame;
  const { ratio } = viewport;
  const [model] = frame.models;
  const top = Math.round(layout.top * ratio);
  const width = Math.max(1, Math.round(layout.width * ratio));
  const height = Math.max(1, Math.round(layout.bottom * ratio) - top);
  if (!memo.image || memo.image.width !== width || memo.image.height !== height) {
    memo.image = context.createImageData(width, height);
  }
  const pixels = new Uint32Array(memo.image.data.buffer);
  pixels.fill(pixelOf(theme.background));
  const flat = Uint32Array.from(memo.looks, (look) => pixelOf(look.flat));
  const alarm = pixelOf(theme.thread.falseAlarm);
  const scale = scaleOf(frame, width);
  model.workers.forEach((timeline, thread) => {
    const from = Math.round(layout.rows[thread] * ratio) - top;
    const to = Math.round((layout.rows[thread] + layout.rowHeight - layout.rowGap) * ratio) - top;
    const receiver = pixelReceiver(pixels, width, from, Math.max(from + 1, to), memo.tiles, flat);
    cutRow(timeline, digestOf(frame, thread), scale, endOf(frame), receiver);
    const tick = from + Math.max(1, Math.round((to - from) * TICK));
    const wide = Math.max(1, Math.round(ratio));
    eachFalseAlarm(frame, thread, scale, (x) => {
      const left = Math.max(0, Math.min(width - wide, x));
      for (let y = from; y < tick; y++) {
        pixels.fill(alarm, y * width + left, y * width + left + wide);
      }
    });
  });
  context.putImageData(memo.image, Math.round(layout.left * ratio), top);
}

/**
 * The same as shapes, for a drawing that can be scaled.
 *
 * @param {Painter} painter
 * @param {ThreadFrame} frame
 * @param {ThreadLayout} layout
 */
function drawRowsAsShapes(painter, frame, layout) {
  const { memo, theme } = frame;
  const scale = scaleOf(frame, Math.max(1, Math.round(layout.width)));
  frame.models[0].workers.forEach((timeline, thread) => {
    const height = layout.rowHeight - layout.rowGap;
    const row = { left: layout.left, top: layout.rows[thread], height };
    painter.fillStyle = theme.idle;
    painter.fillRect(row.left, row.top, layout.width, height);
    const receiver = shapeReceiver(painter, row, memo.looks);
    cutRow(timeline, digestOf(frame, thread), scale, endOf(frame), receiver);
    eachFalseAlarm(frame, thread, scale, (x) => {
      painter.fillStyle = theme.thread.falseAlarm;
      painter.fillRect(row.left + x, row.top, 1, height * TICK);
    });
  });
}

/**
 * Visits the columns in which a false alarm ends that is too short to be seen as a slice.
 *
 * @param {ThreadFrame} frame
 * @param {number} thread
 * @param {TimeScale} scale
 * @param {(column: number) => void} visit
 */
function eachFalseAlarm(frame, thread, scale, visit) {
  const timeline = frame.models[0].workers[thread];
  const { counts, place } = countsOfThread(frame, thread);
  eachColumn(timeline, counts.falseAlarmsOf(place), scale, (column, event) => {
    if (event >= timeline.length) return;
    const wide = toPx(scale, timeline.stopMs[event]) - toPx(scale, timeline.startMs(event));
    if (wide < 2) visit(column);
  });
}

/**
 * Drop requests: marks at the lower edge of the rows.
 *
 * @param {Painter} painter
 * @param {ThreadFrame} frame
 * @param {ThreadLayout} layout
 * @param {TimeScale} scale in CSS pixels
 */
function drawMarks(painter, frame, layout, scale) {
  const { theme } = frame;
  const height = layout.rowHeight - layout.rowGap;
  if (height < ROOM_FOR_MARKS) return;
  const size = Math.max(3, Math.min(6, height * 0.18));
  frame.models[0].workers.forEach((timeline, thread) => {
    const { counts, place } = countsOfThread(frame, thread);
    const edge = layout.rows[thread] + height;
    eachApart(timeline, counts.dropRequestsOf(place), scale, (px, event) => {
      if (event < timeline.length) {
        drawNotch(painter, layout.left + px, edge, -size, theme.text, theme);
      }
    });
  });
}

/**
 * What is pointed at, here or in another view, and the piece that is selected.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ThreadFrame} frame
 * @param {ThreadLayout} layout
 * @param {TimeScale} scale
 */
function drawHighlights(context, frame, layout, scale) {
  const { at, selection, theme, cursorMs } = frame;
  const [model] = frame.models;
  if (!model) return;
  const { left, width, rows, rowHeight, rowGap, top, bottom } = layout;
  context.fillStyle = theme.highlight;
  model.workers.forEach((timeline, thread) => {
    if (selection < 0) return;
    const first = timeline.task.subarray(0, timeline.length).indexOf(selection);
    if (first < 0) return;
    const last = timeline.task.lastIndexOf(selection, timeline.length - 1);
    const from = Math.max(0, toPx(scale, timeline.startMs(first)));
    const to = Math.min(width, toPx(scale, timeline.stopMs[last]));
    const bar = Math.max(2, rowGap);
    if (to > from) context.fillRect(left + from, rows[thread] + rowHeight - bar, to - from, bar);
  });
  if (cursorMs !== null) {
    const px = toPx(scale, cursorMs);
    // What all threads do at that time.
    if (px >= 0 && px <= width) context.fillRect(left + px, top, 1, bottom - top);
  }
  if (!at || rows[at.row] === undefined) return;
  const from = Math.max(0, toPx(scale, at.startMs));
  const to = Math.min(width, toPx(scale, at.stopMs));
  if (to < 0 || from > width) return;
  // A line of the ground around it keeps it apart from the colours of slices.
  for (const [colour, line] of /** @type {const} */ ([
    [theme.background, 5],
    [theme.highlight, 2],
  ])) {
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.strokeRect(left + from, rows[at.row], Math.max(2, to - from), rowHeight - rowGap);
  }
}
