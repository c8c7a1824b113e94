/*
 * When Enter runs what was typed into a console, and what was typed before. This file does not touch the page.
 */

/** The number of entries that are remembered. */
const MOST_ENTRIES = 500;

/**
 * Whether Python would run this at once, as far as that can be told without Python: brackets and strings are closed, and
 * a block ends with a blank line.
 *
 * @param {string} code
 */
export function isComplete(code) {
  const { open, plain } = withoutStrings(code);
  if (open) return false;
  const lines = plain.split('\n');
  const last = lines.at(-1) ?? '';
  if (last.trim() === '') return true;
  if (/\\$/.test(last)) return false;
  const hasBlock = lines.some((line) => /:\s*$/.test(line) || /^\s*@/.test(line));
  // `if x: print(x)` may go on with `else:`, but mostly does not.
  return !hasBlock;
}

/**
 * Removes strings and comments.
 *
 * @param {string} code
 * @returns {{ open: boolean, plain: string }} `open`: whether a bracket or a string over several lines is not closed
 */
function withoutStrings(code) {
  let depth = 0;
  let plain = '';
  const tokens =
    /('''|""")(?:\\[^]|(?!\1)[^])*(\1)?|(['"])(?:\\.|(?!\3).)*\3?|#.*|[[({]|[\])}]|[^]/g;
  for (const [token, triple, closed] of code.matchAll(tokens)) {
    if (triple !== undefined) {
      if (closed === undefined) return { open: true, plain };
      plain += '""';
    } else if (/^['"]/.test(token)) plain += '""';
    else if (!token.startsWith('#')) {
      plain += token;
      if (/^[[({]$/.test(token)) depth++;
      if (/^[\])}]$/.test(token)) depth--;
    }
  }
  return { open: depth > 0, plain };
}

/** What was entered, and the place in it that the arrow keys have reached. */
export class InputHistory {
  /** @type {string[]} */
  #entries = [];
  #at = 0;
  /** What was being typed before the first arrow key. */
  #draft = '';

  /** @param {string} entry */
  add(entry) {
    if (entry !== this.#entries.at(-1)) this.#entries.push(entry);
    if (this.#entries.length > MOST_ENTRIES) this.#entries.shift();
    this.#at = this.#entries.length;
    this.#draft = '';
  }

  /**
   * @param {string} current what is typed now
   * @returns {string | null} the entry before; null if there is none
   */
  back(current) {
    if (this.#at === 0) return null;
    if (this.#at === this.#entries.length) this.#draft = current;
    return this.#entries[--this.#at];
  }

  /** @returns {string | null} the entry after, in the end what was typed; null if there is none */
  forth() {
    if (this.#at === this.#entries.length) return null;
    return this.#entries[++this.#at] ?? this.#draft;
  }
}
