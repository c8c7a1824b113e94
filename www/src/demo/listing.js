/*
 * The Python listing of a program, with colours: real Dask code from talk/listings/, whose plain
 * assignments (`n = 4000`) follow the settings. A line `# shapes/{shape}.py` is replaced by the file of the
 * chosen shape, so that the listing shows only the code that it runs. No Python runs here.
 */
import { codeLines } from '../page/code-lines.js';

/** @import { SettingValues } from './settings.js' */

/** @type {Record<string, string>} */
const files = import.meta.glob('../../talk/listings/{,shapes/}*.py', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/**
 * The listing of a program, as in its file; null if it has none.
 *
 * @param {string} program
 * @returns {string | null}
 */
export function listingOf(program) {
  return files[`../../talk/listings/${program}.py`] ?? null;
}

/**
 * Puts values into a listing: a line `name = ...` gets the value of its name, and a line
 * `# folder/{name}.py` is replaced by that file.
 *
 * @param {string} listing
 * @param {SettingValues} values by name; names that the listing does not assign are ignored
 * @returns {string}
 */
export function withValues(listing, values) {
  return listing
    .split('\n')
    .map((line) => {
      const [, folder, choice] = /^# (\w+)\/\{(\w+)\}\.py$/.exec(line) ?? [];
      if (folder) return listingOf(`${folder}/${values[choice]}`)?.trimEnd() ?? line;
      const name = assigned(line);
      if (name === null || !Object.hasOwn(values, name)) return line;
      const comment = /\s+#.*$/.exec(line)?.[0] ?? '';
      return `${name} = ${literal(values[name])}${comment}`;
    })
    .join('\n');
}

/**
 * Finds the lines of some names: the top-level statements that define them (`n = 4000`, `def f():`,
 * `with Client() as client:`) or begin with them (`print(x)`).
 *
 * @param {string} listing
 * @param {string[]} names
 * @returns {boolean[]} per line
 */
export function linesOf(listing, names) {
  /** @type {string[][]} */
  const statements = [];
  for (const line of listing.split('\n')) {
    // An indented line or a closing bracket continues a statement.
    if (statements.length > 0 && /^(?:[\s)\]}]|$)/.test(line)) statements.at(-1)?.push(line);
    else statements.push([line]);
  }
  return statements.flatMap((lines) => {
    const code = lines.join('\n');
    const shown = names.some((name) => defines(code, name));
    return lines.map((line) => shown && line !== '');
  });
}

/**
 * @param {string} statement
 * @param {string} name
 */
function defines(statement, name) {
  const word = name.replace(/\W/g, '');
  if (word === '') return false;
  const pattern = `^(?:(?:def|class)\\s+)?${word}\\b|^(?:with|import|from)\\b[^]*?\\bas ${word}\\b`;
  return new RegExp(pattern).test(statement);
}

/**
 * The name to which a line assigns a plain number or string, or null.
 *
 * @param {string} line
 */
function assigned(line) {
  return /^([a-z_]\w*) = (?:-?\d+|'[^']*'|"[^"]*")\s*(?:#.*)?$/i.exec(line)?.[1] ?? null;
}

/** @param {SettingValues[string]} value */
function literal(value) {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/**
 * Python as HTML, one string per line, with highlight.js' class names.
 *
 * @param {string} code
 * @returns {{ html: string, name: string | null }[]} `name` is the name that the line assigns, if any
 */
export function highlightedLines(code) {
  const sources = code.split('\n');
  return codeLines(code, 'python').map((html, i) => ({ html, name: assigned(sources[i]) }));
}
