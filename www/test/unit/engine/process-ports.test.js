import { beforeEach, expect, test, vi } from 'vitest';
import { processDied, ProcessPorts } from '../../../src/engine/process-ports.js';
import { withResolvers } from '../../../src/engine/with-resolvers.js';

/** @import { ProcessCommand, ProcessEnd, ProcessRequest } from '../../../src/engine/protocol.js' */

const module = /** @type {WebAssembly.Module} */ ({});

/** What the page was asked for. @type {(ProcessRequest | ProcessEnd)[]} */
let asked = [];

const fail = vi.fn();

beforeEach(() => {
  asked = [];
  fail.mockClear();
});

/** A parent that wants what a test says. */
function parentOf() {
  /** @type {ProcessCommand[]} */
  const commanded = [];
  return {
    commanded,
    commands: () => commanded.splice(0),
    wanted: vi.fn(() => Promise.resolve(false)),
    joined: vi.fn(),
    reply: vi.fn(),
    died: vi.fn(),
    tick: vi.fn(),
  };
}

/**
 * @param {ReturnType<typeof parentOf>} parent
 * @param {() => ArrayBuffer | undefined} [image]
 */
function portsOf(parent, image = () => undefined) {
  const post = (/** @type {ProcessRequest | ProcessEnd} */ message) => void asked.push(message);
  return new ProcessPorts(parent, { module: () => module, image, post, fail });
}

/** The requests so far for processes. */
const requests = () => asked.filter((message) => message.type === 'process');

/** The next message that comes through a port. @param {MessagePort} port @returns {Promise<any>} */
const next = (port) => new Promise((resolve) => (port.onmessage = ({ data }) => resolve(data)));

/** A process as it is at the other end of its port. @param {number} i */
function processAt(i) {
  const { id, start } = requests()[i];
  return { id, port: start.port };
}

test('a process is asked for, joins, gets messages and replies', async () => {
  const parent = parentOf();
  const ports = portsOf(parent);
  parent.commanded.push({ type: 'start', process: 0, fork: false, role: 'child' });
  ports.obey();
  expect(asked).toMatchObject([{ type: 'process', start: { module, fork: null } }]);
  const { port } = processAt(0);
  const message = {
    length: 2,
    write: (/** @type {Uint8Array} */ to) => to.set([1, 2]),
    free: vi.fn(),
  };
  parent.joined.mockImplementation(() => {
    parent.commanded.push({ type: 'send', process: 0, message });
  });
  port.postMessage({ bytes: 0, ms: 0 });
  expect(await next(port)).toEqual({ message: Uint8Array.of(1, 2), back: [] });
  expect(message.free).toHaveBeenCalledOnce();
  expect(parent.joined).toHaveBeenCalledWith(0, 0, 0);
  const replied = new Promise((resolve) => parent.reply.mockImplementation(resolve));
  port.postMessage({ message: Uint8Array.of(3), back: [] });
  await replied;
  expect(parent.reply).toHaveBeenCalledWith(0, Uint8Array.of(3));
  ports.end();
});

test('when Rust says that the run is finished, its processes are ended', () => {
  const parent = parentOf();
  const ports = portsOf(parent);
  parent.commanded.push({ type: 'start', process: 0, fork: false, role: 'child' });
  parent.commanded.push({ type: 'start', process: 1, fork: false, role: 'child' });
  ports.obey();
  const [first, second] = requests().map(({ id }) => id);
  parent.commanded.push({ type: 'end', process: 0 }, { type: 'finished' });
  ports.obey();
  expect(asked.slice(2)).toEqual([
    { type: 'end-process', id: first },
    { type: 'end-process', id: second },
  ]);
});

test('a death is told by the number of the process, and its replacement is another worker', () => {
  const parent = parentOf();
  const ports = portsOf(parent);
  parent.commanded.push({ type: 'start', process: 4, fork: false, role: 'child' });
  ports.obey();
  const { id } = processAt(0);
  parent.died.mockImplementation((process) => {
    parent.commanded.push({ type: 'start', process, fork: false, role: 'child' });
  });
  processDied(id, 'out of memory');
  expect(parent.died.mock.calls).toEqual([[4, 'out of memory']]);
  expect(requests()).toHaveLength(2);
  expect(processAt(1).id).not.toBe(id);
  // The page is not asked to end what is dead, and a second word about it changes nothing.
  processDied(id, 'out of memory');
  expect(parent.died).toHaveBeenCalledOnce();
  expect(asked.every(({ type }) => type === 'process')).toBe(true);
  ports.end();
});

test('what a process said before it was ended is not passed on', async () => {
  const parent = parentOf();
  const ports = portsOf(parent);
  parent.commanded.push({ type: 'start', process: 0, fork: false, role: 'child' });
  ports.obey();
  processAt(0).port.postMessage({ message: Uint8Array.of(1), back: [] });
  ports.end();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(parent.reply).not.toHaveBeenCalled();
});

test('a fork waits until the memory can be copied', async () => {
  vi.useFakeTimers();
  try {
    const parent = parentOf();
    const image = new ArrayBuffer(8);
    let tries = 0;
    const ports = portsOf(parent, () => (++tries < 3 ? undefined : image));
    parent.commanded.push({ type: 'start', process: 0, fork: true, role: 'child' });
    ports.obey();
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(tries).toBe(3);
    expect(requests()[0].start.fork).toMatchObject({ image, copyMs: expect.any(Number) });
    ports.end();
    // One that is ended meanwhile is not started.
    tries = -1000;
    const other = portsOf(parent, () => void tries++);
    parent.commanded.push({ type: 'start', process: 0, fork: true, role: 'child' });
    other.obey();
    other.end();
    await vi.advanceTimersByTimeAsync(1000);
    expect([tries, requests().length]).toEqual([-999, 1]);
  } finally {
    vi.useRealTimers();
  }
});

test('an error of Rust ends the processes, and is reported', () => {
  const parent = parentOf();
  const ports = portsOf(parent);
  parent.commanded.push({ type: 'start', process: 0, fork: false, role: 'child' });
  ports.obey();
  parent.died.mockImplementation(() => {
    throw new Error('unreachable');
  });
  parent.commanded.push({ type: 'start', process: 1, fork: false, role: 'child' });
  ports.obey();
  processDied(processAt(0).id, 'unreachable');
  expect(fail).toHaveBeenCalledWith(new Error('unreachable'));
  expect(asked.at(-1)).toEqual({ type: 'end-process', id: processAt(1).id });
});

test('what a thread wants is done, until the run is over', async () => {
  const parent = parentOf();
  const ports = portsOf(parent);
  let ask = withResolvers();
  parent.wanted.mockImplementation(() => {
    ask = withResolvers();
    return ask.promise;
  });
  const served = ports.serve();
  const want = async (/** @type {ProcessCommand} */ command) => {
    parent.commanded.push(command);
    ask.resolve(true);
    await vi.waitFor(() => expect(parent.commanded).toEqual([]));
  };
  await want({ type: 'start', process: 4, fork: false, role: 'child' });
  expect(requests()).toHaveLength(1);
  await want({ type: 'end', process: 4 });
  expect(asked.at(-1)).toMatchObject({ type: 'end-process' });
  // The run is freed while something is wanted.
  ports.end();
  parent.commanded.push({ type: 'start', process: 5, fork: false, role: 'child' });
  ask.resolve(true);
  await served;
  expect(requests()).toHaveLength(1);
  expect(fail).not.toHaveBeenCalled();
});

test('nodes are linked by a port to each other, and the owner hears of every change', async () => {
  const parent = parentOf();
  const onChange = vi.fn();
  const post = (/** @type {ProcessRequest | ProcessEnd} */ message) => void asked.push(message);
  const around = { module: () => module, image: () => undefined, post, fail };
  const ports = new ProcessPorts(parent, around, onChange);
  parent.commanded.push(
    { type: 'start', process: 0, fork: false, role: 'node' },
    { type: 'start', process: 1, fork: false, role: 'node' },
    { type: 'link', first: 0, second: 1 },
    { type: 'link', first: 0, second: 7 },
  );
  ports.obey();
  expect(requests().map(({ start }) => start.role)).toEqual(['node', 'node']);
  const [first, second] = await Promise.all([next(processAt(0).port), next(processAt(1).port)]);
  expect([first.peer, second.peer]).toEqual([1, 0]);
  const heard = next(second.port);
  first.port.postMessage('hello');
  expect(await heard).toBe('hello');
  expect(onChange).toHaveBeenCalledTimes(2);
  const told = next(processAt(0).port);
  processDied(processAt(1).id, 'unreachable');
  expect(await told).toEqual({ gone: 1 });
  await vi.waitFor(() => expect(parent.tick).toHaveBeenCalled());
  ports.end();
  const ticks = parent.tick.mock.calls.length;
  await new Promise((go) => setTimeout(go, 150));
  expect(parent.tick).toHaveBeenCalledTimes(ticks);
});
