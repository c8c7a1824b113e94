import { describe, expect, test } from 'vitest';
import { COMPUTE, COMPUTE_ERRED, RETRY, STEAL } from '../../../src/model/actions.js';
import { keyOf, keyReader } from '../../../src/model/graph.js';
import { createRunModel, stateNameOf } from '../../../src/model/run.js';
import {
  CANCELLED,
  ERRED,
  FINISHED,
  READY,
  RELEASED,
  RUNNING,
  STATES,
  WAITING,
} from '../../../src/model/states.js';
import { graphOf, randomGraph, randomTrace, seeded, sliceOf } from './graphs.js';

/** @typedef {import('../../../src/model/run.js').RunModel} RunModel */

/** Two roots, their sum, and what is made of it. */
const diamond = () => graphOf([[], [], [0, 1], [2], [2]]);

/**
 * @param {number} task
 * @param {number} stopMs
 */
const computed = (task, stopMs) => sliceOf([{ task, action: COMPUTE, stopMs }]);

const outcome = { tasks: 0, makespanMs: 10, workMs: null, utilisation: null, workers: 1 };

/**
 * States from what has been executed, by the definitions alone.
 *
 * @param {RunModel} model
 * @param {Set<number>} executed
 */
function statesByDefinition({ graph }, executed) {
  const { dependencies, dependents, targets } = graph;
  const row = (
    /** @type {import('../../../src/model/graph.js').Rows} */ rows,
    /** @type {number} */ task,
  ) => [...rows.tasks.subarray(rows.starts[task], rows.starts[task + 1])];
  return Array.from({ length: graph.tasks }, (_, task) => {
    if (executed.has(task)) {
      const needed = row(dependents, task).some((other) => !executed.has(other));
      return needed || targets.includes(task) ? FINISHED : RELEASED;
    }
    return row(dependencies, task).every((other) => executed.has(other)) ? READY : WAITING;
  });
}

/** @param {RunModel} model */
function expectCountsToAgree(model) {
  const totals = new Array(STATES).fill(0);
  const perPrefix = model.prefixes.map(() => new Array(STATES).fill(0));
  model.state.forEach((state, task) => {
    totals[state]++;
    perPrefix[model.graph.prefixOf[task]][state]++;
  });
  expect([...model.totals]).toEqual(totals);
  model.prefixes.forEach((prefix, i) => expect([...prefix.counts]).toEqual(perPrefix[i]));
}

describe('a run', () => {
  test('takes the names of its workers from the lanes of a trace, and numbers those without', () => {
    const model = createRunModel(diamond(), 1);
    model.append(0, computed(0, 1));
    const lane = { id: 9, label: 'bob-1', node: 'bob', joinedMs: 2, leftMs: null };
    model.setLanes([{}, { lane }]);
    expect([model.nameOf(0), model.nameOf(1)]).toEqual(['worker 0', 'bob-1']);
    expect(model.workers[1].lane).toEqual(lane);
    // A later trace without lanes does not take them away.
    model.setLanes([{}, {}]);
    expect(model.nameOf(1)).toBe('bob-1');
  });

  test('takes the details of events that it has read without them', () => {
    const model = createRunModel(diamond(), 1);
    model.append(0, computed(0, 1));
    model.append(0, computed(1, 2));
    const details = {
      bytes: Float64Array.of(8, 16, 32),
      peer: Uint16Array.of(0, 0xffff, 0),
      reason: Uint8Array.of(0, 1, 0),
    };
    model.setLanes([details]);
    // What is read later brings its own.
    model.append(0, { ...computed(2, 3), bytes: Float64Array.of(32) });
    const { bytes, peer, reason } = model.workers[0].slice;
    expect([...(bytes ?? [])]).toEqual([8, 16, 32]);
    expect([...(peer ?? [])].slice(0, 2)).toEqual([0, 0xffff]);
    expect([...(reason ?? [])].slice(0, 2)).toEqual([0, 1]);
  });

  test('begins with its roots ready and all else waiting', () => {
    const model = createRunModel(diamond(), 2);
    expect([...model.state]).toEqual([READY, READY, WAITING, WAITING, WAITING]);
    expect(model.workers).toHaveLength(2);
    expect(model.phase).toBe('waiting');
  });

  test('makes a task ready when its last dependency has finished', () => {
    const model = createRunModel(diamond());
    model.append(0, computed(0, 1));
    expect(model.state[2]).toBe(WAITING);
    model.append(1, computed(1, 1));
    expect(model.state[2]).toBe(READY);
  });

  test('releases a value when its last dependent has finished, but never a target', () => {
    const model = createRunModel(diamond());
    for (const [i, task] of [0, 1, 2, 3].entries()) model.append(0, computed(task, i + 1));
    expect([...model.state]).toEqual([RELEASED, RELEASED, FINISHED, FINISHED, READY]);
    model.append(0, computed(4, 5));
    expect([...model.state]).toEqual([RELEASED, RELEASED, RELEASED, FINISHED, FINISHED]);
  });

  test('counts a dependency named twice (x + x) as consistently as one named once', () => {
    const graph = graphOf([[], [0, 0]]);
    const model = createRunModel(graph);
    model.append(0, computed(0, 1));
    expect(model.state[1]).toBe(READY);
    model.append(0, computed(1, 2));
    expect([...model.state]).toEqual([RELEASED, FINISHED]);
  });

  test('does not mind whether the dependents repeat what the dependencies repeat', () => {
    const twice = graphOf([[], [0, 0]]);
    const once = graphOf([[], [0]]);
    const model = createRunModel({ ...twice, dependents: once.dependents });
    model.append(0, computed(0, 1));
    model.append(0, computed(1, 2));
    expect([...model.state]).toEqual([RELEASED, FINISHED]);
  });

  test('shows a running task as running until its event arrives', () => {
    const model = createRunModel(diamond());
    model.setRunning(0, 1);
    expect(model.state[1]).toBe(RUNNING);
    model.append(0, computed(1, 2));
    expect(model.state[1]).toBe(FINISHED);
    expect(model.workers[0].running).toBe(-1);
  });

  test('ignores news of a running task that has already finished', () => {
    const model = createRunModel(diamond());
    model.append(0, computed(0, 2));
    model.setRunning(0, 0);
    expect(model.state[0]).toBe(FINISHED);
    expect(model.workers[0].running).toBe(-1);
  });

  test('never shows one worker with two running tasks', () => {
    const model = createRunModel(diamond());
    model.setRunning(0, 0);
    model.setRunning(0, 1);
    expect(model.totals[RUNNING]).toBe(1);
  });

  test('that failed ends with its dependents erred and the rest cancelled', () => {
    const model = createRunModel(graphOf([[], [], [0], [2], [1]]));
    model.append(0, sliceOf([{ task: 0, action: COMPUTE_ERRED, stopMs: 1 }]));
    model.finish(null);
    expect([...model.state]).toEqual([ERRED, CANCELLED, ERRED, ERRED, CANCELLED]);
    expect(model.phase).toBe('stopped');
    expectCountsToAgree(model);
  });

  test('that kept going has erred tasks where they erred, and the rest as always', () => {
    const model = createRunModel(graphOf([[], [0], [], [2], [1]]));
    model.append(
      0,
      sliceOf([
        { task: 0, action: COMPUTE_ERRED, stopMs: 1 },
        { task: 1, action: COMPUTE_ERRED, stopMs: 1 },
        { task: 4, action: COMPUTE_ERRED, stopMs: 1 },
        { task: 2, action: COMPUTE, stopMs: 2 },
        { task: 3, action: COMPUTE, stopMs: 3 },
      ]),
    );
    model.finish(outcome);
    expect([...model.state]).toEqual([ERRED, ERRED, RELEASED, FINISHED, ERRED]);
    expect(model.done).toBe(2);
    expect(model.workers[0].unrun.length).toBe(2);
    expectCountsToAgree(model);
  });

  test('lets a value go that only an erred task would have read', () => {
    const model = createRunModel(graphOf([[], [0], [1]]));
    model.append(0, computed(0, 1));
    expect(model.state[0]).toBe(FINISHED);
    model.append(0, sliceOf([{ task: 1, action: COMPUTE_ERRED, stopMs: 2 }]));
    expect(model.state[0]).toBe(RELEASED);
  });

  test('makes a task ready again that is to be retried, whenever it hears of that', () => {
    const model = createRunModel(diamond());
    model.setRunning(0, 0);
    model.append(0, sliceOf([{ task: 0, action: RETRY, stopMs: 1 }]));
    expect(model.state[0]).toBe(READY);
    expect(model.workers[0].running).toBe(-1);
    expect(model.workers[0].busyMs).toBe(1);
    // Another worker finished it, and was heard first.
    model.append(1, computed(1, 3));
    model.append(0, sliceOf([{ task: 1, action: RETRY, stopMs: 2 }]));
    expect(model.state[1]).toBe(FINISHED);
    expectCountsToAgree(model);
  });

  test('counts steals, which change no state and take no time', () => {
    const model = createRunModel(diamond());
    model.append(0, computed(0, 1));
    const before = [...model.state];
    model.append(0, sliceOf([{ task: 1, action: STEAL, stopMs: 1 }]));
    expect([...model.state]).toEqual(before);
    expect(model.workers[0].steals.length).toBe(1);
    expect(model.workers[0].spentMs[STEAL]).toBe(0);
    model.reset();
    expect(model.workers[0].steals.length).toBe(0);
  });

  test('knows what its values took when it is told their sizes', () => {
    const model = createRunModel(diamond());
    model.append(0, computed(0, 1));
    model.append(0, computed(1, 2));
    expect(model.memory).toBeNull();
    model.finish(null, Float64Array.of(1, 2, 4, 8, 16));
    expect(model.memory?.peakBytes).toBe(3);
  });

  test('without a trace ends with targets in memory and the rest released', () => {
    const model = createRunModel(diamond());
    model.finish(outcome);
    expect([...model.state]).toEqual([RELEASED, RELEASED, RELEASED, FINISHED, FINISHED]);
    expect(model.endMs).toBe(10);
  });

  test('can be reset and run again', () => {
    const model = createRunModel(diamond());
    model.append(0, computed(0, 1));
    model.finish(null);
    model.reset();
    expect([...model.state]).toEqual([READY, READY, WAITING, WAITING, WAITING]);
    expect(model.events).toBe(0);
    expectCountsToAgree(model);
  });

  test('knows the work of its workers, with what runs now', () => {
    const model = createRunModel(diamond());
    model.append(
      0,
      sliceOf([
        { task: 0, action: COMPUTE, stopMs: 2 },
        { task: 0xffffffff, action: 2, stopMs: 3 },
      ]),
    );
    model.setRunning(0, 1);
    model.nowMs = 7;
    expect(model.workMs).toBe(6);
  });

  test('the clock stops with the last task, though the result is not here yet', () => {
    const model = createRunModel(graphOf([[], [0]]));
    model.start();
    model.append(0, computed(0, 2));
    model.nowMs = 3;
    expect([model.settled, model.endMs]).toEqual([false, 3]);
    model.append(0, computed(1, 5));
    model.nowMs = 4000;
    expect([model.settled, model.endMs, model.phase]).toEqual([true, 5, 'running']);
  });

  test('logs each change of state, and tells a reader that is too far behind', () => {
    const model = createRunModel(diamond());
    const seen = model.changes.total;
    model.append(0, computed(0, 1));
    const { log, total } = model.changes;
    expect(total - seen).toBe(1);
    expect(log[seen % log.length]).toBe(0);
    model.reset();
    expect(model.changes.total - seen).toBeGreaterThan(log.length);
  });

  test('gives keys as the engine prints them, quoted once', () => {
    const text = new TextEncoder().encode("('mean_chunk-8f3a', 0, 3)sum-1");
    const graph = { ...graphOf([[], []]), keys: { starts: Uint32Array.of(0, 25, 30), text } };
    expect(keyOf(graph, 0)).toBe("('mean_chunk-8f3a', 0, 3)");
    expect(keyOf(graph, 1)).toBe('sum-1');
    expect(stateNameOf(createRunModel(graph), 0)).toBe('ready');
  });

  test('reads the keys of many tasks as one by one, in any order, with letters of any length', () => {
    const texts = Array.from({ length: 10_000 }, (_, i) => (i % 4999 ? `('sum', ${i})` : `Σ-${i}`));
    const bytes = texts.map((text) => new TextEncoder().encode(text));
    const starts = new Uint32Array(texts.length + 1);
    bytes.forEach(({ length }, i) => (starts[i + 1] = starts[i] + length));
    const text = Uint8Array.from(bytes.flatMap((key) => [...key]));
    const graph = { ...graphOf(texts.map(() => [])), keys: { starts, text } };
    const read = keyReader(graph);
    expect(read(9999)).toBe("('sum', 9999)");
    expect(texts.map((_, task) => read(task))).toEqual(texts.map((_, task) => keyOf(graph, task)));
  });
});

describe('random graphs', () => {
  test('have the states of the definitions after every event', () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = seeded(seed);
      const graph = randomGraph(random, 1 + Math.floor(random() * 40));
      const trace = randomTrace(graph, 3, random);
      const model = createRunModel(graph);
      const executed = new Set();
      const events = trace.workers.flatMap((slice, worker) =>
        [...slice.stopMs.keys()].map((i) => ({ slice, worker, i, stopMs: slice.stopMs[i] })),
      );
      events.sort((a, b) => a.stopMs - b.stopMs);
      for (const { slice, worker, i } of events) {
        model.append(worker, slice, i, i + 1);
        if (slice.action[i] === COMPUTE) executed.add(slice.task[i]);
        expect([...model.state], `seed ${seed}`).toEqual(statesByDefinition(model, executed));
      }
      expectCountsToAgree(model);
    }
  });

  test('end in the same states whatever the order in which batches arrive', () => {
    for (let seed = 100; seed < 160; seed++) {
      const random = seeded(seed);
      const graph = randomGraph(random, 1 + Math.floor(random() * 60));
      const trace = randomTrace(graph, 4, random);
      const model = createRunModel(graph);
      const taken = trace.workers.map(() => 0);
      let left = taken.reduce((sum, _, worker) => sum + trace.workers[worker].stopMs.length, 0);
      while (left > 0) {
        const worker = Math.floor(random() * 4);
        const slice = trace.workers[worker];
        const to = Math.min(slice.stopMs.length, taken[worker] + Math.floor(random() * 5));
        model.append(worker, slice, taken[worker], to);
        left -= to - taken[worker];
        taken[worker] = to;
        const runs = slice.task[to];
        model.setRunning(worker, runs !== undefined && slice.action[to] === COMPUTE ? runs : -1);
        expect(model.totals[RUNNING]).toBeLessThanOrEqual(4);
        expectCountsToAgree(model);
      }
      const all = new Set(graph.order);
      expect([...model.state], `seed ${seed}`).toEqual(statesByDefinition(model, all));
      expect(model.done).toBe(graph.tasks);
    }
  });
});
