import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PythonLost } from '../../../src/python/interpreter.js';
import { Python } from '../../../src/python/python.js';

/** @import { Progress } from '../../../src/python/loading.js' */
/** @import { Interpreter } from '../../../src/python/interpreter.js' */

vi.mock('../../../src/python/available.js', () => ({ whyNoPython: () => null }));

/** An interpreter that runs whatever the test says. */
class FakeInterpreter {
  ended = false;
  /** @type {WebAssembly.Module | null} */
  module = null;
  onOutput = (/** @type {string} */ _text, /** @type {string} */ _stream) => {};
  /** @type {string[]} */
  log = [];
  onEnd = () => {};
  onLoading = (/** @type {Progress} */ _progress) => {};
  end = (/** @type {string} */ reason) => {
    this.ended = true;
    this.reject(new PythonLost(reason));
    this.onEnd();
  };
  /** @type {(raised: string | null) => void} */
  resolve = () => {};
  /** @type {(error: Error) => void} */
  reject = () => {};

  async start() {
    this.log.push('start');
  }

  /** @param {string} source */
  run(source) {
    this.log.push(`run ${source}`);
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  warmUp() {
    this.log.push('warm up');
  }

  interrupt() {
    this.log.push('interrupt');
  }
}

/** @type {FakeInterpreter[]} */
let made;
/** @type {Python} */
let python;
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
  made = [];
  python = new Python(() => {
    const fake = new FakeInterpreter();
    made.push(fake);
    return /** @type {Interpreter} */ (/** @type {unknown} */ (fake));
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('cells run one after the other in one interpreter, which starts with the first', async () => {
  const first = python.run('a');
  const second = python.run('b');
  await settled();
  expect(made.map(({ log }) => log)).toEqual([['start', 'run a']]);
  made[0].onOutput('1\n', 'stdout');
  made[0].resolve(null);
  expect(await first).toEqual({ output: '1\n' });
  await settled();
  expect(made[0].log).toEqual(['start', 'run a', 'warm up', 'run b']);
  made[0].resolve(null);
  expect(await second).toEqual({ output: '' });
  expect(made).toHaveLength(1);
});

test('an exception rejects with its last line and the output, and the next cell runs', async () => {
  const first = python.run('a');
  const second = python.run('b');
  await settled();
  made[0].onOutput('Traceback\n', 'stderr');
  made[0].resolve('KeyError: 1');
  await expect(first).rejects.toMatchObject({
    name: 'PythonError',
    message: 'KeyError: 1',
    output: 'Traceback\n',
  });
  await settled();
  made[0].resolve(null);
  await second;
});

test('the signal interrupts a cell, and its reason is what the promise rejects with', async () => {
  const stopper = new AbortController();
  const run = python.run('a', { signal: stopper.signal });
  await settled();
  stopper.abort(new Error('enough'));
  expect(made[0].log).toEqual(['start', 'run a', 'interrupt']);
  made[0].resolve('KeyboardInterrupt');
  await expect(run).rejects.toThrow('enough');
  await vi.advanceTimersByTimeAsync(5000);
  expect(made[0].ended).toBe(false);
  expect(made[0].log.filter((entry) => entry === 'interrupt')).toHaveLength(1);
});

test('a cell that does not stop is interrupted again, then its interpreter ends', async () => {
  const stopper = new AbortController();
  const run = python.run('a', { signal: stopper.signal });
  const next = python.run('b');
  await settled();
  stopper.abort();
  await vi.advanceTimersByTimeAsync(999);
  expect(made[0].log.filter((entry) => entry === 'interrupt')).toHaveLength(2);
  expect(made[0].ended).toBe(false);
  const lost = expect(run).rejects.toThrow(/did not stop/);
  await vi.advanceTimersByTimeAsync(1);
  await lost;
  await settled();
  expect(made.map(({ log }) => log.at(-1))).toEqual(['interrupt', 'run b']);
  made[1].resolve(null);
  await next;
});

test('a cell that is stopped while it waits for its turn never runs', async () => {
  const stopper = new AbortController();
  const first = python.run('a');
  const second = python.run('b', { signal: stopper.signal });
  await settled();
  expect(python.isBusy).toBe(true);
  stopper.abort(new Error('enough'));
  // The first cell still runs.
  await expect(second).rejects.toThrow('enough');
  made[0].resolve(null);
  await first;
  await settled();
  expect(made[0].log).not.toContain('run b');
  expect(python.isBusy).toBe(false);
});

test('a cell that is stopped while Python loads rejects at once, and the next starts another', async () => {
  vi.spyOn(FakeInterpreter.prototype, 'start').mockImplementationOnce(
    () => new Promise((_, reject) => (made[0].reject = reject)),
  );
  const stopper = new AbortController();
  const first = python.run('a', { signal: stopper.signal });
  const next = python.run('b');
  await settled();
  stopper.abort(new Error('enough'));
  await expect(first).rejects.toThrow('enough');
  await settled();
  expect(made.map(({ log }) => log.at(-1))).toEqual([undefined, 'run b']);
  made[1].resolve(null);
  await next;
});

test('a signal that aborts when the cell starts interrupts it', async () => {
  const stopper = new AbortController();
  const run = python.run('a', {
    signal: stopper.signal,
    onStart: () => stopper.abort(new Error('enough')),
  });
  await settled();
  expect(made[0].log).toContain('interrupt');
  made[0].resolve('KeyboardInterrupt');
  await expect(run).rejects.toThrow('enough');
});

test('the output of a result has a limit; the callback gets all of it', async () => {
  let length = 0;
  const run = python.run('a', { onOutput: (text) => (length += text.length) });
  await settled();
  for (let i = 0; i < 30; i++) made[0].onOutput('x'.repeat(100_000), 'stdout');
  made[0].resolve(null);
  expect((await run).output).toHaveLength(1_000_000);
  expect(length).toBe(3_000_000);
});

test('a restart ends the interpreter and tells it; cells that wait run in a new one', async () => {
  let losses = 0;
  python.watchLoss(() => losses++);
  expect(python.isReady).toBe(false);
  // There is nothing to end yet.
  python.restart();
  const first = python.run('a');
  const second = python.run('b');
  await settled();
  expect(python.isReady).toBe(true);
  expect(losses).toBe(0);
  python.restart();
  await expect(first).rejects.toThrow('restarted');
  expect(losses).toBe(1);
  await settled();
  expect(made.map(({ log }) => log.at(-1))).toEqual(['run a', 'run b']);
  made[1].resolve(null);
  await second;
  // Each interpreter imports what its first traceback needs.
  expect(made[1].log).toEqual(['start', 'run b', 'warm up']);
});

test('the cell that waits for the download is told how far it is', async () => {
  vi.spyOn(FakeInterpreter.prototype, 'start').mockImplementationOnce(async () => {
    made[0].onLoading({ share: 0.5, bytes: 3, total: 6 });
  });
  /** @type {Progress[]} */
  const told = [];
  const run = python.run('a', { onLoading: (progress) => told.push(progress) });
  await settled();
  made[0].resolve(null);
  await run;
  expect(told).toEqual([{ share: 0.5, bytes: 3, total: 6 }]);
});

test('cells without a name are numbered', async () => {
  const names = vi
    .spyOn(FakeInterpreter.prototype, 'run')
    .mockResolvedValue(/** @type {never} */ (null));
  await python.run('a');
  await python.run('b', { name: '<console>' });
  await python.run('c');
  expect(names.mock.calls.map((call) => /** @type {any[]} */ (call)[1])).toEqual([
    '<cell 1>',
    '<console>',
    '<cell 2>',
  ]);
});
