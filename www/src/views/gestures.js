/*
 * What hands do on a canvas, as zoom, pan, hover and reset: wheel, drag, pinch, double click. It
 * knows no picture: the view decides what a zoom means. A single finger scrolls the page until the
 * view says that it is zoomed in (`hold`), so that no canvas traps a reader on a phone.
 */

/** @typedef {import('./surface.js').Surface} Surface */

/**
 * @typedef {object} GestureHandlers
 * @property {(factor: number, x: number, y: number) => void} zoom about a point, CSS pixels
 * @property {(dx: number, dy: number) => void} pan
 * @property {(at: { x: number, y: number } | null) => void} hover null when the pointer has left
 * @property {() => void} reset
 */

/** How much one pixel of wheel movement zooms: a notch of 100 pixels is about 1.35. */
const WHEEL = 0.003;
/** Wheels that count lines or pages instead of pixels. */
const WHEEL_UNITS = [1, 16, 240];

/**
 * @param {Surface} surface
 * @param {GestureHandlers} handlers
 * @returns {{ hold: (zoomed: boolean) => void, dispose: () => void }}
 */
export function attachGestures(surface, handlers) {
  const { canvas } = surface;
  /** @type {Map<number, { x: number, y: number }>} */
  const down = new Map();
  const listening = new AbortController();
  const { signal } = listening;

  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const { x, y } = surface.locate(event);
      const turned = event.deltaY * WHEEL_UNITS[event.deltaMode];
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) handlers.pan(-event.deltaX, 0);
      // A pinch on a touchpad comes as a wheel with the control key, in small steps.
      else handlers.zoom(Math.exp(-turned * WHEEL * (event.ctrlKey ? 4 : 1)), x, y);
    },
    { passive: false, signal },
  );

  canvas.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      down.set(event.pointerId, surface.locate(event));
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

  for (const name of /** @type {const} */ (['pointerup', 'pointercancel'])) {
    canvas.addEventListener(name, (event) => down.delete(event.pointerId), { signal });
  }
  canvas.addEventListener('pointerleave', () => handlers.hover(null), { signal });
  canvas.addEventListener('dblclick', () => handlers.reset(), { signal });

  const hold = (/** @type {boolean} */ zoomed) => {
    canvas.style.touchAction = zoomed ? 'none' : 'pan-x pan-y';
  };
  hold(false);
  return { hold, dispose: () => listening.abort() };
}
