/*
 * Progress per prefix: one bar each, in the order in which prefixes appear in the graph.
 *
 *     normal      [released |   in memory   |run|ready|        waiting ]   34 / 64
 *
 * Released values have the prefix's colour, faded; values in memory are solid. When there are more
 * prefixes than room, rows shrink, then there are two columns, and then the list scrolls. The model does the
 * counting.
 */
import {
  CANCELLED,
  ERRED,
  FINISHED,
  READY,
  RELEASED,
  RUNNING,
  stateNames,
  WAITING,
} from '../model/states.js';
import { blend, prefixColour } from './colours.js';
import { formatCount } from './format.js';
import { fitted, fontOf } from './text.js';
import { defineView } from './view.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('../model/task-states.js').PrefixCounts} PrefixCounts */
/** @typedef {import('./surface.js').Viewport} Viewport */
/** @typedef {import('./theme.js').Theme} Theme */

/** The lowest row, in sizes of the text. */
const LOWEST_ROW = 1.15;
/** A column narrower than this, in sizes of the text, has no room for names and bars. */
const NARROWEST_COLUMN = 15;

/**
 * @typedef {object} ProgressLayout
 * @property {number} columns filled one after the other
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
 * @param {import('./view.js').Painter} context
 * @param {PrefixCounts[]} rows
 * @param {Viewport} viewport
 * @param {Theme} theme
 * @param {{ scrollPx: number, pointed?: string }} state `pointed`: the prefix that is pointed at
 */
export function drawProgress(context, rows, viewport, theme, { scrollPx, pointed }) {
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
    context.fillStyle = row.name === pointed ? theme.highlight : theme.text;
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
 * @param {import('./view.js').Painter} context
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
    // A line between parts, so that they can be told apart without their colours.
    if (sum < row.total) {
      context.fillStyle = theme.name === 'forced' ? theme.text : theme.background;
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
 * @param {boolean} widest the text at the end of the run, which is the widest
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
  return `Tasks done, by prefix: ${words.join(', ')}.`;
}

/**
 * @typedef {object} ProgressMemo
 * @property {PrefixCounts[]} rows
 * @property {number} scrollPx
 */

/** @typedef {{ task: number, timeMs: null, row: number }} ProgressHit */
/** @typedef {import('./view.js').Frame<ProgressMemo, ProgressHit>} ProgressFrame */

export const progress = defineView({
  name: 'progress',
  title: 'Progress',
  memo: () => /** @type {ProgressMemo} */ ({ rows: [], scrollPx: 0 }),
  open({ models: [model], memo }, sameGraph) {
    memo.rows = model ? orderedPrefixes(model) : [];
    if (!sameGraph) memo.scrollPx = 0;
  },
  draw(painter, frame) {
    const { memo, viewport, theme, models, hover, selection, at } = frame;
    scrollBy(0, frame);
    // The row that is pointed at, here or by its task in another view.
    const task = hover >= 0 ? hover : selection;
    const pointed = at
      ? memo.rows[at.row]?.name
      : task >= 0
        ? models[0]?.graph.prefixes[models[0].graph.prefixOf[task]]
        : undefined;
    drawProgress(painter, memo.rows, viewport, theme, { scrollPx: memo.scrollPx, pointed });
  },
  hit({ x, y }, { memo, viewport }) {
    const { columns, perColumn, rowHeight } = layoutProgress(memo.rows.length, viewport);
    const column = Math.floor((x / viewport.width) * columns);
    const line = Math.floor((y + memo.scrollPx) / rowHeight);
    const row = column * perColumn + line;
    return line < perColumn && memo.rows[row] ? hitOf(row) : null;
  },
  words({ memo }, at) {
    if (!at) return [describeProgress(memo.rows)];
    return memo.rows[at.row] ? wordsOfRow(memo.rows[at.row]) : [];
  },
  step(step, from, frame) {
    const { rows } = frame.memo;
    if (rows.length === 0) return null;
    const last = rows.length - 1;
    const { perColumn } = layoutProgress(rows.length, frame.viewport);
    const by = { up: -1, down: 1, left: -perColumn, right: perColumn, first: -last, last };
    const row = from ? Math.max(0, Math.min(last, from.row + by[step])) : 0;
    reveal(row, frame);
    return hitOf(row);
  },
  place({ row }, { memo, viewport }) {
    const { columns, perColumn, rowHeight } = layoutProgress(memo.rows.length, viewport);
    const x = (Math.floor(row / perColumn) / columns) * viewport.width;
    return {
      x: x + viewport.width / columns / 3,
      y: (row % perColumn) * rowHeight - memo.scrollPx,
    };
  },
  keys: 'prefixes',
  scroll: scrollBy,
});

/** @param {number} row @returns {ProgressHit} */
function hitOf(row) {
  return { task: -1, timeMs: null, row };
}

/**
 * The lines of a tooltip.
 *
 * @param {PrefixCounts} row
 */
function wordsOfRow({ name, counts }) {
  const count = (/** @type {number} */ state) =>
    `${formatCount(counts[state])} ${stateNames[state]}`;
  const list = (/** @type {number[]} */ states) => states.map(count).join(', ');
  const stopped = counts[ERRED] + counts[CANCELLED] > 0 ? [list([ERRED, CANCELLED])] : [];
  return [name, list([RELEASED, FINISHED]), list([RUNNING, READY, WAITING]), ...stopped];
}

/**
 * Scrolls the rows.
 *
 * @param {number} px
 * @param {ProgressFrame} frame
 * @returns {boolean} false at the end
 */
function scrollBy(px, { memo, viewport }) {
  const { contentHeight } = layoutProgress(memo.rows.length, viewport);
  const most = Math.max(0, contentHeight - viewport.height);
  const to = Math.max(0, Math.min(most, memo.scrollPx + px));
  if (to === memo.scrollPx) return false;
  memo.scrollPx = to;
  return true;
}

/**
 * Scrolls so that a row is in sight.
 *
 * @param {number} row
 * @param {ProgressFrame} frame
 */
function reveal(row, frame) {
  const { memo, viewport } = frame;
  const { perColumn, rowHeight } = layoutProgress(memo.rows.length, viewport);
  const top = (row % perColumn) * rowHeight - memo.scrollPx;
  if (top < 0) scrollBy(top, frame);
  else if (top + rowHeight > viewport.height) scrollBy(top + rowHeight - viewport.height, frame);
}
