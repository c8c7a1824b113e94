import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { MOST_PACKED, pack, unpack } from '../../../src/cells/packed.js';

test('code survives in a URL, with any character', async () => {
  for (const text of ['', 'print("é 🎈")\n', 'x = 1\n'.repeat(1000)]) {
    const packed = await pack(text);
    expect(packed).toMatch(/^[\w-]*$/);
    expect(await unpack(packed)).toBe(text);
  }
});

test('code that is too long for a URL is refused', async () => {
  const noise = Array.from({ length: 20_000 }, (_, i) => ((i * 7919) ^ (i << 3)).toString(36)).join(
    '',
  );
  await expect(pack(noise)).rejects.toThrow(/too long for a URL/);
});

test('what is not packed code is refused with a message', async () => {
  const cut = (await pack('print("hello")\n'.repeat(20))).slice(0, -8);
  for (const packed of ['%%%', 'abc', 'AAAA', cut]) {
    await expect(unpack(packed)).rejects.toThrow(/cannot be read/);
  }
  await expect(unpack('A'.repeat(MOST_PACKED + 1))).rejects.toThrow(/too long/);
});

test('a short text that unpacks to a huge one is refused', async () => {
  const bomb = deflateRawSync(Buffer.alloc(2_000_000, 'a')).toString('base64url');
  expect(bomb.length).toBeLessThan(MOST_PACKED);
  await expect(unpack(bomb)).rejects.toThrow(/too long/);
});

test('bytes that are not text are refused', async () => {
  const packed = deflateRawSync(Buffer.from([0xff, 0xfe, 0xc0])).toString('base64url');
  await expect(unpack(packed)).rejects.toThrow(/cannot be read/);
});
