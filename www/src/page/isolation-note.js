/*
 * Tells the reader if the page is not cross-origin isolated, and how to fix that. Such a page works, but without
 * threads.
 */
import { h } from './h.js';
import { createNote } from './note.js';

/** @returns {HTMLElement} */
export function isolationNote() {
  return createNote(
    'Threads are off',
    [
      'Threads are off because this page is not cross-origin isolated. Demos run with the sync scheduler, or, if you choose it, with processes. ',
      'For threads, serve the site with ',
      h('code', null, 'make serve'),
      ', or configure your server to send the headers ',
      h('code', null, 'Cross-Origin-Opener-Policy: same-origin'),
      ' and ',
      h('code', null, 'Cross-Origin-Embedder-Policy: require-corp'),
      ' over HTTPS.',
    ],
    { Close() {} },
  );
}
