import { afterEach, expect, test, vi } from 'vitest';
import { memoryOf } from '../../../src/engine/process.js';

afterEach(() => vi.unstubAllGlobals());

/** A browser that reserves at most this number of pages. @param {number} most */
function browserWith(most) {
  const Memory = vi.fn(function (/** @type {{ maximum: number }} */ { maximum }) {
    if (maximum > most) throw new RangeError('could not allocate memory');
  });
  vi.stubGlobal('WebAssembly', { Memory });
}

test('a process says how much memory the browser lets it have', () => {
  browserWith(65536);
  expect(memoryOf(null)).toMatchObject({ most: 2 ** 30, joined: { bytes: 0, ms: 0 } });
  browserWith(8192);
  expect(memoryOf(null).most).toBe(2 ** 28);
  browserWith(1);
  expect(() => memoryOf(null)).toThrow('could not allocate memory');
});
