/*
 * The page's side of the service worker: registers it, reloads once where it brings the isolation
 * that the host does not, and offers a new version, at the start of a page only, so that nothing
 * changes under a talk. Where there is no service worker the page works as its host serves it.
 */
import { isolationNote } from '../page/isolation-note.js';
import { createNote } from '../page/note.js';
import { askVersions } from './versions.js';

/** Set while the one reload is under way, so that there is no second. */
const RELOADED = 'dagdeck-reloaded';

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
  try {
    await loaded();
    const before = container.controller;
    const registration = await container.register(new URL('service-worker.js', document.baseURI));
    if (before) await offerUpdate(before, show);
    if (note) {
      await active(registration);
      setMark();
      location.reload();
    }
  } catch {
    // Storage may be full or forbidden: the page works, as long as its host is there.
    if (note) note.replaceWith(isolationNote());
  }
}

/** What the page itself needs comes first. @returns {Promise<void>} */
function loaded() {
  if (document.readyState === 'complete') return Promise.resolve();
  return new Promise((resolve) => addEventListener('load', () => resolve(), { once: true }));
}

function reloadNote() {
  return createNote(
    'The page will reload once',
    [
      'Getting ready to run threads, and to work without a network: the page reloads once when it has everything.',
    ],
    {},
  );
}

/**
 * @param {ServiceWorker} worker
 * @param {(note: HTMLElement) => void} show
 */
async function offerUpdate(worker, show) {
  const { inUse, newest } = await askVersions(worker, 'versions');
  if (inUse === newest) return;
  const accept = async () => {
    await askVersions(worker, 'accept');
    location.reload();
  };
  show(
    createNote(
      'A new version is here',
      [
        'A new version of these pages is here. You have the one that you had before until you take it.',
      ],
      { 'Take the new version': accept, 'Not now': () => {} },
    ),
  );
}

/**
 * @param {ServiceWorkerRegistration} registration
 * @returns {Promise<void>} resolves when it serves pages, rejects when it could not be installed
 */
function active({ active: running, installing, waiting }) {
  if (running) return Promise.resolve();
  const coming = installing ?? waiting;
  return new Promise((resolve, reject) => {
    const look = () => {
      if (coming?.state === 'activated') resolve();
      if (!coming || coming.state === 'redundant') reject(new Error('it was not installed'));
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
    // Without storage there is no way to know: better no reload than one after the other.
    return true;
  }
}

function setMark() {
  sessionStorage.setItem(RELOADED, '');
}
