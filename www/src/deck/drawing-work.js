/*
 * Estimates how much a browser has to paint for an SVG drawing. Masks, clip paths, markers, patterns and `<use>`
 * may refer to each other, so a kilobyte of SVG can expand to a billion shapes and hang the browser. This
 * walks over a drawing in the way a browser paints it, and stops at a limit.
 */

/** The cost of a part, in simple shapes. Masks and filters are painted separately and then composited. */
const WEIGHTS = { mask: 50, filter: 100, clip: 2, part: 1 };

/** The deepest nesting of references: browsers recurse. */
const DEEPEST = 50;

const REFERENCE = /url\(\s*['"]?#([^'")]+)/g;
const INHERITED = /^(?:fill|stroke|marker.*)$/;
const NOT_PAINTED =
  /^(?:defs|mask|clipPath|marker|pattern|symbol|filter|linearGradient|radialGradient)$/;
const WITH_MARKERS = /^(?:path|line|polyline|polygon)$/;

/** @typedef {[property: string, id: string][]} References */

/**
 * @param {Element} drawing
 * @param {Object} options
 * @param {number} options.limit
 * @param {(id: string) => Element | null} options.find
 * @param {(element: Element) => string} [options.styleOf] what style sheets say about an element
 * @param {(url: string) => number} [options.imageWork] of an image in the drawing
 * @returns {number} more than the limit if there is more to paint
 */
export function paintingWork(drawing, { limit, find, styleOf = () => '', imageWork = () => 0 }) {
  let work = 0;
  /** Elements being painted by reference. Browsers do not paint those that refer to themselves. @type {Set<Element>} */
  const open = new Set();

  const referencesOf = (/** @type {Element} */ element) => {
    /** @type {References} */
    const found = [];
    for (const { name, value } of element.attributes) {
      if (name !== 'style') for (const [, id] of value.matchAll(REFERENCE)) found.push([name, id]);
    }
    const style = `${element.getAttribute('style') ?? ''};${styleOf(element)}`;
    for (const declaration of style.split(';')) {
      const [property] = declaration.split(':', 1);
      for (const [, id] of declaration.matchAll(REFERENCE)) found.push([property.trim(), id]);
    }
    return found;
  };

  /** @returns {References} references that an element inherits from its ancestors */
  const inheritedBy = (/** @type {Element} */ element) => {
    /** @type {References} */
    const found = [];
    for (
      let at = element.parentElement;
      at && at !== drawing.parentElement;
      at = at.parentElement
    ) {
      found.push(...referencesOf(at).filter(([property]) => INHERITED.test(property)));
    }
    return found;
  };

  /** Paints what a reference names, `times` times. @returns {void} */
  const paintTarget = (
    /** @type {string} */ id,
    /** @type {number} */ weight,
    /** @type {References | null} */ inherited = null,
    times = 1,
  ) => {
    const target = find(id);
    if (!target || open.has(target)) return;
    if (open.size >= DEEPEST) {
      work = Infinity;
      return;
    }
    const before = work;
    work += weight;
    open.add(target);
    const template = target.children.length === 0 ? hrefOf(target) : null;
    if (template !== null) paintTarget(template, 0);
    if (NOT_PAINTED.test(target.localName)) paintChildren(target, inherited ?? inheritedBy(target));
    else paint(target, inherited ?? inheritedBy(target));
    open.delete(target);
    if (times > 1) work += (work - before) * (times - 1);
  };

  const paintChildren = (/** @type {Element} */ element, /** @type {References} */ inherited) => {
    const own = referencesOf(element).filter(([property]) => INHERITED.test(property));
    const passed = own.length > 0 ? [...inherited, ...own] : inherited;
    for (const child of element.children) {
      if (work > limit) return;
      if (!NOT_PAINTED.test(child.localName)) paint(child, passed);
    }
  };

  const paint = (/** @type {Element} */ element, /** @type {References} */ inherited) => {
    if (open.size > 0) work += WEIGHTS.part;
    const references = [...inherited, ...referencesOf(element)];
    for (const [property, id] of references) {
      if (work > limit) return;
      if (/mask/.test(property)) paintTarget(id, WEIGHTS.mask);
      else if (/^clip/.test(property)) paintTarget(id, WEIGHTS.clip);
      else if (property === 'filter') paintTarget(id, WEIGHTS.filter);
      else if (/^marker/.test(property)) {
        if (WITH_MARKERS.test(element.localName)) paintTarget(id, 1, null, vertices(element));
      } else if (element.children.length === 0) paintTarget(id, 1);
    }
    const href = hrefOf(element);
    if (element.localName === 'use' && href !== null) {
      paintTarget(
        href,
        WEIGHTS.part,
        references.filter(([property]) => INHERITED.test(property)),
      );
    } else if (/^(?:image|feImage)$/.test(element.localName)) {
      if (href !== null) paintTarget(href, WEIGHTS.part);
      else work += imageWork(urlOf(element));
    }
    paintChildren(element, inherited);
  };

  paint(drawing, []);
  return work;
}

/** @param {Element} element */
function urlOf(element) {
  const attribute = [...element.attributes].find(({ localName }) => localName === 'href');
  return attribute?.value.trim() ?? '';
}

/** @param {Element} element @returns {string | null} the id that it refers to */
function hrefOf(element) {
  const url = urlOf(element);
  return url.startsWith('#') ? url.slice(1) : null;
}

/** An upper bound on the number of vertices. @param {Element} shape */
function vertices(shape) {
  const text = `${shape.getAttribute('d') ?? ''} ${shape.getAttribute('points') ?? ''}`;
  return 2 + (text.match(/\d+/g)?.length ?? 0);
}
