import { describe, expect, test } from 'vitest';
import { ResultTable, shownOf } from '../../../src/demo/result-table.js';

/** @import { TableValue } from '../../../src/engine/protocol.js' */

/** @type {TableValue} */
const table = {
  columns: [
    { name: 'section', label: 'lock', unit: '' },
    { name: 'threads', label: 'threads', unit: '' },
    { name: 'time', label: 'time', unit: 'ms' },
    { name: 'ratio', label: 'false alarms per switch', unit: '' },
    { name: 'lost', label: 'lost', unit: '' },
  ],
  rows: [
    ['old', 2, 686.3109, 7.743, null],
    ['new', 2, 1234567, null, null],
  ],
};

/**
 * The elements of a kind, in order, as text.
 *
 * @param {any} node
 * @param {string} type
 * @returns {string[]}
 */
function textsOf(node, type) {
  if (Array.isArray(node)) return node.flatMap((child) => textsOf(child, type));
  if (typeof node !== 'object' || node === null) return [];
  if (node.type === type) return [textOf(node)];
  return textsOf(node.props.children, type);
}

/** @param {any} node @returns {string} */
function textOf(node) {
  if (Array.isArray(node)) return node.map(textOf).join('');
  if (typeof node !== 'object') return String(node);
  return node === null ? '' : textOf(node.props.children);
}

describe('a table as a result', () => {
  test('says once what is the same in all rows, and leaves out what nobody knows', () => {
    const { same, columns, rows } = shownOf(table);
    expect(same).toEqual(['threads 2']);
    expect(columns.map(({ name }) => name)).toEqual(['section', 'time', 'ratio']);
    expect(rows).toEqual([
      ['old', 686.3109, 7.743],
      ['new', 1234567, null],
    ]);
  });

  test('of one row has all of its figures', () => {
    const { same, columns } = shownOf({ ...table, rows: table.rows.slice(0, 1) });
    expect(same).toEqual([]);
    expect(columns.map(({ name }) => name)).toEqual(['section', 'threads', 'time', 'ratio']);
  });

  test('is an HTML table with headings, units and readable numbers', () => {
    const node = ResultTable({ label: 'locks', table });
    expect(textsOf(node, 'caption')).toEqual(['locks · threads 2']);
    expect(textsOf(node, 'th')).toEqual([
      'lock',
      'time ms',
      'false alarms per switch',
      'old',
      'new',
    ]);
    expect(textsOf(node, 'td')).toEqual(['686.3', '7.743', '1\u202f234\u202f567', '–']);
  });
});
