/*
 * The fixed parts of a demo. What is shown in them is the work of other files.
 */
import { connectFold } from './listing-panel.js';

/**
 * @typedef {ReturnType<typeof createParts>} Parts
 */

export function createParts() {
  const root = document.createElement('div');
  root.className = 'demo';
  root.innerHTML = `
    <p class="banner" hidden></p>
    <div class="side">
      <figure class="listing">
        <figcaption>
          <span class="file"></span>
          <button type="button" class="fold" hidden>All lines</button>
        </figcaption>
        <pre tabindex="0" aria-label="Python listing"><code></code></pre>
      </figure>
      <div class="controls-place"></div>
      <dl class="recorded" aria-label="Settings of the recorded run" hidden></dl>
      <p class="notice" role="alert" hidden></p>
      <div class="buttons">
        <button type="button" class="run">Run</button>
        <button type="button" class="reset">Reset</button>
        <button type="button" class="recorded-run" hidden>Recorded run</button>
      </div>
      <div class="result-place"></div>
    </div>
    <slot name="over"></slot>`;
  /**
   * @template {HTMLElement} T
   * @param {string} selector
   * @returns {T}
   */
  const part = (selector) => {
    const found = root.querySelector(selector);
    if (!found) throw new Error(`a demo has no part ${selector}`);
    return /** @type {T} */ (found);
  };
  connectFold(part('.listing'));
  return {
    root,
    /** Says that what is shown is a recording. */
    banner: part('.banner'),
    listing: part('.listing'),
    controlsPlace: part('.controls-place'),
    resultPlace: part('.result-place'),
    recorded: part('.recorded'),
    notice: part('.notice'),
    /** @type {HTMLButtonElement} */
    run: part('.run'),
    /** @type {HTMLButtonElement} */
    reset: part('.reset'),
    /** Puts the recorded run in the place of the live one. */
    recordedRun: part('.recorded-run'),
  };
}
