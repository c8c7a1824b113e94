/*
 * The Dask cluster that this page uses, if any: the URL of its WebSocket, with its token after a `#`.
 *
 *     ws://127.0.0.1:8787/dagdeck#N3w...
 *
 * `make cluster` prints one. The token is a secret: it is kept for this tab only, and neither in the page's URL nor in
 * recordings.
 */

/**
 * @typedef {{ url: string, token: string }} Address
 */

/** Where the tab keeps the text. */
const KEY = 'dagdeck-cluster';

/** The path of the route on the scheduler, if the URL has none. */
const PATH = '/dagdeck';

/** The text while the tab cannot store it. */
let unstored = '';

/** Returns the URL as it was given; empty if there is none. */
export function clusterText() {
  try {
    return sessionStorage.getItem(KEY) ?? unstored;
  } catch {
    return unstored;
  }
}

/** @param {string} text empty: no cluster */
export function setClusterText(text) {
  unstored = text.trim();
  try {
    sessionStorage.setItem(KEY, unstored);
  } catch {
    // The tab may not store anything.
  }
}

/**
 * @param {string} text
 * @returns {Address}
 * @throws {Error} that says what is wrong with it
 */
export function addressOf(text) {
  const given = text.trim();
  if (given === '') {
    throw new Error('No cluster is set. Enter the URL that `make cluster` prints.');
  }
  const url = URL.canParse(given) ? new URL(given) : null;
  if (!url || !/^wss?:$/.test(url.protocol)) {
    throw new Error(
      'The URL of a cluster must start with ws:// or wss://, like ws://127.0.0.1:8787/dagdeck#token.',
    );
  }
  const token = decoded(url.hash.slice(1));
  if (token === '') {
    throw new Error('The URL of the cluster has no token: write it after a #.');
  }
  url.hash = '';
  if (url.pathname === '/') url.pathname = PATH;
  return { url: url.href, token };
}

/** @param {string} token as in the URL */
function decoded(token) {
  try {
    return decodeURIComponent(token);
  } catch {
    throw new Error('The token in the URL of the cluster is damaged: a % is followed by no code.');
  }
}
