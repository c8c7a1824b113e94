import { expect, test } from 'vitest';
import { Channels } from '../../../src/python/channels.js';

const message = (/** @type {number} */ n) => Uint8Array.of(n);

/** Takes from a channel, and notes what came. */
function taking(/** @type {Channels} */ channels, number = 1n) {
  /** @type {(number | null)[]} */
  const got = [];
  const giveUp = channels.take(number, (given) => got.push(given && (given[0] ?? -1)));
  return { got, giveUp };
}

test('messages come in the order in which they were put down', () => {
  const channels = new Channels();
  channels.put(1n, message(5));
  channels.put(1n, message(6));
  channels.put(2n, message(7));
  channels.putBack(1n, message(4));
  expect(channels.count(1n)).toBe(3);
  expect([1, 1, 1].map(() => taking(channels).got)).toEqual([[4], [5], [6]]);
  expect([channels.count(1n), channels.count(2n)]).toEqual([0, 1]);
});

test('who asked first gets the first message', () => {
  const channels = new Channels();
  const [first, second] = [taking(channels), taking(channels)];
  channels.put(1n, message(1));
  expect([first.got, second.got]).toEqual([[1], []]);
  channels.putBack(1n, message(2));
  expect([first.got, second.got]).toEqual([[1], [2]]);
  expect(channels.count(1n)).toBe(0);
});

test('who has given up is told so once, and its message goes to the next', () => {
  const channels = new Channels();
  const [first, second] = [taking(channels), taking(channels)];
  first.giveUp();
  first.giveUp();
  channels.put(1n, message(1));
  expect([first.got, second.got]).toEqual([[null], [1]]);
  second.giveUp();
  expect(second.got).toEqual([1]);
});
