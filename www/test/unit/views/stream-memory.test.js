import { describe, expect, test } from 'vitest';
import { memoryHeld } from '../../../src/model/memory.js';
import { createReplay } from '../../../src/model/replay.js';
import { heldAt, heldPerColumn, memoryWords } from '../../../src/views/stream-memory.js';
import { layoutStream } from '../../../src/views/stream-labels.js';
import { timeScale, toMs } from '../../../src/views/time-scale.js';
import { seeded } from '../model/graphs.js';
import { randomRecording } from '../model/recordings.js';

/** 4 bytes from 1 ms on, 7 from 3, 5 from 4; 9 for a moment at 4. */
const curve = {
  timesMs: Float64Array.of(1, 3, 4),
  bytes: Float64Array.of(4, 7, 5),
  peakBytes: 9,
  peakMs: 4,
};

describe('the memory band', () => {
  test('knows how much is in use at a time', () => {
    expect([0, 0.9, 1, 2.9, 3, 4, 100].map((ms) => heldAt(curve, ms))).toEqual([
      0, 0, 4, 4, 7, 5, 5,
    ]);
  });

  test('shows the most of each column of pixels, up to now', () => {
    expect([...heldPerColumn(curve, timeScale(0, 5, 5), 5, 5)]).toEqual([4, 4, 7, 9, 5]);
    expect([...heldPerColumn(curve, timeScale(0, 5, 5), 5, 2)]).toEqual([4, 4, 4, 0, 0]);
    expect([...heldPerColumn(curve, timeScale(3.2, 3.7, 2), 2, 5)]).toEqual([7, 7]);
  });

  test('loses no peak, whatever the run and the number of columns', () => {
    const random = seeded(5);
    for (let round = 0; round < 50; round++) {
      const { graph, trace, outcome } = randomRecording(random);
      const held = memoryHeld(graph, trace);
      const endMs = outcome?.makespanMs ?? 0;
      const columns = 1 + Math.floor(random() * 300);
      const scale = timeScale(0, endMs, columns);
      const shown = heldPerColumn(held, scale, columns, endMs);
      expect(Math.max(...shown)).toBe(held.peakBytes);
      shown.forEach((bytes, column) => {
        expect(bytes).toBeGreaterThanOrEqual(heldAt(held, toMs(scale, column)));
      });
    }
  });

  test('has room under the rows where there is room, and moves the axis down', () => {
    const viewport = { width: 600, height: 200, ratio: 1, textSize: 16 };
    const without = layoutStream(4, viewport);
    const { band, bottom, top, height } = layoutStream(4, viewport, true);
    if (!band) throw new Error('there is room for a band');
    expect(without.band).toBe(null);
    expect(band.top).toBeGreaterThanOrEqual(top + height);
    // The words have a line of their own between the rows and the curve.
    expect(band.captionTop).toBeGreaterThanOrEqual(top + height);
    expect(band.top - band.captionTop).toBeGreaterThanOrEqual(viewport.textSize);
    expect(bottom).toBe(band.top + band.height);
    expect(bottom).toBeLessThanOrEqual(without.bottom + 1);
    expect(layoutStream(4, { ...viewport, height: 80 }, true).band).toBe(null);
  });

  test('says bytes, peak and limit in words', () => {
    const memory = { curve, limit: 2 ** 20, untilMs: 5 };
    expect(memoryWords(memory, 3.5)).toEqual([
      '7 B in use at 3.50 ms',
      'peak 9 B at 4.00 ms',
      'limit 1.00 MiB',
    ]);
    expect(memoryWords({ ...memory, limit: null }, 0)).toHaveLength(2);
  });

  test('of a replay is known while it plays', () => {
    const recording = randomRecording(seeded(2));
    const { model, read } = createReplay(recording);
    const { peakBytes } = memoryHeld(recording.graph, recording.trace);
    read(0);
    expect(model.phase).toBe('running');
    expect(model.memory?.peakBytes).toBe(peakBytes);
    read(Infinity, Infinity);
    expect(model.memory?.peakBytes).toBe(peakBytes);
  });
});
