import { describe, expect, test } from 'vitest';
import { panned, ticksOf, timeScale, toMs, toPx, zoomed } from '../../../src/views/time-scale.js';
import { seeded } from '../model/graphs.js';

describe('a time scale', () => {
  test('maps its ends to the ends of its pixels, and back', () => {
    const scale = timeScale(10, 30, 400);
    expect(toPx(scale, 10)).toBe(0);
    expect(toPx(scale, 30)).toBe(400);
    expect(toMs(scale, 100)).toBe(15);
  });

  test('zooms about a pixel that keeps its time', () => {
    const random = seeded(1);
    for (let i = 0; i < 100; i++) {
      const scale = timeScale(40, 60, 500);
      const px = random() * 500;
      const closer = zoomed(scale, 1 + random() * 5, px, 100);
      expect(toMs(closer, px)).toBeCloseTo(toMs(scale, px), 9);
    }
  });

  test('never leaves the run', () => {
    const random = seeded(2);
    let scale = timeScale(0, 100, 500);
    for (let i = 0; i < 300; i++) {
      scale =
        random() < 0.5
          ? zoomed(scale, 0.3 + random() * 2, random() * 500, 100)
          : panned(scale, (random() - 0.5) * 1000, 100);
      expect(scale.startMs).toBeGreaterThanOrEqual(0);
      expect(scale.endMs).toBeLessThanOrEqual(100 + 1e-6);
      expect(scale.endMs).toBeGreaterThan(scale.startMs);
    }
  });

  test('has an empty run of some width all the same', () => {
    const scale = timeScale(0, 0, 100);
    expect(Number.isFinite(toPx(scale, 0))).toBe(true);
    expect(ticksOf(scale).ticks.length).toBeGreaterThan(0);
  });
});

describe('ticks', () => {
  test('are at round times in milliseconds', () => {
    const { unit, ticks } = ticksOf(timeScale(0, 85.9, 760), 90);
    expect(unit).toBe('ms');
    expect(ticks.map(({ label }) => label)).toEqual(['0', '20', '40', '60', '80']);
  });

  test('go over to seconds and to microseconds where those read better', () => {
    expect(ticksOf(timeScale(0, 4200, 700)).unit).toBe('s');
    expect(ticksOf(timeScale(0, 0.5, 700)).unit).toBe('µs');
    expect(ticksOf(timeScale(0, 0.0004, 700)).unit).toBe('ns');
  });

  test('show as many decimals as tell them apart', () => {
    const { ticks } = ticksOf(timeScale(12, 12.5, 760));
    const labels = ticks.map(({ label }) => label);
    expect(labels[0]).toBe('12.0');
    expect(new Set(labels).size).toBe(labels.length);
  });

  test('are evenly spaced, far enough apart, inside, and different, at any zoom', () => {
    const random = seeded(3);
    for (let i = 0; i < 300; i++) {
      const startMs = random() < 0.3 ? 0 : random() * 1000;
      const spanMs = 10 ** (random() * 8 - 4);
      const scale = timeScale(startMs, startMs + spanMs, 200 + random() * 1500);
      const { ticks } = ticksOf(scale, 80);
      ticks.forEach(({ px }) => {
        expect(px).toBeGreaterThanOrEqual(-1e-3);
        expect(px).toBeLessThanOrEqual(scale.widthPx + 1e-3);
      });
      for (let n = 1; n < ticks.length; n++) {
        expect(ticks[n].px - ticks[n - 1].px).toBeGreaterThanOrEqual(79.9);
        expect(ticks[n].label).not.toBe(ticks[n - 1].label);
      }
    }
  });
});
