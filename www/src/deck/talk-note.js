/*
 * The note at the lower edge of a talk that is not dagdeck's own, for its author: the name of the file, its mistakes
 * line by line, and a button that leads back. It folds into a bar below the slides, so that it covers none of them.
 * Without mistakes it disappears when the slide changes.
 */
import { render } from 'preact';
import { h } from '../page/h.js';

/** @import { Problem } from './markdown.js' */

/** The key under which the tab's storage remembers that the note is folded. */
const FOLDED = 'dagdeck-note-folded';

/** A file that is not a talk may have thousands of mistakes. */
const MOST_LISTED = 200;

const LIST_ID = 'talk-note-mistakes';

/**
 * @param {string} name of the talk's file
 * @param {() => void} back returns to dagdeck's own talk
 */
export function createTalkNote(name, back) {
  const element = document.createElement('aside');
  element.className = 'talk-note';
  element.setAttribute('aria-label', 'About this talk file');
  /** @type {Problem[]} */
  const problems = [];
  let folded = isFolded();
  let closed = false;
  const close = () => {
    closed = true;
    element.remove();
  };
  const fold = () => {
    folded = !folded;
    remember(folded);
    draw();
  };
  let summary = `${name}. Press D to close it.`;
  const draw = () => {
    element.classList.toggle('folded', folded);
    render(h(Note, { summary, problems, folded, fold, close, back }), element);
  };
  draw();
  return {
    show() {
      if (!closed) document.body.append(element);
    },
    /** @param {Problem[]} more */
    add(more) {
      if (more.length === 0) return;
      problems.push(...more);
      problems.sort((a, b) => a.line - b.line);
      const count = problems.length === 1 ? '1 mistake' : `${problems.length} mistakes`;
      summary = `${name}: ${count}`;
      draw();
      this.show();
    },
    /** Shows a message that is not about a mistake in the file. @param {string} message */
    tell(message) {
      summary = message;
      draw();
      document.body.append(element);
    },
    /** Folds or unfolds the note. */
    toggle() {
      if (element.isConnected) fold();
    },
    /** Call it when the slide has changed. */
    turned() {
      if (problems.length === 0) element.remove();
    },
  };
}

/**
 * @typedef {Object} NoteProps
 * @property {string} summary
 * @property {Problem[]} problems
 * @property {boolean} folded
 * @property {() => void} fold folds the note, or unfolds it
 * @property {() => void} close
 * @property {() => void} back
 */

/** @param {NoteProps} props */
function Note({ summary, problems, folded, fold, close, back }) {
  const controls = { 'aria-controls': LIST_ID, 'aria-expanded': !folded };
  const title = 'Fold or unfold (X)';
  const others = problems.length - MOST_LISTED;
  return [
    h('button', { type: 'button', class: 'summary', title, ...controls, onClick: fold }, summary),
    h('ol', { id: LIST_ID, hidden: folded || problems.length === 0 }, [
      problems
        .slice(0, MOST_LISTED)
        .map(({ line, message }) => h('li', null, [h('b', null, `Line ${line}: `), message])),
      others > 0 && h('li', null, `${others} more`),
    ]),
    h('p', { hidden: folded }, [
      h('button', { type: 'button', onClick: close }, 'Close'),
      h('button', { type: 'button', onClick: back }, 'Back to dagdeck’s own talk'),
    ]),
  ];
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
