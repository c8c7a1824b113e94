import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  blend,
  contrast,
  formatColour,
  parseColour,
  pixelOf,
  prefixColour,
} from '../../../src/views/colours.js';
import { md5 } from '../../../src/views/md5.js';

describe('prefix colours', () => {
  // From distributed.utils.color_of with bokeh's viridis(18).
  test.each([
    ['inc', '#45BF6F'],
    ['dec', '#440154'],
    ['add', '#2E6C8E'],
    ['double', '#88D547'],
    ['sum', '#FDE724'],
    ['normal', '#AFDC2E'],
    ['transpose', '#471669'],
    ['mean_chunk', '#287A8E'],
    ['mean_combine-partial', '#2EB27C'],
    ['mean_agg-aggregate', '#64CB5D'],
    ['no-op', '#1E978A'],
    ['é', '#471669'],
    ['', '#64CB5D'],
    ['x'.repeat(200), '#AFDC2E'],
  ])('are those of Dask: %s', (prefix, colour) => {
    expect(prefixColour(prefix)).toBe(colour);
  });

  test('rest on an MD5 that equals the system’s at every length', () => {
    for (let length = 0; length < 200; length++) {
      const text = 'abcdefghé'.repeat(30).slice(0, length);
      expect(md5(text)).toBe(createHash('md5').update(text).digest('hex'));
    }
  });
});

describe('colours', () => {
  test('are read and written as hexadecimal digits', () => {
    expect(parseColour('#45BF6F')).toEqual([0x45, 0xbf, 0x6f]);
    expect(parseColour('#fa0')).toEqual([255, 170, 0]);
    expect(formatColour([69, 191, 111])).toBe('#45bf6f');
    expect(() => parseColour('red')).toThrow('red');
  });

  test('become pixels in the order that image data has', () => {
    const bytes = new Uint8Array(Uint32Array.of(pixelOf('#123456')).buffer);
    expect([...bytes]).toEqual([0x12, 0x34, 0x56, 0xff]);
  });

  test('are laid over each other by their share', () => {
    expect(blend('#ffffff', '#000000', 0)).toBe('#000000');
    expect(blend('#ffffff', '#000000', 0.4)).toBe('#666666');
  });

  test('have the contrast that WCAG defines', () => {
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});
