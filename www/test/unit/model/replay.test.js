import { describe, expect, test } from 'vitest';
import { COMPUTE } from '../../../src/model/actions.js';
import { createReplay } from '../../../src/model/replay.js';
import { createRunModel } from '../../../src/model/run.js';
import { RUNNING } from '../../../src/model/states.js';
import { seeded } from './graphs.js';
import { randomRecording } from './recordings.js';

describe('a replay', () => {
  test('shows at each time what had stopped by then, and what was running', () => {
    for (let seed = 0; seed < 30; seed++) {
      const random = seeded(seed);
      const recording = randomRecording(random, { tasks: 30, err: 0.05 });
      const { model, read } = createReplay(recording);
      const endMs = recording.outcome?.makespanMs ?? 0;
      for (let nowMs = 0; nowMs < endMs; nowMs += random()) {
        expect(read(nowMs, Infinity)).toBe(true);
        recording.trace.workers.forEach(({ stopMs, action, task }, worker) => {
          const stopped = stopMs.filter((stop) => stop <= nowMs).length;
          expect(model.workers[worker].length).toBe(stopped);
          if (action[stopped] === COMPUTE) {
            expect(model.workers[worker].running).toBe(task[stopped]);
            expect(model.state[task[stopped]]).toBe(RUNNING);
          }
        });
        expect(model.nowMs).toBe(nowMs);
      }
    }
  });

  test('ends as the run did', () => {
    for (let seed = 0; seed < 30; seed++) {
      const recording = randomRecording(seeded(seed), { tasks: 40, err: seed % 3 ? 0 : 0.1 });
      const { graph, trace, outcome } = recording;
      const live = createRunModel(graph);
      trace.workers.forEach((slice, worker) => live.append(worker, slice));
      live.finish(outcome, trace.bytes);
      const { model, read } = createReplay(recording);
      expect(read(1e9, Infinity)).toBe(false);
      expect(read(1e9)).toBe(false);
      expect([...model.state]).toEqual([...live.state]);
      expect(model.phase).toBe('finished');
      expect(model.endMs).toBe(live.endMs);
      expect(model.bytes).toBe(trace.bytes);
    }
  });

  test('of a run that failed stops when its last event has', () => {
    const recording = { ...randomRecording(seeded(2)), outcome: null, failure: 'boom' };
    const { model, read } = createReplay(recording);
    expect(read(0, Infinity)).toBe(true);
    expect(read(1e9, Infinity)).toBe(false);
    expect(model.phase).toBe('stopped');
  });

  test('that cannot keep up says that there is more to come', () => {
    const recording = randomRecording(seeded(4), { tasks: 20_000, workers: 2 });
    const { model, read } = createReplay(recording);
    expect(read(1e9, 0)).toBe(true);
    expect(model.phase).toBe('running');
    expect(read(1e9, Infinity)).toBe(false);
    expect(model.done).toBe(20_000);
  });
});
