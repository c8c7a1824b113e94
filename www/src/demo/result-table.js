/*
 * A value that is a table, such as the figures of programs that were compared: one row for each of them.
 *
 *     threads 2
 *              |   time | switches |      Figures that are the same in all rows are said once, above the table, so
 *              |     ms |          |      that what differs has room. Columns without any figure are left out.
 *     old lock |    686 |    6 747 |
 *     new lock |    401 |       79 |
 *
 * In a narrow box the style sheet hides columns that the view of threads shows as well. Where that is not enough, the
 * box scrolls, and the names of the rows stay in sight.
 */
import { h } from '../page/h.js';
import { formatCount } from '../views/format.js';
import { numberText } from './value-text.js';

/** @import { TableCell, TableColumn, TableValue } from '../engine/protocol.js' */

/** What stands for a figure that does not exist. */
const NONE = '–';

/** @param {{ label: string, table: TableValue }} props */
export function ResultTable({ label, table }) {
  const { same, columns, rows } = shownOf(table);
  const [first, ...figures] = columns;
  return h('div', { class: 'table', role: 'region', tabIndex: 0, 'aria-label': label }, [
    h('table', null, [
      h('caption', null, [label, ...same].join(' · ')),
      h(
        'thead',
        null,
        h('tr', null, [
          h('th', { scope: 'col' }, heading(first)),
          figures.map((column) =>
            h(
              'th',
              { scope: 'col', key: column.name, 'data-column': column.name },
              heading(column),
            ),
          ),
        ]),
      ),
      h(
        'tbody',
        null,
        rows.map(([name, ...cells], row) =>
          h('tr', { key: row }, [
            h('th', { scope: 'row' }, cellText(name)),
            cells.map((cell, i) => {
              const { name: of } = figures[i];
              return h('td', { key: of, 'data-column': of }, cellText(cell));
            }),
          ]),
        ),
      ),
    ]),
  ]);
}

/**
 * What a table shows: the columns that differ from row to row, and the others in words.
 *
 * @param {TableValue} table
 * @returns {TableValue & { same: string[] }}
 */
export function shownOf({ columns, rows }) {
  /** @type {string[]} */
  const same = [];
  /** @type {number[]} */
  const kept = [];
  for (const [place, { name, label, unit }] of columns.entries()) {
    const [first, ...others] = rows.map((row) => row[place]);
    const differs = others.some((cell) => cell !== first);
    // One row alone is compared with nothing.
    if (place === 0 || differs || (others.length === 0 && first !== null)) kept.push(place);
    // The view of threads has the mode in its heading, and nothing is to be said about zeros.
    else if (first && name !== 'mode') {
      same.push(`${label} ${cellText(first)}${unit && ` ${unit}`}`);
    }
  }
  const those = (/** @type {any[]} */ list) => kept.map((place) => list[place]);
  return { same, columns: those(columns), rows: rows.map(those) };
}

/** @param {TableColumn} column */
function heading({ label, unit }) {
  return unit ? [label, ' ', h('small', null, unit)] : label;
}

/** @param {TableCell} cell */
function cellText(cell) {
  if (cell === null) return NONE;
  if (typeof cell === 'string') return cell;
  return Number.isSafeInteger(cell) && cell >= 0 ? formatCount(cell) : numberText(cell);
}
