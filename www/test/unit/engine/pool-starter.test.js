import { afterEach, expect, test, vi } from 'vitest';
import { poolSize, startAtMost, startWorkers } from '../../../src/engine/pool-starter.js';

/** @import { PoolReply, PoolRequest } from '../../../src/engine/protocol.js' */

afterEach(() => void vi.unstubAllGlobals());

const module = /** @type {WebAssembly.Module} */ ({});
const memory = /** @type {WebAssembly.Memory} */ ({});

/**
 * Has a pool of three started, by a page that gives this reply.
 *
 * @param {PoolReply} reply
 */
function startedWith(reply) {
  const page = vi.fn((/** @type {PoolRequest} */ { port }) => {
    port.postMessage(reply);
  });
  vi.stubGlobal('self', { postMessage: page });
  const builder = { numThreads: () => 3, receiver: () => 1234, build: vi.fn() };
  return { page, builder, starting: startWorkers(module, memory, builder) };
}

test('the page is asked for the workers, and the pool is built when they are up', async () => {
  const { page, builder, starting } = startedWith({ failed: null });
  expect(builder.build).not.toHaveBeenCalled();
  await starting;
  expect(page.mock.calls[0][0]).toMatchObject({
    type: 'pool',
    threads: 3,
    start: { module, memory, receiver: 1234 },
  });
  expect(builder.build).toHaveBeenCalledOnce();
  expect(poolSize()).toBe(3);
});

test('a pool that does not start is not built, and the error says why', async () => {
  const { builder, starting } = startedWith({ failed: 'out of memory' });
  await expect(starting).rejects.toThrow('out of memory');
  expect(builder.build).not.toHaveBeenCalled();
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
