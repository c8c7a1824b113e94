/*
 * The note that stands over the slides of a talk that is not dagdeck's own: whose it is, the mistakes in
 * its file line by line, and the way back. It is for the one who writes, and goes when it is
 * closed; without mistakes it goes by itself when the slides are turned.
 */

/** @import { Problem } from './markdown.js' */

/**
 * @param {string} name of the talk's file
 * @param {() => void} back returns to dagdeck's own talk
 */
export function createTalkNote(name, back) {
  const element = document.createElement('aside');
  element.className = 'talk-note';
  element.setAttribute('aria-label', 'About this talk file');
  const summary = document.createElement('p');
  const list = document.createElement('ol');
  const buttons = document.createElement('p');
  buttons.append(
    button('Close', () => element.remove()),
    button('Back to dagdeck’s own talk', back),
  );
  element.append(summary, list, buttons);

  /** @type {Problem[]} */
  const known = [];
  const update = () => {
    const count = known.length === 1 ? 'one mistake' : `${known.length} mistakes`;
    summary.textContent =
      known.length === 0 ? `${name}. The key D closes it.` : `${name}: ${count}`;
    list.hidden = known.length === 0;
    list.replaceChildren(
      ...known
        .toSorted((a, b) => a.line - b.line)
        .map(({ line, message }) => {
          const item = document.createElement('li');
          const place = document.createElement('b');
          place.textContent = `Line ${line}: `;
          item.append(place, message);
          return item;
        }),
    );
  };
  update();
  return {
    show() {
      document.body.append(element);
    },
    /** @param {Problem[]} problems */
    add(problems) {
      known.push(...problems);
      update();
    },
    /** Tells something that is not a mistake in the file. @param {string} message */
    tell(message) {
      summary.textContent = message;
      document.body.append(element);
    },
    /** The slides were turned. */
    turned() {
      if (known.length === 0) element.remove();
    },
  };
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
