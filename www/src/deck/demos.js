/*
 * The demos of a deck, as its slides come and go.
 *
 *     shown     autorun="slide"      starts with its slide, autorun="fragment" with its fragment;
 *                                    what has finished stays as it is
 *     left      with the slide: its work stops, and what it came to stays. With the fragment that
 *               an autorun="fragment" waits for: it is reset, as if that had never been shown
 *     R         starts or stops the demo of the slide
 *     Shift+R   puts the recorded run in its place, or takes it away
 *
 * In print every demo shows the end of its recorded run, or of a live one where there is none. In the
 * speaker's window demos are previews: R there is for the deck on the stage.
 */

/** @import { RevealApi } from 'reveal.js' */
/** @import { DagDemo } from '../demo/dag-demo.js' */

const R = { keyCode: 82, key: 'R', description: 'Run or cancel the demo' };

/** What the speaker's window says to the deck when R is pressed in it. */
const RUN_OR_CANCEL = 'dagdeck:run-or-cancel';

/** States in which there is nothing to start. */
const STARTED = ['running', 'finished', 'replaying', 'replayed'];

/** @param {RevealApi} deck before it is initialised */
export function connectDemos(deck) {
  deck.on('ready', () => autorun(deck));
  deck.on('overviewhidden', () => autorun(deck));
  deck.on('slidechanged', (event) => {
    const { previousSlide } = /** @type {{ previousSlide?: Element }} */ (
      /** @type {unknown} */ (event)
    );
    for (const demo of demosIn(previousSlide)) demo.cancel();
    autorun(deck);
  });
  deck.on('fragmentshown', () => autorun(deck));
  deck.on('fragmenthidden', () => {
    for (const demo of demosIn(deck.getCurrentSlide())) {
      if (demo.getAttribute('autorun') === 'fragment' && !isShown(demo)) demo.reset();
    }
  });
  deck.on('pdf-ready', () => showEnds(demosIn(deck.getRevealElement())));

  const runOrCancel = () => {
    const demo = demoOf(deck);
    if (demo?.active) demo.cancel();
    else demo?.start().catch(() => {});
  };
  deck.addKeyBinding(R, runOrCancel);
  addEventListener('message', ({ data, origin }) => {
    if (data === RUN_OR_CANCEL && origin === location.origin) runOrCancel();
  });
  // reveal.js hears no letters with Shift.
  deck.registerKeyboardShortcut('Shift + R', 'Recorded run or live run of the demo');
  document.addEventListener('keydown', (event) => {
    const { key, shiftKey, altKey, ctrlKey, metaKey } = event;
    if (key !== 'R' || !shiftKey || altKey || ctrlKey || metaKey) return;
    if (deck.isPaused() || document.activeElement?.matches('input, textarea')) return;
    const demo = demoOf(deck);
    demo?.showRecorded(!demo.recorded);
  });
}

/**
 * The same key in a frame of the speaker's window.
 *
 * @param {RevealApi} deck
 */
export function connectPreviews(deck) {
  deck.addKeyBinding(R, () => {
    const stage = /** @type {Window | null} */ (window.parent.opener);
    stage?.postMessage(RUN_OR_CANCEL, location.origin);
  });
}

/** @param {RevealApi} deck */
function autorun(deck) {
  if (deck.isOverview()) return;
  for (const demo of demosIn(deck.getCurrentSlide())) {
    const when = demo.getAttribute('autorun');
    if (when === null || STARTED.includes(demo.state) || !isShown(demo)) continue;
    demo.start().catch(() => {});
  }
}

/**
 * The demo that the keys are for: the one that has the focus, or the first that is in sight.
 *
 * @param {RevealApi} deck
 */
function demoOf(deck) {
  const demos = demosIn(deck.getCurrentSlide());
  return demos.find((demo) => demo.matches(':focus-within')) ?? demos.find(isShown) ?? demos[0];
}

/**
 * @param {Element | null | undefined} element
 * @returns {DagDemo[]}
 */
function demosIn(element) {
  return [...(element?.querySelectorAll('dag-demo:not([preview])') ?? [])].map(
    (demo) => /** @type {DagDemo} */ (demo),
  );
}

/**
 * Whether all fragments that a demo is in, or is, have been shown.
 *
 * @param {DagDemo} demo
 */
function isShown(demo) {
  return demo.closest('.fragment:not(.visible)') === null;
}

/**
 * Brings every demo to its end for paper: of the recorded run, or, where there is none, of a live one.
 *
 * @param {DagDemo[]} demos
 */
async function showEnds(demos) {
  for (const demo of demos) {
    demo.addEventListener('dag-demo-state', () => {
      if (demo.state === 'replaying') demo.cancel();
    });
    demo.showRecorded(true);
    // The demo shows for itself what goes wrong.
    await demo.start().catch(() => {});
  }
}
