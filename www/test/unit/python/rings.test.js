import { expect, test } from 'vitest';
import { RingReader, RingWriter } from '../../../src/python/rings.js';

const SIZE = 64;
const ADDRESS = 16;

function createRing(count = 0) {
  const memory = { buffer: new SharedArrayBuffer(ADDRESS + 8 + SIZE) };
  new Int32Array(memory.buffer).fill(count, ADDRESS / 4, ADDRESS / 4 + 2);
  return {
    reader: new RingReader(memory, ADDRESS, SIZE),
    writer: new RingWriter(memory, ADDRESS, SIZE),
  };
}

test.each([0, 60, 2 ** 31 - 7, -3])('what is written is read, from a count of %i', (count) => {
  const { reader, writer } = createRing(count);
  expect([...reader.take()]).toEqual([]);
  for (let i = 0; i < 40; i++) {
    const bytes = Array.from({ length: i % 30 }, (_, k) => (i + k) % 256);
    writer.put(Uint8Array.from(bytes));
    expect([...reader.take()]).toEqual(bytes);
  }
});

test('what does not fit comes later', () => {
  const { reader, writer } = createRing();
  const bytes = Uint8Array.from({ length: 150 }, (_, i) => i);
  writer.put(bytes.subarray(0, 100));
  writer.put(bytes.subarray(100));
  const got = [];
  for (let i = 0; i < 3; i++) {
    got.push(...reader.take());
    writer.flush();
  }
  expect(got).toEqual([...bytes]);
});
