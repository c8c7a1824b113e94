import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pool } from '../../../src/engine/pool.js';
import { FakeLocks } from './fake-locks.js';
import { FakeModuleWorker } from './fake-module-worker.js';

/** @import { PoolStart } from '../../../src/engine/protocol.js' */

/** @type {FakeModuleWorker<PoolStart>[]} */
let workers = [];
let locks = new FakeLocks();
const died = vi.fn();

beforeEach(() => {
  workers = [];
  died.mockClear();
  locks = new FakeLocks();
  vi.stubGlobal('navigator', { locks });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const start = {
  module: /** @type {WebAssembly.Module} */ ({}),
  memory: /** @type {WebAssembly.Memory} */ ({}),
  receiver: 1234,
};

function newPool() {
  const create = () => {
    workers.push(new FakeModuleWorker());
    return /** @type {Worker} */ (/** @type {unknown} */ (workers[workers.length - 1]));
  };
  return new Pool(create, died);
}

/** A pool of two that has started; both workers have their locks. */
async function started() {
  const pool = newPool();
  const starting = pool.start(2, start);
  for (const worker of workers) {
    const { life } = worker.told[0];
    locks.request(life, () => new Promise(() => {}));
    worker.say({ held: true });
  }
  await starting;
  return pool;
}

test('a pool has started when every worker is up, and not before', async () => {
  const up = vi.fn();
  const starting = newPool().start(3, start).then(up);
  expect(workers).toHaveLength(3);
  expect(workers[0].told).toMatchObject([start]);
  workers[0].say({ held: false });
  workers[1].say({ held: false });
  await new Promise((resolve) => setTimeout(resolve));
  expect(up).not.toHaveBeenCalled();
  workers[2].say({ held: false });
  await starting;
  expect(died).not.toHaveBeenCalled();
});

test('a worker that fails to start takes the others with it, and the error says why', async () => {
  const starting = newPool().start(2, start);
  workers[0].say({ held: false });
  workers[1].say({ failed: 'out of memory' });
  await expect(starting).rejects.toThrow('out of memory');
  expect(workers.every(({ terminated }) => terminated)).toBe(true);
  expect(died).not.toHaveBeenCalled();
});

test('a worker that never answers is an error after a while', async () => {
  vi.useFakeTimers();
  const failing = expect(newPool().start(1, start)).rejects.toThrow('did not start within 20 s');
  await vi.advanceTimersByTimeAsync(20_000);
  await failing;
});

test('a worker that reports an error later is reported', async () => {
  await started();
  workers[0].crash('unreachable');
  expect(died).toHaveBeenCalledWith('unreachable');
});

test('a worker that dies without a word is reported', async () => {
  await started();
  await locks.kill(workers[1].told[0].life);
  expect(died).toHaveBeenCalledWith('');
});

test('a pool that is ended is not a pool that died', async () => {
  const pool = await started();
  pool.end();
  expect(workers.every(({ terminated }) => terminated)).toBe(true);
  for (const { told } of workers) await locks.kill(told[0].life);
  expect(died).not.toHaveBeenCalled();
});

test('a second start ends the workers of the first', async () => {
  const pool = await started();
  pool.start(1, start);
  expect(workers.map(({ terminated }) => terminated)).toEqual([true, true, false]);
  pool.end();
});
