/*
 * Listings in a talk file: a fenced block of code with a `file` and nothing in it,
 *
 *     ```{.python file="listings/threads.py"}
 *     ```
 *
 * gets the text of that file of talk/, so that what is shown is what the tests run. Only talk files that
 * ship with the deck have such files; a name that is not there is left as it is.
 */

/** @type {Record<string, string>} */
const files = import.meta.glob('../../talk/listings/*.py', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/**
 * @param {string} talk a talk file
 * @returns {string}
 */
export function withListings(talk) {
  return talk.replace(
    /^(`{3,}.*\bfile="([^"]+)".*)\n(`{3,})$/gm,
    (block, opening, name, closing) => {
      const text = files[`../../talk/${name}`];
      return text === undefined ? block : `${opening}\n${text.trimEnd()}\n${closing}`;
    },
  );
}
