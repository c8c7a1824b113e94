/*
 * How a task's state looks: a colour and a shape, so that neither colour blindness nor a bad
 * projector hides it. A task not yet executed is round; its value, once there, is a square, solid
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

/** Below this radius, in CSS pixels, what is inside an outline cannot be seen. */
const DETAIL = 4.5;
/** What is drawn inside a bright mark. */
const INK = '#14171c';

/**
 * @param {CanvasRenderingContext2D} context
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
    context.fillStyle = INK;
    disc(context, x, y, radius * 0.24);
    context.fill();
  } else if (state === RUNNING) {
    disc(context, x, y, radius - line / 2);
    context.fill();
    context.stroke();
    if (radius < DETAIL) return;
    context.fillStyle = theme.name === 'dark' ? INK : '#ffffff';
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
    context.strokeStyle = fill;
    context.fillStyle = blend(fill, theme.background, 0.16);
    square(context, x, y, radius * 0.86 - context.lineWidth / 2);
    context.fill();
    context.stroke();
  } else if (state === ERRED) {
    disc(context, x, y, radius - line / 2);
    context.fill();
    context.stroke();
    context.strokeStyle = '#ffffff';
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
 * Per state, the pixel of a task that is too small for a mark.
 *
 * @param {Theme} theme
 * @returns {Uint32Array}
 */
export function statePixels(theme) {
  return Uint32Array.from(theme.state, (fill, state) => {
    if (state === ERRED) return pixelOf(theme.stateEdge[state]);
    if (state === CANCELLED) return pixelOf(blend(theme.stateEdge[state], theme.background, 0.45));
    return pixelOf(fill);
  });
}

/** The states a legend always shows; the others only when there are such tasks. */
const usual = [WAITING, READY, RUNNING, FINISHED, RELEASED];

/**
 * The states, each with its mark, in one line as far as there is room.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Uint32Array} totals tasks per state
 * @param {number} left
 * @param {number} middle
 * @param {number} width
 * @param {number} size of the text
 * @param {Theme} theme
 */
export function drawLegend(context, totals, left, middle, width, size, theme) {
  const states = [...usual];
  if (totals[ERRED] > 0) states.push(ERRED);
  if (totals[CANCELLED] > 0) states.push(CANCELLED);
  const radius = size * 0.48;
  let fits = size;
  const widthAt = (/** @type {number} */ text) => {
    context.font = fontOf(theme, text);
    const words = states.reduce((sum, s) => sum + context.measureText(stateNames[s]).width, 0);
    return words + states.length * (radius * 2.7 + text);
  };
  while (fits > 10 && widthAt(fits) > width) fits--;
  if (widthAt(fits) > width) return;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  let x = left;
  for (const state of states) {
    drawMark(context, state, x + radius, middle, radius, theme);
    context.fillStyle = theme.text;
    context.fillText(stateNames[state], x + radius * 2.7, middle);
    x += radius * 2.7 + context.measureText(stateNames[state]).width + fits;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function disc(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, Math.max(0.5, radius), 0, 2 * Math.PI);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} half
 */
function square(context, x, y, half) {
  const side = Math.max(0.5, half);
  context.beginPath();
  context.roundRect(x - side, y - side, side * 2, side * 2, side * 0.28);
}
