import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readRecording } from '../../../src/model/recording-file.js';
import { recordingText } from '../../../src/model/recording-text.js';
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
  await expect(readRecording(cut, 'talk.gz')).rejects.toThrow(
    /^talk\.gz: the file cannot be inflated/,
  );
});

test('bytes that are nothing are refused as no recording', async () => {
  await expect(readRecording(new Blob([]), 'a')).rejects.toThrow('this file is not JSON');
  await expect(readRecording(new Blob(['\x1f']), 'a')).rejects.toThrow('this file is not JSON');
});

test('a small file that inflates to more than a recording may have is refused', async () => {
  const bomb = new Blob([gzipSync(Buffer.alloc(3_000_000, 32))]);
  await expect(recordingText(bomb, { bytes: 2 ** 21 })).rejects.toThrow(
    'a recording may have 2 MiB at most, inflated; this one has more',
  );
  const lists = new Blob([gzipSync(`[${'[],'.repeat(1000)}[]]`)]);
  await expect(recordingText(lists, { items: 1000 })).rejects.toThrow('at most; this one has more');
  expect(await recordingText(lists)).toHaveLength(3004);
});

test('letters that are cut in two by a chunk are read', async () => {
  const bytes = new TextEncoder().encode('“ü”');
  const file = new Blob([bytes]);
  file.stream = () =>
    new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
  expect(await recordingText(file)).toBe('“ü”');
});

describe('a file read by a worker', () => {
  /** A worker that answers as a test says. */
  class FakeReader extends EventTarget {
    ended = false;
    /** @param {(reader: FakeReader) => void} answer */
    constructor(answer) {
      super();
      this.answer = answer;
      setTimeout(() => this.say({ type: 'up' }));
    }
    /** @param {unknown} data */
    say(data) {
      this.dispatchEvent(new MessageEvent('message', { data }));
    }
    postMessage() {
      this.answer(this);
    }
    terminate() {
      this.ended = true;
    }
  }

  /** @param {(reader: FakeReader) => void} answer @param {AbortSignal} [signal] */
  const readWith = (answer, signal) => {
    const reader = new FakeReader(answer);
    const createReader = () => /** @type {any} */ (reader);
    return { reader, read: readRecording(new Blob([text]), 'a', { createReader, signal }) };
  };

  test('is what the worker says, and the worker is ended', async () => {
    const { reader, read } = readWith((r) => r.say({ type: 'read', recording }));
    expect(await read).toBe(recording);
    expect(reader.ended).toBe(true);
  });

  test('is refused in the words of the worker, with the name of the file', async () => {
    const { reader, read } = readWith((r) => r.say({ type: 'failed', message: 'no good' }));
    await expect(read).rejects.toThrow('a: no good');
    expect(reader.ended).toBe(true);
  });

  test('is refused when the worker breaks', async () => {
    const { read } = readWith((r) => r.dispatchEvent(new Event('error', { cancelable: true })));
    await expect(read).rejects.toThrow('a: it takes more memory than the browser has for it');
  });

  test('is given up when the caller aborts', async () => {
    const abort = new AbortController();
    const { reader, read } = readWith(() => abort.abort(), abort.signal);
    await expect(read).rejects.toThrow('aborted');
    expect(reader.ended).toBe(true);
  });

  test('is read by the page where no worker starts', async () => {
    const reader = new EventTarget();
    setTimeout(() => reader.dispatchEvent(new Event('error')));
    const createReader = () => /** @type {any} */ (reader);
    expect(await readRecording(new Blob([text]), 'a', { createReader })).toEqual(recording);
  });
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
