/*
 * A graph in a box: where its tasks are, the gutter for labels beside them (graph-labels.js), and which task is at
 * a point.
 */
import { arrange, forEachRange } from './graph-arrangement.js';
import { layerNames, partsOf } from './graph-labels.js';
import { sitesOf } from './graph-sites.js';
import { TaskLayer } from './graph-tasks.js';
import { legendSize } from './marks.js';
import { fontOf } from './text.js';
import { themes } from './theme.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./graph-arrangement.js').Arrangement} Arrangement */
/** @typedef {import('./graph-sites.js').Sites} Sites */
/** @typedef {import('./surface.js').Viewport} Viewport */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./transform.js').Box} Box */

/**
 * A graph laid out for a box.
 *
 * @typedef {object} Scene
 * @property {Sites} sites
 * @property {Arrangement} arrangement
 * @property {TaskLayer} tasks
 * @property {string[]} names per layer
 * @property {import('./graph-labels.js').Part[]} parts that are labelled instead of the layers
 * @property {number} gutter room for labels, CSS pixels
 * @property {number} smallest side of a task's cell at zoom 1, CSS pixels
 */

/**
 * @param {RunModel} model
 * @param {Viewport} viewport
 * @param {CanvasRenderingContext2D} context to measure text
 * @param {CanvasRenderingContext2D} layer for the tasks
 * @returns {Scene}
 */
export function createScene(model, viewport, context, layer) {
  const sites = sitesOf(model.graph);
  const size = viewport.textSize;
  const margin = 6;
  /** @type {Box} */
  const box = {
    left: margin,
    top: margin,
    width: Math.max(1, viewport.width - 2 * margin),
    height: Math.max(1, viewport.height - 2 * margin - legendSize(viewport).height),
  };
  const parts = partsOf(model.graph);
  const names = parts.length > 0 ? [] : layerNames(model.graph, sites);
  let arrangement = arrange(sites, box);
  let gutter = 0;
  if (parts.length > 0) {
    gutter = size * 1.6;
    arrangement = arrange(sites, lowered(box, gutter));
  } else if (names.length > 0) {
    context.font = fontOf(themes.light, size);
    const { sideways } = arrangement;
    const widest = Math.max(...names.map((name) => context.measureText(name).width));
    gutter = sideways ? size * 1.6 : Math.min(widest + size * 1.3, box.width * 0.34);
    const inner = sideways
      ? lowered(box, gutter)
      : { ...box, left: box.left + gutter, width: Math.max(1, box.width - gutter) };
    arrangement = arrange(sites, inner, sideways);
  }
  const tasks = new TaskLayer(layer, model, sites, arrangement);
  const smallest = Math.min(...arrangement.bands.map((b) => Math.min(b.cellWidth, b.cellHeight)));
  return { sites, arrangement, tasks, names, parts, gutter, smallest };
}

/**
 * A box without a strip at its top.
 *
 * @param {Box} box
 * @param {number} strip
 * @returns {Box}
 */
function lowered(box, strip) {
  return { ...box, top: box.top + strip, height: Math.max(1, box.height - strip) };
}

/**
 * Returns the task whose mark is at a point of the screen; the nearest one if there are several.
 *
 * @param {Scene} scene
 * @param {import('./transform.js').Transform} transform
 * @param {{ x: number, y: number }} at
 * @returns {number} -1 for none
 */
export function taskAt({ sites, arrangement }, { k, tx, ty }, at) {
  const { x, y, bands } = arrangement;
  const [px, py] = [(at.x - tx) / k, (at.y - ty) / k];
  const slack = 3 / k;
  const area = { left: px - slack, top: py - slack, right: px + slack, bottom: py + slack };
  let nearest = -1;
  let least = Infinity;
  forEachRange(sites, arrangement, area, (from, to, index) => {
    const { cellWidth, cellHeight } = bands[index];
    for (let i = from; i < to; i++) {
      const task = sites.tasks[i];
      const [dx, dy] = [Math.abs(x[task] - px), Math.abs(y[task] - py)];
      if (dx > cellWidth / 2 + slack || dy > cellHeight / 2 + slack) continue;
      if (dx + dy >= least) continue;
      least = dx + dy;
      nearest = task;
    }
  });
  return nearest;
}
