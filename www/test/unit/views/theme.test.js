import { describe, expect, test } from 'vitest';
import { READY, STATES, stateNames, WAITING } from '../../../src/model/states.js';
import { contrast, pixelOf } from '../../../src/views/colours.js';
import { drawMark } from '../../../src/views/marks.js';
import { laneColours } from '../../../src/views/stream-rows.js';
import { forcedTheme, themes } from '../../../src/views/theme.js';
import { recordingContext } from './recording.js';

describe.each(Object.values(themes))('the $name theme', (theme) => {
  test('has text that can be read', () => {
    expect(contrast(theme.text, theme.background)).toBeGreaterThan(7);
    expect(contrast(theme.muted, theme.background)).toBeGreaterThan(4.5);
    expect(contrast(theme.tipText, theme.tip)).toBeGreaterThan(7);
    expect(contrast(theme.highlight, theme.background)).toBeGreaterThan(4.5);
  });

  test('outlines every state so that it stands out from the background', () => {
    theme.stateEdge.forEach((edge, state) => {
      expect(contrast(edge, theme.background), stateNames[state]).toBeGreaterThan(3);
    });
  });

  test('gives neighbouring states of a task different lightness or outline', () => {
    expect(contrast(theme.state[READY], theme.state[WAITING])).toBeGreaterThan(1.4);
    expect(new Set(theme.state).size).toBe(STATES);
  });

  test('draws each state in a shape of its own, colours apart', () => {
    const shapes = Array.from({ length: STATES }, (_, state) => {
      const { context, calls } = recordingContext();
      drawMark(context, state, 50, 50, 12, theme);
      return JSON.stringify(calls.map(({ name, args }) => [name, args]));
    });
    expect(new Set(shapes).size).toBe(STATES);
  });
});

describe('colours that the reader forces', () => {
  /** @type {Record<string, string>} */
  const chosen = {
    Canvas: '#000000',
    CanvasText: '#ffff00',
    Highlight: '#1aebff',
    GrayText: '#3ff23f',
  };
  const theme = forcedTheme((name) => chosen[name]);

  test('are the only ones of text, lines and tasks', () => {
    const used = [theme.background, theme.text, theme.edge, ...theme.state, ...theme.stateEdge];
    for (const colour of used) expect(Object.values(chosen)).toContain(colour);
    theme.stateEdge.forEach((edge) => expect(contrast(edge, theme.background)).toBeGreaterThan(3));
  });

  test('leave each state its shape, and something to see of it', () => {
    const shapes = Array.from({ length: STATES }, (_, state) => {
      const { context, calls } = recordingContext();
      drawMark(context, state, 50, 50, 12, theme);
      const inks = calls.filter(({ name }) => name === 'fill' || name === 'stroke');
      const seen = inks.some(({ name, fill, stroke }) => {
        return contrast(name === 'fill' ? fill : stroke, theme.background) > 3;
      });
      expect(seen, stateNames[state]).toBe(true);
      return JSON.stringify(calls.map(({ name, args }) => [name, args]));
    });
    expect(new Set(shapes).size).toBe(STATES);
  });

  test('separate the slices of the task stream by lines, and leave the ground alone', () => {
    const colours = laneColours(theme);
    expect(colours.gap).toBe(pixelOf(chosen.CanvasText));
    expect(colours.ground).toBe(pixelOf(chosen.Canvas));
  });
});
