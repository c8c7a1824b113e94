/*
 * The worker in which a talk file is parsed (read-talk.js). It posts a message when it is ready, receives the
 * text of the file, and posts `{ talk }` or `{ error }`.
 */
import { parseTalk } from './markdown.js';

addEventListener('message', ({ data }) => {
  try {
    postMessage({ talk: parseTalk(data, { places: true }) });
  } catch (error) {
    postMessage({ error: `parsing it failed (${/** @type {Error} */ (error).message})` });
  }
});
postMessage({ ready: true });
