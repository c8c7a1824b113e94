/*
 * Where each task is in a box, at zoom 1. The engine gives layer and position; here they are turned
 * (left to right, or top to bottom) and scaled.
 *
 * A graph whose tasks have room keeps the engine's coordinates. In a large graph a layer is a band, and
 * its tasks fill the band in columns, so that the whole box is used: a million tasks in a box of a
 * million pixels have one pixel each. Large layers get thicker bands (by the square root
 * of their size); where there are more layers than bands can be thick, neighbouring layers share one.
 *
 *     roomy                      banded
 *       o   o   o   o            |. . . . . . . .|
 *        \ /     \ /             |. . . . . . . .|
 *         o       o              |.:.:.:.:.:.:.:.|   <- 16 tasks, two rows
 *          \     /               | :   :   :   : |
 *             o
 *
 * It draws nothing and knows no states. O(tasks).
 */

import { firstFrom } from './graph-sites.js';

/** @typedef {import('./graph-sites.js').Sites} Sites */
/** @typedef {import('./transform.js').Box} Box */

/**
 * @typedef {object} Band
 * @property {number} firstLayer
 * @property {number} endLayer excluded
 * @property {number} near where its cells begin, along the depth axis, CSS pixels
 * @property {number} far where they end
 * @property {number} cellWidth of a task, CSS pixels
 * @property {number} cellHeight
 * @property {number} column how many positions share a column
 */

/**
 * @typedef {object} Arrangement
 * @property {Box} box
 * @property {boolean} sideways true when depth goes from left to right
 * @property {boolean} roomy true when every task is at the engine's coordinates
 * @property {Float32Array} x per task, the centre of its cell, CSS pixels
 * @property {Float32Array} y
 * @property {Band[]} bands
 * @property {Uint32Array} bandOf per layer
 * @property {number} pitch CSS pixels per position
 * @property {number} origin where position -0.5 is, on the position axis
 */

/** If marks would be smaller than this, in CSS pixels, the graph is banded. */
const SMALLEST_MARK = 6;
/** The same for a graph without edges. */
const SMALLEST_ALONE = 24;
/** Marks are not made larger. */
const LARGEST_MARK = 44;
/** A small graph is not stretched further than this between layers and positions. */
const LARGEST_LAYER = 190;
const LARGEST_PITCH = 110;
/** The thinnest band. */
const THINNEST = 9;

/**
 * @param {Sites} sites
 * @param {Box} box
 * @param {boolean} [turned] whether depth goes from left to right; otherwise whichever fits better
 * @returns {Arrangement}
 */
export function arrange(sites, box, turned) {
  const across = turned === true ? 0 : roomySize(sites, box.height, box.width);
  const along = turned === false ? 0 : roomySize(sites, box.width, box.height);
  const least = sites.layers > 1 ? SMALLEST_MARK : SMALLEST_ALONE;
  if (Math.max(across, along) >= least) return roomy(sites, box, along >= across);
  const longer = sites.layers > sites.height === box.width > box.height;
  return banded(sites, box, turned ?? longer);
}

/**
 * The size of a mark when the engine's coordinates are kept.
 *
 * @param {Sites} sites
 * @param {number} depthPx
 * @param {number} positionPx
 */
function roomySize(sites, depthPx, positionPx) {
  const layer = Math.min(LARGEST_LAYER, depthPx / sites.layers);
  const pitch = Math.min(LARGEST_PITCH, positionPx / sites.height);
  return Math.min(LARGEST_MARK, layer * 0.6, pitch * 0.84);
}

/**
 * @param {Sites} sites
 * @param {Box} box
 * @param {boolean} sideways
 * @returns {Arrangement}
 */
function roomy(sites, box, sideways) {
  const [depthPx, positionPx] = sideways ? [box.width, box.height] : [box.height, box.width];
  const [depthAt, positionAt] = sideways ? [box.left, box.top] : [box.top, box.left];
  const size = roomySize(sites, depthPx, positionPx);
  const thickness = Math.min(LARGEST_LAYER, depthPx / sites.layers);
  const pitch = Math.min(LARGEST_PITCH, positionPx / sites.height);
  const depthOrigin = depthAt + (depthPx - thickness * sites.layers) / 2;
  const origin = positionAt + (positionPx - pitch * sites.height) / 2;

  /** @type {Band[]} */
  const bands = [];
  const centres = placed(sites, sideways);
  for (let layer = 0; layer < sites.layers; layer++) {
    const middle = depthOrigin + (layer + 0.5) * thickness;
    bands.push({
      firstLayer: layer,
      endLayer: layer + 1,
      near: middle - size / 2,
      far: middle + size / 2,
      cellWidth: size,
      cellHeight: size,
      column: 1,
    });
    for (let i = sites.starts[layer]; i < sites.starts[layer + 1]; i++) {
      centres.depth[sites.tasks[i]] = middle;
      centres.position[sites.tasks[i]] = origin + (sites.positions[i] + 0.5) * pitch;
    }
  }
  const bandOf = Uint32Array.from({ length: sites.layers }, (_, layer) => layer);
  const { x, y } = centres;
  return { box, sideways, roomy: true, x, y, bands, bandOf, pitch, origin };
}

/**
 * @param {Sites} sites
 * @param {Box} box
 * @param {boolean} sideways
 * @returns {Arrangement}
 */
function banded(sites, box, sideways) {
  const [depthPx, positionPx] = sideways ? [box.width, box.height] : [box.height, box.width];
  const [depthAt, origin] = sideways ? [box.left, box.top] : [box.top, box.left];
  const pitch = positionPx / sites.height;
  const bandOf = new Uint32Array(sites.layers);
  const centres = placed(sites, sideways);
  const bands = cutBands(sites, depthAt, depthPx, positionPx);
  bands.forEach((band, index) => {
    bandOf.fill(index, band.firstLayer, band.endLayer);
    fillBand(sites, band, index, { pitch, origin, sideways }, centres);
  });
  const { x, y } = centres;
  return { box, sideways, roomy: false, x, y, bands, bandOf, pitch, origin };
}

/**
 * Cuts the depth axis into bands of one or more layers.
 *
 * @param {Sites} sites
 * @param {number} depthAt
 * @param {number} depthPx
 * @param {number} positionPx
 * @returns {Band[]}
 */
function cutBands(sites, depthAt, depthPx, positionPx) {
  const { layers, starts, tasks } = sites;
  const least = Math.min(16, (0.5 * depthPx) / layers);
  let roots = 0;
  for (let layer = 0; layer < layers; layer++) {
    roots += Math.sqrt(starts[layer + 1] - starts[layer]);
  }
  const spare = (depthPx - layers * least) / Math.max(roots, 1);
  const cell = Math.sqrt((depthPx * positionPx) / Math.max(tasks.length, 1));
  // Only if layers have to share bands are the bands made as thick as a task needs.
  const shared = layers * THINNEST > depthPx;
  const wanted = shared ? Math.max(THINNEST, Math.min(cell, LARGEST_MARK)) : 0;
  const thinnest = Math.min(depthPx, wanted);

  /** @type {Band[]} */
  const bands = [];
  let from = depthAt;
  let at = depthAt;
  let firstLayer = 0;
  for (let layer = 0; layer < layers; layer++) {
    at += least + spare * Math.sqrt(starts[layer + 1] - starts[layer]);
    const rest = depthAt + depthPx - at;
    const last = layer === layers - 1;
    if (!last && (at - from < thinnest * 0.999 || rest < thinnest * 0.999)) continue;
    const gap = Math.min(26, Math.max(1.5, (at - from) * (layer === firstLayer ? 0.28 : 0.12)));
    bands.push({
      firstLayer,
      endLayer: layer + 1,
      near: from + gap / 2,
      far: at - gap / 2,
      cellWidth: 1,
      cellHeight: 1,
      column: 1,
    });
    from = at;
    firstLayer = layer + 1;
  }
  return bands;
}

/**
 * Gives each task of a band its cell.
 *
 * @param {Sites} sites
 * @param {Band} band
 * @param {number} index of the band
 * @param {{ pitch: number, origin: number, sideways: boolean }} axis
 * @param {{ depth: Float32Array, position: Float32Array }} centres
 */
function fillBand(sites, band, index, { pitch, origin, sideways }, centres) {
  const { starts, tasks, positions, height } = sites;
  const from = starts[band.firstLayer];
  const to = starts[band.endLayer];
  const count = to - from;
  if (count === 0) return;
  const thickness = band.far - band.near;
  const several = band.endLayer - band.firstLayer > 1;
  // The average distance of tasks, in positions.
  const spread = several
    ? Math.max(1, height / count)
    : Math.max(1, count > 1 ? (positions[to - 1] - positions[from]) / (count - 1) : height);
  const unitPx = spread * pitch;
  const tasksPerUnit = several ? Math.max(1, count / (height / spread)) : 1;
  const wanted = Math.sqrt((unitPx * thickness) / tasksPerUnit);
  const units = Math.max(1, Math.round(wanted / unitPx));
  const column = units * spread;

  // Columns begin half a spread before the first task, so that rounding moves no task to another column.
  const edge = several ? -0.5 : positions[from] - spread / 2;
  const columnOf = new Uint32Array(count);
  const perColumn = 1 / column;
  let columns = 0;
  for (let i = 0; i < count; i++) {
    const at = Math.max(0, ((positions[from + i] - edge) * perColumn + 1e-6) | 0);
    columnOf[i] = at;
    if (at >= columns) columns = at + 1;
  }
  const fill = new Uint32Array(columns);
  let fullest = 0;
  for (let i = 0; i < count; i++) {
    const filled = ++fill[columnOf[i]];
    if (filled > fullest) fullest = filled;
  }

  // The last column may be partly filled; all columns together are as long as their tasks.
  const lengthPx = (several ? height : positions[to - 1] - positions[from] + spread) * pitch;
  const columnPx = lengthPx / columns;

  // A column wider than its tasks are high holds them side by side.
  const beside = Math.max(1, Math.min(fullest, Math.floor(columnPx / wanted + 0.25)));
  const rows = Math.ceil(fullest / beside);
  const alone = fullest === 1;
  const cellAlong = alone ? Math.min(columnPx, thickness * 1.5, LARGEST_MARK) : columnPx / beside;
  const cellAcross = alone ? Math.min(thickness, LARGEST_MARK) : thickness / rows;
  band.column = column;
  band.cellWidth = sideways ? cellAcross : cellAlong;
  band.cellHeight = sideways ? cellAlong : cellAcross;

  const columnOrigin = origin + (edge + 0.5) * pitch;
  // A chain goes back and forth, so that its edges are short.
  const back = height <= 1 && index % 2 === 1;
  const { depth, position } = centres;
  if (alone) {
    // A mark wider than its position must not leave the box.
    const least = origin + cellAlong / 2;
    const most = origin + height * pitch - cellAlong / 2;
    for (let i = from; i < to; i++) {
      const middle = origin + (positions[i] + 0.5) * pitch;
      depth[tasks[i]] = (band.near + band.far) / 2;
      position[tasks[i]] = Math.max(least, Math.min(most, middle));
    }
    return;
  }
  fill.fill(0);
  for (let i = 0; i < count; i++) {
    const task = tasks[from + i];
    const at = columnOf[i];
    const place = fill[at]++;
    const row = beside === 1 ? place : Math.floor(place / beside);
    const side = back ? beside - 1 - (place - row * beside) : place - row * beside;
    depth[task] = band.near + (row + 0.5) * cellAcross;
    position[task] = columnOrigin + at * columnPx + (side + 0.5) * cellAlong;
  }
}

/**
 * Creates empty centres, with both of their names.
 *
 * @param {Sites} sites
 * @param {boolean} sideways
 */
function placed(sites, sideways) {
  const depth = new Float32Array(sites.tasks.length);
  const position = new Float32Array(sites.tasks.length);
  return sideways
    ? { depth, position, x: depth, y: position }
    : { depth, position, x: position, y: depth };
}

/**
 * Calls `range` with the ranges of `sites.tasks` that may be in a rectangle; O(layers it touches).
 *
 * @param {Sites} sites
 * @param {Arrangement} arrangement
 * @param {{ left: number, top: number, right: number, bottom: number }} area at zoom 1
 * @param {(from: number, to: number, band: number) => void} range
 */
export function forEachRange(sites, arrangement, area, range) {
  const { sideways, bands, pitch, origin } = arrangement;
  const [near, far] = sideways ? [area.left, area.right] : [area.top, area.bottom];
  const [low, high] = sideways ? [area.top, area.bottom] : [area.left, area.right];
  let index = 0;
  let end = bands.length;
  while (index < end) {
    const middle = (index + end) >> 1;
    if (bands[middle].far >= near) end = middle;
    else index = middle + 1;
  }
  for (; index < bands.length && bands[index].near <= far; index++) {
    const band = bands[index];
    // A task may lie up to a column away from its position.
    const slack = band.column + Math.max(band.cellWidth, band.cellHeight) / pitch + 1;
    const lowest = (low - origin) / pitch - slack;
    const highest = (high - origin) / pitch + slack;
    for (let layer = band.firstLayer; layer < band.endLayer; layer++) {
      const from = firstFrom(sites, layer, lowest);
      const to = firstFrom(sites, layer, highest);
      if (to > from) range(from, to, index);
    }
  }
}
