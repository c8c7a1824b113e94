/*
 * A sweep of two sizes as a heat map: how many times as fast processes are as one thread, for the work of a call and
 * the data that is sent with it, with the break-even line between the cells that gain and those that lose.
 *
 *     work of a call
 *     10 ms   |1.9|1.8|0.7|
 *      1 ms   |1.6|0.9/0.2|       / break-even   # faster   . slower
 *     0.1 ms  |0.4/0.2|0.1|
 *              4 KiB .. 16 MiB
 *
 * Both axes are logarithmic. All is read from the result, which a recording has too; before it is there, the view
 * says how much has been measured.
 */
import { breakEven, paysFrom, sweepOf } from './break-even.js';
import { blend, contrast } from './colours.js';
import { formatBytes, formatCount } from './format.js';
import { hasFutures } from './future-times.js';
import { fontOf } from './text.js';
import { defineView } from './view.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./break-even.js').Sweep} Sweep */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./view.js').Hit & { row: number, column: number }} CellHit */
/** @typedef {import('./view.js').Frame<undefined, CellHit>} SweepFrame */
/** @typedef {ReturnType<typeof layoutOf>} Layout */

/** What the calls are called that a sweep measures. */
const CALL = 'sweep';

const WORK = 'work of a call';
const DATA = 'data sent with each call';

/** The least and the most colour of a cell. */
const PALE = 0.12;
const FULL = 0.6;
/** Twice as fast, and eight times as slow, are shown in full colour. */
const MOST_GAIN = Math.log(2);
const MOST_LOSS = Math.log(8);

/**
 * Whether a run is a sweep: there are calls of one.
 *
 * @param {RunModel} model
 */
export function hasSweep(model) {
  return hasFutures(model) && model.graph.prefixes.includes(CALL);
}

export const sweep = defineView({
  name: 'sweep',
  title: 'Processes against one thread',
  draw: drawSweep,
  hit({ x, y }, frame) {
    const shown = shownIn(frame);
    if (!shown) return null;
    const { left, bottom, cellWidth, cellHeight } = layoutOf(shown, frame);
    const column = Math.floor((x - left) / cellWidth);
    const row = Math.floor((bottom - y) / cellHeight);
    return shown.times[row]?.[column] === undefined ? null : cellAt(row, column);
  },
  words(frame, at) {
    const shown = shownIn(frame);
    if (!shown) return frame.models.map(progressText);
    return at ? wordsOf(shown, at) : [describe(shown)];
  },
  step(step, from, frame) {
    const shown = shownIn(frame);
    if (!shown) return null;
    const [rows, columns] = [shown.ms.length - 1, shown.bytes.length - 1];
    if (!from || step === 'first') return cellAt(rows, 0);
    if (step === 'last') return cellAt(0, columns);
    const row = from.row + Number(step === 'up') - Number(step === 'down');
    const column = from.column + Number(step === 'right') - Number(step === 'left');
    return cellAt(Math.max(0, Math.min(rows, row)), Math.max(0, Math.min(columns, column)));
  },
  place({ row, column }, frame) {
    const shown = shownIn(frame);
    if (!shown) return { x: 0, y: 0 };
    const { x, y } = layoutOf(shown, frame);
    return { x: x(column), y: y(row) };
  },
  keys: 'cells',
});

/**
 * @param {number} row
 * @param {number} column
 * @returns {CellHit}
 */
function cellAt(row, column) {
  return { task: -1, timeMs: null, row, column };
}

/** @param {SweepFrame} frame */
function shownIn({ models: [model] }) {
  return sweepOf(model?.outcome?.value);
}

/**
 * Where cells, axes and the legend are, in CSS pixels.
 *
 * @param {Sweep} shown
 * @param {SweepFrame} frame
 */
function layoutOf({ bytes, ms }, { viewport: { width, height, textSize: size } }) {
  const left = Math.round(size * 3.6);
  const top = Math.round(size * 1.5);
  const bottom = Math.max(top + 1, height - Math.round(size * 4.2));
  const cellWidth = Math.max(1, width - left - 2) / bytes.length;
  const cellHeight = (bottom - top) / ms.length;
  return {
    left,
    top,
    bottom,
    size,
    cellWidth,
    cellHeight,
    x: (/** @type {number} */ column) => left + (column + 0.5) * cellWidth,
    y: (/** @type {number} */ row) => bottom - (row + 0.5) * cellHeight,
  };
}

/**
 * @param {import('./view.js').Painter} painter
 * @param {SweepFrame} frame
 */
function drawSweep(painter, frame) {
  const { theme, viewport, at } = frame;
  painter.fillStyle = theme.background;
  painter.fillRect(0, 0, viewport.width, viewport.height);
  painter.textBaseline = 'middle';
  const shown = shownIn(frame);
  if (!shown) {
    drawProgress(painter, frame);
    return;
  }
  const layout = layoutOf(shown, frame);
  drawCells(painter, shown, layout, theme);
  drawLine(painter, shown, layout, theme);
  drawFigures(painter, shown, layout, theme);
  drawAxes(painter, shown, layout, theme);
  drawLegend(painter, layout, theme);
  if (at) {
    const { cellWidth, cellHeight, x, y } = layout;
    painter.strokeStyle = theme.highlight;
    painter.lineWidth = 3;
    const [left, top] = [x(at.column) - cellWidth / 2, y(at.row) - cellHeight / 2];
    painter.strokeRect(left + 1.5, top + 1.5, cellWidth - 3, cellHeight - 3);
  }
}

/**
 * How much has been measured.
 *
 * @param {import('./view.js').Painter} painter
 * @param {SweepFrame} frame
 */
function drawProgress(painter, { theme, viewport: { width, height, textSize }, models }) {
  const [model] = models;
  if (!model) return;
  const long = Math.min(width - 2, textSize * 20);
  const [left, middle] = [(width - long) / 2, height / 2];
  painter.font = fontOf(theme, textSize);
  painter.fillStyle = theme.text;
  painter.textAlign = 'center';
  painter.fillText(progressText(model), width / 2, middle - textSize);
  painter.strokeStyle = theme.muted;
  painter.lineWidth = 1;
  painter.strokeRect(left, middle, long, textSize);
  painter.fillStyle = theme.highlight;
  painter.fillRect(left, middle, (long * model.done) / Math.max(1, model.tasks), textSize);
}

/** @param {RunModel} model */
function progressText({ done, tasks }) {
  return `${formatCount(done)} of ${formatCount(tasks)} calls measured`;
}

/**
 * The colour of a cell: blue where processes are faster, orange where they are slower.
 *
 * @param {number | null} times
 * @param {Theme} theme
 */
function fillOf(times, theme) {
  // A reader's own colours have no shades: the figures and the line say it.
  if (times === null || theme.name === 'forced') return theme.background;
  const gain = Math.log(times);
  const [colour, most] = gain >= 0 ? [faster(theme), MOST_GAIN] : [slower(theme), MOST_LOSS];
  const share = Math.min(1, Math.abs(gain) / most);
  return blend(colour, theme.background, PALE + share * (FULL - PALE));
}

/** @param {Theme} theme */
const faster = (theme) => theme.thread.lockFree;
/** @param {Theme} theme */
const slower = (theme) => theme.overhead;

/**
 * @param {import('./view.js').Painter} painter
 * @param {Sweep} shown
 * @param {Layout} layout
 * @param {Theme} theme
 */
function drawCells(painter, { times }, { x, y, cellWidth, cellHeight }, theme) {
  for (const [row, cells] of times.entries()) {
    for (const [column, cell] of cells.entries()) {
      const [left, top] = [x(column) - cellWidth / 2, y(row) - cellHeight / 2];
      painter.fillStyle = fillOf(cell, theme);
      painter.fillRect(left, top, cellWidth, cellHeight);
      painter.strokeStyle = theme.name === 'forced' ? theme.rule : theme.background;
      painter.lineWidth = 1;
      painter.strokeRect(left, top, cellWidth, cellHeight);
    }
  }
}

/**
 * @param {import('./view.js').Painter} painter
 * @param {Sweep} shown
 * @param {Layout} layout
 * @param {Theme} theme
 */
function drawLine(painter, shown, { x, y, size }, theme) {
  painter.beginPath();
  for (const [[c0, r0], [c1, r1]] of breakEven(shown)) {
    painter.moveTo(x(c0), y(r0));
    painter.lineTo(x(c1), y(r1));
  }
  strokeTwice(painter, size, theme);
}

/**
 * The break-even line, with a margin in the colour of the ground.
 *
 * @param {import('./view.js').Painter} painter
 * @param {number} size
 * @param {Theme} theme
 */
function strokeTwice(painter, size, theme) {
  painter.strokeStyle = theme.background;
  painter.lineWidth = size * 0.5;
  painter.stroke();
  painter.strokeStyle = theme.text;
  painter.lineWidth = size * 0.22;
  painter.stroke();
}

/**
 * How many times as fast, in each cell, on a ground of its colour where the line passes.
 *
 * @param {import('./view.js').Painter} painter
 * @param {Sweep} shown
 * @param {Layout} layout
 * @param {Theme} theme
 */
function drawFigures(painter, { times }, { x, y, cellWidth, cellHeight, size }, theme) {
  const font = Math.min(size * 1.25, cellHeight * 0.7, cellWidth * 0.3);
  painter.textAlign = 'center';
  for (const [row, cells] of times.entries()) {
    for (const [column, cell] of cells.entries()) {
      if (cell === null) continue;
      const fill = fillOf(cell, theme);
      const text = `${timesText(cell)}×`;
      painter.font = fontOf(theme, font, cell >= 1 ? 700 : 450);
      const half = painter.measureText(text).width / 2 + font * 0.15;
      painter.fillStyle = fill;
      painter.fillRect(x(column) - half, y(row) - font * 0.55, 2 * half, font * 1.1);
      const better = contrast(theme.text, fill) >= contrast(theme.background, fill);
      painter.fillStyle = better ? theme.text : theme.background;
      painter.fillText(text, x(column), y(row) + font * 0.05);
    }
  }
}

/**
 * @param {import('./view.js').Painter} painter
 * @param {Sweep} shown
 * @param {Layout} layout
 * @param {Theme} theme
 */
function drawAxes(painter, { bytes, ms }, { left, top, bottom, size, x, y }, theme) {
  painter.font = fontOf(theme, size);
  painter.fillStyle = theme.text;
  painter.textAlign = 'right';
  for (const [row, work] of ms.entries()) {
    painter.fillText(`${work} ms`, left - size * 0.4, y(row));
  }
  painter.textAlign = 'center';
  bytes.forEach((of, column) => painter.fillText(sizeText(of), x(column), bottom + size * 0.8));
  painter.fillStyle = theme.muted;
  painter.textAlign = 'left';
  painter.fillText(WORK, 1, top - size * 0.75);
  painter.textAlign = 'center';
  painter.fillText(DATA, x((bytes.length - 1) / 2), bottom + size * 2);
}

/**
 * @param {import('./view.js').Painter} painter
 * @param {Layout} layout
 * @param {Theme} theme
 */
function drawLegend(painter, { left, bottom, size }, theme) {
  const y = bottom + size * 3.4;
  let at = left;
  painter.font = fontOf(theme, size);
  painter.textAlign = 'left';
  const say = (/** @type {string} */ text) => {
    painter.fillStyle = theme.text;
    painter.fillText(text, at + size * 1.8, y);
    at += size * 2.8 + painter.measureText(text).width;
  };
  painter.beginPath();
  painter.moveTo(at, y);
  painter.lineTo(at + size * 1.4, y);
  strokeTwice(painter, size, theme);
  say('break-even');
  // In the reader's own colours cells look alike, and bold figures are the faster ones.
  if (theme.name === 'forced') return;
  for (const [text, times] of /** @type {[string, number][]} */ ([
    ['faster', 1.8],
    ['slower', 0.2],
  ])) {
    painter.fillStyle = fillOf(times, theme);
    painter.fillRect(at, y - size * 0.5, size * 1.4, size);
    say(text);
  }
}

/** Without a fraction that is 0. @param {number} bytes */
function sizeText(bytes) {
  return formatBytes(bytes).replace(/\.0+ /, ' ');
}

/** Two digits. @param {number} times */
function timesText(times) {
  return times < 9.95 ? String(times.toPrecision(times < 0.095 ? 1 : 2)) : times.toFixed(0);
}

/**
 * @param {Sweep} shown
 * @param {CellHit} at
 */
function wordsOf(shown, { row, column }) {
  const { bytes, ms, times } = shown;
  const cell = times[row][column];
  return [
    `${ms[row]} ms of work, ${sizeText(bytes[column])} sent`,
    cell === null ? 'not measured' : `processes are ${timesText(cell)} times as fast`,
    payText(shown, column),
  ];
}

/**
 * @param {Sweep} shown
 * @param {number} column
 */
function payText(shown, column) {
  const { bytes, ms } = shown;
  const from = paysFrom(shown, column);
  const size = `with ${sizeText(bytes[column])} per call`;
  if (from === 0) return `${size}, processes are faster from ${ms[0]} ms on, or less`;
  if (from === Infinity) return `${size}, processes are never faster up to ${ms[ms.length - 1]} ms`;
  return `${size}, processes are faster from ${from.toPrecision(2)} ms on`;
}

/** @param {Sweep} shown */
function describe(shown) {
  const figures = shown.times.flat().filter((cell) => cell !== null);
  const [least, most] = [Math.min(...figures), Math.max(...figures)].map(timesText);
  const pays = shown.bytes.map((_, column) => payText(shown, column)).join('; ');
  return `Processes are ${least} to ${most} times as fast as one thread: ${pays}.`;
}
