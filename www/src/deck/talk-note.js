/*
 * The note at the lower edge of a talk that is not dagdeck's own, for its author: the name of the file, its mistakes
 * line by line, and a button that leads back. It folds into a bar below the slides, so that it covers none of them.
 * Without mistakes it disappears when the slide changes.
 */

/** @import { Problem } from './markdown.js' */

/** The key under which the tab's storage remembers that the note is folded. */
const FOLDED = 'dagdeck-note-folded';

/** A file that is not a talk may have thousands of mistakes. */
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
    /** Shows a message that is not about a mistake in the file. @param {string} message */
    tell(message) {
      summary.textContent = message;
      document.body.append(element);
    },
    /** Folds or unfolds the note. */
    toggle() {
      if (element.isConnected) fold(!element.classList.contains('folded'));
    },
    /** Call it when the slide has changed. */
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
    // Without storage the note unfolds again when the page reloads.
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
