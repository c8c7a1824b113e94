import { expect, test } from 'vitest';
import { blockFeed } from '../../../src/engine/block-feed.js';

/**
 * A feed on a clock of its own: taking a block costs 10 microseconds.
 */
function feed() {
  let nowMs = 0;
  /** @type {number[]} */
  const posted = [];
  let waiting = 0;
  const look = blockFeed(
    () => {
      nowMs += waiting * 0.01;
      const blocks = new Array(waiting).fill(0);
      waiting = 0;
      return blocks;
    },
    (blocks) => posted.push(blocks.length),
    () => nowMs,
  );
  return {
    posted,
    /** @param {number} blocks that finish within 50 ms */
    after(blocks) {
      nowMs += 50;
      waiting += blocks;
      look();
    },
  };
}

test('blocks are posted as they finish, none when there are none', () => {
  const { posted, after } = feed();
  for (const blocks of [3, 0, 500]) after(blocks);
  expect(posted).toEqual([3, 500]);
});

test('blocks that come faster than they can be posted end the feed: the result has them all', () => {
  const { posted, after } = feed();
  for (let i = 0; i < 10; i++) after(20_000);
  expect(posted).toEqual([20_000]);
});

test('a few blocks that took long, as on a busy machine, do not end it', () => {
  let nowMs = 0;
  /** @type {number[][]} */
  const posted = [];
  const look = blockFeed(
    () => {
      nowMs += 400;
      return [0];
    },
    (blocks) => posted.push(blocks),
    () => nowMs,
  );
  look();
  look();
  expect(posted).toHaveLength(2);
});
