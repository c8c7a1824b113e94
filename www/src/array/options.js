/*
 * What counts as an object of keywords: a plain one, of this window or of another frame's.
 */

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isOptions(value) {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
