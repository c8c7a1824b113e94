import { expect, test } from 'vitest';
import { Spares } from '../../../src/engine/spares.js';

/** @import { Envelope } from '../../../src/engine/protocol.js' */

const LARGE = 1 << 20;

/** The two ends of a port, of which each posts to the other. */
function ends() {
  const [here, there] = [new Spares(), new Spares()];
  /** @type {Envelope | null} */
  let posted = null;
  const port = /** @type {MessagePort} */ (
    /** @type {unknown} */ ({
      postMessage: (/** @type {Envelope} */ envelope, /** @type {ArrayBuffer[]} */ transfer) =>
        (posted = structuredClone(envelope, { transfer })),
    })
  );
  /** Passes a message of this length on. @param {Spares} from @param {Spares} to @param {number} length */
  const pass = (from, to, length) => {
    const message = from.take(length);
    expect(message).toHaveLength(length);
    message.fill(7);
    from.post(port, message);
    const received = to.receive(/** @type {Envelope} */ (posted));
    expect(received).toHaveLength(length);
    expect(received[length - 1]).toBe(7);
    return received;
  };
  return { here, there, pass };
}

/** Whether a buffer is new: its bytes after the message are zero. @param {Uint8Array} message */
const isUsed = (message) => new Uint8Array(message.buffer).at(-1) === 7;

test('a buffer that came with a message goes back, and is used again', () => {
  const { here, there, pass } = ends();
  pass(here, there, LARGE);
  pass(there, here, 8);
  // A little shorter, so that the rest of the buffer shows its past.
  expect(isUsed(here.take(LARGE - 1))).toBe(true);
  expect(isUsed(here.take(LARGE - 1))).toBe(false);
});

test('a buffer also fits a message that is a little longer', () => {
  const { here, there, pass } = ends();
  const { buffer } = pass(here, there, LARGE - 100);
  new Uint8Array(buffer).fill(7);
  pass(there, here, 8);
  expect(isUsed(here.take(LARGE - 1))).toBe(true);
});

test('each side gets its own back', () => {
  const { here, there, pass } = ends();
  pass(there, here, LARGE);
  pass(here, there, LARGE);
  const back = pass(there, here, LARGE - 1);
  expect(isUsed(back)).toBe(true);
});

test('small buffers, and those that are far too long, are not used again', () => {
  const { here, there, pass } = ends();
  pass(here, there, 100);
  pass(there, here, 8);
  expect(isUsed(here.take(99))).toBe(false);
  pass(here, there, LARGE);
  pass(there, here, 8);
  expect(isUsed(here.take(LARGE / 4))).toBe(false);
});

test('at most eight buffers are kept', () => {
  const { here, there, pass } = ends();
  for (let i = 0; i < 20; i++) pass(here, there, LARGE);
  pass(there, here, 8);
  let used = 0;
  for (let i = 0; i < 20; i++) if (isUsed(here.take(LARGE - 1))) used++;
  expect(used).toBe(8);
});
