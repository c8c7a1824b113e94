import { describe, expect, test } from 'vitest';
import { startLiveRun } from '../../../src/demo/live-run.js';
import { subjectOf } from '../../../src/demo/subject.js';
import { withResolvers } from '../../../src/engine/with-resolvers.js';
import { seeded } from '../model/graphs.js';
import { randomRecording } from '../model/recordings.js';
import { abilities, programs } from '../schemas.js';

/** @import { Engine } from '../../../src/engine/client.js' */

const settings = {
  params: { n: 40 },
  scheduler: /** @type {const} */ ('threads'),
  workers: 3,
  policy: /** @type {const} */ ('ordered'),
  seed: 0,
  keepGoing: false,
  memoryLimit: null,
};

/** An engine of one run, whose workers have not written anything that this page can see. */
function silentEngine() {
  const recording = randomRecording(seeded(3));
  const { graph, trace, outcome } = recording;
  const { workers } = trace;
  workers[0] = { ...workers[0], reason: new Uint8Array(workers[0].task.length).fill(1) };
  const memory = { buffer: new ArrayBuffer(4096) };
  const layout = {
    startedAtMs: performance.timeOrigin + performance.now(),
    segmentEvents: 64,
    bytes: null,
    workers: trace.workers.map((_, i) => ({ header: i * 16, segments: 1024 + i * 64 })),
  };
  /** @type {any[]} */
  const requests = [];
  const finished = withResolvers();
  const sendTrace = () => requests.at(-1).onTrace({ ...trace, reasons: ['', 'waits for a task'] });
  const engine = {
    version: '1.2.3',
    schedulers: abilities.schedulers,
    runOf(/** @type {any[]} */ ...[, request]) {
      requests.push(request);
      return {
        started: Promise.resolve({
          graph: request.graph ? graph : null,
          live: { memory, layout },
          lanes: trace.workers.map(({ lane = null }) => lane),
          mode: null,
        }),
        finished: finished.promise,
        cancel() {},
        dispose() {},
      };
    },
  };
  return {
    engine: /** @type {Engine} */ (/** @type {unknown} */ (engine)),
    requests,
    graph,
    finish() {
      sendTrace();
      finished.resolve({ outcome, trace });
    },
    fail() {
      sendTrace();
      finished.reject(new Error('task sum-3 erred'));
    },
    makespanMs: outcome?.makespanMs,
  };
}

const subject = subjectOf(
  { programs },
  { getAttribute: (name) => (name === 'program' ? 'no-op' : null) },
);
const deaf = { graph: null, onBlocks() {}, onSettled() {} };

describe('a live run', () => {
  test('has all its events in the model when it says that it has finished, before any frame', async () => {
    const { engine, finish, graph, makespanMs } = silentEngine();
    const run = startLiveRun(engine, subject, settings, deaf);
    const model = await run.started;
    expect(run.read(0)).toBe(true);
    expect(model.done).toBe(0);
    finish();
    await run.ended;
    expect(model.phase).toBe('finished');
    expect(model.done).toBe(graph.tasks);
    expect(model.endMs).toBe(makespanMs);
    expect(run.read(16)).toBe(false);
    expect(run.recording()?.trace.workers.flatMap(({ task }) => [...task])).not.toEqual([]);
  });

  test('can be looked at as it was before, and recorded as a whole all the same', async () => {
    const { engine, finish, graph, makespanMs = 0 } = silentEngine();
    const run = startLiveRun(engine, subject, settings, deaf);
    const model = await run.started;
    finish();
    await run.ended;
    const whole = run.recording();
    run.seek?.(makespanMs / 2);
    expect(model.done).toBeGreaterThan(0);
    expect(model.done).toBeLessThan(graph.tasks);
    expect(run.recording()).toEqual(whole);
    run.seek?.(Infinity);
    expect(model.done).toBe(graph.tasks);
  });

  test('that fails has stopped when it says so', async () => {
    const { engine, fail } = silentEngine();
    const run = startLiveRun(engine, subject, settings, deaf);
    const model = await run.started;
    fail();
    await expect(run.ended).rejects.toThrow('sum-3');
    expect(model.phase).toBe('stopped');
    expect(run.recording()?.failure).toContain('sum-3');
    expect(model.reasons).toEqual(['', 'waits for a task']);
    expect(run.recording()?.trace.workers.flatMap(({ task }) => [...task])).not.toEqual([]);
  });

  test('knows the texts of the reasons that its events have, and so does its recording', async () => {
    const { engine, finish } = silentEngine();
    const run = startLiveRun(engine, subject, settings, deaf);
    const model = await run.started;
    finish();
    await run.ended;
    expect(model.reasons).toEqual(['', 'waits for a task']);
    const { workers, reasons } = run.recording()?.trace ?? {};
    expect(reasons?.[workers?.[0].reason?.[0] ?? 0]).toBe('waits for a task');
  });

  test('has a graph sent only if the page does not have it', async () => {
    const { engine, requests, graph } = silentEngine();
    startLiveRun(engine, subject, settings, deaf);
    const run = startLiveRun(engine, subject, settings, { ...deaf, graph });
    expect(requests.map((request) => request.graph)).toEqual([true, false]);
    expect((await run.started).graph).toBe(graph);
  });
});
