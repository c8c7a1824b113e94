/*
 * The talk of this page, from its file to its slides, and what there is for a talk that is not dagdeck's
 * own: the note with its mistakes, the way back, and taking the next one that is dropped.
 */
import { sharedEngine } from '../engine/shared.js';
import { demoProblems } from './demo-problems.js';
import { failureSlide } from './failure-slide.js';
import { parseTalk } from './markdown.js';
import { hasMaths, loadMaths } from './maths.js';
import { overflowProblems } from './overflow.js';
import { slideElements } from './slides.js';
import { addressWithoutTalk, forgetTalk, keepTalk, openTalk } from './talk-file.js';
import { createTalkNote } from './talk-note.js';

/** @import { RevealApi } from 'reveal.js' */
/** @import { Problem } from './markdown.js' */

/** The codes of D, for dagdeck, and X, for what is wrong: reveal.js does not use these letters. */
const [D, X] = [68, 88];

/**
 * @typedef {Object} LoadedTalk
 * @property {string} title
 * @property {() => HTMLElement[]} slides their images begin to load when they are made
 * @property {(deck: RevealApi) => void} connect once reveal.js runs
 */

/**
 * @param {string} ownText dagdeck's own talk
 * @returns {Promise<LoadedTalk>} a slide that says why in the place of a talk that is not to be had
 */
export async function loadTalk(ownText) {
  let file;
  let talk;
  try {
    file = await openTalk(ownText);
    talk = parseTalk(file.text);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    return {
      title: 'dagdeck',
      slides: () => [failureSlide(message, addressWithoutTalk())],
      connect() {
        const note = createTalkNote('dagdeck', back);
        takeDrops((reason) => note.tell(reason));
      },
    };
  }
  const { name, base, own } = file;
  /** @type {Problem[]} */
  const problems = [...talk.problems];
  const withMaths = [...talk.title, ...talk.slides].some(({ html }) => hasMaths(html));
  const drawMaths = withMaths ? await loadMaths() : undefined;
  return {
    title: talk.meta.title ?? name,
    slides: () =>
      slideElements(talk, {
        base,
        report: (line, message) => problems.push({ line, message }),
        drawMaths,
      }),
    connect(deck) {
      const note = createTalkNote(name, back);
      takeDrops((reason) => note.tell(reason));
      if (own) return;
      note.add(problems);
      note.show();
      overflowProblems().then((found) => note.add(found));
      deck.on('slidechanged', () => note.turned());
      deck.addKeyBinding({ keyCode: D, key: 'D', description: 'Back to dagdeck’s own talk' }, back);
      const fold = { keyCode: X, key: 'X', description: 'Fold or unfold the list of mistakes' };
      deck.addKeyBinding(fold, () => note.toggle());
      if (talk.demos.length === 0) return;
      sharedEngine()
        .then((engine) => note.add(demoProblems(talk.demos, engine.programs, engine)))
        // The demos themselves say that there is no engine.
        .catch(() => {});
    },
  };
}

/** Returns to dagdeck's own talk. */
function back() {
  forgetTalk();
  location.assign(addressWithoutTalk());
}

/**
 * Presents the talk file that is dropped on the page.
 *
 * @param {(message: string) => void} tell says why a file is not taken
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
