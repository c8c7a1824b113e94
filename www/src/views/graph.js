/*
 * The graph view: every task of the graph, at the place the engine gave it, in the colour and shape
 * of its state, while it runs.
 *
 *     edges layer   drawn once, in steps of a few milliseconds    (graph-edges.js)
 *     tasks layer   changed tasks only                            (graph-tasks.js)
 *     canvas        both layers, names of layers, legend, what the pointer is at
 *
 * Where all that lies in the box is a scene (graph-scene.js).
 * Wheel and pinch zoom, drag shifts, a double click goes back. It computes no layout (the engine
 * does) and no states (the model does).
 */
import { ERRED } from '../model/states.js';
import { frameLoop } from './frame-loop.js';
import { attachGestures } from './gestures.js';
import { drawEdges, traceEdge } from './graph-edges.js';
import { drawLabels } from './graph-labels.js';
import { createScene, taskAt } from './graph-scene.js';
import { isSorted, sitesOf } from './graph-sites.js';
import { markRadius } from './graph-tasks.js';
import { describeGraph, tipOf } from './graph-words.js';
import { drawLegend, drawMark, legendSize } from './marks.js';
import { createSurface } from './surface.js';
import { drawTooltip } from './text.js';
import { themes } from './theme.js';
import { identity, shifted, zoomedAbout } from './transform.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./graph-scene.js').Scene} Scene */
/** @typedef {import('./theme.js').Theme} Theme */

/** Milliseconds a frame may spend on edges. */
const EDGE_BUDGET_MS = 5;
/** More neighbours than this are not highlighted one by one. */
const MOST_NEIGHBOURS = 400;
/** A graph of more tasks is prepared over several frames. */
const MOST_AT_ONCE = 1 << 16;
/** How large the smallest cell may be made by zooming, CSS pixels. */
const LARGEST_CELL = 40;

/** @param {HTMLCanvasElement} canvas */
export function createGraphView(canvas) {
  /** @type {RunModel | null} */
  let model = null;
  /** @type {Theme} */
  let theme = themes.light;
  let transform = identity;
  /** @type {{ x: number, y: number } | null} */
  let pointer = null;
  /** @type {Scene | null} */
  let scene = null;
  /** Edges that are still to be drawn. @type {Generator<void, void, void> | null} */
  let edgesLeft = null;
  /** What must be drawn again: nothing, the top, or every layer. @type {'' | 'top' | 'all'} */
  let stale = 'all';
  let erredShown = false;
  let phaseShown = '';

  const edgeLayer = createLayer();
  const taskLayer = createLayer();

  /** @param {'top' | 'all'} what */
  const touch = (what) => {
    if (stale !== 'all') stale = what;
    frameLoop.wake();
  };
  const surface = createSurface(canvas, () => {
    scene = null;
    stale = 'all';
  });

  const gestures = attachGestures(surface, {
    zoom(factor, x, y) {
      if (!scene || !model) return;
      const { arrangement, smallest } = scene;
      const most = Math.max(4, LARGEST_CELL / smallest);
      transform = zoomedAbout(transform, factor, x, y, arrangement.box, most);
      gestures.hold(transform.k > 1);
      touch('all');
    },
    pan(dx, dy) {
      if (!scene || transform.k === 1) return;
      transform = shifted(transform, dx, dy, scene.arrangement.box);
      touch('all');
    },
    hover(at) {
      pointer = at;
      touch('top');
    },
    reset() {
      transform = identity;
      gestures.hold(false);
      touch('all');
    },
  });

  /** What is visible, in coordinates of zoom 1. */
  const visibleArea = () => {
    const { width, height } = surface.viewport;
    const { k, tx, ty } = transform;
    return {
      left: -tx / k,
      top: -ty / k,
      right: (width - tx) / k,
      bottom: (height - legendSize(surface.viewport).height - ty) / k,
    };
  };

  const drawLayers = () => {
    if (!model) return;
    const { viewport } = surface;
    scene ??= createScene(model, viewport, surface.context, taskLayer);
    for (const layer of [edgeLayer, taskLayer]) {
      if (layer.canvas.width !== canvas.width) layer.canvas.width = canvas.width;
      if (layer.canvas.height !== canvas.height) layer.canvas.height = canvas.height;
    }
    const area = visibleArea();
    scene.tasks.drawAll(transform, viewport, area, theme);
    edgeLayer.setTransform(1, 0, 0, 1, 0, 0);
    edgeLayer.clearRect(0, 0, canvas.width, canvas.height);
    edgeLayer.setTransform(viewport.ratio, 0, 0, viewport.ratio, 0, 0);
    const { sites, arrangement } = scene;
    edgesLeft = drawEdges(edgeLayer, {
      graph: model.graph,
      sites,
      arrangement,
      transform,
      area,
      theme,
    });
  };

  /** Draws edges for a while. */
  const drawSomeEdges = () => {
    if (!edgesLeft) return;
    const until = performance.now() + EDGE_BUDGET_MS;
    while (performance.now() < until) {
      if (!edgesLeft.next().done) continue;
      edgesLeft = null;
      return;
    }
  };

  /**
   * Puts the layers onto the canvas.
   *
   * @param {{ left: number, top: number, right: number, bottom: number }} part device pixels
   */
  const compose = (part) => {
    const { context } = surface;
    const [x, y, width, height] = [
      part.left,
      part.top,
      part.right - part.left,
      part.bottom - part.top,
    ];
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = theme.background;
    context.fillRect(x, y, width, height);
    context.drawImage(edgeLayer.canvas, x, y, width, height, x, y, width, height);
    context.drawImage(taskLayer.canvas, x, y, width, height, x, y, width, height);
  };

  /** The radius of the largest marks; null when tasks are drawn as cells. */
  const markSize = () => {
    if (!scene?.tasks.marks) return null;
    const { k } = transform;
    return scene.arrangement.bands.reduce(
      (most, { cellWidth, cellHeight }) =>
        Math.max(most, markRadius(cellWidth * k, cellHeight * k)),
      0,
    );
  };

  const clear = () => {
    surface.context.setTransform(1, 0, 0, 1, 0, 0);
    surface.context.fillStyle = theme.background;
    surface.context.fillRect(0, 0, canvas.width, canvas.height);
  };

  const drawTop = () => {
    const { context, viewport } = surface;
    context.setTransform(viewport.ratio, 0, 0, viewport.ratio, 0, 0);
    const size = viewport.textSize;
    if (!model || !scene) return;
    const task = pointer ? taskAt(scene, transform, pointer) : -1;
    if (task >= 0) drawHover(task);
    const { lines, height: strip } = legendSize(viewport);
    context.fillStyle = theme.background;
    context.fillRect(0, viewport.height - strip, viewport.width, strip);
    const top = viewport.height - strip + 1;
    const box = { left: 4, top, width: viewport.width - 8, height: strip, lines };
    drawLegend(context, model.totals, box, size, theme, markSize());
    if (transform.k === 1) drawLabels(context, scene, size, theme);
    if (pointer && task >= 0) {
      drawTooltip(context, viewport, theme, pointer, tipOf(model, task), size);
    }
  };

  /**
   * A task with its dependencies and dependents.
   *
   * @param {number} task
   */
  const drawHover = (task) => {
    if (!model || !scene) return;
    const { context } = surface;
    const { x, y, sideways, bands, bandOf } = scene.arrangement;
    const { k, tx, ty } = transform;
    const { dependencies, dependents } = model.graph;
    const near = new Set([task]);
    context.strokeStyle = theme.highlight;
    context.lineWidth = 2;
    context.beginPath();
    for (const [rows, inwards] of /** @type {const} */ ([
      [dependencies, true],
      [dependents, false],
    ])) {
      const end = Math.min(rows.starts[task + 1], rows.starts[task] + MOST_NEIGHBOURS);
      for (let i = rows.starts[task]; i < end; i++) {
        const other = rows.tasks[i];
        if (near.has(other)) continue;
        near.add(other);
        const [from, to] = inwards ? [other, task] : [task, other];
        traceEdge(context, x[from], y[from], x[to], y[to], k, tx, ty, sideways);
      }
    }
    context.stroke();
    for (const one of near) {
      const band = bands[bandOf[scene.sites.layerOf[one]]];
      const [middleX, middleY] = [x[one] * k + tx, y[one] * k + ty];
      const radius = Math.max(4, markRadius(band.cellWidth * k, band.cellHeight * k));
      drawMark(context, model.state[one], middleX, middleY, radius, theme);
      context.strokeStyle = theme.highlight;
      context.lineWidth = one === task ? 3 : 1.5;
      context.beginPath();
      context.arc(middleX, middleY, radius + 2, 0, 2 * Math.PI);
      context.stroke();
    }
  };

  return {
    /** @param {RunModel | null} next */
    setModel(next) {
      const sameGraph = next !== null && next.graph === model?.graph;
      model = next;
      scene = null;
      edgesLeft = null;
      phaseShown = '';
      if (!sameGraph) {
        transform = identity;
        gestures.hold(false);
      }
      touch('all');
    },
    /** @param {Theme} next */
    setTheme(next) {
      theme = next;
      touch('all');
    },
    draw() {
      if (!surface.visible()) return;
      if (model && model.totals[ERRED] > 0 !== erredShown) touch('top');
      if (model && model.phase !== phaseShown) {
        touch('top');
        surface.describe(describeGraph(model));
      }
      erredShown = model !== null && model.totals[ERRED] > 0;
      phaseShown = model?.phase ?? '';

      const whole = { left: 0, top: 0, right: canvas.width, bottom: canvas.height };
      if (!model) {
        if (stale) clear();
        stale = '';
        return;
      }
      if (!scene && model.tasks > MOST_AT_ONCE) {
        // One step a frame: by position, to its place, and only then onto the canvas.
        if (isSorted(model.graph)) {
          scene = createScene(model, surface.viewport, surface.context, taskLayer);
        } else sitesOf(model.graph);
        clear();
        touch('all');
        return;
      }
      if (stale === 'all' || !scene) drawLayers();
      const drawn = scene?.tasks.drawChanged() ?? [];
      const edgesGrew = edgesLeft !== null;
      drawSomeEdges();
      if (edgesLeft) frameLoop.wake();
      if (stale || edgesGrew || (pointer && drawn.length > 0)) {
        compose(whole);
        drawTop();
      } else {
        const end =
          (surface.viewport.height - legendSize(surface.viewport).height) * surface.viewport.ratio;
        for (const part of drawn) {
          const bottom = Math.min(part.bottom, Math.floor(end));
          if (bottom > part.top) compose({ ...part, bottom });
        }
      }
      stale = '';
    },
    /** Whether edges are still to be drawn. */
    busy: () => edgesLeft !== null && surface.visible(),
    describe: () => (model ? describeGraph(model) : ''),
    resize: surface.resize,
    dispose() {
      gestures.dispose();
      surface.dispose();
      edgeLayer.canvas.width = 0;
      taskLayer.canvas.width = 0;
    },
  };
}

/** @returns {CanvasRenderingContext2D} */
function createLayer() {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) throw new Error('this browser gives no 2d context to draw on');
  return context;
}
