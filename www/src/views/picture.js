/*
 * Draws an array with two axes: a pixel per element, in the colours of a palette. Blocks can be added as
 * they finish. A large array is painted over several frames, so that it does not block the page. This file
 * does not know where blocks come from.
 */
import { blend, pixelOf, viridis } from './colours.js';
import { frameLoop } from './frame-loop.js';
import { defineView } from './view.js';

/** @import { ArrayValue, Block, Palette, Params, ResultSchema } from '../engine/protocol.js' */

/** matplotlib's inferno, at even steps. */
const inferno = ['#000004', '#420a68', '#932667', '#dd513a', '#fca50a', '#fcffa4'];

/** A colour that is visible on light and dark pages. */
const ALIVE = viridis[8];

/** The number of colours in a picture. */
const STEPS = 256;

/** The number of elements that are painted in one frame. */
const AT_ONCE = 1 << 21;

/** A piece with fewer elements costs as much as one of this size. */
const LEAST_PIECE = 256;

/** The colours of whole numbers up to this are in a table. */
const LARGEST_TABLE = 1 << 16;

/**
 * A part of the array that is not painted yet, from `row` on.
 *
 * @typedef {{ array: ArrayValue, offset: number[], row: number }} Piece
 */

/**
 * The place of an element between the first colour (0) and the last (1), and the colour at a place.
 *
 * @typedef {{ share: (value: number, high: number) => number, colour: (share: number) => number }} Colouring
 */

/** @type {Record<Palette, Colouring>} */
const colourings = {
  // Dead cells are transparent.
  cells: { share: linear, colour: (share) => (share > 0 ? pixelOf(ALIVE) : 0) },
  heat: { share: linear, colour: (share) => between(inferno, share) },
  // Most points escape early; points that never escape are black.
  escape: {
    share: (value, high) => Math.log1p(value) / Math.log1p(high),
    colour: (share) => (share < 1 ? between(viridis, share) : pixelOf('#000000')),
  },
};

export function createPicture() {
  /** The pixels; null before the view is drawn for the first time. @type {HTMLCanvasElement | null} */
  let canvas = null;
  let label = '';
  /** The shape of the whole array. @type {number[]} */
  let whole = [0, 0];
  /** The colour of an element. @type {(value: number) => number} */
  let colourOf = () => 0;
  /** What is not painted yet. @type {Piece[]} */
  let pieces = [];
  /** What the canvas shows before the pieces: nothing, or a copy. @type {(() => void) | null} */
  let ground = null;

  const view = defineView({
    name: 'picture',
    title: 'Result',
    surface: 'bitmap',
    draw(context) {
      canvas = /** @type {HTMLCanvasElement} */ (context.canvas);
      if (canvas.getAttribute('aria-label') !== label) canvas.setAttribute('aria-label', label);
      ground?.();
      ground = null;
      fit(canvas, whole);
      return paint(context);
    },
    words: () => [label],
  });

  /** @param {HTMLCanvasElement} on @param {number[]} shape */
  function fit(on, [height, width]) {
    if (height === 0 || (on.width === width && on.height === height)) return;
    on.width = width;
    on.height = height;
    // An enlarged picture shows elements as squares; a smaller one blends them, so that none is left out.
    on.style.imageRendering = height > on.clientHeight ? 'auto' : 'pixelated';
  }

  /**
   * Paints as much as fits into a frame.
   *
   * @param {CanvasRenderingContext2D} context
   * @returns {boolean} whether there is more to paint
   */
  function paint(context) {
    let left = AT_ONCE;
    let next = 0;
    while (next < pieces.length && left > 0) {
      const piece = pieces[next];
      const { data, shape } = piece.array;
      const [rows, columns] = shape;
      const count = Math.min(rows - piece.row, Math.max(1, Math.floor(left / columns)));
      if (count > 0 && columns > 0) {
        const pixels = new ImageData(columns, count);
        const words = new Uint32Array(pixels.data.buffer);
        const from = piece.row * columns;
        for (let i = 0; i < words.length; i++) words[i] = colourOf(Number(data[from + i]));
        const [down, across] = piece.offset;
        context.putImageData(pixels, across, down + piece.row);
      }
      piece.row += count;
      left -= Math.max(LEAST_PIECE, count * columns);
      if (piece.row >= rows || columns === 0) next++;
    }
    pieces = pieces.slice(next);
    return pieces.length > 0;
  }

  /** Set by the panel that mounts the view: there is something to draw. */
  let touch = () => frameLoop.wake();

  return {
    view,

    /** @param {() => void} act */
    onChange(act) {
      touch = act;
    },

    /**
     * Clears the picture for a result of this kind.
     *
     * @param {ResultSchema} schema
     * @param {Params} params of the run
     * @returns {boolean} whether the result is a picture
     */
    open({ label: text, picture }, params) {
      ground = () => canvas?.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
      pieces = [];
      touch();
      if (!picture) return false;
      const { palette, high } = picture;
      const top = typeof high === 'string' ? Number(params[high]) : high;
      const { share, colour } = colourings[palette];
      const colours = Uint32Array.from({ length: STEPS }, (_, step) => colour(step / (STEPS - 1)));
      // Rounds down: only an element at the top has the last colour.
      const last = STEPS - 1;
      const exact = (/** @type {number} */ value) =>
        colours[Math.floor(last * Math.min(1, Math.max(0, share(value, top))))];
      const counts = Number.isInteger(top) && top > 1 && top < LARGEST_TABLE;
      const table = Uint32Array.from({ length: counts ? top + 1 : 0 }, (_, value) => exact(value));
      colourOf = (value) => table[value] ?? exact(value);
      label = text;
      return true;
    },

    /** @param {Block[]} blocks */
    putBlocks(blocks) {
      if (blocks.length === 0) return;
      whole = blocks[0].whole;
      for (const block of blocks) pieces.push({ array: block, offset: block.offset, row: 0 });
      touch();
    },

    /** Shows a whole array. @param {ArrayValue} array */
    show(array) {
      whole = array.shape;
      pieces = [{ array, offset: [0, 0], row: 0 }];
      touch();
    },

    /** @returns {() => void} restores what is drawn now */
    keep() {
      const copy = document.createElement('canvas');
      if (canvas) {
        copy.width = canvas.width;
        copy.height = canvas.height;
        copy.getContext('2d')?.drawImage(canvas, 0, 0);
      }
      const kept = { pieces, colourOf, label, whole };
      return () => {
        ({ pieces, colourOf, label, whole } = kept);
        ground = () => {
          if (!canvas) return;
          canvas.width = copy.width;
          canvas.height = copy.height;
          canvas.getContext('2d')?.drawImage(copy, 0, 0);
        };
        touch();
      };
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
 * The colour at a place in a list of colours, blended from its neighbours, as a pixel.
 *
 * @param {string[]} colours
 * @param {number} share
 */
function between(colours, share) {
  const at = share * (colours.length - 1);
  const first = Math.min(Math.floor(at), colours.length - 2);
  return pixelOf(blend(colours[first + 1], colours[first], at - first));
}
