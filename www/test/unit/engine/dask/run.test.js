import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setClusterText } from '../../../../src/engine/dask/address.js';
import { runOnDask } from '../../../../src/engine/dask/run.js';
import { withResolvers } from '../../../../src/engine/with-resolvers.js';
import { FakeSocket } from './fake-socket.js';

/** @import { Planner } from '../../../../src/engine/dask/run.js' */

const graph = /** @type {any} */ ({ tasks: 2, targets: Uint32Array.of(1, 0) });
const JSON_GRAPH = '{"dagdeck": 1, "tasks": {"b": {}, "2": {}}, "targets": ["2", "b"]}';

/** @type {any[]} */
let assembled = [];

/** @returns {Planner} */
const planner = () => ({
  exported: async () => ({ graph, json: JSON_GRAPH }),
  outcomeOf: async (_seed, results) => {
    assembled.push(results);
    const errors = results.targets.flatMap((target) =>
      typeof target === 'string' ? [{ key: 'k', message: target }] : [],
    );
    return /** @type {any} */ ({ value: { kind: 'scalar', value: 7 }, errors });
  },
  runHere: () => {
    const outcome = /** @type {any} */ ({ value: { kind: 'scalar', value: 8 }, errors: [] });
    const trace = /** @type {any} */ ({ workers: [] });
    return {
      started: Promise.resolve({ graph, live: null, lanes: [], mode: null }),
      finished: Promise.resolve({ outcome, trace }),
      cancel() {},
      dispose() {},
    };
  },
});

const events = {
  type: 'events',
  lanes: [{ id: 0, label: 'w', node: 'w', thread: true, joinedMs: 0 }],
  left: [],
  dropped: 0,
  slices: {
    lane: [0, 0],
    task: [0, 1],
    action: [0, 0],
    start: [1, 3],
    stop: [2, 5],
    bytes: [8, 8],
    peer: [-1, -1],
  },
};

/** @param {number} id @param {number} target */
function value(id, target) {
  const bytes = new ArrayBuffer(9);
  new Uint32Array(bytes, 0, 2).set([id, target]);
  new Uint8Array(bytes)[8] = 42;
  return bytes;
}

/** A socket that has let the page in, and the id of the run that was said. */
async function runUnderWay() {
  const socket = await vi.waitUntil(() => FakeSocket.made.at(-1));
  socket.welcome();
  const said = await vi.waitUntil(() => socket.said.find(({ type }) => type === 'run'));
  socket.tell({ type: 'started', id: said.id });
  return { socket, said, id: said.id };
}

let port = 0;

beforeEach(() => {
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.made = [];
  assembled = [];
  // Each test has a cluster, and so a connection, of its own.
  setClusterText(`ws://localhost:${++port}/dagdeck#secret`);
});

afterEach(() => {
  vi.unstubAllGlobals();
  setClusterText('');
});

describe('a run on a cluster', () => {
  it('sends the graph as the engine wrote it, and gives what came back', async () => {
    /** @type {any[]} */
    const seen = [];
    const run = runOnDask(planner(), { onEvents: (workers) => seen.push(...workers), seed: 3 });
    const { socket, said, id } = await runUnderWay();
    expect(socket.said[0]).toEqual({ type: 'hello', dagdeck: 1, token: 'secret' });
    expect(socket.url).not.toContain('secret');
    expect(said).toMatchObject({ keepGoing: false, graph: JSON.parse(JSON_GRAPH) });
    expect((await run.started).graph).toBe(graph);
    socket.tell({ ...events, id });
    socket.tell(value(id, 1));
    socket.tell(value(id, 0));
    socket.tell({ type: 'finished', id, makespanMs: 5, dropped: 0, kept: [], errors: [] });
    const { outcome, trace } = await run.finished;
    expect(assembled[0]).toMatchObject({ workers: 1, makespanMs: 5 });
    expect(assembled[0].targets.map((/** @type {any} */ each) => [...each])).toEqual([[42], [42]]);
    expect(outcome).toMatchObject({ workMs: 3, busyMs: [3], utilisation: 0.6, errors: [] });
    expect(trace.workers[0].stopMs).toEqual(Float64Array.of(1, 2, 3, 5));
    expect(seen[0].lane.label).toBe('w');
  });

  it('says which results stay on the cluster, and lets go of them after the next ones', async () => {
    const run = runOnDask(planner(), {});
    const { socket, id } = await runUnderWay();
    socket.tell({ ...events, id });
    socket.tell(value(id, 1));
    const kept = [{ target: 0, bytes: 2e9 }];
    socket.tell({ type: 'finished', id, makespanMs: 5, dropped: 0, kept, errors: [] });
    const { outcome } = await run.finished;
    expect(outcome.notes).toEqual([
      'One result stays on the cluster (2000.0 MB): too large to be sent to a page.',
    ]);
    expect(outcome.errors).toEqual([]);

    const again = runOnDask(planner(), {});
    const next = await vi.waitUntil(() => socket.said.filter(({ type }) => type === 'run')[1]);
    socket.tell({ type: 'started', id: next.id });
    socket.tell({ type: 'finished', id: next.id, makespanMs: 5, dropped: 0, kept, errors: [] });
    await again.finished;
    expect(socket.said.at(-1)).toEqual({ type: 'release', id });
  });

  it('rejects with what the cluster says', async () => {
    const run = runOnDask(planner(), {});
    const { socket, id } = await runUnderWay();
    const message = 'bad: attempt 1 failed on purpose';
    socket.tell({ type: 'failed', id, message, cancelled: false, dropped: 0 });
    await expect(run.finished).rejects.toThrow(message);
  });

  it('is cancelled on the cluster', async () => {
    const run = runOnDask(planner(), {});
    const { socket, id } = await runUnderWay();
    run.cancel();
    expect(socket.said.at(-1)).toEqual({ type: 'cancel', id });
    socket.tell({ type: 'failed', id, message: 'cancelled', cancelled: true, dropped: 0 });
    await expect(run.finished).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is aborted by its signal at once, before and after it has started', async () => {
    const controller = new AbortController();
    const run = runOnDask(planner(), { signal: controller.signal });
    const { socket, id } = await runUnderWay();
    controller.abort(new Error('enough'));
    await expect(run.finished).rejects.toThrow('enough');
    expect(socket.said.at(-1)).toEqual({ type: 'cancel', id });
    const late = runOnDask(planner(), { signal: controller.signal });
    await expect(late.started).rejects.toThrow('enough');
  });

  it('gives its trace when it is aborted, and hears no more', async () => {
    const controller = new AbortController();
    /** @type {any[]} */
    const traces = [];
    const onTrace = (/** @type {unknown} */ trace) => void traces.push(trace);
    const onEvents = vi.fn();
    const run = runOnDask(planner(), { signal: controller.signal, onTrace, onEvents });
    const { socket, id } = await runUnderWay();
    socket.tell({ ...events, id });
    await Promise.resolve();
    controller.abort(new Error('enough'));
    await expect(run.finished).rejects.toThrow('enough');
    const kept = [{ target: 0, bytes: 2e9 }];
    socket.tell({ ...events, id, lanes: [] });
    socket.tell({ type: 'finished', id, makespanMs: 5, dropped: 0, kept, errors: [] });
    await Promise.resolve();
    expect(traces.map(({ workers }) => workers.length)).toEqual([1]);
    expect(onEvents).toHaveBeenCalledTimes(1);
    expect(assembled).toEqual([]);
  });

  it('fails if the connection is lost, or what comes cannot be read', async () => {
    const lost = runOnDask(planner(), {});
    const { socket } = await runUnderWay();
    socket.close();
    await expect(lost.finished).rejects.toThrow('The connection to the cluster was lost');

    const misled = runOnDask(planner(), {});
    await vi.waitUntil(() => FakeSocket.made.length === 2);
    const { socket: next, id } = await runUnderWay();
    next.tell({ ...events, id, lanes: [] });
    await expect(misled.finished).rejects.toThrow('events.slices.lane[0]');
    expect(next.said.at(-1)).toEqual({ type: 'cancel', id });
  });

  it.each(['closed', 'closing'])(
    'takes place in the page if the socket is %s when the graph is built, and no other opens',
    async (state) => {
      const built = withResolvers();
      const made = { ...planner(), exported: () => built.promise };
      const run = runOnDask(/** @type {Planner} */ (made), {});
      const socket = await vi.waitUntil(() => FakeSocket.made.at(-1));
      socket.welcome();
      await Promise.resolve();
      if (state === 'closing') socket.readyState = 2;
      else socket.close();
      built.resolve({ graph, json: JSON_GRAPH });
      if (state === 'closed') (await vi.waitUntil(() => FakeSocket.made[1])).close();
      const { outcome } = await run.finished;
      expect(outcome.notes?.[0]).toMatch(/connection to the cluster was lost|cannot be reached/);
    },
  );

  it('connects again if the socket closes while the graph is built', async () => {
    const built = withResolvers();
    const made = { ...planner(), exported: () => built.promise };
    const run = runOnDask(/** @type {Planner} */ (made), {});
    const first = await vi.waitUntil(() => FakeSocket.made.at(-1));
    first.welcome();
    await Promise.resolve();
    first.close();
    built.resolve({ graph, json: JSON_GRAPH });
    await vi.waitUntil(() => FakeSocket.made[1]);
    await runUnderWay();
    expect((await run.started).graph).toBe(graph);
  });

  it('fails if the cluster sends nothing for a while', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const run = runOnDask(planner(), {});
      const { socket } = await runUnderWay();
      for (let i = 0; i < 3; i++) {
        vi.advanceTimersByTime(40_000);
        socket.tell({ type: 'alive' });
      }
      expect(socket.readyState).toBe(FakeSocket.OPEN);
      vi.advanceTimersByTime(60_000);
      await expect(run.finished).rejects.toThrow('it does not answer');
      expect(socket.readyState).not.toBe(FakeSocket.OPEN);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    [
      'refuses the token',
      'refused this page: wrong token',
      (/** @type {FakeSocket} */ socket) => {
        socket.onopen();
        socket.tell({ type: 'refused', id: null, message: 'wrong token' });
        socket.close();
      },
    ],
    ['is not there', 'cannot be reached', (/** @type {FakeSocket} */ socket) => socket.close()],
    [
      'is something else',
      'sent what this page cannot read',
      (/** @type {FakeSocket} */ socket) => socket.tell({ type: 'hi' }),
    ],
  ])('takes place in the page if the cluster %s', async (_, why, answer) => {
    const run = runOnDask(planner(), {});
    answer(await vi.waitUntil(() => FakeSocket.made.at(-1)));
    const { outcome } = await run.finished;
    expect(outcome.value).toEqual({ kind: 'scalar', value: 8 });
    expect(outcome.notes?.[0]).toContain(why);
    expect(outcome.notes?.[0]).toContain('Ran in the page instead.');
  });

  it('takes place in the page if there is no cluster', async () => {
    setClusterText('');
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    const { outcome } = await runOnDask(planner(), { signal }).finished;
    expect(outcome.notes?.[0]).toContain('No cluster is set.');
    expect(removed).toHaveBeenCalledTimes(1);
  });
});
