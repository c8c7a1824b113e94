/*
 * Says what is missing on a page that is not cross-origin isolated, and how to get it. Such a page
 * works: only threads do not.
 */

/**
 * @returns {HTMLElement | null} null on an isolated page
 */
export function isolationNote() {
  if (window.crossOriginIsolated) return null;
  const note = document.createElement('aside');
  note.className = 'isolation-note';
  note.setAttribute('aria-label', 'Threads are off');
  const text = document.createElement('p');
  text.append(
    'Threads are off, because this page is not cross-origin isolated: demos run with the sync scheduler. ',
    'To turn them on, serve the site with ',
    code('make serve'),
    ', or have your server send the headers ',
    code('Cross-Origin-Opener-Policy: same-origin'),
    ' and ',
    code('Cross-Origin-Embedder-Policy: require-corp'),
    ' over HTTPS.',
  );
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = 'Close';
  close.addEventListener('click', () => note.remove());
  note.append(text, close);
  return note;
}

/** @param {string} text */
function code(text) {
  const element = document.createElement('code');
  element.textContent = text;
  return element;
}
