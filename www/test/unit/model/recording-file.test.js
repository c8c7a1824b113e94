import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readRecording } from '../../../src/model/recording-file.js';
import { recordingPieces } from '../../../src/model/recording.js';
import { seeded } from './graphs.js';
import { randomRecording } from './recordings.js';

const recording = randomRecording(seeded(5));
const text = [...recordingPieces(recording)].join('');

test('a file is read as it is and gzipped', async () => {
  expect(await readRecording(new Blob([text]), 'a')).toEqual(recording);
  expect(await readRecording(new Blob([gzipSync(text)]), 'a')).toEqual(recording);
});

test('a gzipped file that is cut off is refused with its name', async () => {
  const whole = gzipSync(text);
  const cut = new Blob([whole.subarray(0, whole.length / 2)]);
  await expect(readRecording(cut, 'talk.gz')).rejects.toThrow(/^talk\.gz: it cannot be unpacked/);
});

test('bytes that are nothing are refused as no recording', async () => {
  await expect(readRecording(new Blob([]), 'a')).rejects.toThrow('this file is no JSON');
  await expect(readRecording(new Blob(['\x1f']), 'a')).rejects.toThrow('this file is no JSON');
});

test('the recorded runs of the deck can be read, came to an end, and are small', async () => {
  const folder = new URL('../../../recordings/', import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.json.gz'));
  expect(names.length).toBeGreaterThan(0);
  let bytes = 0;
  for (const name of names) {
    const file = readFileSync(new URL(name, folder));
    bytes += file.length;
    const { program, trace } = await readRecording(new Blob([file]), name);
    expect(name.startsWith(`${program}_`) || name === `${program}.json.gz`).toBe(true);
    expect(trace.workers.some(({ stopMs }) => stopMs.length > 0)).toBe(true);
  }
  expect(bytes).toBeLessThan(1.5e6);
});
