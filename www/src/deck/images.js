/*
 * Images that are not there do not look broken: a plain box with the name of the file takes their
 * place.
 */
import { MISSING } from './sanitise.js';

/** @param {HTMLElement} slide */
export function watchImages(slide) {
  for (const image of slide.querySelectorAll('img')) {
    const other = image.getAttribute(MISSING);
    if (other !== null || !image.hasAttribute('src')) {
      replace(image, other ? `Not loaded: ${other}` : 'An image without an address');
      continue;
    }
    const name = decodeURIComponent(new URL(image.src).pathname.split('/').pop() ?? '');
    // With it, an image of another host needs no more than the talk itself did.
    image.crossOrigin = 'anonymous';
    image.addEventListener('error', () => replace(image, `Not found: ${name}`), { once: true });
  }
}

/**
 * @param {HTMLImageElement} image
 * @param {string} text
 */
function replace(image, text) {
  const box = document.createElement('span');
  box.className = 'missing-image';
  box.style.cssText = image.style.cssText;
  if (image.alt) {
    const words = document.createElement('strong');
    words.textContent = image.alt;
    box.append(words);
  }
  const file = document.createElement('span');
  file.textContent = text;
  box.append(file);
  image.replaceWith(box);
}
