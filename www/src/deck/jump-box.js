/*
 * reveal.js compiles the text in its box "Jump to slide" as a regular expression, and throws an error if that is
 * not possible, as after `(`. Such text is escaped here, so that the box searches for it literally.
 */

/** @param {HTMLElement} reveal */
export function mendJumpBox(reveal) {
  reveal.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.matches('.jump-to-slide-input')) return;
    if (Object.hasOwn(target, 'value')) return;
    const typed = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
    Object.defineProperty(target, 'value', {
      get: () => asPattern(String(typed?.get?.call(target))),
      set(text) {
        typed?.set?.call(target, text);
      },
    });
  });
}

/**
 * @param {string} text
 * @returns {string} the text itself if it is a valid regular expression
 */
function asPattern(text) {
  try {
    new RegExp(text);
    return text;
  } catch {
    return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  }
}
