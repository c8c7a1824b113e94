/*
 * Draws the tasks of a graph on a layer of their own: as marks where there is room, as cells of
 * pixels where there are many. When states change, only the changed tasks are drawn again; all tasks
 * are drawn only after a zoom or a resize.
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
 * A rectangle of device pixels.
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
  /** The number of changes in the log that are drawn. */
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
  #width = 0;
  #height = 0;
  /** Per band, the size of a cell in device pixels: width, height. */
  #cells;
  /** Per band, the rectangle drawn since the last `takeDirt`: left, top, right, bottom. */
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
    this.#cells = new Float64Array(arrangement.bands.length * 2);
    this.#dirt = new Float64Array(arrangement.bands.length * 4);
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
    this.#width = width;
    this.#height = height;
    this.#transform = transform;
    this.#ratio = viewport.ratio;
    if (theme !== this.#theme) this.#colours = statePixels(theme);
    this.#theme = theme;
    const { bands } = this.#arrangement;
    const scale = transform.k * viewport.ratio;
    bands.forEach(({ cellWidth, cellHeight }, index) => {
      this.#cells[index * 2] = cellWidth * scale;
      this.#cells[index * 2 + 1] = cellHeight * scale;
    });

    let count = 0;
    let smallest = Infinity;
    forEachRange(this.#sites, this.#arrangement, area, (from, to, band) => {
      const { cellWidth, cellHeight } = bands[band];
      count += to - from;
      smallest = Math.min(smallest, cellWidth * transform.k, cellHeight * transform.k);
    });
    this.#marks = smallest >= SMALLEST_MARK && count <= MOST_MARKS;
    context.setTransform(1, 0, 0, 1, 0, 0);
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
    const drawn = this.#drawn;
    drawn.set(state);
    forEachRange(this.#sites, this.#arrangement, area, (from, to, band) => {
      if (this.#dots(band)) this.#drawDots(from, to, band, true);
      else for (let i = from; i < to; i++) this.#draw(tasks[i], drawn[tasks[i]], band);
    });
    this.#seen = this.#model.changes.total;
    if (this.#image) context.putImageData(this.#image, 0, 0);
    this.#clean();
  }

  /**
   * Draws the visible tasks as marks with another painter.
   *
   * @param {import('./view.js').Painter} painter
   * @param {{ left: number, top: number, right: number, bottom: number }} area visible, at zoom 1
   */
  drawMarks(painter, area) {
    const { k, tx, ty } = this.#transform;
    const { x, y, bands } = this.#arrangement;
    forEachRange(this.#sites, this.#arrangement, area, (from, to, band) => {
      const { cellWidth, cellHeight } = bands[band];
      const radius = markRadius(cellWidth * k, cellHeight * k);
      for (let i = from; i < to; i++) {
        const task = this.#sites.tasks[i];
        const state = this.#model.state[task];
        const theme = /** @type {Theme} */ (this.#theme);
        drawMark(painter, state, x[task] * k + tx, y[task] * k + ty, radius, theme);
      }
    });
  }

  /**
   * Draws the tasks whose state has changed since the last draw.
   *
   * @returns {Dirt[]} what has been drawn
   */
  drawChanged() {
    const { changes, state } = this.#model;
    const behind = changes.total - this.#seen;
    if (behind === 0) return [];
    this.#toCssPixels();
    const drawn = this.#drawn;
    if (behind <= changes.log.length) {
      const { log } = changes;
      const mask = log.length - 1;
      for (let n = this.#seen; n < changes.total; n++) {
        const task = log[n & mask];
        if (drawn[task] !== state[task]) this.#drawOne(task);
      }
    } else {
      const { starts, tasks } = this.#sites;
      this.#arrangement.bands.forEach(({ firstLayer, endLayer }, band) => {
        const [from, to] = [starts[firstLayer], starts[endLayer]];
        if (this.#dots(band)) {
          this.#drawDots(from, to, band, false);
          return;
        }
        for (let i = from; i < to; i++) {
          if (drawn[tasks[i]] !== state[tasks[i]]) this.#drawOne(tasks[i]);
        }
      });
    }
    this.#seen = changes.total;
    return this.#takeDirt();
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
   * @param {number} band
   */
  #draw(task, state, band) {
    const { k, tx, ty } = this.#transform;
    const { x, y } = this.#arrangement;
    const ratio = this.#ratio;
    const cells = this.#cells;
    const width = cells[band * 2];
    const height = cells[band * 2 + 1];
    const left = (x[task] * k + tx) * ratio - width / 2;
    const top = (y[task] * k + ty) * ratio - height / 2;
    const right = left + width;
    const bottom = top + height;
    if (left >= this.#width || top >= this.#height || right <= 0 || bottom <= 0) return;
    const dirt = this.#dirt;
    const at = band * 4;
    if (left < dirt[at]) dirt[at] = left;
    if (top < dirt[at + 1]) dirt[at + 1] = top;
    if (right > dirt[at + 2]) dirt[at + 2] = right;
    if (bottom > dirt[at + 3]) dirt[at + 3] = bottom;

    if (this.#marks) {
      const radius = markRadius(width / ratio, height / ratio);
      const context = this.#context;
      const [middleX, middleY] = [x[task] * k + tx, y[task] * k + ty];
      context.clearRect(left / ratio, top / ratio, width / ratio, height / ratio);
      drawMark(context, state, middleX, middleY, radius, /** @type {Theme} */ (this.#theme));
    } else if (this.#dots(band)) {
      this.#dot((left + width / 2) | 0, (top + height / 2) | 0, state);
    } else {
      this.#fill(left, top, right, bottom, state);
    }
  }

  /**
   * Sets one pixel; an erred task is never hidden.
   *
   * @param {number} x device pixels
   * @param {number} y
   * @param {number} state
   */
  #dot(x, y, state) {
    if (x < 0 || y < 0 || x >= this.#width || y >= this.#height) return;
    const at = y * this.#width + x;
    const pixels = this.#pixels;
    if (pixels[at] !== this.#colours[ERRED] || state === ERRED) pixels[at] = this.#colours[state];
  }

  /**
   * Whether the tasks of a band are single pixels.
   *
   * @param {number} band
   */
  #dots(band) {
    return !this.#marks && this.#cells[band * 2] < 1.5 && this.#cells[band * 2 + 1] < 1.5;
  }

  /**
   * Sets the pixels of many tasks of one band: what `#draw` does for one, in one loop, because a
   * million calls take too long for a frame.
   *
   * @param {number} from an index into the sites
   * @param {number} to excluded
   * @param {number} band
   * @param {boolean} all whether tasks that are drawn already are drawn again
   */
  #drawDots(from, to, band, all) {
    const { tasks } = this.#sites;
    const { x, y } = this.#arrangement;
    const { state } = this.#model;
    const drawn = this.#drawn;
    const pixels = this.#pixels;
    const colours = this.#colours;
    const erred = colours[ERRED];
    const width = this.#width;
    const height = this.#height;
    const ratio = this.#ratio;
    const scale = this.#transform.k * ratio;
    const atX = this.#transform.tx * ratio;
    const atY = this.#transform.ty * ratio;
    let [left, top, right, bottom] = [width, height, -1, -1];
    for (let i = from; i < to; i++) {
      const task = tasks[i];
      const now = state[task];
      if (!all && drawn[task] === now) continue;
      drawn[task] = now;
      const px = (x[task] * scale + atX) | 0;
      const py = (y[task] * scale + atY) | 0;
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      if (px < left) left = px;
      if (px > right) right = px;
      if (py < top) top = py;
      if (py > bottom) bottom = py;
      const at = py * width + px;
      if (pixels[at] !== erred || now === ERRED) pixels[at] = colours[now];
    }
    const dirt = this.#dirt;
    const at = band * 4;
    dirt[at] = Math.min(dirt[at], left);
    dirt[at + 1] = Math.min(dirt[at + 1], top);
    dirt[at + 2] = Math.max(dirt[at + 2], right + 1);
    dirt[at + 3] = Math.max(dirt[at + 3], bottom + 1);
  }

  /**
   * Fills a cell with pixels, at least one.
   *
   * @param {number} left device pixels
   * @param {number} top
   * @param {number} right
   * @param {number} bottom
   * @param {number} state
   */
  #fill(left, top, right, bottom, state) {
    const pixels = this.#pixels;
    const colour = this.#colours[state];
    const columns = this.#width;
    const gap = right - left >= 4 && bottom - top >= 4 ? 1 : 0;
    const fromX = Math.max(0, Math.round(left));
    const fromY = Math.max(0, Math.round(top));
    const toX = Math.min(columns, Math.max(fromX + 1, Math.round(right) - gap));
    const toY = Math.min(this.#height, Math.max(fromY + 1, Math.round(bottom) - gap));
    for (let y = fromY; y < toY; y++) {
      const row = y * columns;
      for (let x = fromX; x < toX; x++) pixels[row + x] = colour;
    }
  }

  /** @returns {Dirt[]} */
  #takeDirt() {
    const dirt = this.#dirt;
    /** @type {Dirt[]} */
    const taken = [];
    for (let at = 0; at < dirt.length; at += 4) {
      const left = Math.max(0, Math.floor(dirt[at]));
      const top = Math.max(0, Math.floor(dirt[at + 1]));
      const right = Math.min(this.#width, Math.ceil(dirt[at + 2]));
      const bottom = Math.min(this.#height, Math.ceil(dirt[at + 3]));
      if (right <= left || bottom <= top) continue;
      taken.push({ left, top, right, bottom });
      if (this.#image) {
        this.#context.putImageData(this.#image, 0, 0, left, top, right - left, bottom - top);
      }
    }
    this.#clean();
    return taken;
  }

  #clean() {
    const dirt = this.#dirt;
    for (let at = 0; at < dirt.length; at += 4) {
      dirt[at] = Infinity;
      dirt[at + 1] = Infinity;
      dirt[at + 2] = -Infinity;
      dirt[at + 3] = -Infinity;
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
