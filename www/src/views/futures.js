/*
 * The futures of a run: a row for each, in the order of submission, on an axis of time.
 *
 *     threads
 *     . . . [======]                    . pending   = running
 *     . . . . . . .[===]x               x raised an exception
 *     . . . . /                         / cancelled before it started
 *          0    100    200   ms
 */
import { keyOf } from '../model/graph.js';
import { CANCELLED, ERRED, READY, RELEASED, RUNNING } from '../model/states.js';
import { formatDuration } from './format.js';
import { futureStates, FutureTimes } from './future-times.js';
import { drawMark } from './marks.js';
import { drawTimeAxis } from './stream-labels.js';
import { fontOf } from './text.js';
import { sectionsOf } from './thread-sections.js';
import { endOf, scaleOf, timeZoom } from './time-axis.js';
import { toMs, toPx } from './time-scale.js';
import { defineView } from './view.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./future-times.js').FutureState} FutureState */
/** @typedef {import('./view.js').Hit} Hit */
/** @typedef {{ times: FutureTimes | null }} FutureMemo */
/** @typedef {import('./view.js').Frame<FutureMemo, Hit>} FutureFrame */

/** The highest row, in sizes of the text. */
const HIGHEST_ROW = 1.5;

/** The marks of Dask's states that stand for those of futures. @type {Record<FutureState, number>} */
const marks = {
  waiting: READY,
  pending: READY,
  running: RUNNING,
  finished: RELEASED,
  erred: ERRED,
  cancelled: CANCELLED,
};

export const futures = defineView({
  name: 'futures',
  title: 'Futures',
  clock: true,
  memo: () => /** @type {FutureMemo} */ ({ times: null }),
  open(frame) {
    frame.memo.times = null;
  },
  draw: drawFutures,
  hit({ x, y }, frame) {
    const { left, top, width, rowHeight, rows } = layoutOf(frame);
    const task = Math.floor((y - top) / rowHeight);
    if (task < 0 || task >= rows || x < left) return null;
    return { task, timeMs: toMs(scaleOf(frame, width), x - left) };
  },
  words(frame, at) {
    const [model] = frame.models;
    if (!model) return [];
    const times = timesOf(frame);
    if (!at) return [describe(times, model)];
    return [keyOf(model.graph, at.task), ...wordsOf(times, at.task, model)];
  },
  step(step, from, frame) {
    const last = layoutOf(frame).rows - 1;
    if (last < 0) return null;
    const task = from?.task ?? 0;
    const next = { left: task, right: task, up: task - 1, down: task + 1, first: 0, last }[step];
    return { task: from ? Math.max(0, Math.min(last, next)) : 0, timeMs: null };
  },
  place({ task }, frame) {
    const { left, top, width, rowHeight } = layoutOf(frame);
    const scale = scaleOf(frame, width);
    const startMs = timesOf(frame).startMs[task];
    const x = Number.isNaN(startMs) ? 0 : Math.max(0, Math.min(width, toPx(scale, startMs)));
    return { x: left + x, y: top + (task + 0.5) * rowHeight };
  },
  keys: 'futures',
  zoom: timeZoom(layoutOf),
});

/** @param {FutureFrame} frame */
function timesOf({ models: [model], memo }) {
  memo.times ??= new FutureTimes(model);
  memo.times.catchUp();
  return memo.times;
}

/**
 * Where the rows, the axis and the legend are, in CSS pixels.
 *
 * @param {FutureFrame} frame
 */
function layoutOf({ models: [model], viewport }) {
  const size = viewport.textSize;
  const rows = model?.tasks ?? 0;
  const left = Math.round(size * 1.6);
  const top = 2;
  const room = Math.max(1, viewport.height - top - size * 3.4);
  const rowHeight = Math.min(size * HIGHEST_ROW, room / Math.max(1, rows));
  const bottom = top + rowHeight * Math.max(1, rows);
  return {
    left,
    top,
    width: Math.max(1, viewport.width - left - 2),
    rows,
    rowHeight,
    bottom,
    size,
  };
}

/**
 * @param {import('./view.js').Painter} painter
 * @param {FutureFrame} frame
 */
function drawFutures(painter, frame) {
  const { theme, viewport, hover, selection } = frame;
  const [model] = frame.models;
  painter.fillStyle = theme.background;
  painter.fillRect(0, 0, viewport.width, viewport.height);
  const layout = layoutOf(frame);
  const { left, top, width, rows, rowHeight, size } = layout;
  const scale = scaleOf(frame, width);
  drawTimeAxis(painter, layout, scale, viewport, theme);
  if (!model) return;
  const times = timesOf(frame);
  const px = (/** @type {number} */ ms) => left + Math.max(0, Math.min(width, toPx(scale, ms)));
  const gap = rowHeight > 4 ? 1 : 0;
  const lastMs = lastMsOf(model);
  for (let future = 0; future < rows; future++) {
    const state = times.stateAt(future, model.nowMs);
    if (state === 'waiting') continue;
    const y = top + future * rowHeight;
    const height = Math.max(1, rowHeight - gap);
    const { submitMs, startMs, stopMs } = times;
    const now = Math.min(model.nowMs, lastMs[times.section[future]]);
    const ended = state === 'pending' || state === 'running' ? now : stopMs[future];
    const started = startMs[future] <= ended ? startMs[future] : ended;
    // A pending future is a thin line, so that it is not known by its colour alone.
    const thin = Math.max(1, height * 0.25);
    bar(painter, px(submitMs[future]), px(started), y + (height - thin) / 2, thin, theme.wait);
    const fill = theme.state[state === 'erred' ? ERRED : RUNNING];
    if (state !== 'pending' && state !== 'cancelled') {
      bar(painter, px(started), px(ended), y, height, fill);
    }
    const radius = Math.min(size * 0.5, height * 0.45);
    if (stopMs[future] <= model.nowMs && radius >= 2) {
      drawMark(painter, marks[state], px(ended), y + height / 2, radius, theme);
    }
    if (future === hover || future === selection) {
      painter.strokeStyle = theme.highlight;
      painter.lineWidth = 2;
      painter.strokeRect(left, y, width, height);
    }
  }
  drawLegend(painter, frame, layout, times.countAt(model.nowMs));
}

/**
 * @param {import('./view.js').Painter} painter
 * @param {number} from
 * @param {number} to
 * @param {number} y
 * @param {number} height
 * @param {string} fill
 */
function bar(painter, from, to, y, height, fill) {
  if (!(to > from)) return;
  painter.fillStyle = fill;
  painter.fillRect(from, y, Math.max(1, to - from), height);
}

/**
 * The states, each with its number of futures.
 *
 * @param {import('./view.js').Painter} painter
 * @param {FutureFrame} frame
 * @param {ReturnType<typeof layoutOf>} layout
 * @param {Record<FutureState, number>} counts
 */
function drawLegend(painter, { theme }, { left, width, bottom, size }, counts) {
  painter.font = fontOf(theme, size);
  painter.textAlign = 'left';
  painter.textBaseline = 'middle';
  const y = bottom + size * 2.6;
  let x = left;
  for (const state of futureStates) {
    const text = `${counts[state]} ${state}`;
    const needed = size * 1.4 + painter.measureText(text).width;
    if (x + needed > left + width) return;
    drawMark(painter, marks[state], x + size * 0.5, y, size * 0.42, theme);
    painter.fillStyle = theme.text;
    painter.fillText(text, x + size * 1.2, y);
    x += needed + size;
  }
}

/**
 * When the last event of each section is known to have stopped: sections have a time of their own.
 *
 * @param {RunModel} model
 */
function lastMsOf(model) {
  return sectionsOf(model).map(({ first, end }) =>
    Math.max(0, ...model.workers.slice(first, end).map(({ lastMs }) => lastMs)),
  );
}

/**
 * @param {FutureTimes} times
 * @param {RunModel} model
 */
function describe(times, model) {
  const counts = times.countAt(model.nowMs);
  const said = futureStates.filter((state) => counts[state] > 0);
  const words = said.map((state) => `${counts[state]} ${state}`).join(', ') || 'none submitted yet';
  return `Futures: ${words}. Until ${formatDuration(endOf({ models: [model] }))}.`;
}

/**
 * @param {FutureTimes} times
 * @param {number} future
 * @param {RunModel} model
 */
function wordsOf(times, future, model) {
  const state = times.stateAt(future, model.nowMs);
  if (state === 'waiting') return ['not submitted yet'];
  const lines = [`submitted at ${formatDuration(times.submitMs[future])}`];
  if (times.startMs[future] <= model.nowMs) {
    lines.push(
      `started at ${formatDuration(times.startMs[future])} on ${model.nameOf(times.worker[future])}`,
    );
  }
  const ended = times.stopMs[future] <= model.nowMs;
  lines.push(ended ? `${state} at ${formatDuration(times.stopMs[future])}` : state);
  return lines;
}
