/* Tables of sweeps, for tests. */

/** @import { ProgramValue } from '../../../src/engine/protocol.js' */

/**
 * The result of a sweep, with the row of the longest work first.
 *
 * @param {(number | null)[][]} times by row, from the shortest work on
 * @returns {Extract<ProgramValue, { kind: 'table' }>}
 */
export function sweepTable(times) {
  const bytes = times[0].map((_, column) => 4096 * 16 ** column);
  const column = (/** @type {number} */ size) => ({
    name: `bytes-${size}`,
    label: `${size / 1024} KiB`,
    unit: '',
  });
  const columns = [{ name: 'work', label: 'work of a call', unit: 'ms' }, ...bytes.map(column)];
  const rows = times.map((row, i) => [10 ** (i - 1), ...row]).reverse();
  return { kind: 'table', columns, rows };
}
