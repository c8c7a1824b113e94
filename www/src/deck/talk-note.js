/*
 * The note at the lower edge of a talk that is not dagdeck's own: whose it is, the mistakes in its file
 * line by line, and the way back. It is for the author. It folds into a bar that takes a little of the
 * page's height, so that it covers no slide; without mistakes it goes when the slides are turned.
 */

/** @import { Problem } from './markdown.js' */

/** Remembers that the note is folded, also when the page reloads. */
const FOLDED = 'dagdeck-note-folded';

/** A file that is no talk at all may have thousands of mistakes. */
const MOST_LISTED = 200;

/**
 * @param {string} name of the talk's file
 * @param {() => void} back returns to dagdeck's own talk
 */
export function createTalkNote(name, back) {
  const element = document.createElement('aside');
  element.className = 'talk-note';
  element.setAttribute('aria-label', 'About this talk file');
  const summary = button('', () => fold(!element.classList.contains('folded')));
  summary.className = 'summary';
  summary.title = 'Fold or unfold (X)';
  const list = document.createElement('ol');
  list.id = 'talk-note-mistakes';
  summary.setAttribute('aria-controls', list.id);
  const buttons = document.createElement('p');
  let closed = false;
  const close = () => {
    closed = true;
    element.remove();
  };
  buttons.append(button('Close', close), button('Back to dagdeck’s own talk', back));
  element.append(summary, list, buttons);

  /** @param {boolean} folded */
  function fold(folded) {
    element.classList.toggle('folded', folded);
    summary.setAttribute('aria-expanded', String(!folded));
    list.hidden = folded || known.length === 0;
    buttons.hidden = folded;
    remember(folded);
  }

  /** @type {Problem[]} */
  const known = [];
  const update = () => {
    known.sort((a, b) => a.line - b.line);
    const count = known.length === 1 ? '1 mistake' : `${known.length} mistakes`;
    summary.textContent =
      known.length === 0 ? `${name}. Press D to close it.` : `${name}: ${count}`;
    list.replaceChildren(...known.slice(0, MOST_LISTED).map(item));
    if (known.length > MOST_LISTED) {
      const more = document.createElement('li');
      more.textContent = `${known.length - MOST_LISTED} more`;
      list.append(more);
    }
    fold(isFolded());
  };
  update();
  return {
    show() {
      if (!closed) document.body.append(element);
    },
    /** @param {Problem[]} problems */
    add(problems) {
      if (problems.length === 0) return;
      known.push(...problems);
      update();
      this.show();
    },
    /** Tells something that is not a mistake in the file. @param {string} message */
    tell(message) {
      summary.textContent = message;
      document.body.append(element);
    },
    /** Folds the note, or unfolds it. */
    toggle() {
      if (element.isConnected) fold(!element.classList.contains('folded'));
    },
    /** The slides were turned. */
    turned() {
      if (known.length === 0) element.remove();
    },
  };
}

/** @param {Problem} problem */
function item({ line, message }) {
  const element = document.createElement('li');
  const place = document.createElement('b');
  place.textContent = `Line ${line}: `;
  element.append(place, message);
  return element;
}

function isFolded() {
  try {
    return sessionStorage.getItem(FOLDED) !== null;
  } catch {
    return false;
  }
}

/** @param {boolean} folded */
function remember(folded) {
  try {
    if (folded) sessionStorage.setItem(FOLDED, '');
    else sessionStorage.removeItem(FOLDED);
  } catch {
    // Without storage the note is unfolded again when the page reloads.
  }
}

/**
 * @param {string} text
 * @param {() => void} act
 */
function button(text, act) {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  element.addEventListener('click', act);
  return element;
}
