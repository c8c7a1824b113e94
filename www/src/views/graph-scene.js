/*
 * A graph in a box of a certain size: where its tasks are, with the names of its layers in a gutter
 * beside them, and which task is at a point.
 */
import { arrange, forEachRange } from './graph-arrangement.js';
import { sitesOf } from './graph-sites.js';
import { TaskLayer } from './graph-tasks.js';
import { fitted, fontOf } from './text.js';
import { themes } from './theme.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./graph-arrangement.js').Arrangement} Arrangement */
/** @typedef {import('./graph-sites.js').Sites} Sites */
/** @typedef {import('./surface.js').Viewport} Viewport */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./transform.js').Box} Box */

/** More layers than this get no names. */
const MOST_NAMES = 24;

/**
 * A graph in a box of a certain size.
 *
 * @typedef {object} Scene
 * @property {Sites} sites
 * @property {Arrangement} arrangement
 * @property {TaskLayer} tasks
 * @property {string[]} names per layer
 * @property {number} gutter room for names, CSS pixels
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
    height: Math.max(1, viewport.height - 2 * margin - legendHeight(viewport)),
  };
  const names = layerNames(model.graph, sites);
  let arrangement = arrange(sites, box);
  let gutter = 0;
  if (names.length > 0) {
    context.font = fontOf(themes.light, size - 1);
    const { sideways } = arrangement;
    const widest = Math.max(...names.map((name) => context.measureText(name).width));
    gutter = sideways ? size * 1.6 : Math.min(widest + size * 0.8, box.width * 0.26);
    const inner = sideways
      ? { ...box, top: box.top + gutter, height: Math.max(1, box.height - gutter) }
      : { ...box, left: box.left + gutter, width: Math.max(1, box.width - gutter) };
    arrangement = arrange(sites, inner, sideways);
  }
  const tasks = new TaskLayer(layer, model, sites, arrangement);
  const smallest = Math.min(...arrangement.bands.map((b) => Math.min(b.cellWidth, b.cellHeight)));
  return { sites, arrangement, tasks, names, gutter, smallest };
}

/** @param {Viewport} viewport */
export function legendHeight(viewport) {
  return Math.round(viewport.textSize * 1.9);
}

/**
 * The name of each layer, where one prefix has most of its tasks; empty where it repeats the layer
 * before, and all empty when there is nothing to tell apart.
 *
 * @param {import('../model/graph.js').GraphData} graph
 * @param {Sites} sites
 * @returns {string[]}
 */
export function layerNames(graph, sites) {
  if (sites.layers > MOST_NAMES) return [];
  /** @type {string[]} */
  const names = [];
  const counts = new Uint32Array(graph.prefixes.length);
  for (let layer = 0; layer < sites.layers; layer++) {
    counts.fill(0);
    const [from, to] = [sites.starts[layer], sites.starts[layer + 1]];
    // Of a large layer, some tasks speak for all.
    const step = Math.max(1, Math.floor((to - from) / 1024));
    let asked = 0;
    for (let i = from; i < to; i += step, asked++) counts[graph.prefixOf[sites.tasks[i]]]++;
    const prefix = counts.indexOf(counts.reduce((most, count) => Math.max(most, count), 0));
    names.push(counts[prefix] * 2 > asked ? graph.prefixes[prefix] : '');
  }
  if (new Set(names).size < 2) return [];
  return names.map((name, layer) => (name === names[layer - 1] ? '' : name));
}

/**
 * The names of the layers, in the gutter beside them.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {number} size
 * @param {Theme} theme
 */
export function drawNames(context, { names, arrangement, gutter, sites }, size, theme) {
  const { sideways, bands, bandOf, box } = arrangement;
  context.font = fontOf(theme, size);
  context.fillStyle = theme.muted;
  context.textBaseline = 'middle';
  let free = -Infinity;
  names.forEach((name, layer) => {
    const band = bands[bandOf[layer]];
    // A band of several layers has no one name.
    if (!name || band.endLayer - band.firstLayer > 1 || sites.layers === 0) return;
    const middle = (band.near + band.far) / 2;
    if (sideways) {
      const width = context.measureText(name).width;
      const left = Math.max(0, middle - width / 2);
      if (left < free) return;
      free = left + width + size * 0.5;
      context.textAlign = 'left';
      context.fillText(name, left, box.top - gutter / 2);
    } else {
      if (middle - size / 2 < free) return;
      free = middle + size / 2;
      context.textAlign = 'left';
      context.fillText(fitted(context, name, gutter - size * 0.5), box.left - gutter, middle);
    }
  });
}

/**
 * The task at a point of the screen; the nearest one, if its mark is at the point.
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
