import { describe, expect, test } from 'vitest';
import { COMPUTE, COMPUTE_ERRED, RETRY, STEAL } from '../../../src/model/actions.js';
import { keyOf } from '../../../src/model/graph.js';
import { memoryHeld } from '../../../src/model/memory.js';
import { traceEvents } from '../../../src/model/trace-events.js';
import { seeded } from './graphs.js';
import { randomRecording } from './recordings.js';

/** @import { Recording } from '../../../src/model/recording.js' */

/** @typedef {{ ph: string, name: string, cat?: string, pid: number, tid: number, ts: number, dur: number, id: number, bp?: string, s?: string, args: any }} TraceEvent */

/**
 * @param {Recording} recording
 * @param {{ flows?: number }} [limits]
 * @returns {{ traceEvents: TraceEvent[], otherData: Record<string, unknown>, displayTimeUnit: string }}
 */
const written = (recording, limits) => JSON.parse([...traceEvents(recording, limits)].join(''));

/** @param {(recording: Recording, events: TraceEvent[], seed: number) => void} check */
function onRandomRuns(check) {
  for (let seed = 0; seed < 40; seed++) {
    const recording = randomRecording(seeded(seed), {
      tasks: 1 + seed * 3,
      workers: 1 + (seed % 4),
      err: seed % 3 ? 0 : 0.05,
    });
    check(recording, written(recording).traceEvents, seed);
  }
}

const slicesOf = (/** @type {TraceEvent[]} */ events) => events.filter(({ ph }) => ph === 'X');

/** The actions of a trace that are of one kind. @param {Recording} recording @param {number[]} actions */
const count = ({ trace }, ...actions) =>
  trace.workers.reduce(
    (sum, { action }) => sum + action.filter((a) => actions.includes(a)).length,
    0,
  );

describe('Trace Event JSON: the rules of the format', () => {
  test('every event has a phase, a name, a process, and (but for metadata) a time', () => {
    onRandomRuns((_, events) => {
      for (const { ph, name, pid, ts, tid } of events) {
        expect('MXisfC').toContain(ph);
        expect(name).toMatch(/./);
        expect(pid).toBe(1);
        if (ph !== 'M') expect(ts).toBeGreaterThanOrEqual(0);
        if (ph !== 'C') expect(Number.isInteger(tid)).toBe(true);
      }
    });
  });

  test('a process and its threads are named by metadata events, and sorted by worker', () => {
    onRandomRuns(({ trace }, events) => {
      const metadata = events.filter(({ ph }) => ph === 'M');
      expect(metadata[0]).toMatchObject({
        name: 'process_name',
        args: { name: 'dagdeck: made-up' },
      });
      trace.workers.forEach((_, worker) => {
        const own = metadata.filter(({ tid }) => tid === worker + 1);
        expect(own).toMatchObject([
          { name: 'thread_name', args: { name: `worker ${worker}` } },
          { name: 'thread_sort_index', args: { sort_index: worker } },
        ]);
      });
    });
  });

  test('times are microseconds, and multiples of 1/8, which every reader holds exactly', () => {
    onRandomRuns(({ outcome }, events) => {
      for (const { ph, ts, dur = 0 } of events) {
        if (ph === 'M') continue;
        expect(Number.isInteger(ts * 8) && Number.isInteger(dur * 8)).toBe(true);
        expect(ts + dur).toBeLessThanOrEqual((outcome?.makespanMs ?? 0) * 1000 + 0.125);
      }
    });
  });

  test('slices of one thread are disjoint', () => {
    onRandomRuns(({ trace }, events, seed) => {
      trace.workers.forEach((_, worker) => {
        const own = slicesOf(events).filter(({ tid }) => tid === worker + 1);
        own.reduce((end, { ts, dur }) => {
          expect(ts, `seed ${seed}`).toBeGreaterThanOrEqual(end);
          expect(dur).toBeGreaterThanOrEqual(0);
          return ts + dur;
        }, 0);
      });
    });
  });

  test('a task is a complete event, named by its prefix, with its key, number and bytes', () => {
    onRandomRuns((recording, events) => {
      const { graph, trace } = recording;
      const computed = slicesOf(events).filter(({ args }) => !args.action);
      expect(computed).toHaveLength(count(recording, COMPUTE));
      for (const { name, cat, args } of computed) {
        const prefix = graph.prefixes[graph.prefixOf[args.task]];
        expect(name).toBe(prefix);
        expect(cat).toBe('task');
        expect(args.key).toBe(keyOf(graph, args.task));
        expect(args.bytes).toBe(trace.bytes?.[args.task]);
      }
      const retried = slicesOf(events).filter(({ args }) => args.action === 'retry');
      expect(retried).toHaveLength(count(recording, RETRY));
    });
  });

  test('steals, and tasks that erred without being run, are instants on their thread', () => {
    onRandomRuns((recording, events) => {
      const instants = events.filter(({ ph }) => ph === 'i');
      for (const { s, name, args } of instants) {
        expect(s).toBe('t');
        expect(['steal', 'a dependency erred']).toContain(name);
        expect(args.key).toBe(keyOf(recording.graph, args.task));
      }
      const slices = slicesOf(events);
      const erred = slices.filter(({ args }) => args.action === 'erred').length;
      expect(instants.filter(({ cat }) => cat === 'steal')).toHaveLength(count(recording, STEAL));
      expect(instants.filter(({ cat }) => cat === 'erred').length + erred).toBe(
        count(recording, COMPUTE_ERRED),
      );
    });
  });

  test('a flow starts within the slice of the dependency, and ends in that of the dependent', () => {
    onRandomRuns(({ graph }, events, seed) => {
      const slices = new Map(
        slicesOf(events)
          .filter(({ args }) => args.action !== 'retry')
          .map((slice) => [slice.args.task, slice]),
      );
      const at = (/** @type {TraceEvent} */ { tid, ts }) =>
        [...slices].find(([, s]) => s.tid === tid && s.ts <= ts && ts < s.ts + s.dur)?.[0];
      const starts = events.filter(({ ph }) => ph === 's');
      const ends = new Map(events.filter(({ ph }) => ph === 'f').map((end) => [end.id, end]));
      expect(new Set(starts.map(({ id }) => id)).size).toBe(starts.length);
      expect(ends.size).toBe(starts.length);
      const drawn = new Set();
      for (const start of starts) {
        const end = /** @type {TraceEvent} */ (ends.get(start.id));
        expect(end.bp).toBe('e');
        expect([end.name, end.cat]).toEqual([start.name, start.cat]);
        expect(end.ts).toBeGreaterThanOrEqual(start.ts);
        drawn.add(`${at(start)} ${at(end)}`);
      }
      /** Every dependency between slices that have a length on the clock, once. */
      const wanted = new Set();
      for (let task = 0; task < graph.tasks; task++) {
        const { starts: from, tasks } = graph.dependencies;
        for (const dependency of tasks.subarray(from[task], from[task + 1])) {
          if (slices.get(task)?.dur && slices.get(dependency)?.dur) {
            wanted.add(`${dependency} ${task}`);
          }
        }
      }
      expect(drawn, `seed ${seed}`).toEqual(wanted);
    });
  });

  test('flows stop at a limit, and the metadata says so', () => {
    const recording = randomRecording(seeded(1), { tasks: 100 });
    const { traceEvents: events, otherData } = written(recording, { flows: 5 });
    expect(events.filter(({ ph }) => ph === 's')).toHaveLength(5);
    const all = recording.graph.dependencies.tasks.length;
    expect(otherData.arrows).toContain(`the first 5 of ${all} dependencies`);
    expect(written(recording).otherData.arrows).toBe(`all ${all} dependencies`);
  });

  test('a counter says how many tasks run, at rising times, and ends at none', () => {
    onRandomRuns(({ trace }, events, seed) => {
      const steps = events.filter(({ ph, name }) => ph === 'C' && name === 'tasks running');
      steps.reduce((before, { ts }) => {
        expect(ts).toBeGreaterThan(before);
        return ts;
      }, -1);
      expect(steps.at(-1)?.args.tasks, `seed ${seed}`).toBe(0);
      for (const { ts, args } of steps) {
        const running = slicesOf(events).filter((s) => s.ts <= ts && ts < s.ts + s.dur);
        expect(args.tasks, `seed ${seed} at ${ts}`).toBe(running.length);
        expect(args.tasks).toBeLessThanOrEqual(trace.workers.length);
      }
    });
  });

  test('a counter says how many bytes are held, as the memory curve has it', () => {
    onRandomRuns(({ graph, trace }, events) => {
      const steps = events.filter(({ ph, name }) => ph === 'C' && name === 'memory held');
      const curve = memoryHeld(graph, trace);
      expect(steps.at(-1)?.args.bytes).toBe(curve.bytes.at(-1));
      steps.reduce((before, { ts }) => {
        expect(ts).toBeGreaterThanOrEqual(before);
        return ts;
      }, -1);
    });
  });
});

test('a run of 50,000 tasks comes in chunks that are one well-formed text', () => {
  const recording = randomRecording(seeded(9), { tasks: 50_000, workers: 4 });
  const chunks = [...traceEvents(recording)];
  expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(300_000);
  expect(chunks.length).toBeGreaterThan(20);
  const { traceEvents: events } = JSON.parse(chunks.join(''));
  expect(slicesOf(events).filter(({ args }) => !args.action)).toHaveLength(50_000);
}, 60_000);

test('keys with quotes, and numbers JSON cannot say, are still JSON', () => {
  const recording = randomRecording(seeded(1), { tasks: 3 });
  recording.program = 'a "program" \\ \n';
  if (recording.outcome) recording.outcome.makespanMs = Infinity;
  expect(written(recording).otherData.program).toBe(recording.program);
});
