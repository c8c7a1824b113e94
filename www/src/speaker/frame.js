/*
 * The deck as a frame of the speaker's window (`?receiver=current` or `?receiver=next`). It shows the slide that the
 * stage shows, or the step after it. Its demos mirror the stage's demos: they show the stage's run, and run
 * nothing themselves.
 */
import { mirrorDemo, watchDemo } from '../demo/mirror.js';
import { hear, say } from './messages.js';

/** @import { RevealApi } from 'reveal.js' */

/** The time between two updates of a demo, in ms. */
const PERIOD_MS = 100;

/**
 * @param {RevealApi} deck before it is initialised
 * @param {boolean} next whether it shows the step after the stage's
 */
export function connectFrame(deck, next) {
  deck.on('ready', () => say(window.parent, 'hello', null));
  hear('state', ({ deck: state }, from) => {
    if (from !== window.parent) return;
    deck.setState({ ...state, paused: state.paused && !next, overview: false });
    if (next) deck.next();
  });
  /** The watched demos of the stage, by this frame's demos. @type {Map<Element, ReturnType<typeof watchDemo>>} */
  const watches = new Map();
  deck.on('slidechanged', () => {
    for (const watch of watches.values()) watch.stop();
    watches.clear();
  });
  setInterval(() => {
    const stage = /** @type {Window | null} */ (window.parent.opener);
    const slide = deck.getCurrentSlide();
    if (!stage || !slide) return;
    const originals = stage.document.getElementById(slide.id)?.querySelectorAll('dag-demo');
    slide.querySelectorAll('dag-demo').forEach((demo, i) => {
      const original = originals?.[i];
      if (!original) return;
      let watch = watches.get(demo);
      // The stage may have been reloaded since then.
      if (watch?.demo !== original) {
        watch?.stop();
        watch = watchDemo(original);
        watches.set(demo, watch);
      }
      if (watch.changed()) mirrorDemo(original, demo);
    });
  }, PERIOD_MS);
}
