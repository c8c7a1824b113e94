/*
 * Replaces images that cannot be loaded by a plain box with the name of the file.
 */
import { MISSING } from './sanitise.js';
import { fileName, webUrl } from './web-url.js';

/** @param {HTMLElement} slide */
export function watchImages(slide) {
  for (const image of slide.querySelectorAll('img')) {
    const other = image.getAttribute(MISSING);
    if (other !== null || !image.hasAttribute('src')) {
      replaceMissing(image, image.alt, other ? `Not loaded: ${other}` : 'This image has no `src`');
      continue;
    }
    const url = webUrl(image.src, document.baseURI);
    const failure =
      url?.protocol === 'data:'
        ? 'This data: image cannot be read'
        : `Not found: ${url ? fileName(url) : image.src}`;
    // An image from another host then needs the same CORS header as the talk file itself.
    image.crossOrigin = 'anonymous';
    image.addEventListener('error', () => replaceMissing(image, image.alt, failure), {
      once: true,
    });
  }
}

/**
 * Replaces an image or a video by a box.
 *
 * @param {HTMLElement} element
 * @param {string} words its description, or an empty string
 * @param {string} text why it is missing
 */
export function replaceMissing(element, words, text) {
  const box = document.createElement('span');
  box.className = 'missing-image';
  box.style.cssText = element.style.cssText;
  if (words) {
    const description = document.createElement('strong');
    description.textContent = words;
    box.append(description);
  }
  const file = document.createElement('span');
  file.textContent = text;
  box.append(file);
  element.replaceWith(box);
}
