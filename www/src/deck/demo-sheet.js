/*
 * Demos on a small screen. There a slide is scaled down so far that its controls are too small to touch. So a
 * button over the demo opens it as a sheet that covers the page, at full size. The same button, at the top of the
 * sheet, returns to the slide, as Escape does.
 */
import { elementOf, h } from '../page/h.js';

/** @import { RevealApi } from 'reveal.js' */

/** Below this scale of a slide its controls are too small for a finger. */
const SMALL = 0.6;

/** @param {RevealApi} deck before it is initialised */
export function connectSheets(deck) {
  const reveal = deck.getRevealElement();
  const demos = reveal?.querySelectorAll('dag-demo') ?? [];
  for (const demo of demos) addSheet(/** @type {HTMLElement} */ (demo));
  const measure = () => {
    const scale = deck.getScale();
    reveal?.classList.toggle('small-slides', scale < SMALL);
    /** @type {HTMLElement} */ (reveal).style.setProperty('--sheet-scale', String(scale));
  };
  deck.on('ready', measure);
  deck.on('resize', measure);
}

/** @param {HTMLElement} demo */
function addSheet(demo) {
  const onClick = () => {
    if (demo.matches(':popover-open')) {
      demo.hidePopover();
    } else {
      demo.popover = 'auto';
      demo.showPopover();
    }
  };
  const label = elementOf(h('span', null, 'Open the demo'));
  const button = elementOf(
    h('button', { type: 'button', slot: 'over', class: 'sheet-button', onClick }),
  );
  button.append(label);
  demo.append(button);
  demo.addEventListener('toggle', (event) => {
    const open = event.newState === 'open';
    label.textContent = open ? 'Back to the slide' : 'Open the demo';
    // Browsers hide an element that has the attribute unless it is open.
    if (!open) demo.removeAttribute('popover');
  });
}
