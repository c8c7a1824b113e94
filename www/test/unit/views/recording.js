/*
 * A drawing context that draws nothing and remembers what it was asked to do. Text is as wide as it
 * has letters. Enough of the interface for the views' drawing functions.
 */

/** @typedef {{ name: string, args: any[], fill: string, stroke: string, alpha: number }} Call */

/**
 * @param {number} [width] device pixels
 * @param {number} [height]
 * @returns {{ context: CanvasRenderingContext2D, calls: Call[], texts: () => string[] }}
 */
export function recordingContext(width = 800, height = 400) {
  /** @type {Call[]} */
  const calls = [];
  /** @type {Record<string, any>} */
  const state = {
    canvas: { width, height },
    fillStyle: '#000000',
    strokeStyle: '#000000',
    globalAlpha: 1,
    measureText: (/** @type {string} */ text) => ({ width: text.length * 7 }),
    createImageData: (/** @type {number} */ columns, /** @type {number} */ rows) => ({
      width: columns,
      height: rows,
      data: new Uint8ClampedArray(columns * rows * 4),
    }),
  };
  const context = new Proxy(state, {
    get(target, name) {
      if (typeof name !== 'string' || name in target) return target[/** @type {any} */ (name)];
      return (/** @type {any[]} */ ...args) =>
        void calls.push({
          name,
          args,
          fill: target.fillStyle,
          stroke: target.strokeStyle,
          alpha: target.globalAlpha,
        });
    },
  });
  return {
    context: /** @type {any} */ (context),
    calls,
    texts: () => calls.filter(({ name }) => name === 'fillText').map(({ args }) => args[0]),
  };
}
