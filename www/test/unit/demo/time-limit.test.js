import { expect, test, vi } from 'vitest';
import { LimitError, within } from '../../../src/demo/time-limit.js';

test('what is in time goes through, value or error', async () => {
  expect(await within(1, 'it', Promise.resolve(7))).toBe(7);
  await expect(within(1, 'it', Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('what is late rejects, and says what it was', async () => {
  vi.useFakeTimers();
  const late = within(2, 'the run', new Promise(() => {}));
  const failed = expect(late).rejects.toThrow(new LimitError('the run', 2));
  vi.advanceTimersByTime(2000);
  await failed;
  expect(new LimitError('the run', 2).message).toBe('the run took longer than 2 s');
  vi.useRealTimers();
});

test('without a limit nothing is timed', async () => {
  vi.useFakeTimers();
  within(Infinity, 'it', new Promise(() => {}));
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
