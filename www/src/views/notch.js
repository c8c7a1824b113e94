/*
 * The mark of an event without length: a triangle at the edge of a row, visible on any colour.
 */

/**
 * Draws a triangle that points into a row from one of its edges.
 *
 * @param {import('./view.js').Painter} context
 * @param {number} x
 * @param {number} edge
 * @param {number} size negative: it points up, from the lower edge
 * @param {string} colour
 * @param {import('./theme.js').Theme} theme
 */
export function drawNotch(context, x, edge, size, colour, theme) {
  context.beginPath();
  context.moveTo(x - size, edge);
  context.lineTo(x + size, edge);
  context.lineTo(x, edge + size * 1.5);
  context.closePath();
  context.fillStyle = colour;
  context.strokeStyle = theme.background;
  context.lineWidth = 1.5;
  context.stroke();
  context.fill();
}
