/*
 * The task stream: one row per worker, time from left to right, each task a rectangle in the colour
 * of its prefix, as on Dask's dashboard.
 *
 *     0 | add | add |mean| idle |      A column of pixels in which more than one thing happens is
 *     1 | add |  add    | mean  |      stacked: each colour has its share of the height, so that a
 *         0     5    10    15 ms       million tasks still say how busy a worker was, and with what.
 *
 * A task that will be tried again is striped; steals and tasks that erred unrun are marks
 * (stream-marks.js).
 *
 * While the run is under way the right edge is now. Wheel and drag choose an interval; a double click
 * goes back. Cost: O(columns x workers), whatever the number of events (stream-digest.js).
 */
import { actionNames, COMPUTE, COMPUTE_ERRED, NO_TASK, STEAL } from '../model/actions.js';
import { keyOf, prefixOf } from '../model/graph.js';
import { ERRED } from '../model/states.js';
import { blend, contrast, pixelOf, viridis } from './colours.js';
import { formatCount, formatDuration } from './format.js';
import { frameLoop } from './frame-loop.js';
import { attachGestures } from './gestures.js';
import {
  LANE_DESERIALIZE,
  LANE_ERRED,
  LANE_IDLE,
  LANE_RETRY,
  LANE_SERIALIZE,
  LANE_STEAL,
  LANE_TRANSFER,
  LANE_WAIT,
  LANES,
  StreamDigest,
} from './stream-digest.js';
import { drawStreamMarks, markAt } from './stream-marks.js';
import { createSurface } from './surface.js';
import { drawTooltip, fontOf } from './text.js';
import { themes } from './theme.js';
import { panned, ticksOf, timeScale, toMs, toPx, zoomed } from './time-scale.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./surface.js').Viewport} Viewport */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./time-scale.js').TimeScale} TimeScale */

/**
 * Where things are, in CSS pixels.
 *
 * @typedef {object} StreamLayout
 * @property {number} left of the rows
 * @property {number} top
 * @property {number} width
 * @property {number} height of all rows
 * @property {number} rowHeight
 * @property {number} size of the text
 */

/** A row is not made higher than this: two workers do not need half a screen each. */
const HIGHEST_ROW = 90;

/**
 * @param {number} workers
 * @param {Viewport} viewport
 * @returns {StreamLayout}
 */
export function layoutStream(workers, viewport) {
  const size = viewport.textSize;
  const rows = Math.max(workers, 1);
  const left = Math.round(size * (0.9 + 0.62 * String(rows - 1).length));
  const top = 2;
  const room = Math.max(0, viewport.height - top - Math.round(size * 1.9));
  const rowHeight = Math.min(HIGHEST_ROW, room / rows);
  return {
    left,
    top,
    width: Math.max(1, viewport.width - left - 2),
    height: rowHeight * rows,
    rowHeight,
    size,
  };
}

/**
 * Colours per lane: fills as words of pixels and as CSS.
 *
 * @typedef {{ css: string[], pixels: Uint32Array, gap: number, erred: number }} LaneColours
 */

/** Dask draws all that is not computing at this opacity. */
const FAINT = 0.4;

/**
 * @param {Theme} theme
 * @returns {LaneColours}
 */
export function laneColours(theme) {
  const css = new Array(LANES);
  viridis.forEach((colour, i) => (css[i] = colour));
  // In a stack of thin slices an outline is not to be had: there the colour of the outline is drawn.
  css[LANE_ERRED] = theme.stateEdge[ERRED];
  css[LANE_STEAL] = blend(theme.steal, theme.idle, FAINT);
  css[LANE_TRANSFER] = blend(theme.transfer, theme.idle, FAINT);
  css[LANE_SERIALIZE] = blend(theme.serialize, theme.idle, FAINT);
  css[LANE_DESERIALIZE] = blend(theme.muted, theme.idle, FAINT);
  css[LANE_WAIT] = blend(theme.wait, theme.idle, FAINT);
  css[LANE_RETRY] = theme.retry;
  css[LANE_IDLE] = theme.idle;
  const [gap, erred] = [pixelOf(theme.background), pixelOf(theme.erred)];
  return { css, pixels: Uint32Array.from(css, pixelOf), gap, erred };
}

/**
 * Receives a row from left to right. A solid span is one event (`length` of the timeline means what
 * runs now), a mixed column has milliseconds per lane.
 *
 * @typedef {object} SpanReceiver
 * @property {(from: number, to: number, event: number, lane: number) => void} solid columns `from`
 *   to `to` (excluded)
 * @property {(column: number, times: Float64Array) => void} mixed
 */

const before = new Float64Array(LANES);
const after = new Float64Array(LANES);
const within = new Float64Array(LANES);

/**
 * Cuts what is visible of a worker's timeline into solid spans and mixed columns of device pixels.
 *
 * @param {import('../model/timeline.js').Timeline} timeline
 * @param {StreamDigest} digest up to date
 * @param {TimeScale} scale in device pixels
 * @param {number} nowMs nothing is drawn after it
 * @param {SpanReceiver} receiver
 */
export function cutRow(timeline, digest, scale, nowMs, receiver) {
  const end = Math.min(scale.widthPx, Math.ceil(toPx(scale, nowMs) - 0.5));
  let column = Math.max(0, Math.ceil(toPx(scale, 0) - 0.5));
  let summedTo = -1;
  while (column < end) {
    const event = timeline.eventAt(toMs(scale, column + 0.5));
    const over = event >= timeline.length;
    const stopPx = toPx(scale, over ? nowMs : timeline.stopMs[event]);
    if (stopPx > column + 1.5) {
      const to = Math.min(end, Math.max(column + 1, Math.round(stopPx)));
      receiver.solid(column, to, event, over ? digest.laneNow : digest.laneOf(event));
      column = to;
      continue;
    }
    if (summedTo === column) before.set(after);
    else digest.timesBefore(Math.max(0, toMs(scale, column)), before);
    digest.timesBefore(Math.min(nowMs, toMs(scale, column + 1)), after);
    summedTo = column + 1;
    for (let lane = 0; lane < LANES; lane++) within[lane] = after[lane] - before[lane];
    receiver.mixed(column, within);
    column++;
  }
}

/**
 * Draws rows into a buffer of pixels, which is faster than a rectangle per event by far.
 *
 * @param {Uint32Array} pixels `width` x `height`
 * @param {number} width
 * @param {number} top first row of pixels of this worker
 * @param {number} bottom excluded
 * @param {LaneColours} colours
 * @param {number} gap device pixels between neighbouring tasks, where there is room
 * @returns {SpanReceiver}
 */
export function pixelReceiver(pixels, width, top, bottom, colours, gap) {
  const height = bottom - top;
  return {
    solid(from, to, _event, lane) {
      const wide = to - from > gap * 4;
      const edge = wide && lane !== LANE_IDLE ? to - gap : to;
      for (let y = top; y < bottom; y++) {
        const row = y * width;
        pixels.fill(colours.pixels[lane], row + from, row + edge);
        if (edge < to) pixels.fill(colours.gap, row + edge, row + to);
        if (lane === LANE_RETRY) stripe(pixels, row, from, edge, y, gap * 3, colours.gap);
        // Black, in an outline that can be seen on any page.
        if (lane !== LANE_ERRED || y < top + gap || y >= bottom - gap) continue;
        if (edge - from > 2 * gap) pixels.fill(colours.erred, row + from + gap, row + edge - gap);
      }
    },
    mixed(column, times) {
      let total = 0;
      for (let lane = 0; lane < LANES; lane++) total += times[lane];
      if (!(total > 0)) total = 1;
      // From the bottom up, idle last: the top edge of the colours is the utilisation.
      let sum = 0;
      let y = bottom;
      for (let lane = 0; lane < LANES; lane++) {
        if (times[lane] <= 0) continue;
        sum += times[lane];
        const stop = bottom - Math.round((sum / total) * height);
        for (; y > stop; y--) pixels[(y - 1) * width + column] = colours.pixels[lane];
      }
      for (; y > top; y--) pixels[(y - 1) * width + column] = colours.pixels[LANE_IDLE];
    },
  };
}

/**
 * Cuts slanting stripes into a line of pixels, so that what will be tried again is told from what is
 * done without its colour.
 *
 * @param {Uint32Array} pixels
 * @param {number} row where the line begins
 * @param {number} from
 * @param {number} to
 * @param {number} y
 * @param {number} width of a stripe
 * @param {number} ground
 */
function stripe(pixels, row, from, to, y, width, ground) {
  for (let x = from; x < to; x++) {
    if ((x - from + y) % (2 * width) >= width) pixels[row + x] = ground;
  }
}

/**
 * The axis, with the unit at its end.
 *
 * @param {CanvasRenderingContext2D} context scaled to CSS pixels
 * @param {StreamLayout} layout
 * @param {TimeScale} scale in CSS pixels
 * @param {Viewport} viewport
 * @param {Theme} theme
 */
export function drawTimeAxis(context, layout, scale, viewport, theme) {
  const { left, top, width, height, size } = layout;
  const line = 1 / viewport.ratio;
  const bottom = top + height;
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
 * The view in words.
 *
 * @param {RunModel} model
 * @returns {string}
 */
export function describeTaskStream(model) {
  const { workers, endMs } = model;
  if (workers.length === 0 || endMs === 0) return 'Task stream: nothing has run yet.';
  const shares = workers.map(
    (worker, i) => `worker ${i} ${Math.round((worker.busyMs / endMs) * 100)} % busy`,
  );
  const shown = shares.length > 8 ? [...shares.slice(0, 8), 'and others'] : shares;
  const steals = workers.reduce((sum, worker) => sum + worker.steals.length, 0);
  const stolen = steals > 0 ? ` ${formatCount(steals)} ${steals === 1 ? 'steal' : 'steals'}.` : '';
  return `Task stream over ${formatDuration(endMs)}: ${shown.join(', ')}.${stolen}`;
}

/** @param {HTMLCanvasElement} canvas */
export function createTaskStreamView(canvas) {
  /** @type {RunModel | null} */
  let model = null;
  /** @type {Theme} */
  let theme = themes.light;
  let colours = laneColours(theme);
  /** @type {StreamDigest[]} */
  let digests = [];
  /** The chosen interval; null follows the run. @type {{ startMs: number, endMs: number } | null} */
  let chosen = null;
  /** @type {{ x: number, y: number } | null} */
  let pointer = null;
  /** @type {ImageData | null} */
  let image = null;
  let dirty = true;
  let drawnVersion = -1;
  let phaseShown = '';
  let drawnNowMs = -1;

  const touch = () => {
    dirty = true;
    frameLoop.wake();
  };
  const surface = createSurface(canvas, () => {
    dirty = true;
  });

  const layoutNow = () => layoutStream(model?.workers.length ?? 1, surface.viewport);
  // Before anything has run the axis shows a tenth of a second: about what a demo takes.
  const limitMs = () => model?.endMs || 100;
  const scaleNow = (/** @type {number} */ widthPx) =>
    timeScale(chosen?.startMs ?? 0, chosen?.endMs ?? limitMs(), widthPx);

  const choose = (/** @type {TimeScale} */ scale) => {
    const whole = scale.startMs <= 0 && scale.endMs >= limitMs() * (1 - 1e-9);
    chosen = whole ? null : { startMs: scale.startMs, endMs: scale.endMs };
    gestures.hold(chosen !== null);
    touch();
  };
  const gestures = attachGestures(surface, {
    zoom(factor, x) {
      const { left, width } = layoutNow();
      choose(zoomed(scaleNow(width), factor, Math.max(0, x - left), limitMs()));
    },
    pan(dx) {
      if (chosen) choose(panned(scaleNow(layoutNow().width), dx, limitMs()));
    },
    hover(at) {
      pointer = at;
      touch();
    },
    reset() {
      chosen = null;
      gestures.hold(false);
      touch();
    },
  });

  /** @param {StreamLayout} layout */
  const drawRows = (layout) => {
    const { context, viewport } = surface;
    if (!model) return;
    const { ratio } = viewport;
    const width = Math.max(1, Math.round(layout.width * ratio));
    const height = Math.max(1, Math.round(layout.height * ratio));
    if (!image || image.width !== width || image.height !== height) {
      image = context.createImageData(width, height);
    }
    const pixels = new Uint32Array(image.data.buffer);
    pixels.fill(colours.gap);
    const scale = scaleNow(width);
    const rowHeight = height / Math.max(1, model.workers.length);
    const rowGap =
      rowHeight >= 6 ? Math.max(1, Math.round(Math.min(rowHeight * 0.12, 3 * ratio))) : 0;
    const taskGap = Math.max(1, Math.round(ratio * 0.75));
    model.workers.forEach((timeline, worker) => {
      digests[worker] ??= new StreamDigest(timeline, /** @type {RunModel} */ (model).graph);
      const digest = digests[worker];
      digest.advance();
      const top = Math.round(worker * rowHeight);
      const bottom = Math.round((worker + 1) * rowHeight) - rowGap;
      const until = Math.max(timeline.endMs, limitMs());
      const receiver = pixelReceiver(pixels, width, top, bottom, colours, taskGap);
      cutRow(timeline, digest, scale, until, receiver);
    });
    context.putImageData(image, Math.round(layout.left * ratio), Math.round(layout.top * ratio));
  };

  /** What is at the pointer. */
  const hit = () => {
    if (!model || !pointer) return null;
    const layout = layoutNow();
    const worker = Math.floor((pointer.y - layout.top) / layout.rowHeight);
    const px = pointer.x - layout.left;
    if (worker < 0 || worker >= model.workers.length || px < 0 || px > layout.width) return null;
    const timeMs = toMs(scaleNow(layout.width), px);
    if (timeMs < 0 || timeMs > limitMs()) return null;
    const timeline = model.workers[worker];
    // Steals are marked at the upper edge of a row, what erred unrun at the lower.
    const depth = (pointer.y - layout.top) / layout.rowHeight - worker;
    const marks = depth < 0.35 ? timeline.steals : depth > 0.65 ? timeline.unrun : null;
    const mark = marks ? markAt(timeline, marks, scaleNow(layout.width), px) : -1;
    const event = mark >= 0 ? mark : timeline.eventAt(timeMs);
    const under = event < timeline.length;
    const task = under ? timeline.task[event] : timeline.running;
    return {
      worker,
      event,
      task: task === NO_TASK ? -1 : task,
      action: under ? actionNames[timeline.action[event]] : task < 0 ? 'idle' : 'running',
      startMs: timeline.startMs(event),
      stopMs: under ? timeline.stopMs[event] : limitMs(),
    };
  };

  /** @param {StreamLayout} layout */
  const drawHover = (layout) => {
    const at = hit();
    if (!at || !model || !pointer) return;
    const { context, viewport } = surface;
    const scale = scaleNow(layout.width);
    const left = layout.left + Math.max(0, toPx(scale, at.startMs));
    const right = layout.left + Math.min(layout.width, toPx(scale, at.stopMs));
    if (right - left >= 3) {
      context.strokeStyle = theme.highlight;
      context.lineWidth = 2;
      const top = layout.top + at.worker * layout.rowHeight;
      context.strokeRect(left, top, right - left, layout.rowHeight - 2);
    }
    const heading = at.task >= 0 ? keyOf(model.graph, at.task) : at.action;
    const lines = [heading, ...whatHappened(model, at)];
    drawTooltip(context, viewport, theme, pointer, lines, layout.size);
  };

  return {
    /** @param {RunModel | null} next */
    setModel(next) {
      model = next;
      digests = [];
      phaseShown = '';
      chosen = null;
      gestures.hold(false);
      touch();
    },
    /** @param {Theme} next */
    setTheme(next) {
      theme = next;
      colours = laneColours(next);
      touch();
    },
    draw() {
      if (!surface.visible()) return;
      const same = !model || (model.version === drawnVersion && model.nowMs === drawnNowMs);
      if (!dirty && same) return;
      dirty = false;
      drawnVersion = model?.version ?? -1;
      // In words, once a phase: a run's figures change too fast to be heard.
      if (model && model.phase !== phaseShown) surface.describe(describeTaskStream(model));
      phaseShown = model?.phase ?? '';
      drawnNowMs = model?.nowMs ?? -1;
      const { context, viewport } = surface;
      const layout = layoutNow();
      context.setTransform(viewport.ratio, 0, 0, viewport.ratio, 0, 0);
      context.fillStyle = theme.background;
      context.fillRect(0, 0, viewport.width, viewport.height);
      drawRows(layout);
      drawRowRules(context, layout, model?.workers.length ?? 0, viewport, theme);
      if (model) {
        const scale = scaleNow(layout.width);
        model.workers.forEach((timeline, worker) => {
          const top = layout.top + worker * layout.rowHeight;
          const row = { left: layout.left, top, height: layout.rowHeight - 2 };
          if (row.height >= 8) drawStreamMarks(context, timeline, scale, row, theme);
        });
        drawTaskLabels(context, layout, model, digests, scaleNow(layout.width), colours, theme);
      }
      drawTimeAxis(context, layout, scaleNow(layout.width), viewport, theme);
      drawHover(layout);
    },
    busy: () => false,
    describe: () => (model ? describeTaskStream(model) : ''),
    resize: surface.resize,
    dispose() {
      gestures.dispose();
      surface.dispose();
    },
  };
}

/**
 * An event in words, below its name.
 *
 * @param {RunModel} model
 * @param {{ worker: number, event: number, task: number, action: string, startMs: number, stopMs: number }} at
 * @returns {string[]}
 */
export function whatHappened(model, { worker, event, task, action, startMs, stopMs }) {
  const timeline = model.workers[worker];
  const start = formatDuration(startMs);
  const steals = `${formatCount(timeline.steals.length)} in all`;
  if (action === 'steal') return [`stolen at ${start}`, `by worker ${worker}: ${steals}`];
  if (action === 'erred' && startMs === stopMs) {
    return [`erred at ${start}, not run: a task it depends on erred`, `worker ${worker}`];
  }
  const last = event - 1;
  const stolen =
    task >= 0 && last >= 0 && timeline.action[last] === STEAL && timeline.task[last] === task;
  /** @type {Record<string, string>} */
  const words = { compute: '', retry: ', erred and is tried again' };
  const how = task >= 0 ? (words[action] ?? `, ${action}`) : '';
  return [
    `start ${start}, lasted ${formatDuration(stopMs - startMs)}`,
    `worker ${worker}${how}${stolen ? `, stolen (${steals})` : ''}`,
  ];
}

/**
 * The number of each worker and a rule beneath its row.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {StreamLayout} layout
 * @param {number} workers
 * @param {Viewport} viewport
 * @param {Theme} theme
 */
function drawRowRules(context, layout, workers, viewport, theme) {
  const { left, top, width, rowHeight, size } = layout;
  const line = 1 / viewport.ratio;
  const every = Math.max(1, Math.ceil((size * 1.1) / Math.max(rowHeight, 1)));
  context.font = fontOf(theme, size);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (let worker = 0; worker < workers; worker++) {
    const bottom = Math.round((top + (worker + 1) * rowHeight) * viewport.ratio) / viewport.ratio;
    if (rowHeight >= 6) {
      context.fillStyle = theme.rule;
      context.fillRect(left, bottom - line, width, line);
    }
    if (worker % every !== 0) continue;
    context.fillStyle = theme.muted;
    context.fillText(String(worker), left - size * 0.45, top + (worker + 0.5) * rowHeight);
  }
}

/**
 * The prefix, written into tasks that have room for it.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {StreamLayout} layout
 * @param {RunModel} model
 * @param {StreamDigest[]} digests
 * @param {TimeScale} scale in CSS pixels
 * @param {LaneColours} colours
 * @param {Theme} theme
 */
function drawTaskLabels(context, layout, model, digests, scale, colours, theme) {
  const { left, top, rowHeight, size } = layout;
  if (rowHeight < size * 1.3) return;
  context.font = fontOf(theme, size);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const shortest = size * 2.2;
  const shortestMs = toMs(scale, shortest) - toMs(scale, 0);
  model.workers.forEach((timeline, worker) => {
    const first = timeline.eventAt(Math.max(0, scale.startMs));
    // Only rows of few events have wide ones worth the walk.
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
      const ground = what === COMPUTE ? colours.css[digests[worker].laneOf(event)] : theme.erred;
      context.fillStyle = contrast('#ffffff', ground) >= 4.5 ? '#ffffff' : '#000000';
      context.fillText(name, left + (from + to) / 2, top + (worker + 0.5) * rowHeight);
    }
  });
}
