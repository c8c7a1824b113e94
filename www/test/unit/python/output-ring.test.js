import { expect, test } from 'vitest';
import { OutputRing } from '../../../src/python/output-ring.js';

const SIZE = 64;
const ADDRESS = 16;

/** Writes as python/src/output.rs does, in a ring of 64 bytes whose counters start at `count`. */
function createRing(count = 0) {
  const memory = { buffer: new SharedArrayBuffer(ADDRESS + 8 + SIZE) };
  const words = new Int32Array(memory.buffer);
  const bytes = new Uint8Array(memory.buffer, ADDRESS + 8, SIZE);
  const at = ADDRESS / 4;
  words[at] = words[at + 1] = count;
  return {
    ring: new OutputRing(memory, ADDRESS, SIZE),
    room: () => SIZE - ((words[at] - words[at + 1]) | 0),
    /** @param {number} stream @param {Uint8Array} text */
    put(stream, text) {
      for (const byte of [stream, text.length, 0, 0, ...text]) {
        bytes[(words[at] >>> 0) % SIZE] = byte;
        words[at] += 1;
      }
    },
  };
}

const encode = (/** @type {string} */ text) => new TextEncoder().encode(text);

test('a piece is read once, and gives its room back', () => {
  const { ring, put, room } = createRing();
  put(1, encode('hello\n'));
  expect(room()).toBe(SIZE - 10);
  expect(ring.read()).toEqual([{ stream: 'stdout', text: 'hello\n' }]);
  expect(room()).toBe(SIZE);
  expect(ring.read()).toEqual([]);
});

test('neighbours of one stream are joined, and the order of the streams is kept', () => {
  const { ring, put } = createRing();
  put(1, encode('a\n'));
  put(1, encode('b\n'));
  put(2, encode('c\n'));
  put(1, encode('d\n'));
  expect(ring.read()).toEqual([
    { stream: 'stdout', text: 'a\nb\n' },
    { stream: 'stderr', text: 'c\n' },
    { stream: 'stdout', text: 'd\n' },
  ]);
});

test.each([0, 60, 2 ** 31 - 7, -3])('pieces go around the end of the ring, from %i', (count) => {
  const { ring, put } = createRing(count);
  for (let i = 0; i < 40; i++) {
    put(1, encode(`line ${i}\n`));
    expect(ring.read()).toEqual([{ stream: 'stdout', text: `line ${i}\n` }]);
  }
});

test('a character that lies in two pieces stays whole', () => {
  const { ring, put } = createRing();
  const [first, ...rest] = encode('é!');
  put(1, Uint8Array.of(first));
  const before = ring.read();
  put(2, encode('x'));
  put(1, Uint8Array.from(rest));
  expect([...before, ...ring.read()].filter(({ stream }) => stream === 'stdout')).toEqual([
    { stream: 'stdout', text: '' },
    { stream: 'stdout', text: 'é!' },
  ]);
});
