/*
 * An array with two axes, looked at: a pixel for each element, in the colours of a palette. Blocks can
 * be put in as they finish. It knows nothing of where they come from.
 */
import { blend, pixelOf, viridis } from '../views/colours.js';

/** @import { ArrayValue, Block, Palette, Params, ResultSchema } from '../engine/protocol.js' */

/** matplotlib's inferno, at even steps. */
const inferno = ['#000004', '#420a68', '#932667', '#dd513a', '#fca50a', '#fcffa4'];

/** Seen on a light page and on a dark one. */
const ALIVE = viridis[8];

/** Colours of a picture. */
const STEPS = 256;

/**
 * Where between the first colour (0) and the last (1) an element lies, and what is there.
 *
 * @typedef {{ share: (value: number, high: number) => number, colour: (share: number) => number }} Colouring
 */

/** @type {Record<Palette, Colouring>} */
const colourings = {
  // Dead cells let the page through.
  cells: { share: linear, colour: (share) => (share > 0 ? pixelOf(ALIVE) : 0) },
  heat: { share: linear, colour: (share) => between(inferno, share) },
  // Most points escape early; those that never do are black.
  escape: {
    share: (value, high) => Math.log1p(value) / Math.log1p(high),
    colour: (share) => (share < 1 ? between(viridis, share) : pixelOf('#000000')),
  },
};

/**
 * @param {HTMLCanvasElement} canvas
 */
export function createPicture(canvas) {
  canvas.setAttribute('role', 'img');
  /** A colour for an element. @type {(value: number) => number} */
  let colourOf = () => 0;

  /**
   * @param {ArrayValue} array
   * @param {number[]} offset
   * @param {number[]} whole the shape of the whole
   */
  function put({ data, shape: [rows, columns] }, [down, across], [height, width]) {
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      // Enlarged, elements are squares; made smaller, none is left out.
      canvas.style.imageRendering = height > canvas.clientHeight ? 'auto' : 'pixelated';
    }
    if (rows === 0 || columns === 0) return;
    const pixels = new ImageData(columns, rows);
    const words = new Uint32Array(pixels.data.buffer);
    for (let i = 0; i < words.length; i++) words[i] = colourOf(Number(data[i]));
    canvas.getContext('2d')?.putImageData(pixels, across, down);
  }

  return {
    /**
     * Empty, for a result of this kind.
     *
     * @param {ResultSchema} schema
     * @param {Params} params of the run
     * @returns {boolean} whether it is a picture
     */
    open({ label, picture }, params) {
      canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
      if (!picture) return false;
      const { palette, high } = picture;
      const top = typeof high === 'string' ? Number(params[high]) : high;
      const { share, colour } = colourings[palette];
      const colours = Uint32Array.from({ length: STEPS }, (_, step) => colour(step / (STEPS - 1)));
      // Rounded down: only what reaches the top has its colour.
      const last = STEPS - 1;
      colourOf = (value) => colours[Math.floor(last * Math.min(1, Math.max(0, share(value, top))))];
      canvas.setAttribute('aria-label', label);
      return true;
    },

    /** @param {Block[]} blocks */
    putBlocks(blocks) {
      for (const block of blocks) put(block, block.offset, block.whole);
    },

    /** The whole array. @param {ArrayValue} array */
    show(array) {
      put(array, [0, 0], array.shape);
    },
  };
}

/**
 * @param {number} value
 * @param {number} high
 */
function linear(value, high) {
  return value / high;
}

/**
 * A colour between neighbours in a list, as a pixel.
 *
 * @param {string[]} colours
 * @param {number} share
 */
function between(colours, share) {
  const at = share * (colours.length - 1);
  const first = Math.min(Math.floor(at), colours.length - 2);
  return pixelOf(blend(colours[first + 1], colours[first], at - first));
}
