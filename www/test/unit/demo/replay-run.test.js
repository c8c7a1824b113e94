import { describe, expect, test } from 'vitest';
import { startReplay } from '../../../src/demo/replay-run.js';
import { seeded } from '../model/graphs.js';
import { randomRecording } from '../model/recordings.js';

describe('a replay', () => {
  const recording = randomRecording(seeded(3));
  const endMs = recording.outcome?.makespanMs ?? 0;

  test('stays at the time that it is sent to, however the clock goes on', async () => {
    const { model, read, seek, ended } = startReplay(recording);
    read(1000);
    seek?.(endMs / 2);
    const { done } = model;
    expect(done).toBeGreaterThan(0);
    expect(read(1000 + 2 * endMs)).toBe(true);
    expect([model.nowMs, model.done, model.phase]).toEqual([endMs / 2, done, 'running']);
    seek?.(0);
    expect(model.done).toBe(0);
    seek?.(Infinity);
    expect(read(1001)).toBe(false);
    expect(model.phase).toBe('finished');
    await ended;
  });

  test('that is over can be looked at again', () => {
    const { model, read, seek } = startReplay(recording);
    read(1000);
    expect(read(1000 + 2 * endMs)).toBe(false);
    seek?.(endMs / 2);
    expect(model.phase).toBe('running');
    expect(read(1001 + 2 * endMs)).toBe(false);
    expect(model.nowMs).toBe(endMs / 2);
  });
});
