/*
 * A zoom and a shift of the plane: an immutable value, separate from the gestures that change it (as in d3-zoom).
 * It keeps the picture at least as large as its box, and in sight.
 */

/**
 * Screen = plane x `k` + (`tx`, `ty`).
 *
 * @typedef {{ k: number, tx: number, ty: number }} Transform
 */

/** @type {Transform} */
export const identity = { k: 1, tx: 0, ty: 0 };

/** @typedef {{ left: number, top: number, width: number, height: number }} Box */

/**
 * Zooms about a point of the screen.
 *
 * @param {Transform} transform
 * @param {number} factor
 * @param {number} x
 * @param {number} y
 * @param {Box} box of the picture at zoom 1
 * @param {number} most the largest `k`
 * @returns {Transform}
 */
export function zoomedAbout(transform, factor, x, y, box, most) {
  const k = Math.max(1, Math.min(most, transform.k * factor));
  const by = k / transform.k;
  return kept({ k, tx: x - (x - transform.tx) * by, ty: y - (y - transform.ty) * by }, box);
}

/**
 * @param {Transform} transform
 * @param {number} dx
 * @param {number} dy
 * @param {Box} box
 * @returns {Transform}
 */
export function shifted(transform, dx, dy, box) {
  return kept({ k: transform.k, tx: transform.tx + dx, ty: transform.ty + dy }, box);
}

/**
 * The picture always covers its box.
 *
 * @param {Transform} transform
 * @param {Box} box
 * @returns {Transform}
 */
function kept({ k, tx, ty }, box) {
  const clamp = (
    /** @type {number} */ t,
    /** @type {number} */ start,
    /** @type {number} */ size,
  ) => Math.max(start + size - (start + size) * k, Math.min(start - start * k, t));
  return { k, tx: clamp(tx, box.left, box.width), ty: clamp(ty, box.top, box.height) };
}
