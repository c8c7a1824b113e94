/*
 * Code on slides: colours, line numbers, and lines that are highlighted step by step. Each step after the first is
 * a copy of the code that covers the previous one, as a fragment of reveal.js. So steps work wherever fragments
 * do, on paper too.
 */
import { codeLines, isLanguage } from '../page/code-lines.js';
import { parseLines } from './dialect/code.js';
import { inWords, limits } from './limits.js';

/**
 * @param {(message: string, at: Element) => void} report tells what is beyond a limit
 * @returns {(slide: HTMLElement) => void} dresses the code of the slides of one talk, one after the other
 */
export function createCodeDresser(report) {
  const left = { lines: limits.codeLines, characters: limits.colouredCode };
  return (slide) => {
    for (const block of slide.querySelectorAll('pre')) {
      const code = block.querySelector('code');
      if (code) dress(block, code, left, report);
    }
  };
}

/**
 * @param {HTMLElement} block
 * @param {HTMLElement} code
 * @param {{ lines: number, characters: number }} left what the talk may still use
 * @param {(message: string, at: Element) => void} report
 */
function dress(block, code, left, report) {
  const language = [...block.classList].map((name) => name.toLowerCase()).find(isLanguage);
  block.classList.add('code');
  const text = code.textContent ?? '';
  const count = text.split('\n').length;
  const possible = Math.min(left.lines, limits.blockLines);
  if (count > possible || text.length > left.characters) {
    report(
      `this code is shown without highlighting and steps: those are limited to ${inWords(possible)} ` +
        `more lines and ${inWords(left.characters)} more characters`,
      block,
    );
    return;
  }
  const lines = codeLines(text, language).map((html) => {
    const line = document.createElement('span');
    line.className = html === '' ? 'line blank' : 'line';
    // highlight.js escapes the code: the only tags in it are its own.
    line.innerHTML = `${html}\n`;
    return line;
  });
  code.replaceChildren(...lines);
  const { start, lines: wanted } = block.dataset;
  if (start !== undefined) {
    block.classList.add('numbered');
    code.style.counterSet = `line ${Number.parseInt(start, 10) - 1 || 0}`;
  }
  const asked = (wanted !== undefined && parseLines(wanted)) || [];
  const steps = asked.slice(0, Math.min(limits.steps, Math.floor(possible / count)));
  if (steps.length < asked.length) {
    report(
      `lines: only the first ${steps.length} of ${inWords(asked.length)} steps are shown; ` +
        `each step draws all ${inWords(count)} lines of the code`,
      block,
    );
  }
  left.lines -= count * Math.max(1, steps.length);
  left.characters -= text.length;
  steps.forEach((numbers, i) => {
    const lit = new Set(numbers);
    const layer = i === 0 ? code : /** @type {HTMLElement} */ (code.cloneNode(true));
    [...layer.children].forEach((line, n) => {
      line.classList.toggle('dim', lit.size > 0 && !lit.has(n + 1));
    });
    if (i === 0) return;
    layer.classList.add('fragment');
    layer.setAttribute('aria-hidden', 'true');
    block.append(layer);
  });
}
