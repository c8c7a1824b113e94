/*
 * An array with two axes, looked at: a pixel for each element, in the colours of a palette. Blocks can
 * be put in as they finish. It knows nothing of where they come from.
 */
import { blend, pixelOf, viridis } from '../views/colours.js';

/** @import { ArrayValue, Block, Palette, Params, Picture } from '../engine/protocol.js' */

/** matplotlib's inferno, at even steps. */
const inferno = ['#000004', '#420a68', '#932667', '#dd513a', '#fca50a', '#fcffa4'];

/** Seen on a light page and on a dark one. */
const ALIVE = viridis[8];

/** Steps of a palette. */
const STEPS = 256;

/** @type {Record<Palette, (share: number) => number>} a pixel for a share of `high` */
const colourOf = {
  // Dead cells let the page through.
  cells: (share) => (share > 0 ? pixelOf(ALIVE) : 0),
  heat: (share) => between(inferno, share),
  // Most points escape early; what never does is black.
  escape: (share) => (share < 1 ? between(viridis, Math.sqrt(share)) : pixelOf('#000000')),
};

/**
 * @param {Picture} picture
 * @param {Params} params of the run
 */
export function createPicture({ palette, high }, params) {
  const canvas = document.createElement('canvas');
  canvas.className = 'picture';
  canvas.setAttribute('role', 'img');
  const top = typeof high === 'string' ? Number(params[high]) : high;
  const colours = Uint32Array.from({ length: STEPS }, (_, step) =>
    colourOf[palette](step / (STEPS - 1)),
  );

  /**
   * @param {ArrayValue} array
   * @param {number[]} offset
   */
  function put({ data, shape: [rows, columns] }, [down, across]) {
    if (rows === 0 || columns === 0) return;
    const pixels = new ImageData(columns, rows);
    const words = new Uint32Array(pixels.data.buffer);
    for (let i = 0; i < words.length; i++) {
      const share = Math.min(1, Math.max(0, Number(data[i]) / top));
      // Rounded down: only what reaches the top has its colour.
      words[i] = colours[Math.floor(share * (STEPS - 1))];
    }
    canvas.getContext('2d')?.putImageData(pixels, across, down);
  }

  /** @param {number[]} shape */
  function resize([rows, columns]) {
    if (canvas.width === columns && canvas.height === rows) return;
    canvas.width = columns;
    canvas.height = rows;
    canvas.setAttribute('aria-label', `${rows} rows and ${columns} columns, as a picture`);
  }

  return {
    element: canvas,

    /** @param {Block[]} blocks */
    putBlocks(blocks) {
      for (const block of blocks) {
        resize(block.whole);
        put(block, block.offset);
      }
    },

    /** The whole array. @param {ArrayValue} array */
    show(array) {
      resize(array.shape);
      put(array, [0, 0]);
    },
  };
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
