/*
 * How a task's state looks: a colour and a shape, so that neither colour blindness nor a bad
 * projector hides it. A task that has not been executed is round; a value is a square, solid
 * while it is in memory and hollow once it is released.
 *
 *     waiting o    ready (.)    running (>)    in memory [#]    released [ ]    erred (x)    cancelled (/)
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
import { blend, pixelOf } from './colours.js';
import { fontOf } from './text.js';

/** @typedef {import('./theme.js').Theme} Theme */

/** Below this radius, in CSS pixels, nothing can be seen inside an outline. */
const DETAIL = 4.5;
/** The smallest radius of a mark in the legend, CSS pixels: it is read from afar. */
const SMALLEST = 4;
/** The colour of what is drawn inside a bright mark. */
const INK = '#14171c';

/**
 * @param {import('./view.js').Painter} context
 * @param {number} state
 * @param {number} x centre
 * @param {number} y
 * @param {number} radius
 * @param {Theme} theme
 */
export function drawMark(context, state, x, y, radius, theme) {
  const fill = theme.state[state];
  const edge = theme.stateEdge[state];
  const line = Math.max(1, radius * 0.16);
  const forced = theme.name === 'forced';
  context.fillStyle = fill;
  context.strokeStyle = edge;
  context.lineWidth = line;
  if (state === WAITING) {
    disc(context, x, y, radius * 0.72);
    context.fill();
  } else if (state === READY) {
    disc(context, x, y, radius * 0.9 - line / 2);
    context.fill();
    context.stroke();
    if (radius < DETAIL) return;
    context.fillStyle = forced ? edge : INK;
    disc(context, x, y, radius * 0.24);
    context.fill();
  } else if (state === RUNNING) {
    disc(context, x, y, radius - line / 2);
    context.fill();
    context.stroke();
    if (radius < DETAIL) return;
    context.fillStyle = forced ? theme.background : theme.name === 'dark' ? INK : '#ffffff';
    context.beginPath();
    context.moveTo(x - radius * 0.28, y - radius * 0.45);
    context.lineTo(x + radius * 0.52, y);
    context.lineTo(x - radius * 0.28, y + radius * 0.45);
    context.closePath();
    context.fill();
  } else if (state === FINISHED) {
    square(context, x, y, radius * 0.86 - line / 2);
    context.fill();
    context.stroke();
  } else if (state === RELEASED) {
    context.lineWidth = Math.max(1.2, radius * 0.26);
    context.strokeStyle = forced ? edge : fill;
    context.fillStyle = blend(fill, theme.background, 0.16);
    square(context, x, y, radius * 0.86 - context.lineWidth / 2);
    context.fill();
    context.stroke();
  } else if (state === ERRED) {
    disc(context, x, y, radius - line / 2);
    context.fill();
    context.stroke();
    context.strokeStyle = forced ? edge : '#ffffff';
    context.lineWidth = Math.max(1, radius * 0.22);
    const arm = radius * 0.42;
    context.beginPath();
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x - arm, y + arm);
    context.lineTo(x + arm, y - arm);
    context.stroke();
  } else if (state === CANCELLED) {
    disc(context, x, y, radius * 0.8 - line / 2);
    context.fill();
    context.stroke();
    const arm = radius * 0.5;
    context.beginPath();
    context.moveTo(x - arm, y + arm);
    context.lineTo(x + arm, y - arm);
    context.stroke();
  }
}

/**
 * Returns the colour per state of a task that is too small for a mark.
 *
 * @param {Theme} theme
 * @returns {string[]}
 */
function cellColours(theme) {
  return theme.state.map((fill, state) => {
    if (state === ERRED) return theme.stateEdge[state];
    if (state === CANCELLED) return blend(theme.stateEdge[state], theme.background, 0.45);
    return fill;
  });
}

/**
 * The same as pixels.
 *
 * @param {Theme} theme
 * @returns {Uint32Array}
 */
export function statePixels(theme) {
  return Uint32Array.from(cellColours(theme), pixelOf);
}

/** The states that a legend always has; it has the others only if there are such tasks. */
const usual = [WAITING, READY, RUNNING, FINISHED, RELEASED];

/** The width of the usual states in one line, in sizes of the text. */
const LEGEND_WIDTH = 31;

/** The distance between a mark and its name, in sizes of the text. */
const GAP = 0.34;
/** The largest share of the height that a legend may take. */
const LEGEND_SHARE = 1 / 3;

/**
 * Returns the number of lines of a legend, and its height; 0 if it would leave no room for the graph.
 *
 * @param {import('./surface.js').Viewport} viewport
 * @returns {{ lines: number, height: number }}
 */
export function legendSize({ width, height, textSize }) {
  const lines = width < LEGEND_WIDTH * textSize ? 2 : 1;
  const strip = Math.round(textSize * (0.4 + 1.5 * lines));
  return strip > height * LEGEND_SHARE ? { lines: 0, height: 0 } : { lines, height: strip };
}

/**
 * Draws the states, each with its mark as in the graph: of the same size if a line of text has room for it, or a plain
 * cell where tasks are drawn as cells.
 *
 * @param {import('./view.js').Painter} context
 * @param {Uint32Array} totals tasks per state
 * @param {{ left: number, top: number, width: number, height: number, lines: number }} box
 * @param {number} size of the text
 * @param {Theme} theme
 * @param {number | null} markRadius of the graph's marks; null: cells
 */
export function drawLegend(context, totals, box, size, theme, markRadius) {
  if (box.lines === 0) return;
  const states = [...usual];
  if (totals[ERRED] > 0) states.push(ERRED);
  if (totals[CANCELLED] > 0) states.push(CANCELLED);
  const radius = Math.min(size * 0.48, Math.max(markRadius ?? SMALLEST, SMALLEST));
  const perLine = Math.ceil(states.length / box.lines);
  const widthAt = (/** @type {number} */ text) => {
    context.font = fontOf(theme, text);
    let widest = 0;
    for (let from = 0; from < states.length; from += perLine) {
      const line = states.slice(from, from + perLine);
      const words = line.reduce((sum, s) => sum + context.measureText(stateNames[s]).width, 0);
      widest = Math.max(widest, words + line.length * (2 * radius + size * GAP + text));
    }
    return widest - text;
  };
  let fits = size;
  while (fits > 10 && widthAt(fits) > box.width) fits--;
  if (widthAt(fits) > box.width) return;
  const cells = cellColours(theme);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  let x = box.left;
  states.forEach((state, i) => {
    if (i % perLine === 0) x = box.left;
    const line = Math.floor(i / perLine);
    const middle = box.top + ((line + 0.5) * box.height) / box.lines;
    if (markRadius === null) {
      context.fillStyle = cells[state];
      context.fillRect(x, middle - radius, 2 * radius, 2 * radius);
    } else {
      drawMark(context, state, x + radius, middle, radius, theme);
    }
    context.fillStyle = theme.text;
    x += 2 * radius + size * GAP;
    context.fillText(stateNames[state], x, middle);
    x += context.measureText(stateNames[state]).width + fits;
  });
}

/**
 * @param {import('./view.js').Painter} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function disc(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, Math.max(0.5, radius), 0, 2 * Math.PI);
}

/**
 * @param {import('./view.js').Painter} context
 * @param {number} x
 * @param {number} y
 * @param {number} half
 */
function square(context, x, y, half) {
  const side = Math.max(0.5, half);
  context.beginPath();
  context.roundRect(x - side, y - side, side * 2, side * 2, side * 0.28);
}
