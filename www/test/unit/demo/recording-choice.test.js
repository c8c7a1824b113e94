import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RecordingChoice } from '../../../src/demo/recording-choice.js';

/**
 * @param {Record<string, string>} attributes
 * @param {() => string} [scheduler]
 */
function choiceOf(attributes, scheduler) {
  const host = {
    getAttribute: (/** @type {string} */ name) => attributes[name] ?? null,
    hasAttribute: (/** @type {string} */ name) => name in attributes,
  };
  return new RecordingChoice(/** @type {Element} */ (/** @type {unknown} */ (host)), scheduler);
}

const never = () => new AbortController().signal;
const run = { recording: 'runs/mean.json.gz' };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { baseURI: 'https://talks.example/deck/' });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a recording that hangs is given up, and its request aborted', async () => {
  /** @type {AbortSignal | undefined} */
  let asked;
  vi.stubGlobal('fetch', (/** @type {string} */ _, /** @type {RequestInit} */ { signal }) => {
    asked = signal ?? undefined;
    return new Promise(() => {});
  });
  const failed = expect(choiceOf(run).load(never())).rejects.toThrow(
    'The recording did not arrive within 20 s (https://talks.example/deck/runs/mean.json.gz).',
  );
  await vi.advanceTimersByTimeAsync(20_000);
  await failed;
  expect(asked?.aborted).toBe(true);
});

test.each(['Failed to fetch', 'Load failed', 'NetworkError when attempting to fetch resource.'])(
  'what browsers say of a lost connection (%s) is put in words',
  async (message) => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError(message)));
    await expect(choiceOf(run).load(never())).rejects.toThrow(
      'The recording could not be loaded: the server did not answer (https://talks.example/deck/runs/mean.json.gz).',
    );
  },
);

test('the signal of the caller ends it with its reason', async () => {
  vi.stubGlobal('fetch', () => new Promise(() => {}));
  const caller = new AbortController();
  const failed = expect(choiceOf(run).load(caller.signal)).rejects.toThrow('enough');
  caller.abort(new Error('enough'));
  await failed;
  expect(vi.getTimerCount()).toBe(0);
  await expect(choiceOf(run).load(caller.signal)).rejects.toThrow('enough');
});

test('a fallback that hangs stands in for nothing', async () => {
  vi.stubGlobal('fetch', () => new Promise(() => {}));
  const standIn = choiceOf({ fallback: 'mean.json.gz' }).standIn(never());
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await standIn).toBeNull();
});

test('while dask is chosen, the fallback is the run that was recorded there, if there is one', () => {
  let scheduler = 'threads';
  const both = choiceOf({ fallback: 'here', 'fallback-dask': 'there' }, () => scheduler);
  const one = choiceOf({ fallback: 'here' }, () => scheduler);
  both.wanted = one.wanted = true;
  expect([both.url, one.url]).toEqual(['here', 'here']);
  scheduler = 'dask';
  expect([both.url, one.url]).toEqual(['there', 'here']);
  both.wanted = false;
  expect(both.url).toBeNull();
});
