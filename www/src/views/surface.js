/*
 * A canvas that is as sharp as the screen allows: its pixels follow the size of its box, the
 * density of the screen and the scale of the page around it (slides are scaled). It says when a
 * view must draw again, and where on it the pointer is. It draws nothing.
 */
import { frameLoop } from './frame-loop.js';

/**
 * The size of the canvas in CSS pixels, the number of device pixels in each, and the size of text, which is the
 * canvas's own font size: the page knows from how far away it is read.
 *
 * @typedef {{ width: number, height: number, ratio: number, textSize: number }} Viewport
 */

/**
 * @typedef {object} Surface
 * @property {HTMLCanvasElement} canvas
 * @property {CanvasRenderingContext2D} context
 * @property {() => boolean} visible whether drawing would be seen
 * @property {(event: { clientX: number, clientY: number }) => { x: number, y: number }} locate
 * @property {() => void} dispose
 */

/** A canvas is never made larger than this many device pixels on a side. */
const LARGEST = 8192;

/** The least number of device pixels per CSS pixel on paper, which is finer than a screen. */
const PAPER_RATIO = 2;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Viewport} viewport is kept up to date
 * @param {() => void} onResize the canvas has a new size, and has been cleared
 * @returns {Surface}
 */
export function createSurface(canvas, viewport, onResize) {
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('this browser has no 2d context to draw on');
  let inSight = true;
  let printing = false;

  /** Follows the size of the box. Returns whether it has changed. */
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
    if (same && JSON.stringify(next) === JSON.stringify(viewport)) return false;
    Object.assign(viewport, next);
    canvas.width = columns;
    canvas.height = rows;
    onResize();
    return true;
  };

  // Observers are called after the animation frame and before painting: a canvas that has just been cleared would be
  // painted empty.
  const resizeAndDraw = () => void (resize() && frameLoop.flush());
  const resizeAndWake = () => void (resize() && (printing ? frameLoop.flush() : frameLoop.wake()));

  // Paper shows the whole page, with sizes of its own, and there are no animation frames while it is printed.
  const print = () => {
    printing = true;
    resize();
    onResize();
    frameLoop.flush();
  };
  const endPrint = () => {
    printing = false;
    resizeAndWake();
  };

  const sizes = new ResizeObserver(resizeAndDraw);
  sizes.observe(canvas);
  const sights = new IntersectionObserver((entries) => {
    inSight = entries[entries.length - 1].isIntersecting;
    if (!inSight) return;
    resizeAndDraw();
    // What was stale while it was hidden is still stale.
    frameLoop.wake();
  });
  sights.observe(canvas);
  // Moving to another screen, zooming the page and scaling a slide all fire this event.
  globalThis.addEventListener('resize', resizeAndWake);
  globalThis.addEventListener('beforeprint', print);
  globalThis.addEventListener('afterprint', endPrint);
  resizeAndWake();

  return {
    canvas,
    context,
    visible: () => (inSight || printing) && viewport.width > 0 && viewport.height > 0,
    locate: (event) => locateIn(canvas, event),
    dispose() {
      sizes.disconnect();
      sights.disconnect();
      globalThis.removeEventListener('resize', resizeAndWake);
      globalThis.removeEventListener('beforeprint', print);
      globalThis.removeEventListener('afterprint', endPrint);
    },
  };
}

/**
 * Where an event is in an element, in CSS pixels of the element: the page around it may be scaled.
 *
 * @param {HTMLElement} element
 * @param {{ clientX: number, clientY: number }} event
 */
export function locateIn(element, event) {
  const box = element.getBoundingClientRect();
  const scale = box.width > 0 ? element.clientWidth / box.width : 1;
  return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
}
