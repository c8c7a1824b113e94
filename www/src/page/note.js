/*
 * A note at the top of a page: a text and buttons.
 */
import { elementOf, h } from './h.js';

/** @import { ComponentChildren } from 'preact' */

/**
 * @param {string} label for screen readers
 * @param {ComponentChildren} words
 * @param {Record<string, () => void>} acts what each button does, by its text; each also closes the note
 * @returns {HTMLElement}
 */
export function createNote(label, words, acts) {
  const buttons = Object.entries(acts).map(([name, act]) => {
    const onClick = () => {
      note.remove();
      act();
    };
    return h('button', { type: 'button', onClick }, name);
  });
  const note = elementOf(
    h('aside', { class: 'page-note', 'aria-label': label }, [h('p', null, words), buttons]),
  );
  return note;
}
