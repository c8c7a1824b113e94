/*
 * The keys that are ours, beside those that reveal.js has; its help lists both. Those of a demo are
 * in demos.js.
 */
import { toggleTheme } from '../page/theme.js';
import { moveInOverview } from './overview.js';

/** @import { RevealApi } from 'reveal.js' */

/** The code of the key, by which reveal.js knows it; it has no use of its own for it. */
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
  // As its plugin has it: Linux desktops move windows by Alt and a click.
  const zoom = /Linux/.test(navigator.platform) ? 'Ctrl' : 'Alt';
  deck.registerKeyboardShortcut(`${zoom} + click`, 'Zoom in or out');
  deck.registerKeyboardShortcut('ESC in a control', 'Return focus to the slides');
  // Words for keys that reveal.js has, and names when it starts.
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
 * Hears each key before reveal.js does. That looks for the question mark where American keyboards
 * have it, and takes it for a slash elsewhere, which blackens the screen.
 *
 * @param {KeyboardEvent} event
 * @param {RevealApi} deck
 * @returns {boolean} whether it is left to reveal.js
 */
export function isForReveal(event, deck) {
  if (moveInOverview(event, deck)) return false;
  if (event.key !== '?' || document.activeElement?.matches('input, textarea')) return true;
  deck.toggleHelp();
  return false;
}
