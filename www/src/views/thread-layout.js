/*
 * Where the parts of the view of threads are, in CSS pixels: a line of text above each section, a row for each thread,
 * the axis, and the legend below it.
 *
 *     old lock   686 ms · 6 747 switches
 *     thread 0   |##|//|##|//////|##|
 *     thread 1   |//|##|xx|######|//|
 *     new lock   401 ms · 79 switches
 *     ...
 *                0    100    200   ms
 *     # runs, holds the lock   / waits for the lock
 *
 * If there is too little room, the legend goes first, and then the lines of text.
 */
import { sectionsOf } from './thread-sections.js';
import { threadStates } from './thread-states.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./surface.js').Viewport} Viewport */
/** @typedef {import('./thread-sections.js').Section} Section */

/**
 * @typedef {object} ThreadLayout
 * @property {number} left of the rows
 * @property {number} width
 * @property {(Section & { top: number, heading: number })[]} sections where each one's line of text is, and its height
 * @property {number[]} rows the top of each thread's row
 * @property {number} rowHeight
 * @property {number} rowGap below each row
 * @property {number} top of the first row
 * @property {number} bottom where the axis is
 * @property {number} size of the text
 * @property {{ text: string, state: number | null }[][]} legend in lines; the state is null for drop requests
 */

/** Below this height a row cannot be read, CSS pixels. */
const LOWEST_ROW = 6;

/** Heights in sizes of the text. */
const HEADING = 1.4;
const HIGHEST_ROW = 5.5;
const AXIS = 1.7;
const LEGEND_LINE = 1.4;

/** About how wide a digit or a wide letter is, and a letter of a longer text, in sizes of the text. */
const LETTER = 0.56;
const TEXT_LETTER = 0.49;

/** The widths of a swatch with its gap, and of the gap between two entries, in sizes of the text. */
export const SWATCH = 1.9;
export const ENTRY_GAP = 1;

/**
 * @param {RunModel | undefined} model
 * @param {Viewport} viewport
 * @param {(number | null)[]} shown the states that the legend explains
 * @returns {ThreadLayout}
 */
export function layoutThreads(model, viewport, shown) {
  const size = viewport.textSize;
  const sections = model ? sectionsOf(model) : [];
  const threads = Math.max(1, model?.workers.length ?? 1);
  const letters = Math.max(
    1,
    ...Array.from({ length: threads }, (_, i) => nameOf(model, i, viewport).length),
  );
  const left = Math.round(size * (0.7 + LETTER * letters));
  const legend = legendLines(shown, viewport.width, size);

  const top = 2;
  const room = viewport.height - top - size * AXIS;
  let heading = size * HEADING;
  const rowHeight = () =>
    (room - heading * Math.max(1, sections.length) - legend.length * size * LEGEND_LINE) / threads;
  if (rowHeight() < LOWEST_ROW) legend.length = 0;
  if (rowHeight() < LOWEST_ROW) heading = 0;
  const height = Math.max(1, Math.min(HIGHEST_ROW * size, rowHeight()));

  /** @type {number[]} */
  const rows = [];
  let y = top;
  const placed = sections.map((section) => {
    const at = { ...section, top: y, heading };
    y += heading;
    for (let thread = section.first; thread < section.end; thread++, y += height) rows.push(y);
    return at;
  });
  return {
    left,
    width: Math.max(1, viewport.width - left - 2),
    sections: placed,
    rows,
    rowHeight: height,
    rowGap: height >= 10 ? Math.min(4, Math.round(height * 0.12)) : 1,
    top: rows[0] ?? top + heading,
    bottom: sections.length > 0 ? y : top + heading + height,
    size,
    legend,
  };
}

/**
 * What a row is called: its thread's name if there is room, or else the number in it.
 *
 * @param {RunModel | undefined} model
 * @param {number} thread
 * @param {Viewport} viewport
 */
export function nameOf(model, thread, { width, textSize }) {
  const name = model?.nameOf(thread) ?? '';
  const short = /\d+$/.exec(name)?.[0] ?? name.slice(0, 8);
  return width < 40 * textSize ? short : name.slice(0, 12);
}

/**
 * @param {(number | null)[]} states
 * @param {number} width
 * @param {number} size
 */
function legendLines(states, width, size) {
  /** @type {{ text: string, state: number | null }[][]} */
  const lines = [];
  let used = Infinity;
  for (const state of states) {
    const text = state === null ? 'drop request' : threadStates[state].legend;
    const needed = size * (SWATCH + ENTRY_GAP + TEXT_LETTER * text.length);
    if (used + needed > width + size * ENTRY_GAP) {
      lines.push([]);
      used = 0;
    }
    used += needed;
    lines.at(-1)?.push({ text, state });
  }
  return lines;
}
