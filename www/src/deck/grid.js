/*
 * A grid of equal boxes that fills a screen.
 */

/**
 * Returns the number of columns for which `count` boxes are largest, and the scale at which all of them fit.
 *
 * @param {number} count
 * @param {{ width: number, height: number }} box with its gap
 * @param {{ width: number, height: number }} screen
 * @returns {{ columns: number, rows: number, scale: number }}
 */
export function fitGrid(count, box, screen) {
  let best = { columns: 1, rows: 1, scale: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const scale = Math.min(
      screen.width / (columns * box.width),
      screen.height / (rows * box.height),
    );
    if (scale > best.scale) best = { columns, rows, scale };
  }
  return best;
}

/**
 * Returns the box that an arrow key leads to, or the same box at an edge.
 *
 * @param {string} key as in KeyboardEvent.key
 * @param {number} at
 * @param {number} count
 * @param {number} columns
 * @returns {number | null} null for other keys
 */
export function moveInGrid(key, at, count, columns) {
  switch (key) {
    case 'ArrowRight':
      return Math.min(at + 1, count - 1);
    case 'ArrowLeft':
      return Math.max(at - 1, 0);
    case 'ArrowDown':
      return at + columns < count ? at + columns : at;
    case 'ArrowUp':
      return at >= columns ? at - columns : at;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
