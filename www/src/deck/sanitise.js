/*
 * A talk file is not to be trusted: it may come from anyone. What of its HTML reaches the page is
 * listed here, element by element and attribute by attribute; everything else is left out by
 * DOMPurify, and reported. No script and no handler, no frame, no form, no style that reaches beyond
 * the slide, no element of the page's own but <dag-demo>, and nothing is loaded from anywhere but
 * the page's origin and the talk's.
 */
import createDOMPurify from 'dompurify';
import { safeStyle } from './safe-style.js';

/** @import { Attributes } from './dialect/attributes.js' */

const ELEMENTS = [
  ...'body a abbr article aside b bdi bdo blockquote br caption center cite code col colgroup dd del'.split(
    ' ',
  ),
  ...'details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd'.split(
    ' ',
  ),
  ...'li main mark nav ol p pre q rp rt ruby s samp small span strong sub summary sup table tbody td'.split(
    ' ',
  ),
  ...'tfoot th thead time tr u ul var wbr'.split(' '),
  ...'svg g path rect circle ellipse line polyline polygon text tspan title desc defs marker'.split(
    ' ',
  ),
  ...'linearGradient radialGradient stop clipPath mask pattern'.split(' '),
];

const ATTRIBUTES = [
  ...'alt class colspan dir height href id lang open reversed role rowspan scope src start style title'.split(
    ' ',
  ),
  ...'width'.split(' '),
  // Code, fragments, and what reveal.js reads of a slide.
  ...'data-lines data-start data-fragment-index data-id data-auto-animate data-transition'.split(
    ' ',
  ),
  ...'data-transition-speed data-background-color data-background-gradient data-background-image'.split(
    ' ',
  ),
  ...'data-background-opacity data-background-position data-background-repeat'.split(' '),
  ...'data-background-size data-background-transition data-timing data-visibility'.split(' '),
  // Drawings.
  ...'clip-path clip-rule cx cy d dominant-baseline dx dy fill fill-opacity fill-rule font-family'.split(
    ' ',
  ),
  ...'font-size font-style font-weight gradientTransform gradientUnits letter-spacing marker-end'.split(
    ' ',
  ),
  ...'marker-mid marker-start markerHeight markerUnits markerWidth mask offset opacity orient'.split(
    ' ',
  ),
  ...'paint-order pathLength patternTransform patternUnits points preserveAspectRatio r refX refY'.split(
    ' ',
  ),
  ...'rotate rx ry spreadMethod stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset'.split(
    ' ',
  ),
  ...'stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor'.split(
    ' ',
  ),
  ...'textLength transform vector-effect viewBox visibility x x1 x2 y y1 y2 xmlns'.split(' '),
];

/** A demo takes any setting; programs name theirs. */
const DEMO_ATTRIBUTE = /^(?!on|style$|is$|slot$|part$|exportparts$|href$|src$)[a-z][a-z0-9-]*$/;

/** What fetches: the addresses in these are checked, and made absolute. */
const SOURCES = ['src', 'recording', 'fallback', 'data-background-image'];

/** What would fetch from within a colour or a mask. */
const LOADS = /url\s*\((?!\s*['"]?#)|image(?:-set)?\s*\(/i;

/** On an image that may not be loaded, its address. */
export const MISSING = 'data-missing';

/**
 * @typedef {Object} Sanitiser
 * @property {(html: string) => DocumentFragment} content
 * @property {(attributes: Attributes, element: HTMLElement) => void} attributes puts attributes on an
 *   element, those that are allowed
 */

/**
 * @param {URL} base the talk's address
 * @param {(what: string) => void} report tells what was left out
 * @returns {Sanitiser}
 */
export function createSanitiser(base, report) {
  const purifier = createDOMPurify(window);
  purifier.addHook('uponSanitizeAttribute', (node, data) => {
    const { attrName: name, attrValue: value } = data;
    if (name === 'style') data.attrValue = safeStyle(value);
    else if (name === 'href') data.attrValue = hrefOf(value, base, node.nodeName.toLowerCase());
    else if (SOURCES.includes(name)) {
      const address = sourceOf(value, base);
      data.keepAttr = address !== null;
      if (address !== null) data.attrValue = address;
      else if (name === 'src') node.setAttribute(MISSING, value);
    } else if (name === 'id') {
      data.keepAttr = /^\p{Letter}[\p{Letter}\p{Mark}\p{Number}_.:-]*$/u.test(value);
    }
    // A drawing's colours and marks may name parts of it; nothing else names an address.
    else if (LOADS.test(value)) data.keepAttr = false;
  });
  purifier.addHook('afterSanitizeAttributes', (node) => {
    if (node.nodeName.toLowerCase() !== 'a' || !node.hasAttribute('href')) return;
    if (node.getAttribute('href')?.startsWith('#')) return;
    node.setAttribute('target', '_blank');
    node.setAttribute('rel', 'noopener noreferrer');
  });
  const content = (/** @type {string} */ html) => {
    const fragment = purifier.sanitize(html, {
      ALLOWED_TAGS: ELEMENTS,
      ALLOWED_ATTR: [...ATTRIBUTES, 'recording', 'fallback'],
      ALLOW_DATA_ATTR: false,
      ALLOWED_URI_REGEXP:
        /^(?:https?:|mailto:|tel:|data:image\/|#|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
      CUSTOM_ELEMENT_HANDLING: {
        tagNameCheck: /^dag-demo$/,
        attributeNameCheck: DEMO_ATTRIBUTE,
        allowCustomizedBuiltInElements: false,
      },
      FORBID_CONTENTS: ['script', 'style', 'template', 'noscript', 'iframe', 'object', 'textarea'],
      RETURN_DOM_FRAGMENT: true,
    });
    for (const what of leftOut(purifier.removed)) report(what);
    return fragment;
  };
  return {
    content,
    attributes(attributes, element) {
      const wild = document.implementation.createHTMLDocument('').createElement('div');
      for (const [name, value] of attributes) wild.setAttribute(name, value);
      const tame = content(wild.outerHTML).firstElementChild;
      for (const { name, value } of tame?.attributes ?? []) element.setAttribute(name, value);
    },
  };
}

/**
 * The address of what a slide loads, or null when it is neither the page's nor the talk's.
 *
 * @param {string} value
 * @param {URL} base
 */
function sourceOf(value, base) {
  const url = URL.parse(value, base);
  if (!url) return null;
  if (url.protocol === 'data:') return /^data:image\//i.test(value) ? value : null;
  const near = url.origin === location.origin || url.origin === base.origin;
  return near && /^https?:$/.test(url.protocol) ? url.href : null;
}

/**
 * A link from one slide to another, as reveal.js wants it; any other as an absolute address.
 *
 * @param {string} value
 * @param {URL} base
 * @param {string} element
 */
function hrefOf(value, base, element) {
  if (element !== 'a') return value.startsWith('#') ? value : '';
  if (value.startsWith('#')) return value.replace(/^#\/?/, '#/');
  const url = URL.parse(value, base);
  return url && /^(?:https?|mailto|tel):$/.test(url.protocol) ? url.href : '';
}

/**
 * @param {import('dompurify').DOMPurify['removed']} removed
 * @returns {string[]}
 */
function leftOut(removed) {
  return removed.flatMap((one) => {
    if ('element' in one) {
      return one.element.nodeType === Node.ELEMENT_NODE
        ? [`<${one.element.nodeName.toLowerCase()}>`]
        : [];
    }
    return one.attribute ? [`${one.attribute.name}="${one.attribute.value.slice(0, 80)}"`] : [];
  });
}
