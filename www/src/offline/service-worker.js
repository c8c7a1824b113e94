/*
 * The service worker: stores the built site for offline use, adds the isolation headers
 * that many hosts do not send, and holds back new versions.
 *
 *     caches   <scope> choice            which version is in use, and which one each open page has
 *              <scope> files <version>   all files of that version
 *
 * A new version is fetched as a whole and then waits: pages get the version in use until the reader
 * accepts the new one (offline.js asks). So the deck that was rehearsed is the deck that is presented. An open page
 * keeps getting the files of its own version, which stays for as long as the page is open. Requests for
 * other files (a talk from elsewhere) go to the network.
 *
 * KaTeX is stored once a talk has formulas, and Python once it has run: the page sends a message. If the browser has
 * dropped files, they are fetched again when one of them is requested.
 *
 * The build fills in the lists of files and the version, a digest of their contents (vite.offline.js).
 */

/** @import { Versions } from './versions.js' */
/** @typedef {'maths' | 'python'} Group */

/**
 * The parts of ServiceWorkerGlobalScope that are used here.
 *
 * @typedef {{ waitUntil: (promise: Promise<unknown>) => void }} LifeEvent
 * @typedef {LifeEvent & {
 *   request: Request,
 *   clientId: string,
 *   resultingClientId: string,
 *   respondWith: (response: Promise<Response>) => void,
 * }} AskEvent
 * @typedef {Object} WorkerScope
 * @property {{ scope: string }} registration
 * @property {() => Promise<void>} skipWaiting
 * @property {{
 *   claim: () => Promise<void>,
 *   matchAll: (options: { includeUncontrolled: boolean, type: 'window' }) => Promise<{ id: string }[]>,
 * }} clients
 * @property {((type: 'install' | 'activate', listener: (event: LifeEvent) => void) => void)
 *   & ((type: 'fetch', listener: (event: AskEvent) => void) => void)
 *   & ((type: 'message', listener: (event: MessageEvent & LifeEvent) => void) => void)} addEventListener
 */

const worker = /** @type {WorkerScope} */ (/** @type {unknown} */ (self));

/** @type {string[]} */
const files = __FILES__;
/** Groups of files that are stored when a page asks for them. */
const optional = __OPTIONAL_FILES__;
const version = __FILES_VERSION__;

const { scope } = worker.registration;
const CHOICE = `${scope} choice`;
const FILES = `${scope} files `;
const IN_USE = new URL('version-in-use', scope).href;
const OPEN_PAGE = new URL('version-of-page/', scope).href;

/** A file in each group, by which other versions are recognised that have stored the group. */
const marks = { maths: /\/KaTeX_[^/]*$/, python: /\/dagdeck_python_bg[^/]*$/ };
/** @type {Group[]} */
const groups = ['maths', 'python'];

/** The timeout for one file. A failed installation is retried at the next visit. */
const FETCH_LIMIT_MS = 120_000;

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** The version in use, once it has been looked up. @type {string | null} */
let known = null;

/** Set while dropped files are being fetched again. @type {Promise<void> | null} */
let refilling = null;

worker.addEventListener('install', (event) => event.waitUntil(install()));
// This code serves whatever version is in use, so it may take over at once. It must not wait for `claim()`: in Firefox
// that resolves only when every worker of the page has answered, and those of the pool are asleep. Requests would wait
// for ever.
worker.addEventListener('activate', () => void worker.clients.claim());

worker.addEventListener('fetch', (event) => {
  const { method, url, headers } = event.request;
  // An event stream is not a file of the site, and stays open longer than this worker.
  if (method !== 'GET' || headers.get('Accept') === 'text/event-stream') return;
  if (url.startsWith(scope)) event.respondWith(answer(event));
});

worker.addEventListener('message', (event) => {
  const reply = async () => {
    if (event.data === 'accept') {
      await use(version);
      await dropUnused();
    }
    if (event.data === 'maths' || event.data === 'python') await keep(event.data);
    /** @type {Versions} */
    const versions = { inUse: await inUse(), newest: version };
    event.ports[0]?.postMessage(versions);
  };
  event.waitUntil(reply());
});

/** Fetches all files of this version, or none. */
async function install() {
  try {
    await fetchMissing(files);
    for (const group of groups) if (await had(group)) await fetchMissing(optional[group]);
  } catch (error) {
    await caches.delete(FILES + version);
    throw error;
  }
  const before = await chosen();
  if (before === null) {
    // Pages that were open before the first installation have just been loaded from the network.
    for (const { id } of await openPages()) await remember(id, version);
  }
  await useUnless(before);
  await dropUnused();
  await worker.skipWaiting();
}

/**
 * Stores a group of files. For a page of an older version nothing is added.
 *
 * @param {Group} group
 */
async function keep(group) {
  if ((await inUse()) === version) await fetchMissing(optional[group]);
}

/**
 * Returns whether the version in use so far had stored a group.
 *
 * @param {Group} group
 */
async function had(group) {
  const before = await chosen();
  if (before === null) return false;
  const kept = await (await caches.open(FILES + before)).keys();
  return kept.some(({ url }) => marks[group].test(url));
}

/**
 * Fetches the missing ones of some files of this version: all of them, or none.
 *
 * @param {string[]} names
 */
async function fetchMissing(names) {
  const cache = await caches.open(FILES + version);
  const kept = new Set((await cache.keys()).map(({ url }) => url));
  const missing = names.filter((name) => !kept.has(new URL(name, scope).href));
  await cache.addAll(missing.map(requestOf));
}

/** Fetches dropped files again, unless the server now has another version, which will install itself. */
async function refill() {
  const script = await fetch(self.location.href, { cache: 'no-cache' });
  if (!(await script.text()).includes(version)) return;
  await fetchMissing(files);
  await useUnless(await chosen());
}

/** Deletes versions that are neither in use, nor the newest, nor the version of an open page. */
async function dropUnused() {
  const choice = await caches.open(CHOICE);
  const open = new Set((await openPages()).map(({ id }) => OPEN_PAGE + id));
  const needed = new Set([version, await inUse()]);
  for (const request of await choice.keys()) {
    if (!request.url.startsWith(OPEN_PAGE)) continue;
    if (open.has(request.url)) needed.add((await textAt(request.url)) ?? version);
    else await choice.delete(request);
  }
  for (const name of await caches.keys()) {
    if (name.startsWith(FILES) && !needed.has(name.slice(FILES.length))) await caches.delete(name);
  }
}

// Windows only: for `all`, Firefox also asks every worker of a page, and those of the pool are asleep, so it would wait
// for ever.
function openPages() {
  return worker.clients.matchAll({ includeUncontrolled: true, type: 'window' });
}

/**
 * Returns whether a version's files are stored. An empty cache does not count.
 *
 * @param {string} wanted
 */
async function isKept(wanted) {
  const index = new URL('index.html', scope);
  return (await caches.match(index, { cacheName: FILES + wanted })) !== undefined;
}

/**
 * The browser's HTTP cache may hold another version of a file, except if its name contains a digest.
 *
 * @param {string} name
 */
function requestOf(name) {
  const cache = name.startsWith('assets/') ? 'default' : 'no-cache';
  return new Request(new URL(name, scope), { cache, signal: AbortSignal.timeout(FETCH_LIMIT_MS) });
}

/** @returns {Promise<string>} */
async function inUse() {
  known ??= (await chosen()) ?? version;
  return known;
}

/** Returns the version that this worker or an earlier one last put in use, or null. */
function chosen() {
  return textAt(IN_USE);
}

/**
 * Puts this version in use, unless another one was chosen and is still stored.
 *
 * @param {string | null} before
 */
async function useUnless(before) {
  if (before === null || !(await isKept(before))) await use(version);
}

/** @param {string} next version */
async function use(next) {
  await (await caches.open(CHOICE)).put(IN_USE, new Response(next));
  known = next;
}

/**
 * Stores which version an open page has. It cannot be kept in memory, because this worker may be stopped at any time.
 *
 * @param {string} page its id
 * @param {string} its version
 */
async function remember(page, its) {
  await (await caches.open(CHOICE)).put(OPEN_PAGE + page, new Response(its));
}

/** @param {string} key */
async function textAt(key) {
  const stored = await caches.match(key, { cacheName: CHOICE });
  return stored ? stored.text() : null;
}

/**
 * @param {AskEvent} event
 * @returns {Promise<Response>}
 */
async function answer(event) {
  const { request, clientId, resultingClientId } = event;
  const url = new URL(request.url);
  url.search = '';
  if (url.pathname.endsWith('/')) url.pathname += 'index.html';
  const opens = request.mode === 'navigate';
  const wanted = (!opens && (await textAt(OPEN_PAGE + clientId))) || (await inUse());
  const found =
    (await caches.match(url, { cacheName: FILES + wanted })) ??
    // The workers of an open page are not recorded, and may request files that only its version has.
    (await caches.match(url));
  if (opens && found) event.waitUntil(remember(resultingClientId, wanted));
  if (!found && files.includes(url.href.slice(scope.length))) {
    refilling ??= refill()
      // Without a network this fails: the next missing file triggers a retry.
      .catch(() => {})
      .finally(() => (refilling = null));
    event.waitUntil(refilling);
  }
  return isolated(found ?? (await fetch(request)));
}

/** @param {Response} response */
function isolated(response) {
  // Headers of redirects, and of responses from other origins, cannot be changed.
  if (response.status === 0 || response.type === 'opaque') return response;
  const { body, status, statusText } = response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(isolation)) headers.set(name, value);
  return new Response(body, { status, statusText, headers });
}
