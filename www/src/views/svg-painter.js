/*
 * Writes what is drawn as SVG: the calls of a canvas context that views use (`Painter` in view.js), each as an
 * element. A picture that is saved this way can be scaled, edited, and put on a slide.
 */

/** @typedef {import('./view.js').Painter} Painter */

/** @typedef {Record<string, string | number>} Attributes */

/** How canvas names of text positions are called in SVG. @type {Record<string, string>} */
const anchors = { left: 'start', start: 'start', center: 'middle', right: 'end', end: 'end' };
/** @type {Record<string, string>} */
const baselines = { middle: 'central', top: 'hanging' };

/** @implements {Painter} */
export class SvgPainter {
  /** @type {any} */
  fillStyle = '#000000';
  /** @type {any} */
  strokeStyle = '#000000';
  lineWidth = 1;
  globalAlpha = 1;
  font = '16px sans-serif';
  /** @type {CanvasTextAlign} */
  textAlign = 'left';
  /** @type {CanvasTextBaseline} */
  textBaseline = 'alphabetic';
  #path = '';
  /** @type {number[]} */
  #dash = [];
  /** @type {string[]} */
  #elements = [];
  #width;
  #height;
  #measure;

  /**
   * @param {number} width CSS pixels
   * @param {number} height
   * @param {(text: string, font: string) => TextMetrics} measure
   */
  constructor(width, height, measure) {
    this.#width = width;
    this.#height = height;
    this.#measure = measure;
  }

  beginPath() {
    this.#path = '';
  }

  closePath() {
    this.#path += 'Z';
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.#path += `M${n(x)} ${n(y)}`;
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#path += `L${n(x)} ${n(y)}`;
  }

  /** @param {number[]} points */
  bezierCurveTo(...points) {
    this.#path += `C${points.map(n).join(' ')}`;
  }

  /**
   * A whole circle, the only arc that views draw.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} radius
   */
  arc(x, y, radius) {
    const r = n(radius);
    const half = (/** @type {number} */ to) => `A${r} ${r} 0 1 1 ${n(to)} ${n(y)}`;
    this.#path += `M${n(x + radius)} ${n(y)}${half(x - radius)}${half(x + radius)}Z`;
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   * @param {any} radius
   */
  roundRect(x, y, width, height, radius) {
    const r = n(Math.min(radius, width / 2, height / 2));
    const [w, h] = [width - 2 * r, height - 2 * r];
    const corner = (/** @type {number} */ dx, /** @type {number} */ dy) =>
      `a${r} ${r} 0 0 1 ${n(dx * r)} ${n(dy * r)}`;
    this.#path +=
      `M${n(x + r)} ${n(y)}h${n(w)}${corner(1, 1)}v${n(h)}${corner(-1, 1)}` +
      `h${n(-w)}${corner(-1, -1)}v${n(-h)}${corner(1, -1)}Z`;
  }

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.#dash = dash;
  }

  fill() {
    this.#add('path', { d: this.#path, ...this.#filled });
  }

  stroke() {
    this.#add('path', { d: this.#path, ...this.#stroked });
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  fillRect(x, y, width, height) {
    this.#add('rect', { ...box(x, y, width, height), ...this.#filled });
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  strokeRect(x, y, width, height) {
    this.#add('rect', { ...box(x, y, width, height), ...this.#stroked });
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    this.#add('text', { x: n(x), y: n(y), ...this.#lettered, ...this.#filled }, text);
  }

  /** @param {string} text */
  measureText(text) {
    return this.#measure(text, this.font);
  }

  /**
   * Puts in what cannot be drawn as shapes.
   *
   * @param {HTMLCanvasElement} canvas
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  drawImage(canvas, x, y, width, height) {
    this.#add('image', { ...box(x, y, width, height), href: canvas.toDataURL() });
  }

  /**
   * @param {string} title for screen readers
   * @returns {string} the file
   */
  toString(title = '') {
    const [w, h] = [n(this.#width), n(this.#height)];
    const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}">`;
    return `${open}\n<title>${escaped(title)}</title>\n${this.#elements.join('\n')}\n</svg>\n`;
  }

  /** @returns {Attributes} */
  get #filled() {
    return { fill: this.fillStyle, ...this.#pale };
  }

  /** @returns {Attributes} */
  get #stroked() {
    return {
      fill: 'none',
      stroke: this.strokeStyle,
      'stroke-width': n(this.lineWidth),
      ...(this.#dash.length > 0 && { 'stroke-dasharray': this.#dash.map(n).join(' ') }),
      ...this.#pale,
    };
  }

  /** @returns {Attributes} */
  get #pale() {
    return this.globalAlpha < 1 ? { opacity: n(this.globalAlpha) } : {};
  }

  /** @returns {Attributes} */
  get #lettered() {
    const [, weight = '400', size = '16', family = 'sans-serif'] =
      /^(?:(\d+) )?([\d.]+)px (.*)$/.exec(this.font) ?? [];
    return {
      'font-family': family,
      'font-size': size,
      'font-weight': weight,
      'text-anchor': anchors[this.textAlign],
      ...(baselines[this.textBaseline] && { 'dominant-baseline': baselines[this.textBaseline] }),
    };
  }

  /**
   * @param {string} name
   * @param {Attributes} attributes
   * @param {string} [text]
   */
  #add(name, attributes, text) {
    const written = Object.entries(attributes).map(
      ([key, value]) => ` ${key}="${escaped(String(value))}"`,
    );
    const end = text === undefined ? '/>' : `>${escaped(text)}</${name}>`;
    this.#elements.push(`<${name}${written.join('')}${end}`);
  }
}

/** A number with at most two decimals. @param {number} value */
function n(value) {
  return Math.round(value * 100) / 100;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function box(x, y, width, height) {
  return { x: n(x), y: n(y), width: n(Math.max(0, width)), height: n(Math.max(0, height)) };
}

/** @param {string} text */
function escaped(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
