import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { poolSize, startAtMost, startWorkers, whenPoolCrashes } from '../../../src/engine/pool.js';
import { FakeWorker } from './fake-worker.js';

/** @type {FakeWorker[]} */
let workers = [];

beforeEach(() => {
  workers = [];
  vi.stubGlobal('self', { location: { href: 'http://localhost/worker.js' } });
  vi.stubGlobal(
    'Worker',
    class extends FakeWorker {
      constructor() {
        super();
        workers.push(this);
      }
    },
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** @param {number} threads */
function builder(threads) {
  return { numThreads: () => threads, receiver: () => 1234, build: vi.fn() };
}

const module = /** @type {WebAssembly.Module} */ ({});
const memory = /** @type {WebAssembly.Memory} */ ({});

/** @param {FakeWorker} worker @param {object} data */
const reply = (worker, data) => worker.dispatchEvent(new MessageEvent('message', { data }));

test('the pool is built when every worker is up, and not before', async () => {
  const three = builder(3);
  const starting = startWorkers(module, memory, three);
  expect(workers).toHaveLength(3);
  expect(workers[0].told[0]).toMatchObject({ type: 'dagdeck-pool-start', receiver: 1234 });
  reply(workers[0], { up: true });
  reply(workers[1], { up: true });
  await Promise.resolve();
  expect(three.build).not.toHaveBeenCalled();
  reply(workers[2], { up: true });
  await starting;
  expect(three.build).toHaveBeenCalledOnce();
  expect(poolSize()).toBe(3);
});

test('a worker that fails to start takes the others with it, and the error says why', async () => {
  const two = builder(2);
  const starting = startWorkers(module, memory, two);
  reply(workers[0], { up: true });
  reply(workers[1], { failed: 'out of memory' });
  await expect(starting).rejects.toThrow('out of memory');
  expect(workers.every(({ terminated }) => terminated)).toBe(true);
  expect(two.build).not.toHaveBeenCalled();
});

test('a worker that never answers is an error after a while', async () => {
  vi.useFakeTimers();
  const starting = startWorkers(module, memory, builder(1));
  const failing = expect(starting).rejects.toThrow('not up after 20 s');
  await vi.advanceTimersByTimeAsync(20_000);
  await failing;
});

test('a worker that dies later is reported', async () => {
  const crashed = vi.fn();
  whenPoolCrashes(crashed);
  const starting = startWorkers(module, memory, builder(1));
  reply(workers[0], { up: true });
  await starting;
  workers[0].crash('unreachable');
  expect(crashed).toHaveBeenCalledWith('unreachable');
});

test('a pool that is too large is tried at half the size, down to one', async () => {
  /** @type {number[]} */
  const tried = [];
  const start = async (/** @type {number} */ size) => {
    tried.push(size);
    if (size > 2) throw new Error('too many');
  };
  await startAtMost(12, start);
  expect(tried).toEqual([12, 6, 3, 1]);
  await expect(startAtMost(2, () => Promise.reject(new Error('none')))).rejects.toThrow('none');
});
