/*
 * The listings that ship with the deck. An empty code block with a `file`,
 *
 *     ```{.python file="listings/slides/threads.py"}
 *     ```
 *
 * shows that file of talk/. So the code on a slide is the code that the tests run.
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
