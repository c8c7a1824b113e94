/*
 * A note above a page: some words, and buttons that do something about them.
 */

/**
 * @param {string} label for who does not see it
 * @param {(string | Node)[]} words
 * @param {Record<string, () => void>} acts by the buttons' texts; each closes the note
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
