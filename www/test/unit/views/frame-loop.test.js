import { describe, expect, test } from 'vitest';
import { createFrameLoop } from '../../../src/views/frame-loop.js';

/** A loop whose frames are taken by hand. */
function handLoop() {
  /** @type {((now: number) => void)[]} */
  const asked = [];
  const loop = createFrameLoop((callback) => asked.push(callback));
  return { loop, asked, frame: (now = 0) => asked.shift()?.(now) };
}

/**
 * @param {string[]} log
 * @param {string} name
 * @param {() => boolean} [busy]
 */
const participant = (log, name, busy = () => false) => ({
  read: () => void log.push(`${name} reads`),
  draw: () => void log.push(`${name} draws`),
  busy,
});

describe('the frame loop', () => {
  test('lets everyone read before anyone draws', () => {
    const { loop, frame } = handLoop();
    /** @type {string[]} */
    const log = [];
    loop.add(participant(log, 'a'));
    loop.add(participant(log, 'b'));
    frame();
    expect(log).toEqual(['a reads', 'b reads', 'a draws', 'b draws']);
  });

  test('stops when nobody is busy, and starts again when woken', () => {
    const { loop, asked, frame } = handLoop();
    let frames = 2;
    loop.add(participant([], 'a', () => --frames > 0));
    frame();
    expect(loop.running()).toBe(true);
    frame();
    expect(loop.running()).toBe(false);
    loop.wake();
    loop.wake();
    expect(asked).toHaveLength(1);
  });

  test('draws no longer who has left', () => {
    const { loop, frame } = handLoop();
    /** @type {string[]} */
    const log = [];
    const leave = loop.add(participant(log, 'a'));
    leave();
    frame();
    expect(log).toEqual([]);
  });

  test('goes on for the others when one throws', () => {
    const { loop, frame } = handLoop();
    /** @type {string[]} */
    const log = [];
    const broken = participant(log, 'broken');
    broken.draw = () => {
      throw new Error('broken view');
    };
    loop.add(broken);
    loop.add(participant(log, 'a', () => true));
    expect(() => frame()).toThrow('broken view');
    expect(log).toContain('a draws');
    expect(loop.running()).toBe(true);
  });
});
