/*
 * Sizes of memory as people write them: `64 MiB`, `1.5GB`, `4096`. The units are Dask's: powers of two
 * with an i, powers of ten without. https://docs.dask.org/en/stable/api.html#dask.utils.parse_bytes
 */

/** @type {Record<string, number>} */
const units = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
};

/**
 * @param {string} text
 * @returns {number | null} a whole number of bytes; null if the text is not a size
 */
export function parseBytes(text) {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  if (number === undefined || !Object.hasOwn(units, unit.toUpperCase())) return null;
  const bytes = Math.round(Number(number) * units[unit.toUpperCase()]);
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/**
 * Writes a size for `parseBytes`, in the largest unit that leaves a whole number.
 *
 * @param {number} bytes
 */
export function bytesText(bytes) {
  for (const unit of ['GiB', 'MiB', 'KiB', 'GB', 'MB', 'kB']) {
    const size = units[unit.toUpperCase()];
    if (bytes >= size && bytes % size === 0) return `${bytes / size} ${unit}`;
  }
  return `${bytes} B`;
}
