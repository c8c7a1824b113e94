/*
 * Says whether this page can run Python.
 */

/** Whether the site was built with Python. */
export const hasPython = typeof __PYTHON__ !== 'undefined' && __PYTHON__;

/** @returns {string | null} why this page cannot run Python; null if it can */
export function whyNoPython() {
  if (!hasPython) return 'this site was built without Python';
  if (!globalThis.crossOriginIsolated) {
    return 'Python needs threads, and this page is not cross-origin isolated';
  }
  return null;
}
