/*
 * A note at the top of a page: a text and buttons.
 */

/**
 * @param {string} label for screen readers
 * @param {(string | Node)[]} words
 * @param {Record<string, () => void>} acts what each button does, by its text; each also closes the note
 * @returns {HTMLElement}
 */
export function createNote(label, words, acts) {
  const note = document.createElement('aside');
  note.className = 'page-note';
  note.setAttribute('aria-label', label);
  const text = document.createElement('p');
  text.append(...words);
  note.append(text);
  for (const [name, act] of Object.entries(acts)) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = name;
    button.addEventListener('click', () => {
      note.remove();
      act();
    });
    note.append(button);
  }
  return note;
}
