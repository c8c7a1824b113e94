/*
 * Edits of cells in the URL of the deck: `index.html?edits=...#/slide`. They are packed JSON (src/cells/packed.js).
 */
import { pack, unpack } from '../cells/packed.js';

const NAME = 'edits';

const MOST_EDITS = 200;

/**
 * @typedef {Object} Edit
 * @property {string} slide its id
 * @property {number} number of the cell among those of the slide
 * @property {string} text
 */

/**
 * @param {string} query of the page
 * @returns {Promise<Edit[]>} none if the query has none; rejects with a message if they cannot be read
 */
export async function editsOf(query) {
  const packed = new URLSearchParams(query).get(NAME);
  if (packed === null) return [];
  const text = await unpack(packed);
  try {
    const entries = JSON.parse(text);
    if (!Array.isArray(entries) || entries.length > MOST_EDITS) throw new Error('not a short list');
    return entries.map(([slide, number, code]) => {
      const isEdit =
        typeof slide === 'string' && Number.isInteger(number) && typeof code === 'string';
      if (!isEdit) throw new Error('not an edit');
      return { slide, number, text: code };
    });
  } catch (error) {
    throw new Error('The edits in the URL cannot be read. The URL may have been changed.', {
      cause: error,
    });
  }
}

/**
 * Returns a page's URL with these edits in place of those that it has.
 *
 * @param {Edit[]} edits
 * @param {string} href
 * @returns {Promise<string>} rejects with a message if they are too long
 */
export async function linkWith(edits, href) {
  const url = new URL(href);
  url.searchParams.delete(NAME);
  if (edits.length > 0) {
    const entries = edits.map(({ slide, number, text }) => [slide, number, text]);
    url.searchParams.set(NAME, await pack(JSON.stringify(entries)));
  }
  return url.href;
}
