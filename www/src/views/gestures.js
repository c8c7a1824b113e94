/*
 * Turns what hands do on a canvas (wheel, drag, pinch, click, double click) into zoom, pan, scroll, hover and
 * press. It does not know what is drawn.
 *
 * A canvas must not keep the page from scrolling. So, as on a map in a page, the wheel zooms only with Ctrl or ⌘,
 * unless nothing around the canvas can scroll (a slide); and one finger scrolls the page until the view is zoomed in.
 */

/** @typedef {import('./surface.js').Surface} Surface */

/**
 * Functions that return a boolean say whether they used the gesture; otherwise the page gets it.
 *
 * @typedef {object} GestureHandlers
 * @property {(factor: number, x: number, y: number) => boolean} zoom about a point, CSS pixels
 * @property {(dx: number, dy: number) => boolean} pan
 * @property {(px: number) => boolean} scroll
 * @property {() => boolean} zoomed
 * @property {(at: { x: number, y: number } | null) => void} hover null when the pointer has left
 * @property {(at: { x: number, y: number }, touch: boolean) => void} press
 * @property {() => void} reset
 * @property {() => void} unzoomed the wheel turned, and the page got it
 */

/** How much one pixel of wheel movement zooms: a notch of 100 pixels is about 1.35. */
const WHEEL = 0.003;
/** Wheels that count lines or pages instead of pixels. */
const WHEEL_UNITS = [1, 16, 240];
/** A step of a wheel is larger than this, one of a pinch is smaller, CSS pixels. */
const PINCH = 40;
/** A pointer that moves less than this between down and up has pressed, CSS pixels. */
const STILL = 4;

/**
 * @param {Surface} surface
 * @param {GestureHandlers} handlers
 * @returns {{ hold: () => void, dispose: () => void }} `hold` looks again whether the view is zoomed in
 */
export function attachGestures(surface, handlers) {
  const { canvas } = surface;
  /** @type {Map<number, { x: number, y: number }>} */
  const down = new Map();
  /** Where the pointer went down, while it has not moved. @type {{ x: number, y: number } | null} */
  let still = null;
  const listening = new AbortController();
  const { signal } = listening;

  canvas.addEventListener(
    'wheel',
    (event) => {
      const turned = event.deltaY * WHEEL_UNITS[event.deltaMode];
      const across = event.deltaX * WHEEL_UNITS[event.deltaMode];
      let used = false;
      if (event.ctrlKey || event.metaKey) {
        const { x, y } = surface.locate(event);
        // A pinch on a touchpad comes as a wheel with the control key, in small steps.
        const pinch = event.ctrlKey && Math.abs(turned) < PINCH ? 4 : 1;
        used = handlers.zoom(Math.exp(-turned * WHEEL * pinch), x, y);
      } else if (Math.abs(across) > Math.abs(turned)) {
        used = handlers.pan(-across, 0);
      } else if (handlers.scroll(turned)) {
        used = true;
      } else if (!canScroll(canvas)) {
        const { x, y } = surface.locate(event);
        used = handlers.zoom(Math.exp(-turned * WHEEL), x, y);
      } else {
        handlers.unzoomed();
      }
      if (used) event.preventDefault();
    },
    { passive: false, signal },
  );

  canvas.addEventListener(
    'mousedown',
    (event) => {
      // The keyboard stays with the page: on a slide the next key turns it. What had the focus loses it as ever.
      event.preventDefault();
      const { activeElement } = /** @type {Document | ShadowRoot} */ (canvas.getRootNode());
      if (activeElement !== canvas) /** @type {HTMLElement | null} */ (activeElement)?.blur();
    },
    { signal },
  );

  canvas.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      const at = surface.locate(event);
      down.set(event.pointerId, at);
      still = down.size === 1 ? at : null;
      canvas.setPointerCapture(event.pointerId);
    },
    { signal },
  );

  canvas.addEventListener(
    'pointermove',
    (event) => {
      const at = surface.locate(event);
      const before = down.get(event.pointerId);
      if (!before) {
        handlers.hover(at);
        return;
      }
      if (still && Math.hypot(at.x - still.x, at.y - still.y) >= STILL) still = null;
      if (down.size === 1) {
        handlers.pan(at.x - before.x, at.y - before.y);
      } else {
        const other = [...down].find(([id]) => id !== event.pointerId)?.[1] ?? before;
        const wide = (/** @type {{ x: number, y: number }} */ point) =>
          Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
        handlers.zoom(wide(at) / wide(before), (at.x + other.x) / 2, (at.y + other.y) / 2);
      }
      down.set(event.pointerId, at);
      handlers.hover(down.size === 1 ? at : null);
    },
    { signal },
  );

  canvas.addEventListener(
    'pointerup',
    (event) => {
      down.delete(event.pointerId);
      if (still) handlers.press(surface.locate(event), event.pointerType === 'touch');
      still = null;
    },
    { signal },
  );
  canvas.addEventListener(
    'pointercancel',
    (event) => {
      down.delete(event.pointerId);
      still = null;
    },
    { signal },
  );
  canvas.addEventListener('pointerleave', () => handlers.hover(null), { signal });
  canvas.addEventListener('dblclick', () => handlers.reset(), { signal });

  const hold = () => {
    canvas.style.touchAction = handlers.zoomed() ? 'none' : 'pan-x pan-y';
  };
  hold();
  return { hold, dispose: () => listening.abort() };
}

/**
 * Whether something around an element can be scrolled up or down.
 *
 * @param {Element} element
 */
function canScroll(element) {
  const page = document.scrollingElement;
  /** @type {Node | null} */
  let node = element;
  while (node) {
    if (node instanceof Element && node.scrollHeight > node.clientHeight + 1) {
      const { overflowY } = getComputedStyle(node);
      if (overflowY === 'auto' || overflowY === 'scroll') return true;
      // The page itself scrolls unless it is told not to, on the root or on the body.
      if (node === page && overflowY === 'visible') {
        if (getComputedStyle(document.body).overflowY === 'visible') return true;
      }
    }
    node = node instanceof ShadowRoot ? node.host : node.parentNode;
  }
  return false;
}
