/*
 * Text on a canvas: fonts, and text cut to a width, in CSS pixels.
 */

/** @typedef {import('./theme.js').Theme} Theme */

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
 * Returns the text, cut in the middle if it is too wide: keys and prefixes differ least there.
 *
 * @param {import('./view.js').Painter} context
 * @param {string} text
 * @param {number} width
 * @returns {string} empty when there is no room for two letters
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
