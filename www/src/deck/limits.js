/*
 * Limits for talk files. A talk file may come from anyone, and a larger one could keep the browser busy for
 * seconds or hang it. Each limit is many times what a long talk needs. What is cut off is reported with its line.
 */
export const limits = {
  slides: 500,
  /** On all slides together. */
  elements: 50_000,
  /** Of one element. */
  attributes: 100,
  demos: 100,
  /** Painting work of one drawing, in simple shapes painted by reference (drawing-work.js). */
  drawing: 20_000,
  /** Of all drawings together, and of all images. */
  drawings: 100_000,
  /** Steps of one code block. */
  steps: 100,
  /** Lines of code in one block, counted once for each step. */
  blockLines: 5000,
  /** Lines of code in all blocks. */
  codeLines: 20_000,
  /** Characters of code with syntax highlighting, in all blocks. */
  colouredCode: 200_000,
  /** Characters on a slide that are set with contextual alternates (dialect.css). */
  contextual: 2000,
};

/** @param {number} n */
export function inWords(n) {
  return n.toLocaleString('en');
}

/**
 * Shortens a message that may quote a whole file.
 *
 * @param {string} message
 */
export function shortened(message) {
  return message.length > 300 ? `${message.slice(0, 300)}…` : message;
}
