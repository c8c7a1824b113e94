/*
 * How the states of threads look: each has a colour and a pattern, so that neither colour blindness nor a bad
 * projector nor the reader's own colours hide it.
 *
 *     runs ####   no lock ::::   native ====   waits ////   forced switch ||||   false alarm xxxx
 *
 * A pattern is fixed to the picture and not to the slice, so it stands still while slices grow.
 */
import { blend, pixelOf } from './colours.js';
import { threadStates } from './thread-states.js';

/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./thread-states.js').ThreadStateName} ThreadStateName */

/**
 * @typedef {'plain' | 'slash' | 'backslash' | 'cross' | 'horizontal' | 'vertical' | 'dots'} Pattern
 *
 * Lines or dots of one colour on another one.
 *
 * @typedef {object} Look
 * @property {Pattern} pattern
 * @property {string} ground
 * @property {string} ink
 * @property {number} period of the pattern, CSS pixels
 * @property {number} line how wide its lines and dots are, CSS pixels
 * @property {string} flat where there is no room for a pattern
 */

/**
 * A pattern of a look, and how much of its colour is in the ground and in the ink; the rest is the background.
 *
 * @typedef {{ pattern: Pattern, period: number, line: number, ground: number, ink: number, flat: number }} Style
 */

/** @type {Record<Exclude<ThreadStateName, 'away'>, Style>} */
const styles = {
  hold: { pattern: 'plain', period: 1, line: 0, ground: 1, ink: 1, flat: 1 },
  lockFree: { pattern: 'dots', period: 6, line: 2, ground: 1, ink: 0.25, flat: 1 },
  native: { pattern: 'horizontal', period: 4, line: 2, ground: 0.45, ink: 1, flat: 0.8 },
  overhead: { pattern: 'backslash', period: 6, line: 2, ground: 1, ink: 0.35, flat: 1 },
  forcedSwitch: { pattern: 'vertical', period: 5, line: 3, ground: 0.2, ink: 1, flat: 0.8 },
  falseAlarm: { pattern: 'cross', period: 8, line: 1.5, ground: 1, ink: 0.2, flat: 1 },
  lockWait: { pattern: 'slash', period: 7, line: 2, ground: 0.16, ink: 1, flat: 0.45 },
  noCore: { pattern: 'dots', period: 5, line: 1.5, ground: 0, ink: 1, flat: 0.2 },
  blocked: { pattern: 'plain', period: 1, line: 0, ground: 0.28, ink: 0.28, flat: 0.28 },
  transfer: { pattern: 'horizontal', period: 8, line: 2, ground: 1, ink: 0.35, flat: 1 },
};

/**
 * The looks of the states, by state; of a thread that is not there, the background of a row.
 *
 * @param {Theme} theme
 * @returns {Look[]}
 */
export function threadLooks(theme) {
  return threadStates.map(({ name }) => {
    if (name === 'away') {
      const { idle } = theme;
      return { pattern: 'plain', period: 1, line: 0, ground: idle, ink: idle, flat: idle };
    }
    const { pattern, period, line, ...shares } = styles[name];
    const share = (/** @type {number} */ of) => blend(theme.thread[name], theme.idle, of);
    const [ground, ink, flat] = [shares.ground, shares.ink, shares.flat].map(share);
    return { pattern, period, line, ground, ink, flat };
  });
}

/**
 * A pattern as pixels: a square that repeats in both directions.
 *
 * @typedef {{ size: number, pixels: Uint32Array }} Tile
 */

/**
 * @param {Look} look
 * @param {number} ratio device pixels per CSS pixel
 * @returns {Tile}
 */
export function tileOf({ pattern, period, line, ground, ink }, ratio) {
  const size = pattern === 'plain' ? 1 : Math.max(2, Math.round(period * ratio));
  const width = Math.max(1, Math.round(line * ratio));
  const [on, off] = [pixelOf(ink), pixelOf(ground)];
  const pixels = new Uint32Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      pixels[y * size + x] = isInk(pattern, x, y, size, width) ? on : off;
    }
  }
  return { size, pixels };
}

/**
 * @param {Pattern} pattern
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {number} width
 */
function isInk(pattern, x, y, size, width) {
  const falls = (size + x - y) % size < width;
  const rises = (x + y) % size < width;
  switch (pattern) {
    case 'plain':
      return true;
    case 'slash':
      return rises;
    case 'backslash':
      return falls;
    case 'cross':
      return rises || falls;
    case 'horizontal':
      return y < width;
    case 'vertical':
      return x < width;
    case 'dots':
      return x < width && y < width;
  }
}

/**
 * Draws a rectangle in a look, as shapes.
 *
 * @param {import('./view.js').Painter} painter
 * @param {Look} look
 * @param {{ left: number, top: number, width: number, height: number }} box
 */
export function fillLook(painter, look, box) {
  const { pattern, period, line, ground, ink } = look;
  const { left, top, width, height } = box;
  const [right, bottom] = [left + width, top + height];
  painter.fillStyle = ground;
  painter.fillRect(left, top, width, height);
  if (pattern === 'plain' || width < period) return;
  painter.fillStyle = ink;
  const steps = (/** @type {number} */ from, /** @type {number} */ to) => {
    const first = Math.ceil(from / period) * period;
    return Array.from(
      { length: Math.max(0, Math.ceil((to - first) / period)) },
      (_, i) => first + i * period,
    );
  };
  if (pattern === 'horizontal') {
    for (const y of steps(top, bottom)) {
      painter.fillRect(left, y, width, Math.min(line, bottom - y));
    }
  }
  if (pattern === 'vertical') {
    for (const x of steps(left, right)) {
      painter.fillRect(x, top, Math.min(line, right - x), height);
    }
  }
  if (pattern === 'dots') {
    for (const y of steps(top, bottom - line)) {
      for (const x of steps(left, right - line)) painter.fillRect(x, y, line, line);
    }
  }
  painter.strokeStyle = ink;
  painter.lineWidth = line;
  painter.beginPath();
  if (pattern === 'slash' || pattern === 'cross') {
    // x + y is the same along a line.
    for (const sum of steps(left + top, right + bottom)) {
      const from = Math.max(left, sum - bottom);
      const to = Math.min(right, sum - top);
      painter.moveTo(from, sum - from);
      painter.lineTo(to, sum - to);
    }
  }
  if (pattern === 'backslash' || pattern === 'cross') {
    // x - y is the same along a line.
    for (const difference of steps(left - bottom, right - top)) {
      const from = Math.max(left, top + difference);
      const to = Math.min(right, bottom + difference);
      painter.moveTo(from, from - difference);
      painter.lineTo(to, to - difference);
    }
  }
  painter.stroke();
}
