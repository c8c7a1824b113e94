/*
 * The files of listings that ship with the deck: a block of code with a `file` and nothing in it,
 *
 *     ```{.python file="listings/slides/threads.py"}
 *     ```
 *
 * shows that file of talk/, so that what is on a slide is what the tests run.
 */

/** @type {Record<string, string>} */
const files = import.meta.glob('../../talk/listings/**/*.py', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/**
 * @param {string} name as `listings/slides/threads.py`
 * @returns {string | null} null when there is none of that name
 */
export function listingFile(name) {
  return files[`../../talk/${name}`] ?? null;
}
