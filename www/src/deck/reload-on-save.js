/*
 * Reloads the deck when the talk file it presents was saved, for authors who write beside it. Only
 * `serve.mjs` on this machine offers that, by a header of the talk file; no other server is asked.
 */

/**
 * Returns the URL that tells about saves, if the server of a talk file offers them.
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
  // Frames of the speaker's window would use up the few connections that a browser opens to a server.
  if (saves === null || window.parent !== window) return;
  /** @type {string | null} */
  let first = null;
  // It reconnects by itself, and hears the current version then.
  new EventSource(saves).addEventListener('message', ({ data }) => {
    first ??= data;
    // The slide is in the URL's hash, and stays.
    if (data !== first) location.reload();
  });
}
