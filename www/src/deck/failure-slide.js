/*
 * The slide that is shown instead of a talk that cannot be shown: it says why, and links to dagdeck's own talk.
 */
import { elementOf, h } from '../page/h.js';

/**
 * @param {string} message
 * @param {string} url of dagdeck's own talk
 * @returns {HTMLElement}
 */
export function failureSlide(message, url) {
  const link = h('a', { href: url }, 'dagdeck’s own talk');
  const slide = h('div', { class: 'slide' }, [
    h('h3', null, 'This talk cannot be shown'),
    h('p', null, `${message}.`),
    h('p', null, ['Drop a Markdown file here, or go to ', link, ' (key D).']),
  ]);
  return elementOf(h('section', null, slide));
}
