/*
 * Which talk the deck presents: the one at the address `?talk=URL`, the one that was dropped on the
 * page, or dagdeck's own. A dropped talk is kept for as long as the tab is open, so that it
 * outlives a reload, and is in the speaker's window too.
 */
import { webAddress } from './web-address.js';

/**
 * @typedef {Object} TalkFile
 * @property {string} text
 * @property {string} name of the file
 * @property {string} base to which addresses in the talk are relative
 * @property {boolean} own whether it is dagdeck's own
 */

const KEY = 'dagdeck-talk';

const LONGEST = 2_000_000;
const TIMEOUT_MS = 15_000;

/**
 * @param {string} ownText dagdeck's own talk
 * @returns {Promise<TalkFile>} rejects, in words, when the talk at an address is not to be had
 */
export async function openTalk(ownText) {
  const address = new URLSearchParams(location.search).get('talk');
  if (address !== null) return fetchTalk(address);
  const kept = keptTalk();
  if (kept) return { ...kept, base: document.baseURI, own: false };
  return { text: ownText, name: 'dagdeck', base: document.baseURI, own: true };
}

/**
 * Keeps a file that was dropped, for the page to be loaded with.
 *
 * @param {File} file
 * @returns {Promise<void>} rejects, in words, when it is no talk
 */
export async function keepTalk(file) {
  if (!/\.(?:md|markdown|txt)$/i.test(file.name) && file.type !== 'text/markdown') {
    throw new Error(
      `${file.name} is no talk: a Markdown file is needed, with a name that ends in .md`,
    );
  }
  if (file.size > LONGEST) throw new Error(`${file.name} is too long for a talk`);
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ name: file.name, text: await file.text() }));
  } catch (error) {
    throw new Error(`${file.name} cannot be kept in this browser`, { cause: error });
  }
}

/** The page's address with dagdeck's own talk, or the one that was dropped. */
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
    // Without storage nothing was kept.
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
 * @param {string} address
 * @returns {Promise<TalkFile>}
 */
async function fetchTalk(address) {
  const url = webAddress(address, document.baseURI);
  if (!url || !/^https?:$/.test(url.protocol)) throw new Error(`“${address}” is no web address`);
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error) => {
    const why =
      error.name === 'TimeoutError'
        ? 'its server does not answer'
        : 'its server is not reached, or does not allow other sites to read it (CORS)';
    throw new Error(`${url.href} cannot be loaded: ${why}`, { cause: error });
  });
  if (!response.ok) {
    throw new Error(
      `${url.href} cannot be loaded: its server answers with status ${response.status}`,
    );
  }
  if (/^text\/html\b/.test(response.headers.get('Content-Type') ?? '')) {
    throw new Error(`${url.href} is a web page, and not a Markdown file`);
  }
  const text = await response.text();
  if (text.length > LONGEST) throw new Error(`${url.href} is too long for a talk`);
  if (text.includes('\0')) throw new Error(`${url.href} is not text`);
  const name = decodeURIComponent(url.pathname.split('/').pop() || url.host);
  return { text, name, base: response.url, own: false };
}
