/*
 * Draws the formulas of a talk with KaTeX, which is loaded only if a talk has formulas. A formula is as untrusted as
 * the rest of the talk: it may not link, load files, set classes or expand without end, and KaTeX's output is
 * sanitised with a separate list. A formula that cannot be drawn is shown as its source.
 */

/**
 * @callback DrawMaths
 * @param {HTMLElement} slide
 * @param {(message: string, at: Element) => void} report
 * @returns {void}
 */

const FORMULA = 'span.math:is(.inline, .display)';

/** A longer formula would keep the browser busy for seconds. */
const LONGEST = 5000;

/**
 * What all formulas of a talk may take: the time to draw them, and the elements that the browser lays out
 * and paints afterwards, which takes several times as long. This is enough for some hundreds of formulas.
 */
const TIME_MS = 1000;
const ELEMENTS = 10_000;

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

/** Tells the service worker, once it is ready, to keep KaTeX for use offline. */
function keepOffline() {
  navigator.serviceWorker?.ready.then(({ active }) => active?.postMessage('maths'));
}

/**
 * @param {(source: string, display: boolean) => DocumentFragment} draw throws an error that says why not
 * @returns {DrawMaths}
 */
function drawAll(draw) {
  let [spentMs, elements, told] = [0, 0, false];
  return (slide, report) => {
    for (const formula of slide.querySelectorAll(FORMULA)) {
      const element = /** @type {HTMLElement} */ (formula);
      const source = element.textContent ?? '';
      const words = `the formula “${source.length > 40 ? `${source.slice(0, 40)}…` : source}”`;
      if (spentMs > TIME_MS || elements > ELEMENTS) {
        element.classList.add('undrawn');
        if (told) continue;
        told = true;
        report(
          `${words} and those after it are not drawn: this talk has too many formulas`,
          element,
        );
        continue;
      }
      const start = performance.now();
      try {
        if (source.length > LONGEST) {
          throw new Error(`it has more than ${LONGEST.toLocaleString('en')} characters`);
        }
        const drawn = draw(source, element.classList.contains('display'));
        elements += drawn.querySelectorAll('*').length;
        element.replaceChildren(drawn);
      } catch (error) {
        const { message } = /** @type {Error} */ (error);
        report(`${words} cannot be drawn: ${message}`, element);
        element.classList.add('undrawn');
      }
      spentMs += performance.now() - start;
    }
  };
}
