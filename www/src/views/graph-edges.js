/*
 * Draws the edges of a graph once, on a layer of their own. The edges of a large graph take longer than a frame,
 * so they are drawn in steps of a few milliseconds. Above a limit only a sample is drawn, the same each time: it
 * shows where edges are dense, but not every edge.
 *
 * It does not need the run: edges do not change while it goes on.
 */
import { forEachRange } from './graph-arrangement.js';

/** @typedef {import('../model/graph.js').GraphData} GraphData */
/** @typedef {import('./graph-arrangement.js').Arrangement} Arrangement */
/** @typedef {import('./graph-sites.js').Sites} Sites */
/** @typedef {import('./transform.js').Transform} Transform */
/** @typedef {import('./theme.js').Theme} Theme */

/** More edges than this are sampled. */
const MOST_EDGES = 9000;
const SAMPLE = 5000;
/** Edges of one stroke; longer paths cost more per edge. */
const BATCH = 48;

/**
 * @typedef {object} EdgeScene
 * @property {GraphData} graph
 * @property {Sites} sites
 * @property {Arrangement} arrangement
 * @property {Transform} transform
 * @property {{ left: number, top: number, right: number, bottom: number }} area visible, at zoom 1
 * @property {Theme} theme
 */

/**
 * Draws the edges that touch the visible area. Yields after each batch, so that the caller can continue in a later
 * frame.
 *
 * @param {import('./view.js').Painter} context
 * @param {EdgeScene} scene
 * @returns {Generator<void, void, void>}
 */
export function* drawEdges(context, { graph, sites, arrangement, transform, area, theme }) {
  const { x, y, sideways, roomy } = arrangement;
  const { k, tx, ty } = transform;
  const { dependents, dependencies } = graph;

  /** @type {[number, number][]} */
  const ranges = [];
  let edges = 0;
  forEachRange(sites, arrangement, area, (from, to) => {
    ranges.push([from, to]);
    edges += to - from;
  });
  edges *= dependents.tasks.length / Math.max(1, graph.tasks);
  const stride = edges > MOST_EDGES ? Math.ceil(edges / SAMPLE) : 1;
  const inside = (/** @type {number} */ task) =>
    x[task] >= area.left && x[task] <= area.right && y[task] >= area.top && y[task] <= area.bottom;

  context.strokeStyle = theme.edge;
  context.globalAlpha = edges < 400 ? 0.9 : edges < 2500 ? 0.6 : stride === 1 ? 0.4 : 0.25;
  context.lineWidth = roomy ? Math.max(0.8, Math.min(2, arrangement.bands[0].cellWidth / 11)) : 0.8;

  let inPath = 0;
  let seen = 0;
  context.beginPath();
  for (const [from, to] of ranges) {
    for (let i = from; i < to; i++) {
      const task = sites.tasks[i];
      let previous = -1;
      for (let j = dependents.starts[task]; j < dependents.starts[task + 1]; j++) {
        const dependent = dependents.tasks[j];
        // `x + x` is one line.
        if (dependent === previous) continue;
        previous = dependent;
        if ((++seen & 0xfff) === 0) yield;
        if (stride > 1 && scattered(j) % stride !== 0) continue;
        traceEdge(context, x[task], y[task], x[dependent], y[dependent], k, tx, ty, sideways);
        if (++inPath === BATCH) {
          context.stroke();
          context.beginPath();
          inPath = 0;
          yield;
        }
      }
      if (k === 1) continue;
      // Edges that come in from outside the visible area belong to no visible task's dependents.
      for (let j = dependencies.starts[task]; j < dependencies.starts[task + 1]; j++) {
        const dependency = dependencies.tasks[j];
        if (inside(dependency) || (stride > 1 && scattered(j) % stride !== 0)) continue;
        traceEdge(context, x[dependency], y[dependency], x[task], y[task], k, tx, ty, sideways);
        if (++inPath === BATCH) {
          context.stroke();
          context.beginPath();
          inPath = 0;
          yield;
        }
      }
    }
  }
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * Adds one edge to the path: a gentle curve that leaves and arrives along the depth axis.
 *
 * @param {import('./view.js').Painter} context
 * @param {number} x0 at zoom 1, as the other points
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 * @param {number} k
 * @param {number} tx
 * @param {number} ty
 * @param {boolean} sideways
 */
export function traceEdge(context, x0, y0, x1, y1, k, tx, ty, sideways) {
  const [fromX, fromY, toX, toY] = [x0 * k + tx, y0 * k + ty, x1 * k + tx, y1 * k + ty];
  context.moveTo(fromX, fromY);
  if (fromX === toX || fromY === toY) {
    context.lineTo(toX, toY);
  } else if (sideways) {
    const bend = (toX - fromX) * 0.45;
    context.bezierCurveTo(fromX + bend, fromY, toX - bend, toY, toX, toY);
  } else {
    const bend = (toY - fromY) * 0.45;
    context.bezierCurveTo(fromX, fromY + bend, toX, toY - bend, toX, toY);
  }
}

/**
 * A number that looks random, always the same for the same edge.
 *
 * @param {number} edge
 */
function scattered(edge) {
  const mixed = Math.imul(edge ^ (edge >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
