/*
 * The page's side of the service worker: registers it, reloads the page once where the service worker
 * provides the isolation that the host does not, and offers a new version. It does so only when a page
 * starts, so that nothing changes during a talk. Without service workers the page works as its host serves it.
 */
import { isolationNote } from '../page/isolation-note.js';
import { createNote } from '../page/note.js';
import { askVersions } from './versions.js';

/** Set during the reload, so that the page reloads only once. */
const RELOADED = 'dagdeck-reloaded';

/** How long a page waits for the reload before it says that threads are off. */
const READY_LIMIT_MS = 30_000;

/**
 * @param {(note: HTMLElement) => void} show puts a note where it is seen
 */
export async function keepOffline(show) {
  const container = import.meta.env.PROD ? navigator.serviceWorker : undefined;
  const isolated = window.crossOriginIsolated;
  const reloaded = takeMark();
  if (!container || (!isolated && reloaded)) {
    if (!isolated) show(isolationNote());
    return;
  }
  const note = isolated ? null : reloadNote();
  if (note) show(note);
  const slow = note && setTimeout(() => note.replaceWith(slowNote()), READY_LIMIT_MS);
  try {
    await loaded();
    const before = container.controller;
    const registration = await container.register(new URL('service-worker.js', document.baseURI));
    if (before) await offerUpdate(before, show);
    if (note) {
      await active(registration);
      // The reader has been told that threads are off and may be working: the next load has them.
      if (!note.isConnected) return;
      setMark();
      location.reload();
    }
  } catch {
    // Storage may be full or blocked: the page works as long as its host can be reached.
    if (note) note.replaceWith(isolationNote());
  } finally {
    if (slow) clearTimeout(slow);
  }
}

/** Waits until the page has loaded its own files. @returns {Promise<void>} */
function loaded() {
  if (document.readyState === 'complete') return Promise.resolve();
  return new Promise((resolve) => addEventListener('load', () => resolve(), { once: true }));
}

function reloadNote() {
  return createNote(
    'The page will reload once',
    [
      'Preparing threads and offline use: the page will reload once when all files of this site have arrived.',
    ],
    {},
  );
}

function slowNote() {
  return createNote(
    'Threads are off for now',
    [
      `Some files of this site have not arrived within ${READY_LIMIT_MS / 1000} s. The page works without `,
      'threads: demos run with the sync scheduler. For threads, check the network and reload the page.',
    ],
    { 'Reload the page': () => location.reload(), Close() {} },
  );
}

/**
 * @param {ServiceWorker} worker
 * @param {(note: HTMLElement) => void} show
 */
async function offerUpdate(worker, show) {
  const { inUse, newest } = await askVersions(worker, 'versions');
  if (inUse === newest) return;
  const update = () =>
    askVersions(worker, 'accept').then(
      () => location.reload(),
      () => show(createNote('The update failed', [FAILED], { Close() {} })),
    );
  show(
    createNote(
      'A new version is available',
      [
        'A new version of this site is available. Open pages keep the old version until you update.',
      ],
      { Update: update, 'Not now': () => {} },
    ),
  );
}

const FAILED = 'The update failed. Reload the page and try again.';

/**
 * @param {ServiceWorkerRegistration} registration
 * @returns {Promise<void>} resolves when it serves pages; rejects when it could not be installed
 */
function active({ active: running, installing, waiting }) {
  if (running) return Promise.resolve();
  const coming = installing ?? waiting;
  return new Promise((resolve, reject) => {
    const look = () => {
      if (coming?.state === 'activated') resolve();
      if (!coming || coming.state === 'redundant') {
        reject(new Error('The service worker was not installed.'));
      }
    };
    coming?.addEventListener('statechange', look);
    look();
  });
}

function takeMark() {
  try {
    const marked = sessionStorage.getItem(RELOADED) !== null;
    sessionStorage.removeItem(RELOADED);
    return marked;
  } catch {
    // Without storage the page cannot tell whether it has reloaded already, and an endless loop would be worse.
    return true;
  }
}

function setMark() {
  sessionStorage.setItem(RELOADED, '');
}
