import { expect, test } from 'vitest';
import { slowMotionFactor, slowMotionText } from '../../../src/demo/slow-motion.js';
import { seeded } from '../model/graphs.js';
import { randomRecording } from '../model/recordings.js';

/** @param {number} makespanMs */
function factorFor(makespanMs) {
  const recording = randomRecording(seeded(1));
  if (!recording.outcome) throw new Error('this run finished');
  return slowMotionFactor({ ...recording, outcome: { ...recording.outcome, makespanMs } });
}

test('a replay in slow motion takes about eight seconds, by a round factor', () => {
  expect([8, 40, 0.5, 1000, 2500].map(factorFor)).toEqual([1000, 200, 20_000, 10, 5]);
  for (const makespanMs of [0.02, 3, 7.7, 11, 90, 340, 1200]) {
    const lastsMs = makespanMs * factorFor(makespanMs);
    expect(lastsMs).toBeGreaterThan(5000);
    expect(lastsMs).toBeLessThan(13_000);
  }
});

test('a long run is slowed down too', () => {
  expect(factorFor(60_000)).toBe(2);
});

test('a run that failed is timed by its last event', () => {
  const recording = randomRecording(seeded(1));
  const failed = { ...recording, outcome: null };
  expect(slowMotionFactor(failed)).toBe(slowMotionFactor(recording));
});

test('says what it is', () => {
  expect(slowMotionText(200)).toBe('Slow motion, 1/200 of the speed');
});
