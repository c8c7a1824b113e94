/*
 * Parses a talk that is not dagdeck's own, in a worker with a time limit, so that no file can hang the page.
 */

/** @import { Talk } from './markdown.js' */

const START_LIMIT_MS = 15_000;
/** Long talks take a tenth of this, even on phones. */
const PARSE_LIMIT_MS = 3000;

/**
 * @param {string} text a talk file
 * @returns {Promise<Talk>} rejects with a message for the author
 */
export async function readTalk(text) {
  const worker = new Worker(new URL('./parse-worker.js', import.meta.url), {
    type: 'module',
    name: 'dagdeck-parser',
  });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  try {
    return await new Promise((resolve, reject) => {
      const limit = (/** @type {number} */ ms, /** @type {string} */ message) => {
        clearTimeout(timer);
        timer = setTimeout(() => reject(new Error(message)), ms);
      };
      limit(START_LIMIT_MS, 'the Markdown parser did not start within 15 seconds');
      worker.addEventListener('message', ({ data }) => {
        if (data.talk) resolve(data.talk);
        else if (data.error !== undefined) reject(new Error(data.error));
        else {
          worker.postMessage(text);
          limit(
            PARSE_LIMIT_MS,
            'parsing it takes more than 3 seconds. Look for very long lines and for brackets or tags ' +
              'that are repeated thousands of times',
          );
        }
      });
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        reject(new Error(`the Markdown parser failed${event.message ? `: ${event.message}` : ''}`));
      });
    });
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
