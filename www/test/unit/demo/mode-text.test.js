import { expect, test } from 'vitest';
import { modeText } from '../../../src/demo/mode-text.js';
import { createReplay } from '../../../src/model/replay.js';
import { seeded } from '../model/graphs.js';
import { outcomeOf, randomRecording } from '../model/recordings.js';

test('it is said how threads were run, and on what', () => {
  const simulated = { cores: 1, seed: 3 };
  expect(modeText({ mode: 'live', cores: 2, simulated })).toBe('live: measured on 2 cores');
  expect(modeText({ mode: 'live', cores: null, simulated })).toBe('live: measured');
  expect(modeText({ mode: 'model', cores: 8, simulated })).toBe('model: simulated, 1 core, seed 3');
  expect(modeText({ mode: null, cores: 8, simulated })).toBe('');
});

test('a recording says it too, before it is played', () => {
  const recording = randomRecording(seeded(1));
  recording.params = { cores: 4 };
  recording.outcome = outcomeOf({ mode: 'model' });
  expect(modeText(createReplay(recording).model)).toBe('model: simulated, 4 cores, seed 7');
  recording.outcome = outcomeOf({ mode: 'live' });
  expect(modeText(createReplay(recording).model)).toBe('live: measured on 4 cores');
});

test('a simulated cluster has nodes, and no cores', () => {
  const simulated = { cores: NaN, seed: 3 };
  expect(modeText({ mode: 'model', cores: 8, simulated })).toBe('model: simulated, seed 3');
});
