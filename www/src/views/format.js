/*
 * Formats numbers for people: durations with the unit that fits, counts with thin spaces. Summary, tooltips and text
 * alternatives all use it.
 */

const THIN_SPACE = '\u202f';

/**
 * Three significant digits and a unit: `1.24 s`, `35.1 ms`, `310 ns`.
 *
 * @param {number} ms
 * @returns {string}
 */
export function formatDuration(ms) {
  const size = Math.abs(ms);
  if (size >= 999.5) return `${significant(ms / 1000)} s`;
  if (size < 5e-10) return '0 ms';
  if (size >= 0.9995) return `${significant(ms)} ms`;
  if (size >= 0.0009995) return `${significant(ms * 1e3)} µs`;
  return `${significant(ms * 1e6)} ns`;
}

/** @param {number} value */
function significant(value) {
  const whole = Math.floor(Math.log10(Math.abs(value)) + 1e-3) + 1;
  return value.toFixed(Math.max(0, Math.min(2, 3 - whole)));
}

/**
 * Three significant digits and a unit: `1.24 GiB`, `35.1 MiB`, `310 B`.
 *
 * @param {number} bytes
 * @returns {string}
 */
export function formatBytes(bytes) {
  for (const [unit, size] of /** @type {[string, number][]} */ ([
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ])) {
    if (bytes >= size * 0.9995) return `${significant(bytes / size)} ${unit}`;
  }
  return `${Math.round(bytes)} B`;
}

/**
 * `1 048 576`, with narrow no-break spaces.
 *
 * @param {number} count
 * @returns {string}
 */
export function formatCount(count) {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

/**
 * `2 cores`
 *
 * @param {number} cores
 */
export function coresText(cores) {
  return `${cores} ${cores === 1 ? 'core' : 'cores'}`;
}
