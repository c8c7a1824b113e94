/*
 * The front matter of a talk file: YAML between `---` and `---` or `...` at its top, or pandoc's title block,
 * up to three lines that start with `%`: title, authors, date. A mistake in it is reported with its line, and the
 * rest of the talk is still shown.
 */
import { CORE_SCHEMA, load } from 'js-yaml';

/**
 * @typedef {Object} FrontMatter
 * @property {Record<string, unknown>} data
 * @property {string} source
 * @property {string} body
 * @property {number} bodyLine the number of the body's first line, from 1
 */

/**
 * @param {string} text
 * @param {(line: number, message: string) => void} report with a line from 1
 * @returns {FrontMatter}
 */
export function splitFrontMatter(text, report) {
  const found = /^\uFEFF?---[ \t]*\n([\s\S]*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(text);
  if (!found) return splitTitleBlock(text);
  const source = found[1] ?? '';
  const body = text.slice(found[0].length);
  const bodyLine = found[0].split('\n').length;
  return { data: parse(source, report), source, body, bodyLine };
}

/**
 * @param {string} text
 * @returns {FrontMatter}
 */
function splitTitleBlock(text) {
  const source = /^\uFEFF?(?:%.*(?:\n[ \t]+\S.*)*(?:\n|$)){0,3}/.exec(text)?.[0] ?? '';
  const [title = '', authors = '', date = ''] = source
    .split(/^\uFEFF?%/m)
    .slice(1)
    .map((field) => field.trim());
  const author = authors.split(/\s*[;\n]\s*/).filter(Boolean);
  const data = Object.fromEntries(
    Object.entries({ title: title.replace(/\s+/g, ' '), author, date }).filter(
      ([, value]) => value.length > 0,
    ),
  );
  return { data, source, body: text.slice(source.length), bodyLine: source.split('\n').length };
}

/**
 * @param {string} source
 * @param {(line: number, message: string) => void} report
 * @returns {Record<string, unknown>}
 */
function parse(source, report) {
  try {
    const data = load(source, { schema: CORE_SCHEMA }) ?? {};
    if (typeof data === 'object' && !Array.isArray(data)) {
      return /** @type {Record<string, unknown>} */ (data);
    }
    report(1, 'the front matter must consist of `name: value` lines');
  } catch (error) {
    const { mark, reason } = /** @type {import('js-yaml').YAMLException} */ (error);
    report((mark?.line ?? 0) + 2, `the front matter cannot be parsed: ${reason ?? error}`);
  }
  return {};
}

/**
 * Returns the line of a name in the front matter.
 *
 * @param {string} source
 * @param {string} name
 */
export function lineOf(source, name) {
  return source.split('\n').findIndex((line) => line.includes(name)) + 2;
}
