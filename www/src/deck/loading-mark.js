/*
 * A talk that hangs or crashes the page cannot report it. So a mark is kept in the tab's storage while a talk is
 * being loaded. If the mark is still there at the next load, the talk did not finish, and is not loaded again
 * automatically.
 */

const KEY = 'dagdeck-loading';

/** The speaker's window and pages with several decks load the same talk in several frames at once. */
const inFrame = () => window.top !== window;

/**
 * Returns and removes the mark that an earlier load left.
 *
 * @param {string} talk identifies the talk
 * @returns {string | null} why that load did not finish, or null if it did
 */
export function takeUnfinished(talk) {
  if (inFrame()) return null;
  try {
    const mark = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    sessionStorage.removeItem(KEY);
    return mark?.talk === talk ? String(mark.why) : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} talk
 * @param {string} why the message for the next load, if it finds the mark
 */
export function markLoading(talk, why) {
  store(talk, why);
  // A page that still gets this event does not hang.
  addEventListener('pagehide', unmarkLoading, { once: true });
}

export function unmarkLoading() {
  if (inFrame()) return;
  removeEventListener('pagehide', unmarkLoading);
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Without storage there is no mark to remove.
  }
}

/**
 * Leaves a mark for the next load.
 *
 * @param {string} talk
 * @param {string} why
 * @returns {boolean} false if it cannot be stored
 */
export function markFailed(talk, why) {
  removeEventListener('pagehide', unmarkLoading);
  return store(talk, why);
}

/**
 * @param {string} talk
 * @param {string} why
 */
function store(talk, why) {
  if (inFrame()) return false;
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ talk, why }));
    return true;
  } catch {
    return false;
  }
}
