/*
 * The stage's side of the speaker's window: opens it (S), tells it which slide is shown, and handles the keys that are
 * pressed in it.
 */
import { createNote } from '../page/note.js';
import { hear, say } from './messages.js';

/** @import { RevealApi } from 'reveal.js' */

const S = 83;

const EVENTS = [
  'slidechanged',
  'fragmentshown',
  'fragmenthidden',
  'overviewhidden',
  'paused',
  'resumed',
];

/** @param {RevealApi} deck before it is initialised */
export function connectSpeaker(deck) {
  /** The speaker's window, even if it was opened before this page was reloaded. @type {Window | null} */
  let speaker = null;

  const tell = () => {
    if (!speaker || speaker.closed || !deck.isReady()) return;
    const { indexh, indexv, indexf, paused } = deck.getState();
    say(speaker, 'state', {
      deck: { indexh, indexv, indexf, paused },
      slide: deck.getSlidePastCount() + 1,
      slides: deck.getTotalSlides(),
      last: deck.isLastSlide() && !deck.availableFragments().next,
    });
  };
  for (const event of EVENTS) deck.on(event, tell);
  hear('hello', (_, from) => {
    speaker = from;
    tell();
  });
  hear('key', (key, from) => {
    if (from !== speaker) return;
    // Keys from the speaker's window act on the slides, whatever has the focus on the stage.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    const event = new KeyboardEvent('keydown', { ...key, bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
  });
  deck.addKeyBinding({ keyCode: S, key: 'S', description: 'Speaker notes' }, () => {
    if (speaker && !speaker.closed) {
      speaker.focus();
      return;
    }
    const url = new URL('speaker.html', document.baseURI);
    speaker = open(url, '_blank', 'popup, width=1100, height=700');
    if (speaker) return;
    const words =
      'The browser blocked the window with the notes. Allow pop-ups for this page, then press S again.';
    document.body.prepend(createNote('Speaker notes', [words], { Close() {} }));
  });
}
