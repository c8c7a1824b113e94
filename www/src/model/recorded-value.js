/*
 * The value of a run in a recording: how it is written, and read again with all of it checked.
 *
 *     { "kind": "array", "data": "<f64>", "shape": [3], "dtype": "float64" }    elements in base64
 *     { "kind": "scalar", "value": 0.5 }
 *     { "kind": "table", "columns": [{ "name": "time", "label": "time", "unit": "ms" }], "rows": [[400.7]] }
 *     "NaN" "Infinity" "-Infinity" "9007199254740993"           numbers that JSON cannot represent
 *
 * Files of version 1 have no kinds: a scalar is the bare number, an array an object.
 */
import {
  columnAt,
  listAt,
  numberAt,
  objectAt,
  oneOfAt,
  refuse,
  textAt,
  wholeAt,
} from '../data/checked.js';

/** @import { DType, Elements, Palette, ProgramValue, ResultSchema, TableCell, Value } from '../engine/protocol.js' */
/** @import { Column, ColumnType } from '../data/base64.js' */

/** What holds the elements of each dtype. @type {Record<DType, ColumnType<Elements & Column>>} */
const elementTypes = {
  float64: Float64Array,
  float32: Float32Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/** Limits of a table. */
const MOST_COLUMNS = 100;
const MOST_ROWS = 10_000;

const dtypes = /** @type {DType[]} */ (Object.keys(elementTypes));

/** @type {Palette[]} */
const palettes = ['cells', 'heat', 'escape'];

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {ResultSchema}
 */
export function resultAt(value, place) {
  const { label, unit, picture } = objectAt(value, place);
  const result = {
    label: textAt(label, `${place}.label`, 100),
    unit: textAt(unit, `${place}.unit`, 100),
  };
  if (picture === undefined) return result;
  const { palette, high } = objectAt(picture, `${place}.picture`);
  return {
    ...result,
    picture: {
      palette: oneOfAt(palette, `${place}.picture.palette`, palettes),
      high:
        typeof high === 'string'
          ? textAt(high, `${place}.picture.high`, 100)
          : numberAt(high, `${place}.picture.high`, 0, Number.MAX_VALUE),
    },
  };
}

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {ProgramValue | null}
 */
export function valueAt(value, place) {
  if (value === null) return null;
  const { kind, ...parts } = objectAt(value, place);
  switch (oneOfAt(kind, `${place}.kind`, ['scalar', 'array', 'table'])) {
    case 'scalar':
      return { kind: 'scalar', value: scalarAt(parts.value, `${place}.value`) };
    case 'array':
      return arrayAt(parts, place);
    default:
      return tableAt(parts, place);
  }
}

/**
 * A value in a file of version 1.
 *
 * @param {unknown} value
 * @param {string} place
 * @returns {Value | null}
 */
export function untaggedValueAt(value, place) {
  if (value === null) return null;
  return typeof value === 'object'
    ? arrayAt(objectAt(value, place), place)
    : { kind: 'scalar', value: scalarAt(value, place) };
}

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {number | bigint | boolean}
 */
function scalarAt(value, place) {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string' && /^-?\d{1,30}$/.test(value)) return BigInt(value);
  return Number(oneOfAt(value, place, ['NaN', 'Infinity', '-Infinity']));
}

/**
 * @param {Record<string, unknown>} array
 * @param {string} place
 * @returns {Value}
 */
function arrayAt(array, place) {
  const shape = listAt(array.shape, `${place}.shape`, 32).map((length, axis) =>
    wholeAt(length, `${place}.shape[${axis}]`, 0, 2 ** 32),
  );
  const length = shape.reduce((product, axis) => product * axis, 1);
  const dtype = oneOfAt(array.dtype, `${place}.dtype`, dtypes);
  const data = columnAt(array.data, `${place}.data`, elementTypes[dtype], length);
  return { kind: 'array', data, shape, dtype };
}

/**
 * @param {Record<string, unknown>} table
 * @param {string} place
 * @returns {ProgramValue}
 */
function tableAt(table, place) {
  const columns = listAt(table.columns, `${place}.columns`, MOST_COLUMNS).map((column, i) => {
    const at = `${place}.columns[${i}]`;
    const { name, label, unit } = objectAt(column, at);
    return {
      name: textAt(name, `${at}.name`, 100),
      label: textAt(label, `${at}.label`, 100),
      unit: textAt(unit, `${at}.unit`, 100),
    };
  });
  const rows = listAt(table.rows, `${place}.rows`, MOST_ROWS).map((row, i) => {
    const at = `${place}.rows[${i}]`;
    const cells = listAt(row, at, MOST_COLUMNS);
    if (cells.length !== columns.length) {
      refuse(at, `${cells.length} cells; there are ${columns.length} columns`);
    }
    return cells.map((cell, column) => cellAt(cell, `${at}[${column}]`));
  });
  return { kind: 'table', columns, rows };
}

/**
 * @param {unknown} cell
 * @param {string} place
 * @returns {TableCell}
 */
function cellAt(cell, place) {
  if (cell === null || typeof cell === 'number') return cell;
  return textAt(cell, place);
}
