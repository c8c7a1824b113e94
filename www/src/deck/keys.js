/*
 * The deck's own keys, in addition to those of reveal.js; the help lists both. The keys of demos are in
 * demos.js.
 */
import { toggleTheme } from '../page/theme.js';
import { moveInOverview } from './overview.js';

/** @import { RevealApi } from 'reveal.js' */

/** The key code of T, which reveal.js does not use. */
const T = 84;

/** @param {RevealApi} deck */
export function connectKeys(deck) {
  deck.addKeyBinding({ keyCode: T, key: 'T', description: 'Toggle the theme' }, toggleTheme);
  deck.registerKeyboardShortcut('?  ,  F1', 'This help');
  deck.registerKeyboardShortcut(
    'Page down, Page up',
    'Next or previous slide (the keys of a clicker)',
  );
  deck.registerKeyboardShortcut('Home, End', 'First or last slide');
  // As in the zoom plugin: Linux desktops move windows with Alt and a click.
  const zoom = /Linux/.test(navigator.platform) ? 'Ctrl' : 'Alt';
  deck.registerKeyboardShortcut(`${zoom} + click`, 'Zoom in or out');
  deck.registerKeyboardShortcut('Esc in a control', 'Return focus to the slides');
  // Better descriptions of reveal.js' own keys, which it registers when it starts.
  deck.on('ready', () => {
    deck.registerKeyboardShortcut('B  ,  .', 'Pause: black screen');
    deck.registerKeyboardShortcut('F', 'Full screen');
    deck.registerKeyboardShortcut('ESC, O', 'Slide overview: arrow keys, Enter');
    deck.registerKeyboardShortcut(
      'Alt + &#8592;/&#8593/&#8594;/&#8595;',
      'Previous or next slide, without its steps',
    );
    deck.registerKeyboardShortcut('Shift + &#8592;/&#8593/&#8594;/&#8595;', 'First or last slide');
  });
}

/**
 * Sees each key before reveal.js does. reveal.js expects the question mark where American keyboards have it.
 * On other keyboards it mistakes that key for a slash, and blackens the screen.
 *
 * @param {KeyboardEvent} event
 * @param {RevealApi} deck
 * @returns {boolean} whether reveal.js should handle it
 */
export function isForReveal(event, deck) {
  if (moveInOverview(event, deck)) return false;
  if (event.key !== '?' || document.activeElement?.matches('input, textarea')) return true;
  deck.toggleHelp();
  return false;
}
