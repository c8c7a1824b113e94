/*
 * Starts and stops the demos of a deck as slides are shown and left.
 *
 *     shown     autorun="slide"      starts with its slide, autorun="fragment" with its fragment;
 *                                    a finished run stays as it is
 *     left      with the slide: its run is cancelled, and its result stays. With the fragment that
 *               an autorun="fragment" waits for: it is reset, as if the fragment had never been shown
 *     R         starts or cancels the demo of the slide, whatever has the focus
 *     M         replays its run in slow motion, or ends that
 *     Shift+R   shows the recorded run in its place, or the live one again
 *
 * In print every demo shows the end of its recorded run, or of a live run if it has no recording.
 */

/** @import { RevealApi } from 'reveal.js' */
/** @import { DagDemo } from '../demo/dag-demo.js' */

const R = { keyCode: 82, key: 'R', description: 'Run or cancel the demo' };
const M = { keyCode: 77, key: 'M', description: 'Replay the demo’s run in slow motion' };

/** States in which a demo is not started automatically. */
const STARTED = ['running', 'finished', 'replaying', 'replayed'];

/** @param {RevealApi} deck before it is initialised */
export function connectDemos(deck) {
  /** When the slide is left, this cancels starts that are waiting for their demo to load. */
  let shown = new AbortController();
  const start = (/** @type {DagDemo} */ demo) =>
    demo.start({ signal: shown.signal }).catch(() => {});
  const autorun = () => {
    for (const demo of waiting(deck)) start(demo);
  };
  deck.on('ready', autorun);
  deck.on('overviewhidden', autorun);
  deck.on('slidechanged', (event) => {
    const { previousSlide } = /** @type {{ previousSlide?: Element }} */ (
      /** @type {unknown} */ (event)
    );
    shown.abort();
    shown = new AbortController();
    for (const demo of demosIn(previousSlide)) {
      // A recording keeps loading, so that it is ready when the slide is shown again.
      if (demo.state !== 'loading') demo.cancel();
    }
    autorun();
  });
  deck.on('fragmentshown', autorun);
  deck.on('fragmenthidden', () => {
    for (const demo of demosIn(deck.getCurrentSlide())) {
      if (demo.getAttribute('autorun') === 'fragment' && !isShown(demo)) demo.reset();
    }
  });
  deck.on('pdf-ready', () => showEnds(demosIn(deck.getRevealElement())));

  const runOrCancel = () => {
    const demo = demoOf(deck);
    if (demo?.active) demo.cancel();
    else if (demo) start(demo);
  };
  deck.addKeyBinding(R, runOrCancel);
  deck.addKeyBinding(M, () => demoOf(deck)?.slowMotion());
  // reveal.js ignores letters with Shift.
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
 * Returns the demos that start automatically and have not been started.
 *
 * @param {RevealApi} deck
 */
function waiting(deck) {
  if (deck.isOverview()) return [];
  return demosIn(deck.getCurrentSlide()).filter(
    (demo) =>
      demo.hasAttribute('autorun') &&
      !demo.active &&
      !STARTED.includes(demo.state) &&
      isShown(demo),
  );
}

/**
 * Returns the demo that keys act on: the one that has the focus, or else the first visible one.
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
 * Returns whether a demo is visible: all fragments around it have been shown, and it is not a hidden fragment itself.
 *
 * @param {DagDemo} demo
 */
function isShown(demo) {
  return demo.closest('.fragment:not(.visible)') === null;
}

/**
 * Shows the end of every demo's run for print: of the recorded run, or of a live run if it has no recording.
 *
 * @param {DagDemo[]} demos
 */
async function showEnds(demos) {
  for (const demo of demos) {
    demo.addEventListener('dag-demo-state', () => {
      if (demo.state === 'replaying') demo.cancel();
    });
    demo.showRecorded(true);
    // The demo shows its own errors.
    await demo.start().catch(() => {});
  }
}
