/*
 * Draws how an array is cut into blocks, as an SVG document: a line between any two blocks, the length
 * of each axis beside it, and the blocks in words below.
 *
 *     +--+--+--+     one axis: a row of blocks       +--+--+--+.     three: the last two are the front,
 *     +--+--+--+ 300                                 |  |  |  | |    the one before leads into the depth
 *     |  |  |  | 200 two: rows go downwards          +--+--+--+ |    more: the last three are drawn, and
 *     +--+--+--+                                     |__|__|__|/     it is said how often
 *
 * An axis that is longer is drawn longer, by its square root: so a thin array can be seen. Where lines
 * would run into each other the face is shaded instead. Blocks of unknown length (NaN) are drawn equally long, between
 * dashed lines, and called “?”. It draws in `currentColor`: a page's theme applies.
 */

/** @typedef {{ x: number, y: number }} Vector */

/** Pixels of the longest axis, and the least of any. */
const LONGEST = 160;
const SHORTEST = 20;
/** Lines are at least so far apart. */
const NEAREST = 3;
const MARGIN = 10;
const LINE_HEIGHT = 16;
/** About what a digit takes. */
const DIGIT = 7.5;

/**
 * @param {number[][]} chunks the lengths of the blocks, axis by axis
 * @returns {string}
 */
export function chunkGrid(chunks) {
  const shape = chunks.map(sum);
  const known = shape.filter((length) => !Number.isNaN(length));
  const longest = Math.max(...known, 1);
  const drawn = chunks.slice(-3).map((lengths) => drawnLengths(lengths, longest));
  const sizes = drawn.map((lengths) =>
    Math.max(SHORTEST, LONGEST * Math.sqrt(sum(lengths) / longest)),
  );
  const dashed = chunks.slice(-3).map((lengths) => lengths.some(Number.isNaN));
  const cuts = drawn.map((lengths, axis) => cutsOf(lengths, sizes[axis], dashed[axis]));
  // Counted from the last axis: that goes to the right, the one before it down, the third into the depth.
  const [width = SHORTEST, height = SHORTEST, depth = 0] = sizes.toReversed();
  const none = { at: [], dashed: false };
  const [across = none, down = none, behind = none] = cuts.toReversed();
  const slant = depth * 0.4;
  const right = { x: width, y: 0 };
  const below = { x: 0, y: height };
  const back = { x: slant, y: -slant };
  const corner = { x: MARGIN, y: MARGIN + slant };

  const faces = [face(corner, right, below, across, down)];
  if (depth > 0) {
    faces.push(face(corner, right, back, across, behind));
    faces.push(face(plus(corner, right), below, back, down, behind));
  }
  const words = inWords(chunks, shape);
  const bottom = corner.y + height + LINE_HEIGHT;
  const [columns, rows, layers] = shape.slice(-3).map(shown).toReversed();
  const labels = [];
  if (shape.length > 0) labels.push(label(corner.x + width / 2, bottom, columns, 'middle'));
  if (shape.length > 1) {
    labels.push(
      label(corner.x + width + slant + 6, corner.y + height / 2 - slant + 4, rows, 'start'),
    );
  }
  if (shape.length > 2) {
    labels.push(label(corner.x + slant / 2 - 4, corner.y - slant / 2 - 2, layers, 'end'));
  }
  words.forEach((text, i) =>
    labels.push(label(corner.x, bottom + (i + 1) * LINE_HEIGHT + 4, text, 'start')),
  );
  // A label of the depth may stick out on the left.
  const left = layers === undefined ? 0 : Math.max(0, DIGIT * String(layers).length - slant / 2);
  const picture = MARGIN + width + slant + 6 + DIGIT * String(rows ?? '').length + MARGIN;
  const text = Math.max(...words.map((line) => MARGIN + DIGIT * line.length + MARGIN));
  const total = { x: left + Math.max(picture, text), y: bottom + (words.length + 1) * LINE_HEIGHT };
  const box = [-left, 0, total.x, total.y].map(rounded).join(' ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="${rounded(total.x)}" height="${rounded(total.y)}"`,
    ` role="img" aria-label="${words.join(', ')}" font-family="sans-serif" font-size="13" fill="currentColor">`,
    ...faces,
    ...labels,
    '</svg>',
  ].join('\n');
}

/**
 * The lengths of blocks as they are drawn: where one is unknown, all equal, and the axis as long as any.
 *
 * @param {number[]} lengths
 * @param {number} longest
 */
function drawnLengths(lengths, longest) {
  return lengths.some(Number.isNaN) ? lengths.map(() => longest / lengths.length) : lengths;
}

/** A length in words. @param {number} length */
function shown(length) {
  return Number.isNaN(length) ? '?' : String(length);
}

/**
 * Where an axis is cut, and how the lines look.
 *
 * @typedef {{ at: number[], dashed: boolean }} Cuts from 0 to 1
 */

/**
 * Where an axis is cut; null when the cuts are too many to be drawn.
 *
 * @param {number[]} lengths
 * @param {number} size in pixels
 * @param {boolean} dashed
 * @returns {Cuts | null}
 */
function cutsOf(lengths, size, dashed) {
  const total = sum(lengths);
  /** @type {number[]} */
  const cuts = [];
  let at = 0;
  for (const length of lengths.slice(0, -1)) {
    const before = at;
    at += length;
    if (((at - before) / total) * size < NEAREST) return null;
    cuts.push(at / total);
  }
  return { at: cuts, dashed };
}

/**
 * A face of the box: a parallelogram, with its cuts.
 *
 * @param {Vector} at
 * @param {Vector} u
 * @param {Vector} v
 * @param {Cuts | null} cutsU
 * @param {Cuts | null} cutsV
 */
function face(at, u, v, cutsU, cutsV) {
  const outline = `M${point(at)}L${point(plus(at, u))}L${point(plus(plus(at, u), v))}L${point(plus(at, v))}Z`;
  const lines = (
    /** @type {Cuts | null} */ cuts,
    /** @type {Vector} */ along,
    /** @type {Vector} */ over,
  ) =>
    (cuts?.at ?? []).map((cut) => {
      const from = { x: at.x + along.x * cut, y: at.y + along.y * cut };
      return `M${point(from)}L${point(plus(from, over))}`;
    });
  const shade = 0.08 + (cutsU ? 0 : 0.14) + (cutsV ? 0 : 0.14);
  const area = `<path d="${outline}" fill-opacity="${shade.toFixed(2)}" stroke="currentColor" stroke-width="1.5"/>`;
  const inner = [false, true].map((dashed) => {
    const along = cutsU?.dashed === dashed ? lines(cutsU, u, v) : [];
    const over = cutsV?.dashed === dashed ? lines(cutsV, v, u) : [];
    const path = [...along, ...over].join('');
    const dashes = dashed ? ' stroke-dasharray="4 3"' : '';
    if (path === '') return '';
    return `<path d="${path}" fill="none" stroke="currentColor" stroke-opacity="0.55"${dashes}/>`;
  });
  return area + inner.join('');
}

/**
 * @param {number[][]} chunks
 * @param {number[]} shape
 */
function inWords(chunks, shape) {
  if (shape.length === 0) return ['one element'];
  const count = chunks.reduce((product, lengths) => product * lengths.length, 1);
  const uneven = chunks.some((lengths) => lengths.some((length) => !Object.is(length, lengths[0])));
  const largest = chunks
    .map((lengths) => shown(lengths.reduce((a, b) => Math.max(a, b), 0)))
    .join(' × ');
  const words = [
    `${count} ${count === 1 ? 'block' : 'blocks'} of ${uneven ? 'at most ' : ''}${largest}`,
  ];
  if (shape.length > 3) words.unshift(`${shape.slice(0, -3).map(shown).join(' × ')} of these`);
  if (shape.some(Number.isNaN)) words.push('?: unknown until computed');
  return words;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number | string} text
 * @param {'start' | 'middle' | 'end'} anchor
 */
function label(x, y, text, anchor) {
  return `<text x="${rounded(x)}" y="${rounded(y)}" text-anchor="${anchor}">${text}</text>`;
}

/** @param {number[]} lengths */
function sum(lengths) {
  return lengths.reduce((total, length) => total + length, 0);
}

/** @param {Vector} a @param {Vector} b @returns {Vector} */
function plus(a, b) {
  return { x: a.x + b.x, y: a.y + b.y };
}

/** @param {Vector} vector */
function point({ x, y }) {
  return `${rounded(x)} ${rounded(y)}`;
}

/** @param {number} pixels */
function rounded(pixels) {
  return Number(pixels.toFixed(1));
}
