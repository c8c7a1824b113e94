/*
 * reveal.js takes what is typed into its box "Jump to slide" for a regular expression, and throws if it is none, as
 * after `(`. Such text is escaped, so that the box looks for it as it is written.
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
 * @returns {string} the text itself if it is a regular expression
 */
function asPattern(text) {
  try {
    new RegExp(text);
    return text;
  } catch {
    return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  }
}
