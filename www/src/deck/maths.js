/*
 * Draws the formulas of a talk with KaTeX, which is loaded when a talk has one. A formula is as untrusted as
 * the rest of the talk: it may not link, load, name classes or expand for ever, and what KaTeX makes of
 * it goes through a list of its own. A formula that cannot be drawn is shown as its source.
 */

/**
 * @callback DrawMaths
 * @param {HTMLElement} slide
 * @param {(message: string, at: Element) => void} report
 * @returns {void}
 */

const FORMULA = 'span.math:is(.inline, .display)';

/** Longer formulas, or more of them, would keep the browser busy for seconds. */
const LONGEST = 5000;
const LONGEST_OF_ALL = 100_000;

/**
 * @param {string} html of a talk
 * @returns {boolean}
 */
export function hasMaths(html) {
  return html.includes('class="math ');
}

/** @returns {Promise<DrawMaths>} */
export async function loadMaths() {
  try {
    const { drawFormula } = await import('./formula.js');
    keepOffline();
    return drawAll(drawFormula);
  } catch {
    return drawAll(() => {
      throw new Error('KaTeX could not be loaded. Reload the page when you are online');
    });
  }
}

/** Tells the service worker, as soon as there is one, that this reader has talks with formulas. */
function keepOffline() {
  navigator.serviceWorker?.ready.then(({ active }) => active?.postMessage('maths'));
}

/**
 * @param {(source: string, display: boolean) => Node} draw throws an error that says why not
 * @returns {DrawMaths}
 */
function drawAll(draw) {
  let left = LONGEST_OF_ALL;
  return (slide, report) => {
    for (const formula of slide.querySelectorAll(FORMULA)) {
      const element = /** @type {HTMLElement} */ (formula);
      const source = element.textContent ?? '';
      left -= source.length;
      try {
        checkLength(source, left);
        element.replaceChildren(draw(source, element.classList.contains('display')));
      } catch (error) {
        const { message } = /** @type {Error} */ (error);
        const start = source.length > 40 ? `${source.slice(0, 40)}…` : source;
        report(`the formula “${start}” cannot be drawn: ${message}`, element);
        element.classList.add('undrawn');
      }
    }
  };
}

/**
 * @param {string} source
 * @param {number} left characters that the formulas of the talk may still have, after this one
 */
function checkLength(source, left) {
  if (source.length > LONGEST) {
    throw new Error(`it has more than ${LONGEST.toLocaleString('en')} characters`);
  }
  if (left < 0) {
    const most = LONGEST_OF_ALL.toLocaleString('en');
    throw new Error(`a talk may have ${most} characters of formulas`);
  }
}
