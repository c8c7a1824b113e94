/*
 * Text on a canvas: fonts, text cut to a width, and the tooltip. Positions are CSS pixels.
 */

/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./surface.js').Viewport} Viewport */

/**
 * @param {Theme} theme
 * @param {number} size CSS pixels
 * @param {number} [weight]
 * @returns {string} for `context.font`
 */
export function fontOf(theme, size, weight = 450) {
  return `${weight} ${size}px ${theme.font}`;
}

/**
 * Text that fits a width: cut in the middle, where keys and prefixes differ least.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} width
 * @returns {string} empty when not even two letters fit
 */
export function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let low = 0;
  let high = text.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(cut(text, middle)).width <= width) low = middle;
    else high = middle - 1;
  }
  return low < 2 ? '' : cut(text, low);
}

/**
 * @param {string} text
 * @param {number} length
 */
function cut(text, length) {
  const tail = Math.floor(length / 2);
  return `${text.slice(0, length - tail)}…${tail > 0 ? text.slice(-tail) : ''}`;
}

/**
 * A tooltip beside a point, kept within the viewport. The first line is the heading.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Viewport} viewport
 * @param {Theme} theme
 * @param {{ x: number, y: number }} at
 * @param {string[]} lines
 * @param {number} size of the text
 */
export function drawTooltip(context, viewport, theme, at, lines, size) {
  const pad = Math.round(size * 0.6);
  const leading = Math.round(size * 1.4);
  const room = viewport.width - 2 * pad - 8;
  context.save();
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  let width = 0;
  const shown = lines.map((line, i) => {
    context.font = fontOf(theme, size, i === 0 ? 650 : 450);
    const text = fitted(context, line, room);
    width = Math.max(width, context.measureText(text).width);
    return text;
  });
  const boxWidth = width + 2 * pad;
  const boxHeight = shown.length * leading + 1.2 * pad;
  const left = Math.max(2, Math.min(at.x + 14, viewport.width - boxWidth - 2));
  const fitsBelow = at.y + 16 + boxHeight < viewport.height;
  const top = Math.max(2, fitsBelow ? at.y + 16 : at.y - boxHeight - 10);
  context.fillStyle = theme.tip;
  context.beginPath();
  context.roundRect(left, top, boxWidth, boxHeight, 5);
  context.fill();
  context.fillStyle = theme.tipText;
  shown.forEach((text, i) => {
    context.font = fontOf(theme, size, i === 0 ? 650 : 450);
    context.fillText(text, left + pad, top + 0.6 * pad + (i + 0.5) * leading);
  });
  context.restore();
}
