/*
 * The graph view: every task of the graph, at the place the engine gave it, in the colour and shape
 * of its state, while it runs.
 *
 *     edges layer   drawn once, in steps of a few milliseconds    (graph-edges.js)
 *     tasks layer   changed tasks only                            (graph-tasks.js)
 *     canvas        both layers, names of layers, legend, highlights
 *
 * Where all that is in the box is a scene (graph-scene.js). The view computes no layout (the engine does) and no
 * states (the model does).
 */
import { ERRED } from '../model/states.js';
import { drawEdges, traceEdge } from './graph-edges.js';
import { drawLabels } from './graph-labels.js';
import { createScene, taskAt } from './graph-scene.js';
import { isSorted, sitesOf } from './graph-sites.js';
import { nextTask } from './graph-steps.js';
import { markRadius } from './graph-tasks.js';
import { describeGraph, tipOf } from './graph-words.js';
import { drawLegend, drawMark, legendSize } from './marks.js';
import { identity, shifted, zoomedAbout } from './transform.js';
import { defineView } from './view.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./graph-scene.js').Scene} Scene */
/** @typedef {import('./surface.js').Viewport} Viewport */
/** @typedef {import('./transform.js').Transform} Transform */
/** @typedef {import('./view.js').Hit} Hit */

/** Milliseconds a frame may spend on edges. */
const EDGE_BUDGET_MS = 5;
/** More neighbours than this are not highlighted one by one. */
const MOST_NEIGHBOURS = 400;
/** A graph of more tasks is prepared over several frames. */
const MOST_AT_ONCE = 1 << 16;
/** How large the smallest cell may be made by zooming, CSS pixels. */
const LARGEST_CELL = 40;

/**
 * @typedef {object} GraphMemo
 * @property {Scene | null} scene
 * @property {Transform} transform
 * @property {Viewport} box that `scene` was made for
 * @property {boolean} layersDue whether both layers must be drawn again
 * @property {Generator<void, void, void> | null} edgesLeft edges that are still to be drawn
 * @property {boolean} erredShown whether the legend has erred tasks
 * @property {string} phaseShown
 * @property {CanvasRenderingContext2D} edgeLayer
 * @property {CanvasRenderingContext2D} taskLayer
 */

/** @typedef {import('./view.js').Frame<GraphMemo, Hit>} GraphFrame */

export const graph = defineView({
  name: 'graph',
  title: 'Task graph',
  memo: () =>
    /** @type {GraphMemo} */ ({
      scene: null,
      transform: identity,
      box: { width: 0, height: 0, ratio: 0, textSize: 0 },
      layersDue: true,
      edgesLeft: null,
      erredShown: false,
      phaseShown: '',
      edgeLayer: createLayer(),
      taskLayer: createLayer(),
    }),
  open({ memo }, sameGraph) {
    memo.scene = null;
    memo.edgesLeft = null;
    if (!sameGraph) memo.transform = identity;
  },
  draw: drawGraph,
  hit(point, { memo: { scene, transform } }) {
    const task = scene ? taskAt(scene, transform, point) : -1;
    return task < 0 ? null : { task, timeMs: null };
  },
  words: ({ models: [model] }, at) =>
    at ? tipOf(model, at.task) : model ? [describeGraph(model)] : [],
  step(step, from, frame) {
    const { scene } = frame.memo;
    if (!scene) return null;
    const start = from?.task ?? frame.selection;
    const task = nextTask(scene, step, start);
    if (task < 0) return null;
    reveal(task, frame);
    return { task, timeMs: null };
  },
  place: ({ task }, { memo }) => placeOf(task, memo),
  keys: 'tasks',
  zoom: {
    by(factor, { x, y }, { memo }) {
      if (!memo.scene) return false;
      const { arrangement, smallest } = memo.scene;
      const most = Math.max(4, LARGEST_CELL / smallest);
      return move(memo, zoomedAbout(memo.transform, factor, x, y, arrangement.box, most));
    },
    pan(dx, dy, { memo }) {
      if (!memo.scene || memo.transform.k === 1) return false;
      return move(memo, shifted(memo.transform, dx, dy, memo.scene.arrangement.box));
    },
    reset: ({ memo }) => move(memo, identity),
    zoomed: ({ memo }) => memo.transform.k > 1,
  },
});

/**
 * @param {GraphMemo} memo
 * @param {Transform} to
 */
function move(memo, to) {
  const { k, tx, ty } = memo.transform;
  memo.transform = to;
  return k !== to.k || tx !== to.tx || ty !== to.ty;
}

/**
 * @param {number} task
 * @param {GraphMemo} memo
 */
function placeOf(task, { scene, transform: { k, tx, ty } }) {
  if (!scene) return { x: 0, y: 0 };
  const { x, y } = scene.arrangement;
  return { x: x[task] * k + tx, y: y[task] * k + ty };
}

/**
 * Moves a zoomed graph so that a task is in sight.
 *
 * @param {number} task
 * @param {GraphFrame} frame
 */
function reveal(task, { memo, viewport }) {
  if (!memo.scene || memo.transform.k === 1) return;
  const { x, y } = placeOf(task, memo);
  const bottom = viewport.height - legendSize(viewport).height;
  if (x > 0 && y > 0 && x < viewport.width && y < bottom) return;
  const [dx, dy] = [viewport.width / 2 - x, bottom / 2 - y];
  memo.transform = shifted(memo.transform, dx, dy, memo.scene.arrangement.box);
}

/**
 * What is visible, in coordinates of zoom 1.
 *
 * @param {GraphFrame} frame
 */
function visibleArea({ viewport, memo }) {
  const { k, tx, ty } = memo.transform;
  return {
    left: -tx / k,
    top: -ty / k,
    right: (viewport.width - tx) / k,
    bottom: (viewport.height - legendSize(viewport).height - ty) / k,
  };
}

/**
 * @param {any} context a canvas context, or an SvgPainter for a drawing that can be scaled
 * @param {GraphFrame} frame
 * @returns {boolean} whether there is more to draw
 */
function drawGraph(context, frame) {
  if (frame.vector) {
    drawShapes(context, frame);
    return false;
  }
  const { models, viewport, memo, changed, at } = frame;
  const [model] = models;
  const { canvas } = context;
  if (!model) {
    clear(context, frame);
    return false;
  }
  if (changed === 'all') memo.layersDue = true;
  if (!isSameBox(memo.box, viewport)) memo.scene = null;
  Object.assign(memo.box, viewport);
  if (!memo.scene && model.tasks > MOST_AT_ONCE) {
    // One step a frame: sorted by position, then put in its place, and only then drawn.
    if (isSorted(model.graph)) {
      memo.scene = createScene(model, viewport, context, memo.taskLayer);
      memo.layersDue = true;
    } else sitesOf(model.graph);
    clear(context, frame);
    return true;
  }
  const erred = model.totals[ERRED] > 0;
  const top = erred !== memo.erredShown || model.phase !== memo.phaseShown;
  memo.erredShown = erred;
  memo.phaseShown = model.phase;
  const due = memo.layersDue || !memo.scene;
  if (due) drawLayers(context, frame);
  memo.layersDue = false;
  const drawn = memo.scene?.tasks.drawChanged() ?? [];
  const edgesGrew = memo.edgesLeft !== null;
  drawSomeEdges(memo);
  const highlights = at !== null || frame.hover >= 0 || frame.selection >= 0;
  const whole = due || changed === 'marks' || top || edgesGrew;
  if (whole || (highlights && drawn.length > 0)) {
    compose(context, frame, { left: 0, top: 0, right: canvas.width, bottom: canvas.height });
    drawTop(context, frame);
  } else {
    const end = (viewport.height - legendSize(viewport).height) * viewport.ratio;
    for (const part of drawn) {
      const bottom = Math.min(part.bottom, Math.floor(end));
      if (bottom > part.top) compose(context, frame, { ...part, bottom });
    }
  }
  return memo.edgesLeft !== null;
}

/**
 * @param {Viewport} one
 * @param {Viewport} other
 */
function isSameBox(one, other) {
  return (
    one.width === other.width &&
    one.height === other.height &&
    one.ratio === other.ratio &&
    one.textSize === other.textSize
  );
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {GraphFrame} frame
 */
function drawLayers({ canvas }, frame) {
  const { models, viewport, memo, theme } = frame;
  const [model] = models;
  const { edgeLayer, taskLayer, transform } = memo;
  memo.scene ??= createScene(model, viewport, edgeLayer, taskLayer);
  for (const layer of [edgeLayer, taskLayer]) {
    if (layer.canvas.width !== canvas.width) layer.canvas.width = canvas.width;
    if (layer.canvas.height !== canvas.height) layer.canvas.height = canvas.height;
  }
  const area = visibleArea(frame);
  memo.scene.tasks.drawAll(transform, viewport, area, theme);
  edgeLayer.setTransform(1, 0, 0, 1, 0, 0);
  edgeLayer.clearRect(0, 0, canvas.width, canvas.height);
  edgeLayer.setTransform(viewport.ratio, 0, 0, viewport.ratio, 0, 0);
  const { sites, arrangement } = memo.scene;
  const scene = { graph: model.graph, sites, arrangement, transform, area, theme };
  memo.edgesLeft = drawEdges(edgeLayer, scene);
}

/** Draws edges for a while. @param {GraphMemo} memo */
function drawSomeEdges(memo) {
  if (!memo.edgesLeft) return;
  const until = performance.now() + EDGE_BUDGET_MS;
  while (performance.now() < until) {
    if (!memo.edgesLeft.next().done) continue;
    memo.edgesLeft = null;
    return;
  }
}

/**
 * Puts the layers onto the canvas.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {GraphFrame} frame
 * @param {{ left: number, top: number, right: number, bottom: number }} part device pixels
 */
function compose(context, { theme, viewport, memo }, { left, top, right, bottom }) {
  const [width, height] = [right - left, bottom - top];
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = theme.background;
  context.fillRect(left, top, width, height);
  for (const { canvas } of [memo.edgeLayer, memo.taskLayer]) {
    context.drawImage(canvas, left, top, width, height, left, top, width, height);
  }
  context.setTransform(viewport.ratio, 0, 0, viewport.ratio, 0, 0);
}

/**
 * @param {import('./view.js').Painter} painter
 * @param {GraphFrame} frame
 */
function clear(painter, { theme, viewport }) {
  painter.fillStyle = theme.background;
  painter.fillRect(0, 0, viewport.width, viewport.height);
}

/** The radius of the largest marks; null when tasks are drawn as cells. @param {GraphMemo} memo */
function markSize({ scene, transform: { k } }) {
  if (!scene?.tasks.marks) return null;
  return scene.arrangement.bands.reduce(
    (most, { cellWidth, cellHeight }) => Math.max(most, markRadius(cellWidth * k, cellHeight * k)),
    0,
  );
}

/**
 * Draws what lies over both layers.
 *
 * @param {import('./view.js').Painter} painter
 * @param {GraphFrame} frame
 */
function drawTop(painter, frame) {
  const { models, memo, viewport, theme, selection, hover } = frame;
  const { scene } = memo;
  const [model] = models;
  if (!scene) return;
  if (selection >= 0) drawNear(painter, frame, selection);
  if (hover >= 0 && hover !== selection) drawNear(painter, frame, hover);
  const { lines, height: strip } = legendSize(viewport);
  painter.fillStyle = theme.background;
  painter.fillRect(0, viewport.height - strip, viewport.width, strip);
  const top = viewport.height - strip + 1;
  const box = { left: 4, top, width: viewport.width - 8, height: strip, lines };
  drawLegend(painter, model.totals, box, viewport.textSize, theme, markSize(memo));
  if (memo.transform.k === 1) drawLabels(painter, scene, viewport.textSize, theme);
}

/**
 * A task with its dependencies and dependents.
 *
 * @param {import('./view.js').Painter} painter
 * @param {GraphFrame} frame
 * @param {number} task
 */
function drawNear(painter, { models: [model], memo, theme }, task) {
  const { scene, transform } = memo;
  if (!scene || task >= model.tasks) return;
  const { x, y, sideways, bands, bandOf } = scene.arrangement;
  const { k, tx, ty } = transform;
  const { dependencies, dependents } = model.graph;
  const near = new Set([task]);
  painter.strokeStyle = theme.highlight;
  painter.lineWidth = 2;
  painter.beginPath();
  for (const rows of [dependencies, dependents]) {
    const end = Math.min(rows.starts[task + 1], rows.starts[task] + MOST_NEIGHBOURS);
    for (let i = rows.starts[task]; i < end; i++) {
      const other = rows.tasks[i];
      if (near.has(other)) continue;
      near.add(other);
      const [from, to] = rows === dependencies ? [other, task] : [task, other];
      traceEdge(painter, x[from], y[from], x[to], y[to], k, tx, ty, sideways);
    }
  }
  painter.stroke();
  for (const one of near) {
    const band = bands[bandOf[scene.sites.layerOf[one]]];
    const [middleX, middleY] = [x[one] * k + tx, y[one] * k + ty];
    const radius = Math.max(4, markRadius(band.cellWidth * k, band.cellHeight * k));
    drawMark(painter, model.state[one], middleX, middleY, radius, theme);
    painter.strokeStyle = theme.highlight;
    painter.lineWidth = one === task ? 3 : 1.5;
    painter.beginPath();
    painter.arc(middleX, middleY, radius + 2, 0, 2 * Math.PI);
    painter.stroke();
  }
}

/**
 * The same as shapes, for a drawing that can be scaled; tasks without marks of their own stay an image.
 *
 * @param {import('./svg-painter.js').SvgPainter} painter
 * @param {GraphFrame} frame
 */
function drawShapes(painter, frame) {
  const { models, memo, theme, viewport } = frame;
  const [model] = models;
  const { scene, transform } = memo;
  clear(painter, frame);
  if (!model || !scene) return;
  const { sites, arrangement, tasks } = scene;
  const area = visibleArea(frame);
  const edges = { graph: model.graph, sites, arrangement, transform, area, theme };
  for (const _ of drawEdges(painter, edges)) continue;
  if (tasks.marks) tasks.drawMarks(painter, area);
  else painter.drawImage(memo.taskLayer.canvas, 0, 0, viewport.width, viewport.height);
  drawTop(painter, frame);
}

/** @returns {CanvasRenderingContext2D} */
function createLayer() {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) throw new Error('this browser has no 2d context to draw on');
  return context;
}
