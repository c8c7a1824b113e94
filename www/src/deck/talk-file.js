/*
 * Chooses the talk that the deck presents: the one at `?talk=URL`, the one that was dropped on the page, or dagdeck's
 * own. A dropped talk is kept in the tab's storage, so that it survives a reload and the speaker's window has it too.
 */
import { savesOf } from './reload-on-save.js';
import { fileName, webUrl } from './web-url.js';

/**
 * @typedef {Object} TalkFile
 * @property {string} text
 * @property {string} name of the file
 * @property {string} base to which URLs in the talk are relative
 * @property {boolean} own whether it is dagdeck's own
 * @property {string | null} [saves] where its server tells when it was saved, if it does
 */

const KEY = 'dagdeck-talk';

const LONGEST = 2_000_000;
const TIMEOUT_MS = 15_000;

/**
 * @param {string} ownText dagdeck's own talk
 * @returns {Promise<TalkFile>} rejects with a message if the talk cannot be loaded
 */
export async function openTalk(ownText) {
  const asked = new URLSearchParams(location.search).get('talk');
  if (asked !== null) return fetchTalk(asked);
  const kept = keptTalk();
  if (kept) return { ...kept, base: document.baseURI, own: false };
  return { text: ownText, name: 'dagdeck', base: document.baseURI, own: true };
}

/**
 * Stores a file that was dropped, for the next load of the page.
 *
 * @param {File} file
 * @returns {Promise<void>} rejects with a message if it is not a talk
 */
export async function keepTalk(file) {
  if (!/\.(?:md|markdown|txt)$/i.test(file.name) && file.type !== 'text/markdown') {
    throw new Error(
      `${file.name} is not a talk. Drop a Markdown file, with a name that ends in .md`,
    );
  }
  if (file.size > LONGEST) throw new Error(`${file.name} is too long: a talk may have up to 2 MB`);
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ name: file.name, text: await file.text() }));
  } catch (error) {
    throw new Error(
      `${file.name} cannot be opened: this browser does not allow the page to store it`,
      { cause: error },
    );
  }
}

/** Returns the page's URL without `?talk=`: of dagdeck's own talk, or the dropped one. */
export function addressWithoutTalk() {
  const url = new URL(location.href);
  url.searchParams.delete('talk');
  url.hash = '';
  return url.href;
}

/** Forgets the talk that was dropped. */
export function forgetTalk() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Without storage there is nothing to remove.
  }
}

/** @returns {{ name: string, text: string } | null} */
function keptTalk() {
  try {
    const { name, text } = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') ?? {};
    return typeof name === 'string' && typeof text === 'string' ? { name, text } : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} asked its URL, as it was asked for
 * @returns {Promise<TalkFile>}
 */
async function fetchTalk(asked) {
  const url = webUrl(asked, document.baseURI);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Error(`“${asked}” is not a valid http or https URL`);
  }
  const unreachable = (/** @type {Error} */ error) => {
    const why =
      error.name === 'TimeoutError'
        ? 'its server did not send it within 15 seconds'
        : 'its server cannot be reached, or does not allow other sites to read it (CORS), or redirects to another site';
    throw new Error(`${url.href} cannot be loaded: ${why}`, { cause: error });
  };
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(unreachable);
  if (new URL(response.url).origin !== url.origin) {
    throw new Error(`${url.href} redirects to another site: open ${response.url} in its place`);
  }
  if (!response.ok) {
    throw new Error(
      `${url.href} cannot be loaded: its server answered with status ${response.status}`,
    );
  }
  if (/^text\/html\b/.test(response.headers.get('Content-Type') ?? '')) {
    throw new Error(`${url.href} is a web page, not a Markdown file`);
  }
  const text = await beginningOf(response).catch(unreachable);
  if (text.length > LONGEST) throw new Error(`${url.href} is too long: a talk may have up to 2 MB`);
  if (text.includes('\0')) throw new Error(`${url.href} is not a text file`);
  return {
    text,
    name: fileName(url) || url.host,
    base: response.url,
    own: false,
    saves: savesOf(response),
  };
}

/**
 * Reads the text of a response, and stops when it is too long for a talk.
 *
 * @param {Response} response
 */
async function beginningOf({ body }) {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done) return text;
    text += value;
    if (text.length > LONGEST) {
      await reader?.cancel();
      return text;
    }
  }
}
