import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { holdLife, newLife, watchAnswers, watchLife } from '../../../src/engine/life.js';
import { FakeLocks } from './fake-locks.js';

afterEach(() => void vi.useRealTimers());

test('a worker is dead when its lock is free, and not before', async () => {
  const locks = new FakeLocks();
  const name = newLife();
  const died = vi.fn();
  expect(await holdLife(name, locks.manager)).toBe(true);
  watchLife(name, died, locks.manager);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(died).not.toHaveBeenCalled();
  await locks.kill(name);
  expect(died).toHaveBeenCalledOnce();
});

test('a worker that is not watched any more is not reported', async () => {
  const locks = new FakeLocks();
  const name = newLife();
  const died = vi.fn();
  await holdLife(name, locks.manager);
  watchLife(name, died, locks.manager)();
  expect(locks.waiting(name)).toBe(0);
  await locks.kill(name);
  expect(died).not.toHaveBeenCalled();
});

test('two workers have two names', () => {
  expect(newLife()).not.toBe(newLife());
});

test('without locks, or where they are forbidden, a worker says that it holds none', async () => {
  expect(await holdLife('a', undefined)).toBe(false);
  const forbidden = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) };
  expect(await holdLife('a', /** @type {any} */ (forbidden))).toBe(false);
});

/** A worker that is asked and that never answers by itself. */
function asked() {
  const ask = vi.fn();
  const died = vi.fn();
  return { ask, died, watch: watchAnswers(ask, died) };
}

// Five minutes, in which each question has to stay unanswered.
const LIMIT_MS = 310_000;

// Timers are replaced before each of these tests, and not within.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));

test('a worker that never answers is dead after five minutes of questions', () => {
  const { ask, died } = asked();
  vi.advanceTimersByTime(LIMIT_MS - 1);
  expect(died).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(died).toHaveBeenCalledOnce();
  const questions = ask.mock.calls.length;
  vi.advanceTimersByTime(LIMIT_MS);
  expect(ask).toHaveBeenCalledTimes(questions);
  expect(died).toHaveBeenCalledOnce();
});

test('a worker that answers now and then lives', () => {
  const { died, watch } = asked();
  for (let i = 0; i < 5; i++) {
    vi.advanceTimersByTime(300_000);
    watch.answered();
  }
  expect(died).not.toHaveBeenCalled();
});

test('a worker that is not watched any more is not asked', () => {
  const { ask, watch } = asked();
  watch.stop();
  vi.advanceTimersByTime(LIMIT_MS);
  expect(ask).not.toHaveBeenCalled();
});
