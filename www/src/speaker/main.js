/*
 * The speaker's window: the slide on the stage, the step after it, the notes, a clock and a timer. The deck
 * opens it (S), and it controls the deck: key presses here are sent to the stage.
 */
import '../page/trusted-types.js';
import '../page/page.css';
import './speaker.css';
import { applyTheme } from '../page/theme.js';
import { hear, say } from './messages.js';

/** @import { State } from './messages.js' */

const GREETING_MS = 1000;
/** How long the stage may stay silent. It answers each greeting. */
const SILENCE_MS = 5000;

const LAYOUT = 'dagdeck-speaker-layout';

/** Keys that open a text box on the stage. */
const NOT_FOR_THE_STAGE = ['f', 'F', 'g', 'G', 's', 'S', 'F1', '?', 'Tab'];

applyTheme();

const stage = /** @type {Window | null} */ (window.opener);
const find = (/** @type {string} */ selector) =>
  /** @type {HTMLElement} */ (document.querySelector(selector));
const status = find('#status');

/** @type {{ frame: HTMLIFrameElement, ready: boolean }[]} */
const pictures = [];
/** @type {State | null} */
let state = null;
let heardAt = performance.now();

hear('hello', (_, from) => {
  const picture = pictures.find(({ frame }) => frame.contentWindow === from);
  if (!picture) return;
  picture.ready = true;
  if (state) say(from, 'state', state);
});
hear('state', (next, from) => {
  if (from !== stage) return;
  heardAt = performance.now();
  status.hidden = true;
  if (pictures.length === 0) openPictures(stage);
  if (JSON.stringify(next) === JSON.stringify(state)) return;
  state = next;
  find('#position').textContent = `Slide ${next.slide} of ${next.slides}`;
  document.body.classList.toggle('at-end', next.last);
  for (const { frame, ready } of pictures) {
    if (ready && frame.contentWindow) say(frame.contentWindow, 'state', next);
  }
  showNotes(stage);
});

greet();
setInterval(greet, GREETING_MS);
startClock();
connectLayout();

addEventListener('keydown', (event) => {
  const { key, code, keyCode, shiftKey, altKey, ctrlKey, metaKey, target } = event;
  if (altKey || ctrlKey || metaKey || NOT_FOR_THE_STAGE.includes(key) || /^F\d/.test(key)) return;
  if (target instanceof Element && target.matches('button, select')) return;
  event.preventDefault();
  if (stage && !stage.closed) say(stage, 'key', { key, code, keyCode, shiftKey });
});

/** Tells the stage that this window is open, also after one of them was reloaded. */
function greet() {
  if (!stage || stage.closed) {
    status.textContent = 'The deck is closed. Open it again and press S in it.';
    status.hidden = false;
    return;
  }
  say(stage, 'hello', null);
  if (performance.now() - heardAt < SILENCE_MS) return;
  status.textContent =
    'The deck does not answer. Close this window, reload the deck, and press S in it.';
  status.hidden = false;
}

/** @param {Window} from the stage */
function openPictures(from) {
  for (const [place, which] of [
    ['#current-slide', 'current'],
    ['#upcoming-slide', 'next'],
  ]) {
    const url = new URL(from.location.href);
    url.hash = '';
    url.searchParams.set('receiver', which);
    const frame = document.createElement('iframe');
    frame.title = which === 'next' ? 'The next step' : 'The slide on the stage';
    // Keys and clicks belong to the stage.
    frame.inert = true;
    frame.src = url.href;
    find(`${place} .picture`).append(frame);
    pictures.push({ frame, ready: false });
  }
}

/** @param {Window} from the stage, where the notes are sanitised like the rest of a talk */
function showNotes(from) {
  const notes = from.document.querySelectorAll('.slides section.present:not(.stack) > aside.notes');
  const value = find('.speaker-controls-notes .value');
  value.replaceChildren(
    ...[...notes].flatMap((note) =>
      [...note.childNodes].map((node) => document.importNode(node, true)),
    ),
  );
  if (notes.length === 0) value.textContent = 'This slide has no notes.';
  find('.speaker-controls-notes').scrollTop = 0;
}

function startClock() {
  let start = Date.now();
  const show = () => {
    const seconds = Math.floor((Date.now() - start) / 1000);
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    find('.timer').textContent = parts.map((part) => String(part).padStart(2, '0')).join(':');
    find('#clock').textContent = new Date().toLocaleTimeString([], { timeStyle: 'short' });
  };
  find('#reset').addEventListener('click', () => {
    start = Date.now();
    show();
    find('#reset').blur();
  });
  show();
  setInterval(show, 1000);
}

function connectLayout() {
  const choice = /** @type {HTMLSelectElement} */ (find('#layout'));
  const show = () => {
    document.body.dataset.layout = choice.value;
  };
  try {
    const before = localStorage.getItem(LAYOUT);
    if ([...choice.options].some(({ value }) => value === before)) choice.value = before ?? '';
  } catch {
    // Without storage the first layout is used.
  }
  show();
  choice.addEventListener('change', () => {
    show();
    choice.blur();
    try {
      localStorage.setItem(LAYOUT, choice.value);
    } catch {
      // The choice lasts until this window is closed.
    }
  });
}
