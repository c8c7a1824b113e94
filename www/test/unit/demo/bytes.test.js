import { expect, test } from 'vitest';
import { bytesText, parseBytes } from '../../../src/demo/bytes.js';

test.each([
  ['64 MiB', 64 * 2 ** 20],
  ['64MiB', 64 * 2 ** 20],
  ['1.5 GB', 1.5e9],
  ['100 kB', 1e5],
  [' 12 b ', 12],
  ['4096', 4096],
])('%s is %d bytes', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

test.each(['', 'MiB', '-1', '1 TiB', '1e3', '1 2', '99999999 GiB', 'constructor', '1 constructor'])(
  '“%s” is no size',
  (text) => {
    expect(parseBytes(text)).toBeNull();
  },
);

test('sizes are written with the largest unit that leaves them whole, and read back', () => {
  expect(bytesText(2 ** 30)).toBe('1 GiB');
  expect(bytesText(1_500_000)).toBe('1500 kB');
  expect(bytesText(1001)).toBe('1001 B');
  for (const bytes of [1, 999, 1000, 1024, 123_456, 3 * 2 ** 20, 7e9]) {
    expect(parseBytes(bytesText(bytes))).toBe(bytes);
  }
});
