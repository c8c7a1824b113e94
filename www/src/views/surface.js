/*
 * A canvas that is as sharp as the screen allows: its pixels follow the size of its box, the
 * density of the screen and the scale of whatever it stands in (slides are scaled). It says when a
 * view must draw again, and where on it the pointer is. It draws nothing.
 */
import { frameLoop } from './frame-loop.js';

/**
 * The size of what is drawn on, in CSS pixels, how many device pixels each has, and the size of text, which is the
 * canvas's own font size: the page says what can be read from where.
 *
 * @typedef {{ width: number, height: number, ratio: number, textSize: number }} Viewport
 */

/**
 * @typedef {object} Surface
 * @property {HTMLCanvasElement} canvas
 * @property {CanvasRenderingContext2D} context
 * @property {Viewport} viewport
 * @property {() => boolean} visible whether drawing would be seen
 * @property {() => void} resize measures the box again
 * @property {(event: { clientX: number, clientY: number }) => { x: number, y: number }} locate
 * @property {(text: string) => void} describe gives the canvas its alternative in words
 * @property {() => void} dispose
 */

/** A canvas is never made larger than this many device pixels on a side. */
const LARGEST = 8192;

/** Paper is finer than screens: device pixels of a CSS pixel, at least. */
const PAPER_RATIO = 2;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {() => void} onResize the canvas has a new size, and has been cleared
 * @returns {Surface}
 */
export function createSurface(canvas, onResize) {
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('this browser gives no 2d context to draw on');
  /** @type {Viewport} */
  const viewport = { width: 0, height: 0, ratio: 1, textSize: 16 };
  let inSight = true;
  let printing = false;

  const resize = () => {
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    const scale = width > 0 ? canvas.getBoundingClientRect().width / width : 1;
    const density = Math.max(globalThis.devicePixelRatio || 1, printing ? PAPER_RATIO : 0);
    const dense = density * (scale || 1);
    const ratio = Math.min(dense, LARGEST / Math.max(width, height, 1));
    const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
    const textSize = Math.round(Number.parseFloat(getComputedStyle(canvas).fontSize));
    const next = { width, height, ratio, textSize };
    const same = canvas.width === columns && canvas.height === rows;
    if (same && JSON.stringify(next) === JSON.stringify(viewport)) return;
    Object.assign(viewport, next);
    canvas.width = columns;
    canvas.height = rows;
    onResize();
    if (printing) frameLoop.flush();
    else frameLoop.wake();
  };

  // Paper shows all of a page, with sizes of its own, and no frames come while it is printed.
  const print = () => {
    printing = true;
    resize();
    onResize();
    frameLoop.flush();
  };
  const endPrint = () => {
    printing = false;
    resize();
  };

  const sizes = new ResizeObserver(resize);
  sizes.observe(canvas);
  const sights = new IntersectionObserver((entries) => {
    inSight = entries[entries.length - 1].isIntersecting;
    if (!inSight) return;
    resize();
    // What was dirty while it was hidden still is.
    frameLoop.wake();
  });
  sights.observe(canvas);
  // Moving to another screen, zooming the page and scaling a slide all come with this event.
  globalThis.addEventListener('resize', resize);
  globalThis.addEventListener('beforeprint', print);
  globalThis.addEventListener('afterprint', endPrint);
  resize();
  canvas.setAttribute('role', 'img');

  return {
    canvas,
    context,
    viewport,
    visible: () => (inSight || printing) && viewport.width > 0 && viewport.height > 0,
    resize,
    locate(event) {
      const box = canvas.getBoundingClientRect();
      const scale = box.width > 0 ? viewport.width / box.width : 1;
      return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
    },
    describe(text) {
      if (canvas.getAttribute('aria-label') !== text) canvas.setAttribute('aria-label', text);
    },
    dispose() {
      sizes.disconnect();
      sights.disconnect();
      globalThis.removeEventListener('resize', resize);
      globalThis.removeEventListener('beforeprint', print);
      globalThis.removeEventListener('afterprint', endPrint);
    },
  };
}
