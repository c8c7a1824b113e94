import { expect, test } from 'vitest';
import { cut, transferable } from '../../../src/engine/trace-cut.js';

/** @param {number[]} tasks */
const trace = (...tasks) => ({
  task: Uint32Array.from(tasks),
  action: new Uint8Array(tasks.length),
  stopMs: Float64Array.from(tasks, (_, i) => i + 1),
});

test('each event is sent once, in order', () => {
  /** @type {number[]} */
  const sent = [];
  const first = cut([trace(1, 2), trace()], sent);
  const second = cut([trace(1, 2, 3), trace(9)], sent);
  expect(first.map(({ task }) => [...task])).toEqual([[1, 2], []]);
  expect(second.map(({ task }) => [...task])).toEqual([[3], [9]]);
  expect([...second[0].stopMs]).toEqual([3]);
});

test('every large buffer of a message is handed over once, shared and small ones never', () => {
  const numbers = new Float64Array(4096);
  const message = { a: numbers, b: [numbers.subarray(1)], c: null, d: 'text' };
  expect(transferable(message)).toEqual([numbers.buffer]);
  expect(transferable({ a: new Uint8Array(new SharedArrayBuffer(1 << 20)) })).toEqual([]);
  expect(transferable(Array.from({ length: 1000 }, () => new Float64Array(49)))).toEqual([]);
});
