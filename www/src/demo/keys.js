/*
 * Decides which keys stay in a demo and which reach the page. Keys that a control uses must not turn a
 * slide. R, Shift+R and M reach the page from everything but a text field that accepts letters, so that a
 * deck can bind them: a speaker moves a slider and presses R.
 */

/**
 * Handles a key event inside a demo.
 *
 *     R, M in a number field    commits the text; reaches the page if the number is valid
 *     R, M in other controls    reaches the page
 *     other keys in controls    stay; Escape returns the focus to the page
 *
 * @param {Event} event
 */
export function keepKeys(event) {
  if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.metaKey) return;
  const target = event.target;
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) {
    if (isDeckKey(event) && !takesLetters(target)) {
      // Types no letter into a number field and selects nothing in a menu.
      event.preventDefault();
      if (event.type !== 'keydown' || isValidAfterCommit(target)) return;
    }
    event.stopPropagation();
    if (event.key === 'Escape' && event.type === 'keydown') target.blur();
  } else if (target instanceof HTMLButtonElement || isSummary(target)) {
    if (event.key === ' ' || event.key === 'Enter') event.stopPropagation();
  } else if (target instanceof HTMLElement && target.tabIndex >= 0 && scrolls(target)) {
    if (/^(Arrow|Page|Home|End)/.test(event.key)) event.stopPropagation();
  }
}

/** @param {KeyboardEvent} event */
function isDeckKey({ key, altKey }) {
  return /^[rm]$/i.test(key) && !altKey;
}

/** @param {HTMLInputElement | HTMLSelectElement} control */
function takesLetters(control) {
  return control.type === 'text' && control.inputMode !== 'numeric';
}

/**
 * Commits the text of a field, as leaving the field would.
 *
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @returns {boolean} false if its value is not allowed
 */
function isValidAfterCommit(control) {
  if (control.type === 'text') control.dispatchEvent(new Event('change'));
  return control.validity.valid;
}

/** Whether an element has more content than it shows. @param {HTMLElement} element */
function scrolls({ scrollHeight, clientHeight, scrollWidth, clientWidth }) {
  return scrollHeight > clientHeight || scrollWidth > clientWidth;
}

/** @param {EventTarget | null} target */
function isSummary(target) {
  return target instanceof HTMLElement && target.localName === 'summary';
}
