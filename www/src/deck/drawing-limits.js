/* Leaves out drawings and embedded SVG images of a talk that would take the browser seconds to paint. */
import { paintingWork } from './drawing-work.js';
import { limits } from './limits.js';
import { checkedImage, isSvgImage } from './svg-image.js';

const WHY =
  'its masks, clip paths, markers, patterns and uses add up to too much to paint. Nest fewer of them';

/**
 * @param {HTMLElement[]} slides of one talk, in the order in which they stand on the page
 * @param {(message: string, at: Element) => void} report
 */
export function limitDrawings(slides, report) {
  let left = limits.drawings;
  for (const slide of slides) {
    for (const image of slide.querySelectorAll('img')) limitImage(image, 'src');
    for (const section of [slide, ...slide.querySelectorAll('section')]) {
      limitImage(section, 'data-background-image');
    }
  }
  // Ids are global. When a drawing is removed, its ids may refer to another drawing, so a second round is needed.
  for (let round = 0; round < 2; round++) limitInline();

  /** @param {Element} element @param {string} name of the attribute */
  function limitImage(element, name) {
    const url = element.getAttribute(name) ?? '';
    if (!isSvgImage(url)) return;
    const limit = Math.min(left, limits.drawing);
    const checked = checkedImage(url, limit);
    if (checked && checked.work <= limit) {
      left -= checked.work;
      element.setAttribute(name, checked.url);
      return;
    }
    report(
      checked
        ? `this image is left out: ${WHY}`
        : 'this image is left out: it is not SVG, or its style sheet is too complex. Use attributes instead',
      element,
    );
    element.removeAttribute(name);
    if (name === 'src') element.replaceWith(leftOut());
  }

  function limitInline() {
    /** @type {Map<string, Element>} */
    const ids = new Map();
    for (const slide of slides) {
      for (const element of [slide, ...slide.querySelectorAll('[id]')]) {
        if (!ids.has(element.id)) ids.set(element.id, element);
      }
    }
    let inAll = limits.drawings;
    for (const drawing of slides.flatMap((slide) => [
      ...slide.querySelectorAll('svg:not(svg svg)'),
    ])) {
      const limit = Math.min(inAll, limits.drawing);
      const work = paintingWork(drawing, { limit, find: (id) => ids.get(id) ?? null });
      if (work > limit) {
        report(`this drawing is left out: ${WHY}`, drawing);
        drawing.replaceWith(leftOut());
      } else inAll -= work;
    }
  }
}

function leftOut() {
  const box = document.createElement('span');
  box.className = 'missing-image';
  box.textContent = 'Too much to paint';
  return box;
}
