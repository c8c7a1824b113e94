import { expect, test, vi } from 'vitest';
import { Mailbox } from '../../../src/python/mailbox.js';
import { RingReader, RingWriter } from '../../../src/python/rings.js';

/** @import { Request } from '../../../src/python/mailbox.js' */

const SIZE = 64;
const words = { output: 0, toPage: 16, fromPage: 96, ringBytes: SIZE, workers: 0, interrupts: 4 };

/** Python's side, and the requests that the page has heard. */
function createMailbox() {
  const memory = { buffer: new SharedArrayBuffer(256) };
  /** @type {Request[]} */
  const requests = [];
  const mailbox = new Mailbox(memory, words, (request) => requests.push(request));
  return {
    mailbox,
    requests,
    python: new RingWriter(memory, words.toPage, SIZE),
    answers: new RingReader(memory, words.fromPage, SIZE),
  };
}

/** As python/src/mailbox.rs writes it. */
function written(
  /** @type {number} */ kind,
  /** @type {number} */ request,
  /** @type {bigint} */ subject,
  /** @type {number[]} */ bytes,
) {
  const message = new Uint8Array(20 + bytes.length);
  const view = new DataView(message.buffer);
  view.setUint32(0, kind, true);
  view.setUint32(4, request, true);
  view.setBigUint64(8, subject, true);
  view.setUint32(16, bytes.length, true);
  message.set(bytes, 20);
  return message;
}

test('requests are heard whole, also if they are larger than the ring', async () => {
  const { mailbox, requests, python } = createMailbox();
  const long = Array.from({ length: 300 }, (_, i) => i % 256);
  const all = [written(1, 7, 2n ** 40n, [1, 2]), written(3, 8, 5n, []), written(1, 9, 5n, long)];
  for (const message of all) python.put(message);
  await vi.waitFor(() => {
    python.flush();
    expect(requests.length).toBe(3);
  });
  expect(requests.map(({ bytes, ...rest }) => ({ ...rest, bytes: [...bytes] }))).toEqual([
    { kind: 1, request: 7, subject: 2n ** 40n, bytes: [1, 2] },
    { kind: 3, request: 8, subject: 5n, bytes: [] },
    { kind: 1, request: 9, subject: 5n, bytes: long },
  ]);
  mailbox.end();
});

test('an answer has its request, a status and bytes', () => {
  const { mailbox, answers } = createMailbox();
  mailbox.answer(3, 1);
  mailbox.answer(4, 0, Uint8Array.of(9, 8));
  const words32 = new Uint8Array(Uint32Array.of(3, 1, 0, 4, 0, 2).buffer);
  expect([...answers.take()]).toEqual([...words32, 9, 8]);
  mailbox.end();
});
