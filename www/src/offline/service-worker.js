/*
 * The service worker: keeps the built site for use without a network, adds the isolation headers
 * that many hosts do not send, and holds back new versions.
 *
 *     caches   <scope> choice            which version is in use
 *              <scope> files <version>   all files of that version
 *
 * A new version is fetched whole and then waits: pages get the version in use until somebody accepts
 * the new one (offline.js asks). So a deck that was rehearsed is the deck that is presented, and a page
 * that is open finds the files it was made with. What is no file of the site (a talk from elsewhere)
 * goes to the network.
 *
 * What draws formulas is kept from the first talk on that has one: the page says so.
 *
 * The build puts in FILES, and VERSION, a digest of what they hold (vite.offline.js).
 */

/** @import { Versions } from './versions.js' */

/**
 * The part of ServiceWorkerGlobalScope that is used here.
 *
 * @typedef {{ waitUntil: (promise: Promise<unknown>) => void }} LifeEvent
 * @typedef {{ request: Request, respondWith: (response: Promise<Response>) => void }} AskEvent
 * @typedef {Object} WorkerScope
 * @property {{ scope: string }} registration
 * @property {() => Promise<void>} skipWaiting
 * @property {{ claim: () => Promise<void> }} clients
 * @property {((type: 'install' | 'activate', listener: (event: LifeEvent) => void) => void)
 *   & ((type: 'fetch', listener: (event: AskEvent) => void) => void)
 *   & ((type: 'message', listener: (event: MessageEvent & LifeEvent) => void) => void)} addEventListener
 */

const worker = /** @type {WorkerScope} */ (/** @type {unknown} */ (self));

/** @type {string[]} */
const files = __FILES__;
/** @type {string[]} */
const mathsFiles = __MATHS_FILES__;
const version = __FILES_VERSION__;

const { scope } = worker.registration;
const CHOICE = `${scope} choice`;
const FILES = `${scope} files `;
const IN_USE = new URL('version-in-use', scope).href;

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** The version in use, when it is known. @type {string | null} */
let known = null;

worker.addEventListener('install', (event) => event.waitUntil(install()));
// This code serves whatever version is in use: it may take over at once. Nothing waits for that: in
// Firefox it ends when every worker of the page has agreed, and those of the pool sleep. Requests that
// waited for it would wait for ever.
worker.addEventListener('activate', () => void worker.clients.claim());

worker.addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  if (method === 'GET' && url.startsWith(scope)) event.respondWith(answer(event.request));
});

worker.addEventListener('message', (event) => {
  const reply = async () => {
    if (event.data === 'accept') await use(version);
    if (event.data === 'maths') await keepMaths();
    /** @type {Versions} */
    const versions = { inUse: await inUse(), newest: version };
    event.ports[0]?.postMessage(versions);
  };
  event.waitUntil(reply());
});

/** Fetches all files of this version, or none. */
async function install() {
  const cache = await caches.open(FILES + version);
  try {
    await cache.addAll(files.map(requestOf));
    if (await hadMaths()) await cache.addAll(mathsFiles.map(requestOf));
  } catch (error) {
    await caches.delete(FILES + version);
    throw error;
  }
  const before = await chosen();
  if (before === null || !(await caches.has(FILES + before))) await use(version);
  for (const name of await caches.keys()) {
    const kept = [FILES + version, FILES + before];
    if (name.startsWith(FILES) && !kept.includes(name)) await caches.delete(name);
  }
  await worker.skipWaiting();
}

/** Keeps what draws formulas. A page of a version before this one has what it has. */
async function keepMaths() {
  if ((await inUse()) !== version) return;
  const cache = await caches.open(FILES + version);
  const kept = await Promise.all(mathsFiles.map((name) => cache.match(new URL(name, scope))));
  if (kept.includes(undefined)) await cache.addAll(mathsFiles.map(requestOf));
}

/** Whether the version before, in use until now, kept what draws formulas. */
async function hadMaths() {
  const before = await chosen();
  if (before === null) return false;
  const kept = await (await caches.open(FILES + before)).keys();
  return kept.some(({ url }) => /\/KaTeX_[^/]*$/.test(url));
}

/**
 * The browser's own cache may hold another version's file, but not under a name that has a digest in it.
 *
 * @param {string} name
 */
function requestOf(name) {
  const cache = name.startsWith('assets/') ? 'default' : 'no-cache';
  return new Request(new URL(name, scope), { cache });
}

/** @returns {Promise<string>} */
async function inUse() {
  known ??= (await chosen()) ?? version;
  return known;
}

/** The version that was put in use last, by this worker or the one before. */
async function chosen() {
  const choice = await (await caches.open(CHOICE)).match(IN_USE);
  return choice ? choice.text() : null;
}

/** @param {string} next version */
async function use(next) {
  await (await caches.open(CHOICE)).put(IN_USE, new Response(next));
  known = next;
}

/**
 * @param {Request} request
 * @returns {Promise<Response>}
 */
async function answer(request) {
  const url = new URL(request.url);
  url.search = '';
  if (url.pathname.endsWith('/')) url.pathname += 'index.html';
  const cache = await caches.open(FILES + (await inUse()));
  // A page of another version that is still open asks for files that only that one has.
  const found = (await cache.match(url)) ?? (await caches.match(url));
  return isolated(found ?? (await fetch(request)));
}

/** @param {Response} response */
function isolated(response) {
  // A redirect that the browser is to follow, or an answer of another origin: not ours to open.
  if (response.status === 0 || response.type === 'opaque') return response;
  const { body, status, statusText } = response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(isolation)) headers.set(name, value);
  return new Response(body, { status, statusText, headers });
}
