import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connect, EngineError } from '../../../src/engine/client.js';
import { createShared } from '../../../src/engine/shared.js';
import { FakeLocks } from './fake-locks.js';
import { schedulersOf } from '../schemas.js';
import { FakeWorker, readyMessage } from './fake-worker.js';

/** @import { GraphData, Outcome, Trace, TraceLayout } from '../../../src/engine/protocol.js' */
/** @import { ReadyMessage } from '../../../src/engine/protocol.js' */

const graph = /** @type {GraphData} */ ({ tasks: 3 });
const layout = /** @type {TraceLayout} */ ({
  startedAtMs: 5,
  segmentEvents: 4,
  workers: [],
  bytes: null,
});
const outcome = /** @type {Outcome} */ ({ value: { kind: 'scalar', value: 42 }, tasks: 3 });
const trace = /** @type {Trace} */ ({ workers: [], dropped: 0, bytes: null });

/** @param {Partial<ReadyMessage>} [changes] */
async function connected(changes) {
  const worker = new FakeWorker();
  const connecting = connect(() => /** @type {Worker} */ (/** @type {unknown} */ (worker)));
  worker.say(readyMessage(changes));
  return { worker, engine: await connecting };
}

describe('connecting', () => {
  test('gives an engine that knows its programs, once the worker is ready', async () => {
    const { engine } = await connected();
    expect(engine.version).toBe('1.2.3');
    expect(engine.poolSize).toBe(8);
  });

  test('rejects in the words of a worker that does not come up, and ends it', async () => {
    const worker = new FakeWorker();
    const connecting = connect(() => /** @type {Worker} */ (/** @type {unknown} */ (worker)));
    worker.say({ type: 'broken', reason: 'no memory' });
    await expect(connecting).rejects.toThrow(/^The engine did not start: no memory\.$/);
    expect(worker.terminated).toBe(true);
  });

  test('rejects when the worker cannot be loaded', async () => {
    const worker = new FakeWorker();
    const connecting = connect(() => /** @type {Worker} */ (/** @type {unknown} */ (worker)));
    worker.crash('');
    await expect(connecting).rejects.toThrow(EngineError);
  });

  test('rejects when nothing comes for a minute, and ends the worker', async () => {
    vi.useFakeTimers();
    try {
      const worker = new FakeWorker();
      const connecting = connect(() => /** @type {Worker} */ (/** @type {unknown} */ (worker)));
      const failing = expect(connecting).rejects.toThrow('it was not ready after 60 s');
      await vi.advanceTimersByTimeAsync(60_000);
      await failing;
      expect(worker.terminated).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a plan', () => {
  test('resolves with the graph of its own id', async () => {
    const { worker, engine } = await connected();
    const first = engine.plan('a', { n: 1 }, 7);
    const second = engine.plan('b');
    expect(worker.told).toMatchObject([
      { type: 'plan', work: { kind: 'program', program: 'a', params: { n: 1 } }, seed: 7 },
      { type: 'plan', work: { kind: 'program', program: 'b', params: {} }, seed: 0 },
    ]);
    const [one, two] = worker.told.map(({ id }) => id);
    worker.say({ type: 'planned', id: two, graph: { ...graph, tasks: 2 } });
    worker.say({ type: 'planned', id: one, graph: { ...graph, tasks: 1 } });
    expect((await first).tasks).toBe(1);
    expect((await second).tasks).toBe(2);
  });

  test('rejects in the words of the crate', async () => {
    const { worker, engine } = await connected();
    const plan = engine.plan('array-men');
    worker.say({
      type: 'failed',
      id: 1,
      message: 'unknown program: array-men',
      cancelled: false,
      trace: null,
    });
    await expect(plan).rejects.toThrow('unknown program: array-men');
  });
});

describe('a run', () => {
  test('starts with the defaults of the page and gives graph, live trace and outcome', async () => {
    const { worker, engine } = await connected();
    const run = engine.run('a', { n: 1 });
    expect(worker.told[0]).toMatchObject({
      type: 'start',
      options: {
        scheduler: 'threads',
        policy: 'ordered',
        seed: 0,
        trace: true,
        keepGoing: false,
        memoryLimit: null,
      },
    });
    worker.say({ type: 'started', id: 1, graph, layout, lanes: [], mode: null });
    worker.say({ type: 'finished', id: 1, outcome, trace });
    const started = await run.started;
    expect(started.graph).toBe(graph);
    expect(started.live?.layout).toBe(layout);
    expect(await run.finished).toEqual({ outcome, trace });
  });

  test('is disposed of once, and only when asked', async () => {
    const { worker, engine } = await connected();
    const run = engine.run('a');
    worker.say({ type: 'finished', id: 1, outcome, trace });
    await run.finished;
    expect(worker.told.map(({ type }) => type)).toEqual(['start']);
    run.dispose();
    run.dispose();
    expect(worker.told.map(({ type }) => type)).toEqual(['start', 'cancel', 'dispose']);
  });

  test('hands on copied events where memory is not shared', async () => {
    const { worker, engine } = await connected({ isolated: false, poolSize: 1, memory: null });
    /** @type {unknown[]} */
    const heard = [];
    const run = engine.run('a', {}, { onEvents: (workers) => heard.push(workers) });
    expect(worker.told[0]).toMatchObject({ options: { scheduler: 'sync', workers: 1 } });
    worker.say({ type: 'started', id: 1, graph, layout: null, lanes: [], mode: null });
    worker.say({ type: 'events', id: 1, workers: [] });
    expect((await run.started).live).toBeNull();
    expect(heard).toEqual([[]]);
  });

  test('that fails rejects with the message, before and after it has started', async () => {
    const { worker, engine } = await connected();
    const unstarted = engine.run('a');
    const erring = engine.run('a');
    worker.say({ type: 'failed', id: 1, message: 'n: 0', cancelled: false, trace: null });
    worker.say({ type: 'started', id: 2, graph, layout, lanes: [], mode: null });
    worker.say({ type: 'failed', id: 2, message: 'boom-1 erred', cancelled: false, trace });
    await expect(unstarted.started).rejects.toThrow('n: 0');
    await expect(unstarted.finished).rejects.toThrow('n: 0');
    await expect(erring.started).resolves.toBeDefined();
    await expect(erring.finished).rejects.toThrow('boom-1 erred');
  });

  test('that is cancelled rejects with an AbortError', async () => {
    const { worker, engine } = await connected();
    const run = engine.run('a');
    run.cancel();
    expect(worker.told[1]).toEqual({ type: 'cancel', id: 1 });
    worker.say({ type: 'failed', id: 1, message: 'cancelled', cancelled: true, trace });
    await expect(run.finished).rejects.toMatchObject({ name: 'AbortError' });
  });

  test("that is aborted rejects with the signal's reason", async () => {
    const { worker, engine } = await connected();
    const aborter = new AbortController();
    const run = engine.run('a', {}, { signal: aborter.signal });
    aborter.abort(new Error('enough'));
    expect(worker.told[1]).toEqual({ type: 'cancel', id: 1 });
    worker.say({ type: 'failed', id: 1, message: 'cancelled', cancelled: true, trace });
    await expect(run.finished).rejects.toThrow('enough');
  });

  test('with a signal that is aborted already never starts', async () => {
    const { worker, engine } = await connected();
    const run = engine.run('a', {}, { signal: AbortSignal.abort() });
    await expect(run.finished).rejects.toMatchObject({ name: 'AbortError' });
    expect(worker.told).toEqual([]);
  });

  test.each([0, 9, 2.5, NaN, -1])(
    'refuses %s workers and says what is allowed',
    async (workers) => {
      const { engine } = await connected();
      const run = engine.run('a', {}, { workers });
      await expect(run.finished).rejects.toThrow(
        `\`workers\` must be a whole number from 1 to 8, got ${workers}.`,
      );
    },
  );

  test('hands on policy, keep going and memory limit', async () => {
    const { worker, engine } = await connected();
    const asked = /** @type {const} */ ({ policy: 'lifo', keepGoing: true, memoryLimit: 1e6 });
    engine.run('a', {}, asked);
    expect(worker.told[0]).toMatchObject({ options: asked });
  });

  test('hands on what only its scheduler takes, and refuses what none takes', async () => {
    const [sync, threads] = schedulersOf(false);
    const start = { ...threads.parameters[1], name: 'start' };
    const workers = /** @type {typeof start} */ ({ ...threads.parameters[0], max: 6, default: 3 });
    const processes = { ...sync, name: 'processes', parameters: [workers, start] };
    const { worker, engine } = await connected({
      isolated: false,
      poolSize: 1,
      memory: null,
      schedulers: [sync, threads, processes],
    });
    const scheduler = 'processes';
    engine.run('a', {}, { scheduler, schedulerOptions: { start: 'fork' } });
    expect(worker.told[0]).toMatchObject({
      options: { workers: 3, schedulerOptions: { start: 'fork' } },
    });
    const tooMany = engine.run('a', {}, { scheduler, workers: 7 });
    await expect(tooMany.finished).rejects.toThrow('a whole number from 1 to 6, got 7.');
    const unknown = engine.run('a', {}, { scheduler, schedulerOptions: { begin: 'fork' } });
    await expect(unknown.finished).rejects.toThrow('names from start, got begin.');
  });

  test.each([0, -1, 0.5, NaN, Infinity])('refuses a memory limit of %s', async (memoryLimit) => {
    const { engine } = await connected();
    const run = engine.run('a', {}, { memoryLimit });
    await expect(run.finished).rejects.toThrow('`memoryLimit` must be a whole number of bytes');
  });

  test('refuses a seed that is no whole number', async () => {
    const { engine } = await connected();
    await expect(engine.run('a', {}, { seed: 0.5 }).finished).rejects.toThrow('got 0.5.');
  });

  test('on threads says what is missing where the page is not isolated', async () => {
    const { engine } = await connected({ isolated: false, poolSize: 1, memory: null });
    const run = engine.run('a', {}, { scheduler: 'threads' });
    await expect(run.finished).rejects.toThrow('Cross-Origin-Opener-Policy');
  });
});

describe('a signal', () => {
  afterEach(() => void vi.useRealTimers());

  test('rejects a run within two seconds when the engine does not answer', async () => {
    vi.useFakeTimers();
    const { engine } = await connected();
    const aborter = new AbortController();
    const run = engine.run('a', {}, { signal: aborter.signal });
    const ended = vi.fn();
    run.finished.catch(ended);
    aborter.abort(new Error('enough'));
    await vi.advanceTimersByTimeAsync(1999);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await expect(run.started).rejects.toThrow('enough');
    await expect(run.finished).rejects.toThrow('enough');
    run.dispose();
  });

  test('leaves no timer behind when the engine answers', async () => {
    vi.useFakeTimers();
    const { worker, engine } = await connected();
    const aborter = new AbortController();
    const run = engine.run('a', {}, { signal: aborter.signal });
    aborter.abort(new Error('enough'));
    worker.say({ type: 'failed', id: 1, message: 'cancelled', cancelled: true, trace });
    await expect(run.finished).rejects.toThrow('enough');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an engine whose worker dies without a word', () => {
  let locks = new FakeLocks();

  beforeEach(() => {
    locks = new FakeLocks();
    vi.stubGlobal('navigator', { locks });
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  /** @param {FakeWorker} worker */
  const live = (worker) => {
    locks.request(worker.life, () => new Promise(() => {}));
    worker.say({ type: 'alive', held: true });
  };

  test('rejects everything under way, and is followed by a new one', async () => {
    /** @type {FakeWorker[]} */
    const workers = [];
    const create = () => {
      workers.push(new FakeWorker());
      return /** @type {Worker} */ (/** @type {unknown} */ (workers[workers.length - 1]));
    };
    const shared = createShared(() => connect(create));
    const asking = shared.engine();
    live(workers[0]);
    workers[0].say(readyMessage());
    const engine = await asking;
    const run = engine.run('a');
    const words =
      'The engine stopped: its worker ended unexpectedly. The next run starts a new one.';
    const failing = expect(engine.plan('a')).rejects.toThrow(words);
    await locks.kill(workers[0].life);
    await failing;
    await expect(run.started).rejects.toThrow(words);
    await expect(run.finished).rejects.toThrow(EngineError);

    const again = shared.engine();
    await new Promise((resolve) => setTimeout(resolve));
    workers[1].say(readyMessage());
    expect((await again).lost).toBeNull();
  });

  test('does not start, and says so at once', async () => {
    const worker = new FakeWorker();
    const connecting = connect(() => /** @type {Worker} */ (/** @type {unknown} */ (worker)));
    const failing = expect(connecting).rejects.toThrow(
      'The engine did not start: its worker ended unexpectedly.',
    );
    live(worker);
    await locks.kill(worker.life);
    await failing;
  });

  test('is lost after five minutes of silence where there are no locks', async () => {
    vi.useFakeTimers();
    const { worker, engine } = await connected();
    worker.say({ type: 'alive', held: false });
    const run = engine.run('a');
    for (let minute = 0; minute < 10; minute++) {
      await vi.advanceTimersByTimeAsync(60_000);
      worker.say({ type: 'pong' });
    }
    expect(worker.pings).toBe(60);
    expect(engine.lost).toBeNull();
    await vi.advanceTimersByTimeAsync(310_000);
    await expect(run.finished).rejects.toThrow('its worker ended unexpectedly');
    expect(worker.terminated).toBe(true);
  });

  test('is not watched any more once it is closed', async () => {
    const { worker, engine } = await connected();
    live(worker);
    expect(locks.waiting(worker.life)).toBe(1);
    engine.close();
    expect(locks.waiting(worker.life)).toBe(0);
    expect(engine.lost?.message).toBe('The engine was closed.');
  });
});

describe('the pool of an engine', () => {
  /** An engine that has asked for a pool of two, and all workers. */
  async function withPool() {
    /** @type {{ role: string, worker: FakeWorker }[]} */
    const crew = [];
    const create = (/** @type {string} */ role) => {
      const worker = new FakeWorker();
      crew.push({ role, worker });
      return /** @type {Worker} */ (/** @type {unknown} */ (worker));
    };
    const connecting = connect(create);
    const { port1, port2 } = new MessageChannel();
    const reply = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
    const start = { module: readyMessage().module, memory: memoryOf(), receiver: 7 };
    crew[0].worker.say({ type: 'pool', threads: 2, start, port: port2 });
    const pool = crew.slice(1).map(({ worker }) => worker);
    const close = () => port1.close();
    return { crew, engine: crew[0].worker, pool, reply, connecting, close };
  }

  const memoryOf = () => /** @type {WebAssembly.Memory} */ (readyMessage().memory);
  const up = /** @type {any} */ ({ held: false });

  test('is created by the page, and ends with the engine', async () => {
    const { crew, engine, pool, reply, connecting, close } = await withPool();
    expect(crew.map(({ role }) => role)).toEqual(['engine', 'pool', 'pool']);
    for (const worker of pool) worker.say(up);
    expect(await reply).toEqual({ failed: null });
    engine.say(readyMessage());
    (await connecting).close();
    expect(crew.every(({ worker }) => worker.terminated)).toBe(true);
    close();
  });

  test('takes the engine with it when one of its workers dies', async () => {
    const { crew, engine, pool, reply, connecting, close } = await withPool();
    for (const worker of pool) worker.say(up);
    await reply;
    engine.say(readyMessage());
    const run = (await connecting).run('a');
    pool[1].crash('');
    await expect(run.finished).rejects.toThrow('one of its pool workers ended unexpectedly');
    expect(crew.every(({ worker }) => worker.terminated)).toBe(true);
    close();
  });

  test('that does not start is reported to the engine, which may ask for a smaller one', async () => {
    const { engine, pool, reply, connecting, close } = await withPool();
    pool[0].say(/** @type {any} */ ({ failed: 'out of memory' }));
    expect(await reply).toEqual({ failed: 'out of memory' });
    expect(pool.every(({ terminated }) => terminated)).toBe(true);
    expect(engine.terminated).toBe(false);
    engine.say(readyMessage());
    expect((await connecting).lost).toBeNull();
    close();
  });
});

describe('the processes of an engine', () => {
  /** An engine that has had two processes started, both of which are up. */
  async function withProcesses() {
    /** @type {FakeWorker[]} */
    const crew = [];
    const create = () => {
      crew.push(new FakeWorker());
      return /** @type {Worker} */ (/** @type {unknown} */ (crew[crew.length - 1]));
    };
    const connecting = connect(create);
    const [worker] = crew;
    worker.say(readyMessage());
    const { module } = readyMessage();
    for (const id of [1, 2]) {
      const { port1: port } = new MessageChannel();
      worker.say({
        type: 'process',
        id,
        start: { module, port, fork: null, role: /** @type {const} */ ('child') },
      });
    }
    const processes = crew.slice(1);
    for (const process of processes) process.say(/** @type {any} */ ({ held: false }));
    return { worker, processes, engine: await connecting };
  }

  test('are ended when the engine says so, and with the engine', async () => {
    const { worker, processes, engine } = await withProcesses();
    worker.say({ type: 'end-process', id: 1 });
    expect(processes.map(({ terminated }) => terminated)).toEqual([true, false]);
    engine.close();
    expect(processes.map(({ terminated }) => terminated)).toEqual([true, true]);
    expect(worker.told).toEqual([]);
  });

  test('may die: the engine is told, and goes on', async () => {
    const { worker, processes, engine } = await withProcesses();
    processes[1].crash('unreachable');
    expect(worker.told).toEqual([{ type: 'process-died', id: 2, reason: 'unreachable' }]);
    expect(engine.lost).toBeNull();
    engine.close();
  });
});

describe('an engine that breaks', () => {
  test('rejects all that is under way, and what comes after', async () => {
    const { worker, engine } = await connected();
    const plan = engine.plan('a');
    const run = engine.run('a');
    worker.say({ type: 'broken', reason: 'unreachable' });
    await expect(plan).rejects.toThrow(
      'The engine stopped: unreachable. The next run starts a new one.',
    );
    await expect(run.finished).rejects.toThrow(EngineError);
    await expect(engine.plan('a')).rejects.toThrow('unreachable');
    await expect(engine.run('a').finished).rejects.toThrow('unreachable');
    expect(engine.lost).toBeInstanceOf(EngineError);
    expect(worker.terminated).toBe(true);
  });

  test('is not brought down by a run that fails', async () => {
    const { worker, engine } = await connected();
    const run = engine.run('a');
    worker.say({ type: 'failed', id: 1, message: 'n: 0', cancelled: false, trace: null });
    await expect(run.finished).rejects.toThrow();
    expect(engine.lost).toBeNull();
  });
});

describe('an engine that is restarted', () => {
  const module = /** @type {WebAssembly.Module} */ (/** @type {unknown} */ ({ compiled: true }));

  /** An engine, the workers that were started so far, and what starts them. */
  async function withWorkers() {
    /** @type {FakeWorker[]} */
    const workers = [];
    const create = () => {
      workers.push(new FakeWorker());
      return /** @type {Worker} */ (/** @type {unknown} */ (workers[workers.length - 1]));
    };
    const connecting = connect(create);
    workers[0].say(readyMessage({ module }));
    return { workers, create, engine: await connecting };
  }

  test('ends its worker, and starts another with the compiled module', async () => {
    const { workers, engine } = await withWorkers();
    expect(workers[0].module).toBeNull();
    const restarting = engine.restart();
    expect(workers[0].terminated).toBe(true);
    expect(workers[1].module).toBe(module);
    workers[1].say(readyMessage({ version: '2' }));
    const next = await restarting;
    expect(next.version).toBe('2');
    expect(next.lost).toBeNull();
    expect(engine.lost?.message).toContain('restarted');
  });

  test('rejects what was under way, and what comes after, in clear words', async () => {
    const { engine } = await withWorkers();
    const words = 'The engine was restarted while this run was under way.';
    const run = engine.run('a');
    const plan = engine.plan('a');
    engine.restart();
    await expect(run.started).rejects.toThrow(words);
    await expect(run.finished).rejects.toThrow(EngineError);
    await expect(plan).rejects.toThrow(words);
    await expect(engine.run('a').finished).rejects.toThrow(EngineError);
    run.cancel();
    run.dispose();
  });

  test('is replaced once, however often it is asked', async () => {
    const { workers, engine } = await withWorkers();
    const restarting = [engine.restart(), engine.restart()];
    workers[1].say(readyMessage());
    expect(await restarting[0]).toBe(await restarting[1]);
    expect(workers).toHaveLength(2);
  });

  test('is asked again after a start that failed', async () => {
    const { workers, engine } = await withWorkers();
    const failing = engine.restart();
    workers[1].say({ type: 'broken', reason: 'no memory' });
    await expect(failing).rejects.toThrow('no memory');
    const restarting = engine.restart();
    workers[2].say(readyMessage());
    expect((await restarting).lost).toBeNull();
  });

  test('keeps the reason for which it was lost before', async () => {
    const { workers, engine } = await withWorkers();
    workers[0].say({ type: 'broken', reason: 'unreachable' });
    engine.restart();
    expect(engine.lost?.message).toContain('unreachable');
  });

  test('is followed by the new one for everybody who shares it', async () => {
    const { workers, create } = await withWorkers();
    const shared = createShared(() => connect(create));
    const asking = shared.engine();
    workers[1].say(readyMessage());
    const first = await asking;
    expect(await shared.engine()).toBe(first);
    const restarting = shared.restart();
    await new Promise((resolve) => setTimeout(resolve));
    workers[2].say(readyMessage());
    const second = await restarting;
    expect(second).not.toBe(first);
    expect(await shared.engine()).toBe(second);
    // Also when it breaks by itself.
    workers[2].say({ type: 'broken', reason: 'unreachable' });
    const after = shared.engine();
    await new Promise((resolve) => setTimeout(resolve));
    workers[3].say(readyMessage());
    expect((await after).lost).toBeNull();
  });
});
