/*
 * The task stream: one row per worker, time from left to right, each task a rectangle in the colour
 * of its prefix, as on Dask's dashboard.
 *
 *     0 | add | add |mean| idle |      A column of pixels in which more than one thing happens is
 *     1 | add |  add    | mean  |      stacked: each colour has its share of the height, so that a
 *         0     5    10    15 ms       million tasks still say how busy a worker was, and with what.
 *
 * The time that a worker spends between two tasks (overhead) has its own colour. A task that will be retried is
 * striped; steals and tasks that erred without running are marks (stream-marks.js). The band below the rows shows
 * how much memory the values take (stream-memory.js).
 *
 * While the run goes on, the right edge is now, unless a part of the run was chosen. Drawing costs
 * O(columns x workers), whatever the number of events (timeline-digest.js).
 */
import { NO_TASK } from '../model/actions.js';
import { cutRow } from './row-spans.js';
import { StreamDigest } from './stream-digest.js';
import { layoutOf, memoryOf } from './stream-frame.js';
import { hitStream, memoryRow, placeInStream, stepInStream } from './stream-hit.js';
import { drawRowRules, drawTaskLabels, drawTimeAxis } from './stream-labels.js';
import { drawMemory } from './stream-memory.js';
import { drawStreamMarks } from './stream-marks.js';
import { laneColours, pixelReceiver, shapeReceiver } from './stream-rows.js';
import { describeTaskStream, wordsOfHit } from './stream-words.js';
import { sliceOfTask } from './task-slice.js';
import { endOf, scaleOf, timeZoom } from './time-axis.js';
import { toPx } from './time-scale.js';
import { defineView } from './view.js';

/** @typedef {import('./stream-frame.js').StreamFrame} StreamFrame */
/** @typedef {import('./stream-frame.js').StreamMemo} StreamMemo */
/** @typedef {import('./stream-labels.js').StreamLayout} StreamLayout */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./time-scale.js').TimeScale} TimeScale */

export const taskStream = defineView({
  name: 'task-stream',
  title: 'Task stream',
  clock: true,
  memo: () =>
    /** @type {StreamMemo} */ ({
      digests: [],
      image: null,
      theme: null,
      colours: null,
      slices: new Map(),
    }),
  open({ memo }) {
    memo.digests = [];
    memo.slices.clear();
  },
  draw: drawStream,
  hit: hitStream,
  words: ({ models: [model] }, at) =>
    at ? wordsOfHit(model, at) : model ? [describeTaskStream(model)] : [],
  step: stepInStream,
  place: placeInStream,
  keys: 'tasks and workers',
  zoom: timeZoom(layoutOf),
});

/**
 * @param {CanvasRenderingContext2D} painter
 * @param {StreamFrame} frame
 */
function drawStream(painter, frame) {
  const { theme, viewport, memo } = frame;
  const [model] = frame.models;
  if (memo.theme !== theme || !memo.colours) {
    memo.theme = theme;
    memo.colours = laneColours(theme);
  }
  const layout = layoutOf(frame);
  const scale = scaleOf(frame, layout.width);
  painter.fillStyle = theme.background;
  painter.fillRect(0, 0, viewport.width, viewport.height);
  if (frame.vector) drawRowsAsShapes(painter, frame, layout);
  else drawRows(painter, frame, layout);
  if (model) {
    drawRowRules(painter, layout, model, viewport, theme);
    model.workers.forEach((timeline, worker) => {
      const top = layout.top + worker * layout.rowHeight;
      const row = { left: layout.left, top, height: layout.rowHeight - 2 };
      if (row.height >= 8) drawStreamMarks(painter, timeline, scale, row, theme);
    });
    drawTaskLabels(painter, layout, model, memo.digests, scale, memo.colours, theme);
  }
  const memory = memoryOf(frame);
  if (memory) drawMemory(painter, layout, memory, scale, theme);
  drawTimeAxis(painter, layout, scale, viewport, theme);
  if (frame.vector) return;
  painter.canvas.toggleAttribute('data-memory', memory !== null && layout.band !== null);
  drawHighlights(painter, frame, layout, scale);
}

/**
 * @param {StreamFrame} frame
 * @param {number} worker
 */
function digestOf({ models: [model], memo }, worker) {
  const digest = (memo.digests[worker] ??= new StreamDigest(model.workers[worker], model.graph));
  digest.advance();
  return digest;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {StreamFrame} frame
 * @param {StreamLayout} layout
 */
function drawRows(context, frame, layout) {
  const { memo, viewport } = frame;
  const { ratio } = viewport;
  const [model] = frame.models;
  if (!model) return;
  const colours = /** @type {import('./stream-rows.js').LaneColours} */ (memo.colours);
  const width = Math.max(1, Math.round(layout.width * ratio));
  const height = Math.max(1, Math.round(layout.height * ratio));
  if (!memo.image || memo.image.width !== width || memo.image.height !== height) {
    memo.image = context.createImageData(width, height);
  }
  const pixels = new Uint32Array(memo.image.data.buffer);
  pixels.fill(colours.ground);
  const scale = scaleOf(frame, width);
  const rowHeight = height / Math.max(1, model.workers.length);
  const rowGap =
    rowHeight >= 6 ? Math.max(1, Math.round(Math.min(rowHeight * 0.12, 3 * ratio))) : 0;
  const taskGap = Math.max(1, Math.round(ratio * 0.75));
  model.workers.forEach((timeline, worker) => {
    const top = Math.round(worker * rowHeight);
    const bottom = Math.round((worker + 1) * rowHeight) - rowGap;
    const until = Math.max(timeline.endMs, endOf(frame));
    const receiver = pixelReceiver(pixels, width, top, bottom, colours, taskGap);
    cutRow(timeline, digestOf(frame, worker), scale, until, receiver);
  });
  context.putImageData(memo.image, Math.round(layout.left * ratio), Math.round(layout.top * ratio));
}

/**
 * The same as shapes, for a drawing that can be scaled.
 *
 * @param {import('./view.js').Painter} painter
 * @param {StreamFrame} frame
 * @param {StreamLayout} layout
 */
function drawRowsAsShapes(painter, frame, layout) {
  const colours = /** @type {import('./stream-rows.js').LaneColours} */ (frame.memo.colours);
  const scale = scaleOf(frame, Math.max(1, Math.round(layout.width)));
  frame.models[0]?.workers.forEach((timeline, worker) => {
    const top = layout.top + worker * layout.rowHeight;
    const row = { left: layout.left, top, height: layout.rowHeight - 2 };
    const until = Math.max(timeline.endMs, endOf(frame));
    cutRow(timeline, digestOf(frame, worker), scale, until, shapeReceiver(painter, row, colours));
  });
}

/**
 * What is pointed at, here or in another view, and the task that is selected.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {StreamFrame} frame
 * @param {StreamLayout} layout
 * @param {TimeScale} scale
 */
function drawHighlights(context, frame, layout, scale) {
  const { at, hover, selection, theme, cursorMs } = frame;
  const [model] = frame.models;
  if (!model) return;
  if (selection >= 0) outlineTask(context, frame, layout, scale, selection, 3);
  if (at && at.row < model.workers.length && at.task !== selection) {
    outline(context, layout, scale, at.row, at.startMs, at.stopMs, theme);
  } else if (!at && hover >= 0) outlineTask(context, frame, layout, scale, hover, 2);
  if (cursorMs === null || (at && at.row !== memoryRow(frame))) return;
  const px = toPx(scale, cursorMs);
  if (px < 0 || px > layout.width) return;
  context.fillStyle = theme.highlight;
  context.fillRect(layout.left + px, layout.top, 1, layout.bottom - layout.top);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {StreamFrame} frame
 * @param {StreamLayout} layout
 * @param {TimeScale} scale
 * @param {number} task
 * @param {number} line
 */
function outlineTask(context, frame, layout, scale, task, line) {
  const { memo, theme } = frame;
  const [model] = frame.models;
  const found = memo.slices.get(task) ?? sliceOfTask(model, task);
  if (!found) return;
  memo.slices.set(task, found);
  const timeline = model.workers[found.worker];
  if (timeline.task[found.event] !== task || task === NO_TASK) return;
  const [start, stop] = [timeline.startMs(found.event), timeline.stopMs[found.event]];
  outline(context, layout, scale, found.worker, start, stop, theme, line);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {StreamLayout} layout
 * @param {TimeScale} scale
 * @param {number} worker
 * @param {number} startMs
 * @param {number} stopMs
 * @param {Theme} theme
 * @param {number} [line]
 */
function outline(context, layout, scale, worker, startMs, stopMs, theme, line = 2) {
  const from = toPx(scale, startMs);
  const to = toPx(scale, stopMs);
  if (to < 0 || from > layout.width) return;
  const left = layout.left + Math.max(0, from);
  // A slice that is too thin for an outline is marked by a line.
  const width = Math.max(line, Math.min(layout.width, to) - Math.max(0, from));
  const top = layout.top + worker * layout.rowHeight;
  // A line of the ground around it keeps it apart from the colours of tasks.
  for (const [colour, wide] of /** @type {const} */ ([
    [theme.background, line + 3],
    [theme.highlight, line],
  ])) {
    context.strokeStyle = colour;
    context.lineWidth = wide;
    context.strokeRect(left, top, width, layout.rowHeight - 2);
  }
}
