/*
 * The tasks of a graph, drawn onto a layer of their own: as marks where there is room, as cells of
 * pixels where there are many. When states change, only the changed tasks are drawn again; how many
 * tasks there are matters only after a zoom or a resize.
 *
 * Where several tasks share a pixel, it shows the one that changed last, except that an erred task
 * is never hidden.
 */
import { ERRED } from '../model/states.js';
import { forEachRange } from './graph-arrangement.js';
import { drawMark, statePixels } from './marks.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./graph-arrangement.js').Arrangement} Arrangement */
/** @typedef {import('./graph-sites.js').Sites} Sites */
/** @typedef {import('./surface.js').Viewport} Viewport */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./transform.js').Transform} Transform */

/** Marks need cells of this many CSS pixels. */
const SMALLEST_MARK = 7;
/** More visible tasks than this are drawn as cells. */
const MOST_MARKS = 5000;

/**
 * A rectangle of device pixels; empty while `right` is not beyond `left`.
 *
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Dirt
 */

export class TaskLayer {
  #context;
  #sites;
  #arrangement;
  #model;
  /** Per task, the state that is drawn. */
  #drawn;
  /** How far the log of changes has been followed. */
  #seen = 0;
  #transform = { k: 1, tx: 0, ty: 0 };
  #ratio = 1;
  #marks = true;
  /** @type {Theme | null} */
  #theme = null;
  /** @type {Uint32Array} */
  #colours = new Uint32Array(0);
  /** @type {ImageData | null} */
  #image = null;
  #pixels = new Uint32Array(0);
  /** Per band, what has been drawn since it was last asked for. @type {Dirt[]} */
  #dirt;

  /**
   * @param {CanvasRenderingContext2D} context of a transparent canvas
   * @param {RunModel} model
   * @param {Sites} sites
   * @param {Arrangement} arrangement
   */
  constructor(context, model, sites, arrangement) {
    this.#context = context;
    this.#model = model;
    this.#sites = sites;
    this.#arrangement = arrangement;
    this.#drawn = new Uint8Array(model.tasks);
    this.#dirt = arrangement.bands.map(clean);
  }

  /** Whether tasks are drawn as marks, one by one. */
  get marks() {
    return this.#marks;
  }

  /**
   * Draws every visible task.
   *
   * @param {Transform} transform
   * @param {Viewport} viewport
   * @param {{ left: number, top: number, right: number, bottom: number }} area visible, at zoom 1
   * @param {Theme} theme
   */
  drawAll(transform, viewport, area, theme) {
    const context = this.#context;
    const { width, height } = context.canvas;
    this.#transform = transform;
    this.#ratio = viewport.ratio;
    if (theme !== this.#theme) this.#colours = statePixels(theme);
    this.#theme = theme;

    let count = 0;
    let smallest = Infinity;
    forEachRange(this.#sites, this.#arrangement, area, (from, to, band) => {
      const { cellWidth, cellHeight } = this.#arrangement.bands[band];
      count += to - from;
      smallest = Math.min(smallest, cellWidth * transform.k, cellHeight * transform.k);
    });
    this.#marks = smallest >= SMALLEST_MARK && count <= MOST_MARKS;
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    if (this.#marks) {
      this.#image = null;
    } else if (!this.#image || this.#image.width !== width || this.#image.height !== height) {
      this.#image = context.createImageData(width, height);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
    } else {
      this.#pixels.fill(0);
    }
    this.#toCssPixels();

    const { state } = this.#model;
    const { tasks } = this.#sites;
    forEachRange(this.#sites, this.#arrangement, area, (from, to, band) => {
      for (let i = from; i < to; i++) this.#draw(tasks[i], state[tasks[i]], band);
    });
    this.#drawn.set(state);
    this.#seen = this.#model.changes.total;
    if (this.#image) context.putImageData(this.#image, 0, 0);
    this.#dirt.forEach((dirt) => Object.assign(dirt, clean()));
  }

  /**
   * Draws the tasks whose state has changed since.
   *
   * @returns {Dirt[]} what has been drawn, in device pixels
   */
  drawChanged() {
    const { changes, state } = this.#model;
    const behind = changes.total - this.#seen;
    if (behind === 0) return [];
    this.#toCssPixels();
    if (behind <= changes.log.length) {
      const mask = changes.log.length - 1;
      for (let n = this.#seen; n < changes.total; n++) {
        const task = changes.log[n & mask];
        if (this.#drawn[task] !== state[task]) this.#drawOne(task);
      }
    } else {
      for (let task = 0; task < state.length; task++) {
        if (this.#drawn[task] !== state[task]) this.#drawOne(task);
      }
    }
    this.#seen = changes.total;

    const { width, height } = this.#context.canvas;
    /** @type {Dirt[]} */
    const drawn = [];
    for (const dirt of this.#dirt) {
      const left = Math.max(0, Math.floor(dirt.left));
      const top = Math.max(0, Math.floor(dirt.top));
      const right = Math.min(width, Math.ceil(dirt.right));
      const bottom = Math.min(height, Math.ceil(dirt.bottom));
      Object.assign(dirt, clean());
      if (right <= left || bottom <= top) continue;
      drawn.push({ left, top, right, bottom });
      if (this.#image) {
        this.#context.putImageData(this.#image, 0, 0, left, top, right - left, bottom - top);
      }
    }
    return drawn;
  }

  /** @param {number} task */
  #drawOne(task) {
    const state = this.#model.state[task];
    this.#drawn[task] = state;
    this.#draw(task, state, this.#arrangement.bandOf[this.#sites.layerOf[task]]);
  }

  /**
   * @param {number} task
   * @param {number} state
   * @param {number} index of its band
   */
  #draw(task, state, index) {
    const { k, tx, ty } = this.#transform;
    const { x, y, bands } = this.#arrangement;
    const band = bands[index];
    const ratio = this.#ratio;
    const width = band.cellWidth * k * ratio;
    const height = band.cellHeight * k * ratio;
    const left = (x[task] * k + tx) * ratio - width / 2;
    const top = (y[task] * k + ty) * ratio - height / 2;
    const { canvas } = this.#context;
    if (left >= canvas.width || top >= canvas.height || left + width <= 0 || top + height <= 0) {
      return;
    }
    const dirt = this.#dirt[index];
    if (left < dirt.left) dirt.left = left;
    if (top < dirt.top) dirt.top = top;
    if (left + width > dirt.right) dirt.right = left + width;
    if (top + height > dirt.bottom) dirt.bottom = top + height;

    if (this.#marks) {
      const radius = markRadius(band.cellWidth * k, band.cellHeight * k);
      const context = this.#context;
      const [middleX, middleY] = [x[task] * k + tx, y[task] * k + ty];
      context.clearRect(left / ratio, top / ratio, width / ratio, height / ratio);
      drawMark(context, state, middleX, middleY, radius, /** @type {Theme} */ (this.#theme));
    } else {
      this.#fill(left, top, width, height, state);
    }
  }

  /**
   * Fills a cell with pixels, at least one.
   *
   * @param {number} left device pixels
   * @param {number} top
   * @param {number} width
   * @param {number} height
   * @param {number} state
   */
  #fill(left, top, width, height, state) {
    const { canvas } = this.#context;
    const pixels = this.#pixels;
    const colour = this.#colours[state];
    const columns = canvas.width;
    if (width < 1.5 && height < 1.5) {
      const at = Math.floor(top + height / 2) * columns + Math.floor(left + width / 2);
      if (at < 0 || at >= pixels.length) return;
      if (pixels[at] !== this.#colours[ERRED] || state === ERRED) pixels[at] = colour;
      return;
    }
    const gap = width >= 4 && height >= 4 ? 1 : 0;
    const fromX = Math.max(0, Math.round(left));
    const fromY = Math.max(0, Math.round(top));
    const toX = Math.min(columns, Math.max(fromX + 1, Math.round(left + width) - gap));
    const toY = Math.min(canvas.height, Math.max(fromY + 1, Math.round(top + height) - gap));
    for (let y = fromY; y < toY; y++) {
      const row = y * columns;
      for (let x = fromX; x < toX; x++) pixels[row + x] = colour;
    }
  }

  #toCssPixels() {
    this.#context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
  }
}

/**
 * The radius of a mark in its cell, CSS pixels.
 *
 * @param {number} width of the cell
 * @param {number} height
 */
export function markRadius(width, height) {
  return Math.min(width, height) / 2 - 0.5;
}

/** @returns {Dirt} */
function clean() {
  return { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
}
