/*
 * The demos of a deck, as its slides come and go.
 *
 *     shown     autorun="slide"      starts with its slide, autorun="fragment" with its fragment;
 *                                    what has finished stays as it is
 *     left      with the slide: its run is cancelled, and its result stays. With the fragment that
 *               an autorun="fragment" waits for: it is reset, as if that had never been shown
 *     R         starts or cancels the demo of the slide, whatever has the focus
 *     M         replays its run in slow motion, or ends that
 *     Shift+R   shows the recorded run in its place, or the live one again
 *
 * In print every demo shows the end of its recorded run, or of a live one where there is none.
 */

/** @import { RevealApi } from 'reveal.js' */
/** @import { DagDemo } from '../demo/dag-demo.js' */

const R = { keyCode: 82, key: 'R', description: 'Run or cancel the demo' };
const M = { keyCode: 77, key: 'M', description: 'Replay the demo’s run in slow motion' };

/** States in which there is nothing to start. */
const STARTED = ['running', 'finished', 'replaying', 'replayed'];

/** @param {RevealApi} deck before it is initialised */
export function connectDemos(deck) {
  /** Takes back starts that wait for their demo to load when the slide is left. */
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
      // A recording that loads goes on: it is there when the slide is shown again.
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
 * The demos that start by themselves, and have not been started.
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
