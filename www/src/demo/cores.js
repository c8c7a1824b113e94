/*
 * How many processor cores there are, as far as a page can tell: browsers report logical cores, and
 * some report fewer than there are so that users cannot be told apart.
 */

/** @returns {number | null} null when the browser does not say */
export function coresReported() {
  return globalThis.navigator?.hardwareConcurrency || null;
}
