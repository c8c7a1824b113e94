/*
 * Loads the talk of this page, from its file to its slides. A talk that is not dagdeck's own also gets a note that
 * lists its mistakes and leads back to dagdeck's talk, and a slide with the reason if it cannot be shown.
 */
import { sharedEngine } from '../engine/shared.js';
import { demoProblems } from './demo-problems.js';
import { failureSlide } from './failure-slide.js';
import { markFailed, markLoading, takeUnfinished, unmarkLoading } from './loading-mark.js';
import { parseTalk } from './markdown.js';
import { hasMaths, loadMaths } from './maths.js';
import { overflowProblems } from './overflow.js';
import { readTalk } from './read-talk.js';
import { reloadOnSave } from './reload-on-save.js';
import { slideElements } from './slides.js';
import { addressWithoutTalk, forgetTalk, keepTalk, openTalk } from './talk-file.js';
import { createTalkNote } from './talk-note.js';

/** @import { RevealApi } from 'reveal.js' */
/** @import { Problem, Talk } from './markdown.js' */
/** @import { TalkFile } from './talk-file.js' */

/** The key codes of D (back to dagdeck) and X (the list of mistakes), which reveal.js does not use. */
const [D, X] = [68, 88];

/**
 * @typedef {Object} LoadedTalk
 * @property {string} title
 * @property {string | null} foreign the name of a file that is not dagdeck's own talk
 * @property {HTMLElement[]} slides
 * @property {(deck: RevealApi) => void} connect to call once the deck shows the slides
 * @property {(error: unknown) => void} failed to call if the deck cannot show the slides: loads the
 *   page again, which then says why
 */

/**
 * @param {string} ownText dagdeck's own talk
 * @returns {Promise<LoadedTalk>} a slide that says why if the talk cannot be shown
 */
export async function loadTalk(ownText) {
  try {
    const file = await openTalk(ownText);
    // Also for a talk with a mistake: the next save may fix it.
    reloadOnSave(file.saves ?? null);
    return file.own ? ownTalk(file) : await foreignTalk(file);
  } catch (error) {
    return failedTalk(error);
  }
}

/**
 * @param {TalkFile} file
 * @returns {LoadedTalk}
 */
function ownTalk({ text, name }) {
  const talk = parseTalk(text);
  return {
    title: talk.meta.title ?? name,
    foreign: null,
    slides: slideElements(talk),
    connect() {
      takeDrops((reason) => createTalkNote(name, back).tell(reason));
    },
    failed(error) {
      throw error;
    },
  };
}

/**
 * Whatever is in the file, this ends with slides or an error. If it hangs, the next load can tell by the mark.
 *
 * @param {TalkFile} file
 * @returns {Promise<LoadedTalk>} rejects with a message
 */
async function foreignTalk({ text, name, base }) {
  const id = `${base} ${name}`;
  const before = takeUnfinished(id);
  if (before !== null) throw new Error(before);
  markLoading(
    id,
    `${name} did not finish loading the last time. It may be too much for this browser`,
  );
  const talk = await readTalk(text).catch((error) => {
    throw new Error(`${name}: ${error.message}`, { cause: error });
  });
  /** @type {Problem[]} */
  const problems = [...talk.problems];
  const report = (/** @type {number} */ line, /** @type {string} */ message) => {
    problems.push({ line, message });
  };
  const withMaths = [...talk.title, ...talk.slides].some(({ html }) => hasMaths(html));
  const drawMaths = withMaths ? await loadMaths() : undefined;
  return {
    title: talk.meta.title ?? name,
    foreign: name,
    slides: built(talk, { base, report, drawMaths }, name),
    connect(deck) {
      const note = createTalkNote(name, back);
      takeDrops((reason) => note.tell(reason));
      note.add(problems);
      note.show();
      overflowProblems().then((found) => note.add(found));
      deck.on('slidechanged', () => note.turned());
      deck.addKeyBinding({ keyCode: D, key: 'D', description: 'Back to dagdeck’s own talk' }, back);
      const fold = { keyCode: X, key: 'X', description: 'Fold or unfold the list of mistakes' };
      deck.addKeyBinding(fold, () => note.toggle());
      onceDrawn(unmarkLoading);
      if (talk.demos.length === 0) return;
      sharedEngine()
        .then((engine) => note.add(demoProblems(talk.demos, engine.programs, engine)))
        // The demos themselves show that the engine is missing.
        .catch(() => {});
    },
    failed(error) {
      const { message } = /** @type {Error} */ (error);
      if (!markFailed(id, `${name} cannot be presented (${message})`)) throw error;
      location.reload();
    },
  };
}

/**
 * @param {Talk} talk
 * @param {Parameters<typeof slideElements>[1]} options
 * @param {string} name of its file
 */
function built(talk, options, name) {
  try {
    const slides = slideElements(talk, options);
    if (slides.length === 0) throw new Error('the file has no slides');
    return slides;
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new Error(`${name}: its slides cannot be built (${message})`, { cause: error });
  }
}

/**
 * Returns a slide with the reason and the way back. Forgets a dropped talk.
 *
 * @param {unknown} error
 * @returns {LoadedTalk}
 */
function failedTalk(error) {
  unmarkLoading();
  forgetTalk();
  const { message } = /** @type {Error} */ (error);
  return {
    title: 'dagdeck',
    foreign: null,
    slides: [failureSlide(message, addressWithoutTalk())],
    connect(deck) {
      takeDrops((reason) => createTalkNote('dagdeck', back).tell(reason));
      deck.addKeyBinding({ keyCode: D, key: 'D', description: 'Back to dagdeck’s own talk' }, back);
    },
    failed() {
      throw error;
    },
  };
}

/**
 * Calls back after the next frame, or after a second in a page that draws no frames.
 *
 * @param {() => void} act
 */
function onceDrawn(act) {
  requestAnimationFrame(() => requestAnimationFrame(act));
  setTimeout(act, 1000);
}

/** Returns to dagdeck's own talk. */
function back() {
  forgetTalk();
  location.assign(addressWithoutTalk());
}

/**
 * Presents the talk file that is dropped on the page.
 *
 * @param {(message: string) => void} tell tells why a file is refused
 */
function takeDrops(tell) {
  const holdsFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files');
  addEventListener('dragover', (event) => {
    if (holdsFile(event)) event.preventDefault();
  });
  addEventListener('drop', (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    keepTalk(file).then(
      () => location.assign(addressWithoutTalk()),
      (error) => tell(error.message),
    );
  });
}
