/*
 * Mirrors a demo in another window of the same origin: a demo there shows the same, without an engine or a run of its own.
 * The copy has no behaviour.
 */

/** @import { DagDemo } from './dag-demo.js' */

/** A canvas is drawn a frame after the change that it shows, so a few more copies follow the last change. */
const TRAIL = 3;

/**
 * Watches whether a demo may look different than before: its parts changed, it runs, or somebody uses it.
 *
 * @param {Element} demo
 */
export function watchDemo(demo) {
  let left = TRAIL;
  const renew = () => {
    left = TRAIL;
  };
  const observer = new MutationObserver(renew);
  observer.observe(shadowOf(demo), {
    attributes: true,
    characterData: true,
    childList: true,
    subtree: true,
  });
  const ends = new AbortController();
  for (const use of ['pointermove', 'pointerleave', 'wheel', 'input', 'scroll', 'keyup']) {
    const options = { capture: true, passive: true, signal: ends.signal };
    shadowOf(demo).addEventListener(use, renew, options);
  }
  return {
    demo,
    /** Whether a new copy is due. */
    changed() {
      if (/** @type {DagDemo} */ (demo).active) renew();
      return left-- > 0;
    },
    stop() {
      observer.disconnect();
      ends.abort();
    },
  };
}

/**
 * Makes one demo show what another shows.
 *
 * @param {Element} from may be in another document
 * @param {Element} to
 */
export function mirrorDemo(from, to) {
  const source = shadowOf(from);
  const target = shadowOf(to);
  const listings = [...source.querySelectorAll('pre')].map((listing) => listing.scrollTop);
  target.replaceChildren(
    ...[...source.childNodes].map((node) => target.ownerDocument.importNode(node, true)),
  );
  target.querySelectorAll('pre').forEach((listing, i) => {
    listing.scrollTop = listings[i];
  });
  // Copying an element does not copy the choice in a menu or the pixels of a canvas.
  const menus = source.querySelectorAll('select');
  target.querySelectorAll('select').forEach((menu, i) => {
    menu.selectedIndex = menus[i].selectedIndex;
  });
  const canvases = source.querySelectorAll('canvas');
  target.querySelectorAll('canvas').forEach((canvas, i) => {
    const { width, height } = canvases[i];
    if (width > 0 && height > 0) canvas.getContext('2d')?.drawImage(canvases[i], 0, 0);
  });
}

/** @param {Element} demo */
function shadowOf(demo) {
  return /** @type {ShadowRoot} */ (demo.shadowRoot);
}
