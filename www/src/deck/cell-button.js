import { elementOf, h } from '../page/h.js';

/**
 * A button of a listing that runs.
 *
 * @param {string} text
 * @param {string} title
 * @param {() => void} onClick
 */
export function button(text, title, onClick) {
  return /** @type {HTMLButtonElement} */ (
    elementOf(h('button', { type: 'button', title, onClick }, text))
  );
}
