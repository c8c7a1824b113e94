/*
 * A talk file is untrusted: it may come from anyone. allowed.js lists the elements and attributes that may reach the
 * page; DOMPurify leaves out everything else, and it is reported. There are no scripts, event handlers, frames or
 * forms, no styles that reach beyond the slide, and no custom element except <dag-demo>. Files are loaded only from
 * the page's origin and the talk's.
 */
import createDOMPurify from 'dompurify';
import { attributes, demoAttribute, elements, loads, reservedClasses, sources } from './allowed.js';
import { LINE } from './dialect/places.js';
import { inWords, limits } from './limits.js';
import { safeStyle } from './safe-style.js';
import { webUrl } from './web-url.js';

/** @import { Attributes } from './dialect/attributes.js' */

const ID = /^\p{Letter}[\p{Letter}\p{Mark}\p{Number}_.:-]*$/u;

/** Attributes whose values are plain text. */
const TEXTS = /^(?:alt|title|class|aria-.*)$/;

/** The attribute that keeps the URL of an image that may not be loaded. */
export const MISSING = 'data-missing';

const { getAttribute, removeAttribute, remove } = Element.prototype;
const attributesOf = /** @type {() => NamedNodeMap} */ (
  Object.getOwnPropertyDescriptor(Element.prototype, 'attributes')?.get
);

/**
 * @typedef {Object} Sanitiser
 * @property {(html: string) => DocumentFragment} content
 * @property {(node: Node | null) => number | null} lineOf the line in the talk file on which an element stands
 * @property {(attributes: Attributes, element: HTMLElement) => void} attributes puts the allowed ones
 *   among some attributes on an element
 */

/**
 * @param {URL} base the talk's URL
 * @param {(message: string, line: number | null) => void} report tells what was left out, and the line
 *   in the talk file if the HTML says it
 * @returns {Sanitiser}
 */
export function createSanitiser(base, report) {
  const purifier = createDOMPurify(window);
  /** @type {WeakMap<Node, number>} */
  const lines = new WeakMap();
  const lineOf = (/** @type {Node | null} */ node) => (node && lines.get(node)) ?? null;
  purifier.addHook('beforeSanitizeElements', (node) => {
    if (!(node instanceof Element)) return;
    // The fields of a form can shadow its methods.
    const line = Number(getAttribute.call(node, LINE)) || 0;
    if (line > 0) lines.set(node, line);
    removeAttribute.call(node, LINE);
    const { length } = attributesOf.call(node);
    if (length > limits.attributes && node.localName !== 'body') {
      remove.call(node);
      report(
        `<${node.localName}> was left out: it has ${inWords(length)} attributes; ` +
          `up to ${limits.attributes} are allowed`,
        line || null,
      );
    }
  });
  purifier.addHook('uponSanitizeAttribute', (node, data) => {
    const { attrName: name, attrValue: value } = data;
    if (name === 'style') data.attrValue = safeStyle(value);
    else if (name === 'class') data.attrValue = freeClasses(value);
    else if (name === 'href') keep(data, hrefOf(value, base, node.nodeName.toLowerCase()));
    else if (sources.includes(name)) {
      keep(data, sourceOf(value, base, name));
      if (!data.keepAttr && name === 'src') node.setAttribute(MISSING, value);
    } else if (name === 'id') data.keepAttr = ID.test(value);
    // Colours and markers of a drawing may refer to parts of it. No other attribute may hold a URL.
    else if (!TEXTS.test(name) && loads.test(value)) data.keepAttr = false;
  });
  purifier.addHook('beforeSanitizeAttributes', (node) => {
    if (node.nodeName.toLowerCase() !== 'video' || !node.hasAttribute('autoplay')) return;
    // videos.js starts it with its slide.
    node.removeAttribute('autoplay');
    node.setAttribute('data-autoplay', '');
  });
  purifier.addHook('afterSanitizeAttributes', (node) => {
    if (node.nodeName.toLowerCase() !== 'a' || !node.hasAttribute('href')) return;
    if (node.getAttribute('href')?.startsWith('#')) return;
    node.setAttribute('target', '_blank');
    node.setAttribute('rel', 'noopener noreferrer');
  });
  const content = (/** @type {string} */ html) => {
    const fragment = purifier.sanitize(html, {
      ALLOWED_TAGS: elements,
      ALLOWED_ATTR: [...attributes, ...sources],
      ALLOW_DATA_ATTR: false,
      ALLOWED_URI_REGEXP:
        /^(?:https?:|mailto:|tel:|data:image\/|#|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
      CUSTOM_ELEMENT_HANDLING: {
        tagNameCheck: /^dag-demo$/,
        attributeNameCheck: demoAttribute,
        allowCustomizedBuiltInElements: false,
      },
      FORBID_CONTENTS: ['script', 'style', 'template', 'noscript', 'iframe', 'object', 'textarea'],
      RETURN_DOM_FRAGMENT: true,
    });
    for (const { what, node } of leftOut(purifier.removed)) {
      report(`${what} is not allowed in a talk: it was left out`, lineOf(node));
    }
    return fragment;
  };
  return {
    content,
    lineOf,
    attributes(wanted, element) {
      const wild = document.implementation.createHTMLDocument('').createElement('div');
      for (const [name, value] of wanted) wild.setAttribute(name, value);
      const tame = content(wild.outerHTML).firstElementChild;
      for (const { name, value } of tame?.attributes ?? []) element.setAttribute(name, value);
    },
  };
}

/**
 * @param {{ attrValue: string, keepAttr: boolean | undefined }} data of an attribute
 * @param {string | null} value null takes it away
 */
function keep(data, value) {
  data.keepAttr = value !== null;
  data.attrValue = value ?? '';
}

/**
 * Returns the URL of a file that a slide loads, or null if it is neither on the page's origin nor on the talk's.
 *
 * @param {string} value
 * @param {URL} base
 * @param {string} name of the attribute
 */
function sourceOf(value, base, name) {
  const url = webUrl(value, base);
  const isBackground = name === 'data-background-image';
  if (url?.protocol === 'data:') {
    // reveal.js puts a background into a style without escaping it.
    const allowed = /^data:image\//i.test(value) && !(isBackground && /[()'"\\\s]/.test(value));
    return allowed ? value : null;
  }
  const near = url?.origin === location.origin || url?.origin === base.origin;
  if (!url || !near || !/^https?:$/.test(url.protocol)) return null;
  // reveal.js splits a background at commas.
  return isBackground ? url.href.replaceAll(',', '%2C') : url.href;
}

/** @param {string} value */
function freeClasses(value) {
  return value
    .split(/\s+/)
    .filter((name) => !reservedClasses.has(name))
    .join(' ');
}

/**
 * Returns a link to another slide in the form that reveal.js expects, and any other link as an absolute URL; or null
 * if it is neither a web page nor an email address or a phone number.
 *
 * @param {string} value
 * @param {URL} base
 * @param {string} element
 */
function hrefOf(value, base, element) {
  if (element !== 'a') return value.startsWith('#') ? value : null;
  if (value.startsWith('#')) return value.replace(/^#\/?/, '#/');
  const url = webUrl(value, base);
  return url && /^(?:https?|mailto|tel):$/.test(url.protocol) ? url.href : null;
}

/**
 * @param {import('dompurify').DOMPurify['removed']} removed
 * @returns {{ what: string, node: Node }[]}
 */
function leftOut(removed) {
  return removed.flatMap((one) => {
    if ('element' in one) {
      return one.element.nodeType === Node.ELEMENT_NODE
        ? [{ what: `<${one.element.nodeName.toLowerCase()}>`, node: one.element }]
        : [];
    }
    const { attribute, from } = one;
    return attribute
      ? [{ what: `${attribute.name}="${attribute.value.slice(0, 80)}"`, node: from }]
      : [];
  });
}
