/*
 * Dask's colour of a prefix, and the colour arithmetic for drawing pixels. People know these colours from Dask's
 * dashboard, so they do not follow the theme; the colours that do are in theme.js.
 */
import { md5 } from './md5.js';

/** Eighteen colours of viridis, evenly spaced: bokeh's `viridis(18)`, which Dask's dashboard uses. */
export const viridis = [
  '#440154',
  '#471669',
  '#472A79',
  '#433C84',
  '#3C4D8A',
  '#355D8C',
  '#2E6C8E',
  '#287A8E',
  '#23898D',
  '#1E978A',
  '#20A585',
  '#2EB27C',
  '#45BF6F',
  '#64CB5D',
  '#88D547',
  '#AFDC2E',
  '#D7E219',
  '#FDE724',
];

/** @type {Map<string, number>} */
const known = new Map();

/**
 * Returns the index in `viridis` of a prefix's colour: the first eight hexadecimal digits of its MD5, modulo 18.
 *
 * @param {string} prefix
 * @returns {number}
 */
export function prefixColourIndex(prefix) {
  let index = known.get(prefix);
  if (index === undefined) {
    index = parseInt(md5(prefix).slice(0, 8), 16) % viridis.length;
    known.set(prefix, index);
  }
  return index;
}

/**
 * @param {string} prefix
 * @returns {string} `#RRGGBB`, as Dask's dashboard draws it
 */
export function prefixColour(prefix) {
  return viridis[prefixColourIndex(prefix)];
}

/** @typedef {[red: number, green: number, blue: number]} Rgb each 0 to 255 */

/**
 * @param {string} colour `#rgb` or `#rrggbb`
 * @returns {Rgb}
 */
export function parseColour(colour) {
  const digits = colour.trim().replace('#', '');
  const full = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  if (!/^[0-9a-f]{6}$/i.test(full)) throw new Error(`not a colour in hexadecimal: ${colour}`);
  const part = (/** @type {number} */ at) => parseInt(full.slice(at, at + 2), 16);
  return [part(0), part(2), part(4)];
}

/**
 * @param {Rgb} rgb
 * @returns {string} `#rrggbb`
 */
export function formatColour(rgb) {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

/**
 * A colour laid over another.
 *
 * @param {string} over
 * @param {string} under
 * @param {number} alpha the opacity of `over`, 0 to 1
 * @returns {string}
 */
export function blend(over, under, alpha) {
  const [a, b] = [parseColour(over), parseColour(under)];
  const part = (/** @type {number} */ i) => a[i] * alpha + b[i] * (1 - alpha);
  return formatColour([part(0), part(1), part(2)]);
}

/**
 * A colour as one word of an `ImageData` buffer (little-endian, opaque).
 *
 * @param {string} colour
 * @returns {number}
 */
export function pixelOf(colour) {
  const [red, green, blue] = parseColour(colour);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/**
 * Relative luminance as WCAG defines it, 0 (black) to 1 (white).
 *
 * @param {string} colour
 * @returns {number}
 */
export function luminance(colour) {
  const [red, green, blue] = parseColour(colour).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * Contrast ratio as WCAG defines it, 1 to 21.
 *
 * @param {string} one
 * @param {string} other
 * @returns {number}
 */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
