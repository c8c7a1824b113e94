/*
 * Progress per prefix: one bar each, in the order in which prefixes appear in the graph.
 *
 *     normal      [released |   in memory   |run|ready|        waiting ]   34 / 64
 *
 * Released values are the prefix's colour, faded; values in memory are solid. When there are more
 * prefixes than room, rows shrink and stand in two columns, and then the list scrolls. It counts
 * nothing: the model does.
 */
import { CANCELLED, ERRED, FINISHED, READY, RELEASED, RUNNING, WAITING } from '../model/states.js';
import { blend, prefixColour } from './colours.js';
import { formatCount } from './format.js';
import { frameLoop } from './frame-loop.js';
import { createSurface } from './surface.js';
import { drawTooltip, fitted, fontOf } from './text.js';
import { themes } from './theme.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('../model/run.js').PrefixCounts} PrefixCounts */
/** @typedef {import('./surface.js').Viewport} Viewport */
/** @typedef {import('./theme.js').Theme} Theme */

/** The lowest row, in sizes of the text. */
const LOWEST_ROW = 1.15;
/** A column below this, in sizes of the text, has no room for names and bars. */
const NARROWEST_COLUMN = 15;

/**
 * @typedef {object} ProgressLayout
 * @property {number} columns that are filled one after the other
 * @property {number} perColumn rows
 * @property {number} rowHeight
 * @property {number} contentHeight of a column; more than the viewport's when it scrolls
 * @property {number} size of the text
 */

/**
 * How rows are placed. They shrink down to the height of their text.
 *
 * @param {number} rows
 * @param {Viewport} viewport
 * @returns {ProgressLayout}
 */
export function layoutProgress(rows, viewport) {
  const { width, height, textSize } = viewport;
  const crowded = rows * textSize * LOWEST_ROW > height;
  const columns = crowded && width >= 2 * NARROWEST_COLUMN * textSize ? 2 : 1;
  const perColumn = Math.ceil(Math.max(rows, 1) / columns);
  const lowest = textSize * LOWEST_ROW;
  const rowHeight = Math.max(lowest, Math.min(textSize * 2.5, height / perColumn));
  return { columns, perColumn, rowHeight, contentHeight: rowHeight * perColumn, size: textSize };
}

/**
 * Prefixes by the depth of their first task, so that bars fill from top to bottom.
 *
 * @param {RunModel} model
 * @returns {PrefixCounts[]} those that have tasks
 */
export function orderedPrefixes(model) {
  const { prefixes, graph } = model;
  const depth = new Float32Array(prefixes.length).fill(Infinity);
  for (let task = 0; task < model.tasks; task++) {
    const prefix = graph.prefixOf[task];
    if (graph.layout.x[task] < depth[prefix]) depth[prefix] = graph.layout.x[task];
  }
  return prefixes
    .map((prefix, index) => ({ prefix, index }))
    .filter(({ prefix }) => prefix.total > 0)
    .sort((a, b) => depth[a.index] - depth[b.index] || a.index - b.index)
    .map(({ prefix }) => prefix);
}

/** How many tasks of a prefix have been executed. */
const doneOf = (/** @type {PrefixCounts} */ { counts }) => counts[FINISHED] + counts[RELEASED];

/**
 * @param {CanvasRenderingContext2D} context scaled to CSS pixels
 * @param {PrefixCounts[]} rows
 * @param {Viewport} viewport
 * @param {Theme} theme
 * @param {{ scrollPx: number }} state
 */
export function drawProgress(context, rows, viewport, theme, { scrollPx }) {
  const { columns, perColumn, rowHeight, contentHeight, size } = layoutProgress(
    rows.length,
    viewport,
  );
  const { width, height, ratio } = viewport;
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width, height);
  if (rows.length === 0) return;

  context.font = fontOf(theme, size);
  context.textBaseline = 'middle';
  const pad = Math.round(size * 0.6);
  const named = Math.max(...rows.map(({ name }) => context.measureText(name).width));
  const counted = Math.max(...rows.map((row) => context.measureText(countText(row, true)).width));
  const scrolls = contentHeight > height + 1;
  const gutter = columns > 1 ? size * 1.6 : 0;
  const right = width - (scrolls ? 6 : 1);
  const columnWidth = (right - gutter * (columns - 1)) / columns;
  const nameWidth = Math.min(named, columnWidth * 0.46);
  const barWidth = Math.max(0, snap(columnWidth - nameWidth - counted - 2 * pad, ratio));
  const barHeight = snap(Math.min(rowHeight * 0.62, size * 1.5), ratio);

  rows.forEach((row, i) => {
    const middle = ((i % perColumn) + 0.5) * rowHeight - scrollPx;
    if (middle <= -rowHeight / 2 || middle >= height + rowHeight / 2) return;
    const left = Math.floor(i / perColumn) * (columnWidth + gutter);
    context.fillStyle = theme.text;
    context.textAlign = 'left';
    context.fillText(fitted(context, row.name, nameWidth), left, middle);
    context.textAlign = 'right';
    context.fillStyle = doneOf(row) === row.total ? theme.text : theme.muted;
    context.fillText(countText(row, false), left + columnWidth, middle);
    const barLeft = snap(left + nameWidth + pad, ratio);
    const barTop = snap(middle - barHeight / 2, ratio);
    drawBar(context, row, theme, barLeft, barTop, barWidth, barHeight, ratio);
  });
  if (scrolls) {
    const thumb = (height / contentHeight) * height;
    context.fillStyle = theme.muted;
    context.fillRect(width - 3, (scrollPx / contentHeight) * height, 3, thumb);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {PrefixCounts} row
 * @param {Theme} theme
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {number} height
 * @param {number} ratio
 */
function drawBar(context, row, theme, left, top, width, height, ratio) {
  const line = 1 / ratio;
  const colour = prefixColour(row.name);
  const parts = [
    { state: RELEASED, fill: blend(colour, theme.faded, 0.45) },
    { state: FINISHED, fill: colour },
    { state: ERRED, fill: theme.state[ERRED] },
    { state: RUNNING, fill: theme.state[RUNNING] },
    { state: READY, fill: blend(theme.state[READY], theme.background, 0.75) },
    { state: CANCELLED, fill: theme.background },
    { state: WAITING, fill: blend(theme.state[WAITING], theme.background, 0.22) },
  ];
  let from = left;
  let sum = 0;
  for (const { state, fill } of parts) {
    const count = row.counts[state];
    if (count === 0) continue;
    sum += count;
    const to = snap(left + (sum / row.total) * width, ratio);
    context.fillStyle = fill;
    context.fillRect(from, top, to - from, height);
    if (state === ERRED) {
      context.strokeStyle = theme.stateEdge[ERRED];
      context.lineWidth = 1;
      context.strokeRect(from + 0.5, top + 0.5, Math.max(0, to - from - 1), height - 1);
    }
    // A line between parts, so that they are told apart without their colours.
    if (sum < row.total) {
      context.fillStyle = theme.background;
      context.fillRect(to - line, top, line, height);
    }
    from = to;
  }
  context.strokeStyle = theme.edge;
  context.lineWidth = line;
  context.strokeRect(left + line / 2, top + line / 2, width - line, height - line);
}

/**
 * @param {PrefixCounts} row
 * @param {boolean} widest as wide as it will become
 */
function countText(row, widest) {
  const total = formatCount(row.total);
  return `${widest ? total : formatCount(doneOf(row))} / ${total}`;
}

/**
 * @param {number} px
 * @param {number} ratio
 */
function snap(px, ratio) {
  return Math.round(px * ratio) / ratio;
}

/**
 * The view in words.
 *
 * @param {PrefixCounts[]} rows
 * @returns {string}
 */
export function describeProgress(rows) {
  const words = rows.map(
    (row) => `${row.name} ${formatCount(doneOf(row))} of ${formatCount(row.total)}`,
  );
  return `Progress by prefix: ${words.join(', ')}.`;
}

/** @param {HTMLCanvasElement} canvas */
export function createProgressView(canvas) {
  /** @type {RunModel | null} */
  let model = null;
  /** @type {PrefixCounts[]} */
  let rows = [];
  /** @type {Theme} */
  let theme = themes.light;
  /** @type {{ x: number, y: number } | null} */
  let pointer = null;
  let scrollPx = 0;
  let dirty = true;
  let drawnVersion = -1;
  let phaseShown = '';

  const touch = () => {
    dirty = true;
    frameLoop.wake();
  };
  const surface = createSurface(canvas, () => {
    dirty = true;
  });
  const listening = new AbortController();
  const { signal } = listening;
  const scrollBy = (/** @type {number} */ px) => {
    const { contentHeight } = layoutProgress(rows.length, surface.viewport);
    const most = Math.max(0, contentHeight - surface.viewport.height);
    const to = Math.max(0, Math.min(most, scrollPx + px));
    if (to === scrollPx) return false;
    scrollPx = to;
    touch();
    return true;
  };
  canvas.addEventListener(
    'wheel',
    (event) => {
      if (scrollBy(event.deltaY)) event.preventDefault();
    },
    { passive: false, signal },
  );
  canvas.addEventListener(
    'pointermove',
    (event) => {
      pointer = surface.locate(event);
      touch();
    },
    { signal },
  );
  canvas.addEventListener(
    'pointerleave',
    () => {
      pointer = null;
      touch();
    },
    { signal },
  );

  const drawTip = () => {
    if (!pointer) return;
    const { columns, perColumn, rowHeight, size } = layoutProgress(rows.length, surface.viewport);
    const column = Math.floor((pointer.x / surface.viewport.width) * columns);
    const line = Math.floor((pointer.y + scrollPx) / rowHeight);
    const row = line < perColumn ? rows[column * perColumn + line] : undefined;
    if (!row) return;
    const { counts } = row;
    const words = [
      `${formatCount(counts[RELEASED])} released, ${formatCount(counts[FINISHED])} in memory`,
      `${counts[RUNNING]} running, ${formatCount(counts[READY])} ready, ${formatCount(counts[WAITING])} waiting`,
    ];
    const stopped = counts[ERRED] + counts[CANCELLED];
    if (stopped > 0) {
      words.push(
        `${formatCount(counts[ERRED])} erred, ${formatCount(counts[CANCELLED])} cancelled`,
      );
    }
    drawTooltip(surface.context, surface.viewport, theme, pointer, [row.name, ...words], size);
  };

  return {
    /** @param {RunModel | null} next */
    setModel(next) {
      model = next;
      rows = next ? orderedPrefixes(next) : [];
      phaseShown = '';
      scrollPx = 0;
      touch();
    },
    /** @param {Theme} next */
    setTheme(next) {
      theme = next;
      touch();
    },
    draw() {
      if (!surface.visible()) return;
      if (!dirty && (!model || model.version === drawnVersion)) return;
      dirty = false;
      drawnVersion = model?.version ?? -1;
      // In words, once a phase: a run's figures change too fast to be heard.
      if (model && model.phase !== phaseShown) surface.describe(describeProgress(rows));
      phaseShown = model?.phase ?? '';
      const { context, viewport } = surface;
      context.setTransform(viewport.ratio, 0, 0, viewport.ratio, 0, 0);
      scrollBy(0);
      drawProgress(context, rows, viewport, theme, { scrollPx });
      drawTip();
    },
    busy: () => false,
    describe: () => (model ? describeProgress(rows) : ''),
    resize: surface.resize,
    dispose() {
      listening.abort();
      surface.dispose();
    },
  };
}
