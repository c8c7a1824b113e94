/*
 * Where something starts to pay: read from a sweep of two sizes, of which the result is a table.
 *
 *     ms        4 KiB   1 MiB   16 MiB        cells: how many times as fast
 *     10         1.9     1.8  /   0.7         /      the break-even line, where that is 1
 *      1         1.6  /  0.9      0.2
 *      0.1     / 0.4     0.2      0.02
 *
 * Between cells the logarithm is interpolated, along axes that are logarithmic too.
 */

/** @import { ProgramValue } from '../engine/protocol.js' */

/**
 * @typedef {object} Sweep
 * @property {number[]} bytes of each column, ascending
 * @property {number[]} ms of each row, ascending
 * @property {(number | null)[][]} times how many times as fast, by row and column
 */

/** Columns and rows of a sweep, from 0; cells have their middle there. @typedef {[column: number, row: number]} Place */

/** What the names of columns that are sizes begin with. */
const BYTES = 'bytes-';

/** Half a cell: lines go on to the edge of the outer cells. */
const EDGE = 0.5;

/**
 * Reads the sweep of a result.
 *
 * @param {ProgramValue | null | undefined} value
 * @returns {Sweep | null} null if it is none
 */
export function sweepOf(value) {
  if (value?.kind !== 'table') return null;
  const [, ...columns] = value.columns;
  if (columns.length === 0 || !columns.every(({ name }) => name.startsWith(BYTES))) return null;
  const rows = value.rows.toSorted(([a], [b]) => Number(a) - Number(b));
  return {
    bytes: columns.map(({ name }) => Number(name.slice(BYTES.length))),
    ms: rows.map(([ms]) => Number(ms)),
    times: rows.map(([, ...cells]) =>
      cells.map((cell) => (Number(cell) > 0 ? Number(cell) : null)),
    ),
  };
}

/**
 * The break-even line, as pieces that lie in one square between four cells each.
 *
 * @param {Sweep} sweep
 * @returns {[Place, Place][]}
 */
export function breakEven({ bytes, ms, times }) {
  const [columns, rows] = [placesOf(bytes.length), placesOf(ms.length)];
  const gain = (/** @type {number} */ column, /** @type {number} */ row) =>
    gainOf(times[inside(row, ms.length)][inside(column, bytes.length)]);
  /** @type {[Place, Place][]} */
  const pieces = [];
  for (const [i, left] of columns.slice(0, -1).entries()) {
    for (const [j, low] of rows.slice(0, -1).entries()) {
      const [right, high] = [columns[i + 1], rows[j + 1]];
      /** @type {Place[]} the corners, all the way round */
      const corners = [
        [left, low],
        [right, low],
        [right, high],
        [left, high],
      ];
      const gains = corners.map(([column, row]) => gain(column, row));
      if (gains.some(Number.isNaN)) continue;
      /** @type {Place[]} */
      const crossings = [];
      corners.forEach(([column, row], k) => {
        const next = (k + 1) % 4;
        if (gains[k] >= 0 === gains[next] >= 0) return;
        const share = gains[k] / (gains[k] - gains[next]);
        const [toColumn, toRow] = corners[next];
        crossings.push([column + share * (toColumn - column), row + share * (toRow - row)]);
      });
      if (crossings.length === 2) pieces.push([crossings[0], crossings[1]]);
      if (crossings.length < 4) continue;
      // Two corners across pay: whether they are joined is what the middle says.
      const middle = gains.reduce((sum, other) => sum + other, 0);
      const [a, b, c, d] = crossings;
      if (middle >= 0 === gains[0] >= 0) pieces.push([a, b], [c, d]);
      else pieces.push([d, a], [b, c]);
    }
  }
  return pieces;
}

/**
 * From how many ms on it pays, for the size of a column.
 *
 * @param {Sweep} sweep
 * @param {number} column
 * @returns {number} 0 if it pays in all rows, infinity if it does not in the last, or if nothing was measured
 */
export function paysFrom({ ms, times }, column) {
  const gains = times.map((row) => gainOf(row[column]));
  if (gains.every(Number.isNaN)) return Infinity;
  const last = gains.findLastIndex((gain) => gain < 0);
  if (last < 0) return 0;
  if (last === ms.length - 1) return Infinity;
  const next = gains[last + 1];
  // Without a figure there, all that is known is that it does not pay yet.
  if (Number.isNaN(next)) return Infinity;
  const share = gains[last] / (gains[last] - next);
  return ms[last] * (ms[last + 1] / ms[last]) ** share;
}

/** Above 0 where it pays. @param {number | null} times */
function gainOf(times) {
  return times === null ? NaN : Math.log(times);
}

/**
 * The middles of cells along an axis, and its two ends.
 *
 * @param {number} cells
 */
function placesOf(cells) {
  return [-EDGE, ...Array(cells).keys(), cells - 1 + EDGE];
}

/**
 * @param {number} place
 * @param {number} cells
 */
function inside(place, cells) {
  return Math.max(0, Math.min(cells - 1, Math.round(place)));
}
