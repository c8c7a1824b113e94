/*
 * Checks SVG images that are `data:` URLs in a talk file. The page cannot inspect an image once it is shown. So each
 * is parsed and checked first, and the checked document is what is shown.
 */
import { paintingWork } from './drawing-work.js';

const DATA_URL = /^data:image\/svg\+xml([^,]*),([^#]*)/is;

/**
 * @param {string} url
 * @param {number} limit of painting work
 * @returns {{ url: string, work: number } | null} null if the image cannot be read, or has what cannot be
 *   checked
 */
export function checkedImage(url, limit) {
  const [, type, data] = DATA_URL.exec(url) ?? [];
  const source = data === undefined ? null : textOf(type, data);
  if (source === null || /<!ENTITY/i.test(source)) return null;
  const root = new DOMParser().parseFromString(source, 'image/svg+xml').documentElement;
  if (root.localName !== 'svg' || root.querySelector('parsererror')) return null;
  const styles = stylesIn(root);
  if (!styles || [...root.querySelectorAll('*')].some(isUnclear)) return null;
  const ids = new Map([...root.querySelectorAll('[id]')].reverse().map((one) => [one.id, one]));
  const work = paintingWork(root, {
    limit,
    find: (id) => ids.get(id) ?? null,
    styleOf: (element) => styles.get(element)?.join(';') ?? '',
    imageWork: (inner) => (isSvgImage(inner) ? (checkedImage(inner, limit)?.work ?? Infinity) : 1),
  });
  const text = new XMLSerializer().serializeToString(root);
  return { url: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`, work };
}

/** @param {string} url */
export function isSvgImage(url) {
  return /^\s*data:image\/svg/i.test(url);
}

/**
 * @param {string} type the rest of it, with parameters
 * @param {string} data
 */
function textOf(type, data) {
  const percent = data.replace(/%(?![0-9a-f]{2})/gi, '%25');
  try {
    const text = decodeURIComponent(percent);
    if (!/;\s*base64\s*$/i.test(type)) return text;
    return new TextDecoder().decode(Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)));
  } catch {
    return null;
  }
}

/**
 * Returns the declarations of style sheets that contain references, by element.
 *
 * @param {Element} root
 * @returns {Map<Element, string[]> | null} null if they have what is not looked into
 */
function stylesIn(root) {
  /** @type {Map<Element, string[]>} */
  const found = new Map();
  for (const { textContent } of root.querySelectorAll('style')) {
    const text = textContent ?? '';
    if (/@import|:has\(/i.test(text)) return null;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    for (const rule of sheet.cssRules) {
      if (rule instanceof CSSFontFaceRule || !/url\(|inherit|var\(/.test(rule.cssText)) continue;
      if (!(rule instanceof CSSStyleRule) || rule.cssRules.length > 0) return null;
      if (isUnclearStyle(rule.style.cssText)) return null;
      for (const element of root.querySelectorAll(rule.selectorText)) {
        found.set(element, [...(found.get(element) ?? []), rule.style.cssText]);
      }
    }
  }
  return found;
}

/** Returns whether an element may contain references that are not checked. @param {Element} element */
function isUnclear({ localName, attributes }) {
  return [...attributes].some(({ name, value, prefix }) => {
    if (/^(?:set|animate)$/.test(localName)) {
      return /url\(/.test(value) || /href|mask|clip|filter|marker|style|class/.test(value);
    }
    if (name === 'style') return isUnclearStyle(value) || value.includes('\\');
    if (/^(?:mask|clip-path|filter)$/.test(name) && /inherit|var\(|\\/.test(value)) return true;
    return !prefix && /\\/.test(value) && /\(/.test(value);
  });
}

/** @param {string} text */
function isUnclearStyle(text) {
  return (
    /(?:mask|clip-path|filter)[^;]*(?:inherit|var\()/.test(text) ||
    /--[^;]*url\(/.test(text) ||
    /url\(\s*['"]?(?!['"]?#)/.test(text)
  );
}
