/*
 * Code on slides: colours, line numbers, and lines that light up step by step. Each step after the first is
 * the same code once more, laid over the one before as a fragment of reveal.js: so steps work
 * wherever fragments do, on paper too.
 */
import { codeLines, isLanguage } from '../page/code-lines.js';
import { parseLines } from './dialect/code.js';

/** @param {HTMLElement} slide */
export function dressCode(slide) {
  for (const block of slide.querySelectorAll('pre')) {
    const code = block.querySelector('code');
    if (code) dress(block, code);
  }
}

/**
 * @param {HTMLElement} block
 * @param {HTMLElement} code
 */
function dress(block, code) {
  const language = [...block.classList].map((name) => name.toLowerCase()).find(isLanguage);
  block.classList.add('code');
  const lines = codeLines(code.textContent ?? '', language).map((html) => {
    const line = document.createElement('span');
    line.className = html === '' ? 'line blank' : 'line';
    // The colouring escapes the code; nothing but its own tags is left in it.
    line.innerHTML = `${html}\n`;
    return line;
  });
  code.replaceChildren(...lines);
  const { start, lines: lit } = block.dataset;
  if (start !== undefined) {
    block.classList.add('numbered');
    code.style.counterSet = `line ${Number.parseInt(start, 10) - 1 || 0}`;
  }
  const steps = (lit !== undefined && parseLines(lit)) || [];
  steps.forEach((numbers, i) => {
    const layer = i === 0 ? code : /** @type {HTMLElement} */ (code.cloneNode(true));
    [...layer.children].forEach((line, n) => {
      line.classList.toggle('dim', numbers.length > 0 && !numbers.includes(n + 1));
    });
    if (i === 0) return;
    layer.classList.add('fragment');
    layer.setAttribute('aria-hidden', 'true');
    block.append(layer);
  });
}
