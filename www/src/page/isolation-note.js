/*
 * Says what is missing on a page that is not cross-origin isolated, and how to get it. Such a page
 * works: only threads do not.
 */
import { createNote } from './note.js';

/** @returns {HTMLElement} */
export function isolationNote() {
  return createNote(
    'Threads are off',
    [
      'Threads are off, because this page is not cross-origin isolated: demos run with the sync scheduler. ',
      'To turn them on, serve the site with ',
      code('make serve'),
      ', or have your server send the headers ',
      code('Cross-Origin-Opener-Policy: same-origin'),
      ' and ',
      code('Cross-Origin-Embedder-Policy: require-corp'),
      ' over HTTPS.',
    ],
    { Close() {} },
  );
}

/** @param {string} text */
function code(text) {
  const element = document.createElement('code');
  element.textContent = text;
  return element;
}
