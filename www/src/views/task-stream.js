/*
 * The task stream: one row per worker, time from left to right, each task a rectangle in the colour
 * of its prefix, as on Dask's dashboard.
 *
 *     0 | add | add |mean| idle |      A column of pixels in which more than one thing happens is
 *     1 | add |  add    | mean  |      stacked: each colour has its share of the height, so that a
 *         0     5    10    15 ms       million tasks still say how busy a worker was, and with what.
 *
 * What a worker does between two tasks (overhead) has a colour of its own. A task that will be retried
 * is striped; steals and tasks that erred unrun are marks (stream-marks.js).
 *
 * Under the rows is how much memory the values take (stream-memory.js).
 *
 * While the run is under way the right edge is now. Wheel and drag choose an interval; a double click
 * goes back. Cost: O(columns x workers), whatever the number of events (stream-digest.js).
 */
import { actionNames, NO_TASK } from '../model/actions.js';
import { keyOf } from '../model/graph.js';
import { frameLoop } from './frame-loop.js';
import { attachGestures } from './gestures.js';
import { StreamDigest } from './stream-digest.js';
import { drawRowRules, drawTaskLabels, drawTimeAxis, layoutStream } from './stream-labels.js';
import { drawMemory, memoryWords } from './stream-memory.js';
import { drawStreamMarks, markAt } from './stream-marks.js';
import { cutRow, laneColours, pixelReceiver } from './stream-rows.js';
import { describeTaskStream, whatHappened } from './stream-words.js';
import { createSurface } from './surface.js';
import { drawTooltip } from './text.js';
import { themes } from './theme.js';
import { panned, timeScale, toMs, toPx, zoomed } from './time-scale.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./stream-labels.js').StreamLayout} StreamLayout */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./time-scale.js').TimeScale} TimeScale */

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

  const memoryNow = () => {
    const curve = model?.memory;
    if (!model || !curve || curve.peakBytes === 0) return null;
    return { curve, limit: model.memoryLimit, untilMs: limitMs() };
  };
  const layoutNow = () =>
    layoutStream(model?.workers.length ?? 1, surface.viewport, memoryNow() !== null);
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

  /**
   * The time at the pointer, if that is on the memory band.
   *
   * @param {StreamLayout} layout
   */
  const memoryTime = ({ band, left, width }) => {
    if (!band || !pointer || pointer.y < band.top || pointer.y > band.top + band.height) {
      return null;
    }
    const timeMs = toMs(scaleNow(width), pointer.x - left);
    return pointer.x < left || timeMs > limitMs() ? null : timeMs;
  };

  /** @param {StreamLayout} layout */
  const drawHover = (layout) => {
    const memory = memoryNow();
    const timeMs = memoryTime(layout);
    if (memory && layout.band && pointer && timeMs !== null) {
      surface.context.fillStyle = theme.highlight;
      surface.context.fillRect(pointer.x, layout.top, 1, layout.bottom - layout.top);
      const words = memoryWords(memory, timeMs);
      drawTooltip(surface.context, surface.viewport, theme, pointer, words, layout.size);
      return;
    }
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
      if (model) {
        drawRowRules(context, layout, model, viewport, theme);
        const scale = scaleNow(layout.width);
        model.workers.forEach((timeline, worker) => {
          const top = layout.top + worker * layout.rowHeight;
          const row = { left: layout.left, top, height: layout.rowHeight - 2 };
          if (row.height >= 8) drawStreamMarks(context, timeline, scale, row, theme);
        });
        drawTaskLabels(context, layout, model, digests, scaleNow(layout.width), colours, theme);
      }
      const memory = memoryNow();
      if (memory) drawMemory(context, layout, memory, scaleNow(layout.width), theme);
      canvas.toggleAttribute('data-memory', memory !== null && layout.band !== null);
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
