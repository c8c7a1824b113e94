/*
 * Reloads the deck when its talk file is saved, for authors who work on it. Only `serve.mjs` on this machine offers
 * this, by a header of the talk file; no other server gets a request for it.
 */

/**
 * Returns the URL of the stream of save events, if the server of a talk file offers one.
 *
 * @param {Response} response
 * @returns {string | null}
 */
export function savesOf({ headers, url }) {
  return headers.get('Dagdeck-Reload') === 'on-save' ? url : null;
}

/**
 * @param {string | null} saves from `savesOf`
 */
export function reloadOnSave(saves) {
  // Browsers limit the number of connections to a server, and the frames of the speaker's window would use them up.
  if (saves === null || window.parent !== window) return;
  /** @type {string | null} */
  let first = null;
  // It reconnects automatically, and then receives the current version.
  new EventSource(saves).addEventListener('message', ({ data }) => {
    first ??= data;
    // The URL's hash keeps the current slide.
    if (data !== first) location.reload();
  });
}
