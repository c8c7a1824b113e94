import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Processes } from '../../../src/engine/processes.js';
import { FakeLocks } from './fake-locks.js';
import { FakeModuleWorker } from './fake-module-worker.js';

/** @import { ProcessStart } from '../../../src/engine/protocol.js' */

/** @type {FakeModuleWorker<ProcessStart>[]} */
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

const module = /** @type {WebAssembly.Module} */ ({});

function newProcesses() {
  const create = () => {
    workers.push(new FakeModuleWorker());
    return /** @type {Worker} */ (/** @type {unknown} */ (workers[workers.length - 1]));
  };
  return new Processes(create, died);
}

/**
 * Starts a process.
 *
 * @param {Processes} processes
 * @param {number} id
 */
function start(processes, id) {
  processes.start(id, {
    module,
    port: new MessageChannel().port1,
    fork: null,
    role: /** @type {const} */ ('child'),
  });
  return workers[workers.length - 1];
}

/**
 * Starts a process, which comes up.
 *
 * @param {Processes} processes
 * @param {number} id
 */
async function started(processes, id) {
  const worker = start(processes, id);
  locks.request(worker.told[0].life, () => new Promise(() => {}));
  worker.say({ held: true });
  await new Promise((resolve) => setTimeout(resolve));
  return worker;
}

test('a process gets the module, its port and the lock that it has to hold', () => {
  const worker = start(newProcesses(), 1);
  expect(worker.told[0]).toMatchObject({ module, fork: null, life: expect.any(String) });
  expect(worker.told[0].port).toBeInstanceOf(MessagePort);
});

test('a process that dies without a word is reported once, and the others go on', async () => {
  const processes = newProcesses();
  const [first, second] = [await started(processes, 1), await started(processes, 2)];
  await locks.kill(first.told[0].life);
  expect(died.mock.calls).toEqual([[1, 'it ended unexpectedly']]);
  expect([first.terminated, second.terminated]).toEqual([true, false]);
  first.crash('late');
  expect(died).toHaveBeenCalledOnce();
});

test('a process that fails to start is reported, with the reason', async () => {
  const processes = newProcesses();
  start(processes, 3).say({ failed: 'no memory' });
  start(processes, 4).crash('');
  await new Promise((resolve) => setTimeout(resolve));
  expect(died.mock.calls).toEqual([
    [3, 'no memory'],
    [4, 'the script of a process could not be loaded'],
  ]);
  expect(workers.every(({ terminated }) => terminated)).toBe(true);
});

test('a process that never answers is reported after a while', async () => {
  vi.useFakeTimers();
  start(newProcesses(), 5);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(died).toHaveBeenCalledWith(5, 'a process did not start within 20 s');
});

test('a trap in a process that runs is its death', async () => {
  const worker = await started(newProcesses(), 6);
  worker.say({ failed: 'unreachable' });
  expect(died.mock.calls).toEqual([[6, 'unreachable']]);
  expect(worker.terminated).toBe(true);
});

test('a process that is ended has not died, whether it was up or not', async () => {
  vi.useFakeTimers();
  const processes = newProcesses();
  const { life } = start(processes, 7).told[0];
  processes.end(7);
  workers[0].say({ held: true });
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
  const up = await started(processes, 8);
  processes.end(8);
  processes.end(8);
  for (const name of [life, up.told[0].life]) await locks.kill(name);
  expect(workers.every(({ terminated }) => terminated)).toBe(true);
  expect(died).not.toHaveBeenCalled();
});

test('200 starts and ends leave no worker and no watch', async () => {
  const processes = newProcesses();
  for (let i = 0; i < 200; i++) {
    await started(processes, 2 * i);
    await started(processes, 2 * i + 1);
    processes.end(2 * i);
    // Half of them die, half are ended.
    if (i % 2) await locks.kill(workers[2 * i + 1].told[0].life);
    else processes.endAll();
  }
  expect(workers).toHaveLength(400);
  expect(workers.every(({ terminated }) => terminated)).toBe(true);
  expect(workers.map(({ told }) => locks.waiting(told[0].life))).toEqual(Array(400).fill(0));
  expect(died).toHaveBeenCalledTimes(100);
});

test('the slots of a node are workers on its memory, and live and die with it', async () => {
  const processes = newProcesses();
  const node = await started(processes, 1);
  const other = await started(processes, 2);
  const memory = {};
  const ports = [new MessageChannel().port1, new MessageChannel().port1];
  node.dispatchEvent(new MessageEvent('message', { data: { slots: { module, memory, ports } } }));
  const slots = workers.slice(2);
  expect(slots.map(({ told: [first] }) => first)).toMatchObject([
    { module, memory, slot: 0 },
    { module, memory, slot: 1 },
  ]);
  slots[1].crash('unreachable');
  await new Promise((resolve) => setTimeout(resolve));
  expect(died.mock.calls).toEqual([[1, 'unreachable']]);
  expect([node, ...slots].every(({ terminated }) => terminated)).toBe(true);
  expect(other.terminated).toBe(false);
});
