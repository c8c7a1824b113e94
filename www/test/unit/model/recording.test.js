import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { COMPUTE, OTHER } from '../../../src/model/actions.js';
import { parseRecording } from '../../../src/model/parse-recording.js';
import { recordingPieces, toRecording } from '../../../src/model/recording.js';
import { createReplay } from '../../../src/model/replay.js';
import { createRunModel } from '../../../src/model/run.js';
import { encode } from '../../../src/data/base64.js';
import { graphOf, seeded } from './graphs.js';
import { outcomeOf, randomRecording } from './recordings.js';

/** @import { Value } from '../../../src/engine/protocol.js' */
/** @import { Recording } from '../../../src/model/recording.js' */

const recordingText = (/** @type {Recording} */ recording) =>
  [...recordingPieces(recording)].join('');

/** A file's content, as JSON, for a test to damage. @returns {any} */
const file = () => JSON.parse(recordingText(randomRecording(seeded(3), { tasks: 12 })));

/** @param {(recording: any, file: any) => void} damage */
function messageOf(damage) {
  const data = file();
  damage(data.recording, data);
  try {
    parseRecording(JSON.stringify(data));
  } catch (error) {
    return error instanceof Error ? error.message : `no Error: ${error}`;
  }
  return 'it was read';
}

describe('a recording', () => {
  test('comes back from its file as it was', () => {
    for (let seed = 0; seed < 30; seed++) {
      const recording = randomRecording(seeded(seed), {
        tasks: 1 + seed * 3,
        workers: 1 + (seed % 4),
        err: 0.05,
      });
      const { dependents: _, ...graph } = recording.graph;
      const read = parseRecording(recordingText(recording));
      expect(read, `seed ${seed}`).toMatchObject({ ...recording, graph });
      expect(sorted(read.graph.dependents)).toEqual(sorted(recording.graph.dependents));
    }
  });

  test.each([
    ['a number', 0.1],
    ['no number', NaN],
    ['infinity', -Infinity],
    ['nothing', null],
    ['true', true],
    ['a number beyond 2^53', 2n ** 60n],
    ['an array', { data: Float64Array.of(1, NaN, 3, 4), shape: [2, 2], dtype: 'float64' }],
    ['large integers', { data: BigInt64Array.of(-1n, 2n ** 60n), shape: [2], dtype: 'int64' }],
    ['booleans', { data: Uint8Array.of(1, 0), shape: [2], dtype: 'bool' }],
  ])('keeps %s as its value, also from a file of version 1', (_name, plain) => {
    const recording = randomRecording(seeded(1));
    const value = tagged(plain);
    recording.outcome = outcomeOf({ value });
    const text = recordingText(recording);
    expect(parseRecording(text).outcome?.value).toEqual(value);
    const old = JSON.parse(text);
    old.dagdeck = 1;
    const { kind, ...parts } = old.recording.outcome.value ?? { kind: null };
    old.recording.outcome.value = kind === 'scalar' ? parts.value : kind && parts;
    expect(parseRecording(JSON.stringify(old)).outcome?.value).toEqual(value);
  });

  test('keeps lanes, and what events carry besides', () => {
    const recording = randomRecording(seeded(1), { tasks: 12, workers: 2 });
    const lanes = [
      { id: 7, label: 'alice-0', node: 'alice', joinedMs: 0, leftMs: 2.5 },
      { id: 9, label: 'bob-0', node: 'bob', joinedMs: 1, leftMs: null },
    ];
    recording.trace.reasons = ['', 'no memory'];
    recording.trace.workers = recording.trace.workers.map((worker, i) => ({
      ...worker,
      lane: lanes[i],
      bytes: Float64Array.from(worker.task, (_, event) => event * 8),
      peer: Uint16Array.from(worker.task, (_, event) => (event % 2 ? 1 - i : 0xffff)),
      reason: Uint8Array.from(worker.task, (_, event) => event % 2),
    }));
    const read = parseRecording(recordingText(recording));
    expect(read.trace).toEqual(recording.trace);
    const { model, read: play } = createReplay(read);
    play(Infinity, Infinity);
    expect(model.workers[1].lane).toEqual(lanes[1]);
    expect(model.workers[0].peer?.[1]).toBe(1);
    expect(model.reasons).toEqual(['', 'no memory']);
    const { program, params, options, version, result, outcome } = read;
    const origin = { program, params, options, version, result };
    expect(toRecording(origin, model, { outcome, failure: null }).trace).toEqual(recording.trace);
  });

  test('leaves out reasons whose texts are unknown: a run that failed has none', () => {
    const recording = randomRecording(seeded(1), { tasks: 12, workers: 2 });
    const { program, params, options, version, result } = recording;
    const model = createRunModel(recording.graph, 2);
    model.start();
    recording.trace.workers.forEach((worker, i) =>
      model.append(i, { ...worker, reason: new Uint8Array(worker.task.length).fill(1) }),
    );
    model.finish(null);
    const origin = { program, params, options, version, result };
    const end = { outcome: null, failure: 'task sum-3 erred' };
    const { trace } = parseRecording(recordingText(toRecording(origin, model, end)));
    expect(trace.workers[0].reason).toBeUndefined();
  });

  test('with actions that this page does not know shows them as other', () => {
    const data = file();
    data.recording.trace.workers[0] = workerFile({ action: [77, 0] });
    const { trace } = parseRecording(JSON.stringify(data));
    expect([...trace.workers[0].action]).toEqual([OTHER, COMPUTE]);
    const model = createRunModel(parseRecording(JSON.stringify(data)).graph);
    model.append(0, trace.workers[0]);
    expect(model.workers[0].spentMs[OTHER]).toBe(1);
  });

  test('keeps a table, how it was made, and the notes', () => {
    const recording = randomRecording(seeded(4));
    const columns = [{ name: 'time', label: 'time', unit: 'ms' }];
    const value = { kind: /** @type {const} */ ('table'), columns, rows: [[1.5], [null], ['–']] };
    const mode = /** @type {const} */ ('model');
    recording.outcome = { ...outcomeOf(), value, mode, notes: ['There are no threads here.'] };
    expect(parseRecording(recordingText(recording)).outcome).toEqual(recording.outcome);
  });

  test.each([
    [{ columns: [], rows: [[1]] }, /rows\[0\]: 1 cells; there are 0 columns/],
    [{ columns: [{ name: 'a', label: 'a', unit: 1 }], rows: [] }, /columns\[0\]\.unit/],
    [{ columns: [{ name: 'a', label: 'a', unit: '' }], rows: [[{}]] }, /rows\[0\]\[0\]/],
  ])('refuses a broken table: %j', (table, message) => {
    const data = file();
    data.recording.outcome.value = { kind: 'table', ...table };
    expect(() => parseRecording(JSON.stringify(data))).toThrow(message);
  });

  test('may come from a scheduler and a policy that this page does not know', () => {
    const data = file();
    const others = { scheduler: 'cluster', policy: 'best', schedulerOptions: { nodes: 3 } };
    Object.assign(data.recording.options, others);
    const { options } = parseRecording(JSON.stringify(data));
    expect(options).toMatchObject(others);
  });

  test.each([
    ['array', 'array', 84],
    ['retries', 'scalar', 256],
    ['scalar', 'scalar', 82],
  ])('of version 1 still plays: %s', async (name, kind, tasks) => {
    const path = `../../fixtures/recordings/version-1-${name}.json.gz`;
    const text = await shippedText(new URL(path, import.meta.url));
    expect(JSON.parse(text).dagdeck).toBe(1);
    const recording = parseRecording(text);
    expect(recording.graph.tasks).toBe(tasks);
    expect(recording.outcome?.value?.kind).toBe(kind);
    const { model, read } = createReplay(recording);
    const endMs = recording.outcome?.makespanMs ?? 0;
    expect(read(endMs / 2, Infinity)).toBe(true);
    expect(model.done).toBeGreaterThan(0);
    expect(model.done).toBeLessThan(tasks);
    expect(read(endMs, Infinity)).toBe(false);
    expect(model.done).toBe(tasks);
    // It is saved as version 2, with the same content.
    expect(parseRecording([...recordingPieces(recording)].join(''))).toEqual(recording);
  });

  test('keeps how its value is drawn', () => {
    const recording = randomRecording(seeded(1));
    recording.result = { label: 'board', unit: '', picture: { palette: 'cells', high: 'top' } };
    expect(parseRecording(recordingText(recording)).result).toEqual(recording.result);
  });

  test('is made from a model whose events are in, and keeps copies', () => {
    const { graph, trace, outcome, ...origin } = randomRecording(seeded(5));
    const model = createRunModel(graph);
    trace.workers.forEach((slice, worker) => model.append(worker, slice));
    model.finish(outcome, trace.bytes, trace.scratch);
    const recording = toRecording(origin, model, { outcome, failure: null });
    expect(recording.trace).toEqual(trace);
    model.reset();
    expect(recording.trace).toEqual(trace);
  });

  test('has the first value alone: no others, and none of the targets of a graph', () => {
    const { graph, trace, outcome, ...origin } = randomRecording(seeded(5));
    const model = createRunModel(graph);
    trace.workers.forEach((slice, worker) => model.append(worker, slice));
    model.finish(outcome, trace.bytes, trace.scratch);
    const given = outcome && {
      ...outcome,
      others: [null],
      targets: [{ key: 'a', value: null }],
      more: 1,
    };
    expect(toRecording(origin, model, { outcome: given, failure: null }).outcome).toEqual(outcome);
  });

  test('that is saved always opens, whatever the run was like', () => {
    const long = 'x'.repeat(50_000);
    for (let seed = 0; seed < 40; seed++) {
      const random = seeded(seed);
      const recording = randomRecording(random, { tasks: 1 + seed, err: 0.2 });
      const odd = () => random() < 0.5;
      if (odd()) {
        const errors = Array.from({ length: 20_000 }, (_, i) => ({ key: `k-${i}`, message: 'no' }));
        if (odd()) errors[0] = { key: long, message: long };
        recording.outcome = outcomeOf({ errors, utilisation: NaN, overheadMs: Infinity });
      }
      if (odd()) recording.failure = long;
      if (odd()) recording.graph.prefixes = recording.graph.prefixes.map((name) => name + long);
      if (odd()) recording.params = { expression: long };
      const read = parseRecording(recordingText(recording));
      expect(read.trace, `seed ${seed}`).toEqual(recording.trace);
      expect(read.outcome?.errors).toHaveLength(recording.outcome?.errors.length ?? 0);
      expect(read.failure?.slice(0, 100)).toBe(recording.failure?.slice(0, 100));
    }
  });

  test('has times that views can divide by: what no clock can measure is 0', () => {
    const recording = randomRecording(seeded(3), { tasks: 12 });
    for (const { stopMs } of recording.trace.workers) {
      stopMs.forEach((_, i) => (stopMs[i] = 5e-324 * i));
    }
    recording.outcome = outcomeOf({ makespanMs: 5e-324 });
    const { trace, outcome } = parseRecording(recordingText(recording));
    expect(outcome?.makespanMs).toBe(0);
    for (const { stopMs } of trace.workers) expect(stopMs.every((ms) => ms === 0)).toBe(true);
  });

  test('without an outcome says why', () => {
    const recording = { ...randomRecording(seeded(5)), outcome: null, failure: 'boom-1 erred' };
    expect(parseRecording(recordingText(recording))).toMatchObject({
      outcome: null,
      failure: 'boom-1 erred',
    });
  });
});

describe('a file that is no good', () => {
  test.each(['', '{', 'null', '[]', '"text"', '7', '{}', '{"dagdeck":1}', '\u0000'])(
    '%j is refused in words',
    (text) => {
      expect(() => parseRecording(text)).toThrow(/^recording: .*(JSON|recording|needed)/);
    },
  );

  /** @type {[string, (recording: any, file: any) => void, RegExp][]} */
  const damages = [
    [
      'another version',
      (_, f) => (f.dagdeck = 3),
      /dagdeck: version 3 of the format is unknown; this page reads 1 and 2/,
    ],
    ['no graph', (r) => delete r.graph, /recording\.graph: an object is needed, got nothing/],
    ['half a task', (r) => (r.graph.tasks = 1.5), /graph\.tasks: a whole number .* got 1\.5/],
    ['too many tasks', (r) => (r.graph.tasks = 2 ** 40), /graph\.tasks: .* from 0 to 16777216/],
    ['a task more', (r) => r.graph.tasks++, /graph\.prefixOf: 13 items are needed, got 12/],
    [
      'more prefixes than a view has room for',
      (r) => (r.graph.prefixes = new Array(65_536).fill('p')),
      /graph\.prefixes: at most 1024 items are allowed, got 65536/,
    ],
    ['no base64', (r) => (r.graph.order = '?'), /graph\.order: base64 is needed/],
    [
      'a prefix that is not there',
      (r) => (r.graph.prefixOf = encode(new Uint16Array(12).fill(9))),
      /graph\.prefixOf: item 0 is 9; 0 to 3 is allowed/,
    ],
    [
      'a dependency that is not there',
      (r) => {
        r.graph.dependencies.starts = encode(Uint32Array.of(0, ...new Array(12).fill(1)));
        r.graph.dependencies.tasks = encode(Uint32Array.of(12));
      },
      /graph\.dependencies\.tasks: item 0 is 12; 0 to 11 is allowed/,
    ],
    [
      'rows that go back',
      (r) => {
        r.graph.dependencies.starts = encode(Uint32Array.of(0, 2, ...new Array(11).fill(1)));
        r.graph.dependencies.tasks = encode(Uint32Array.of(0));
      },
      /graph\.dependencies\.starts: item 2 is 1, after 2; values must not decrease/,
    ],
    [
      'a cycle',
      (r) => {
        r.graph.dependencies.starts = encode(Uint32Array.of(0, ...new Array(12).fill(1)));
        r.graph.dependencies.tasks = encode(Uint32Array.of(0));
      },
      /graph\.layout\.x: task 0 depends on 0, and must lie in a later layer/,
    ],
    [
      'a target that is not there',
      (r) => (r.graph.targets = encode(Uint32Array.of(12))),
      /graph\.targets: item 0 is 12/,
    ],
    [
      'keys that end too soon',
      (r) => (r.graph.keys.text = encode(Uint8Array.of(65))),
      /graph\.keys\.starts: the last item is \d+; 1 is needed/,
    ],
    [
      'a place that is no number',
      (r) => (r.graph.layout.y = encode(new Float32Array(12).fill(NaN))),
      /graph\.layout\.y: item 0 is NaN/,
    ],
    [
      'a huge picture',
      (r) => (r.graph.layout.width = 1e9),
      /graph\.layout\.width: .* got 1000000000/,
    ],
    [
      'times that fall',
      (r) => (r.trace.workers[0] = workerFile({ stopMs: [2, 1] })),
      /trace\.workers\[0\]\.stopMs: item 1 is 1, after 2; values must not decrease/,
    ],
    [
      'a time that is no number',
      (r) => (r.trace.workers[1] = workerFile({ stopMs: [NaN] })),
      /trace\.workers\[1\]\.stopMs: item 0 is NaN/,
    ],
    [
      'an unknown action in version 1',
      (r, f) => {
        f.dagdeck = 1;
        r.outcome = null;
        r.failure = 'boom';
        r.trace.workers[0] = workerFile({ action: [10, 0] });
      },
      /trace\.workers\[0\]\.action: item 0 is 10; 0 to 9 is allowed/,
    ],
    [
      'a task that is not there',
      (r) => (r.trace.workers[0] = workerFile({ task: [0, 12] })),
      /trace\.workers\[0\]\.task: item 1 is 12; there are 12 tasks/,
    ],
    [
      'a compute without a task',
      (r) => (r.trace.workers[0] = workerFile({ task: [0, 0xffffffff] })),
      /trace\.workers\[0\]\.task: item 1 is 4294967295/,
    ],
    [
      'columns of unequal length',
      (r) => (r.trace.workers[0] = workerFile({ action: [0] })),
      /trace\.workers\[0\]\.action: 2 items are needed, got 1/,
    ],
    [
      'negative bytes',
      (r) => (r.trace.bytes = encode(new Float64Array(12).fill(-1))),
      /bytes: item 0/,
    ],
    [
      'a list of workers that is none',
      (r) => (r.trace.workers = {}),
      /trace\.workers: a list is needed, got an object/,
    ],
    ['no makespan', (r) => (r.outcome.makespanMs = null), /outcome\.makespanMs: .* got null/],
    [
      'an option of the scheduler that is none',
      (r) => (r.options.schedulerOptions = { start: [] }),
      /options\.schedulerOptions\.start: /,
    ],
    ['a policy that is no name', (r) => (r.options.policy = 7), /options\.policy: .* got 7/],
    [
      'a lane without a label',
      (r) => (r.trace.workers[1].lane = { ...lane, label: undefined }),
      /trace\.workers\[1\]\.lane\.label: a string is needed, got nothing/,
    ],
    [
      'a lane that leaves before it joins',
      (r) => (r.trace.workers[1].lane = { ...lane, joinedMs: 2, leftMs: 1 }),
      /trace\.workers\[1\]\.lane\.leftMs: a number from 2 to .* got 1/,
    ],
    [
      'two lanes with one id',
      (r) => (r.trace.workers[0].lane = r.trace.workers[2].lane = lane),
      /trace\.workers\[2\]\.lane\.id: another lane has the id 4/,
    ],
    [
      'a peer that is not there',
      (r) => (r.trace.workers[0] = { ...workerFile({}), peer: encode(Uint16Array.of(0xffff, 3)) }),
      /trace\.workers\[0\]\.peer: item 1 is 3; there are 3 workers/,
    ],
    [
      'a reason that is not there',
      (r) => {
        r.trace.reasons = [''];
        r.trace.workers[0] = { ...workerFile({}), reason: encode(Uint8Array.of(0, 1)) };
      },
      /trace\.workers\[0\]\.reason: item 1 is 1; 0 to 0 is allowed/,
    ],
    [
      'bytes of another number of events',
      (r) => (r.trace.workers[0] = { ...workerFile({}), bytes: encode(Float64Array.of(1)) }),
      /trace\.workers\[0\]\.bytes: 2 items are needed, got 1/,
    ],
    [
      'a value of no kind',
      (r) => (r.outcome.value = 3),
      /outcome\.value: an object is needed, got 3/,
    ],
    [
      'a value of an unknown kind',
      (r) => (r.outcome.value = { kind: 'bag' }),
      /outcome\.value\.kind: one of scalar, array, table is needed, got “bag”/,
    ],
    ['a parameter that is an object', (r) => (r.params.n = {}), /params\.n: .* got an object/],
    [
      'a shape that does not fit',
      (r) =>
        (r.outcome.value = {
          kind: 'array',
          data: '',
          shape: [2 ** 31, 2 ** 31],
          dtype: 'float64',
        }),
      /outcome\.value\.data: \d+ items are needed, got 0/,
    ],
  ];
  test.each(damages)('%s is named with its place', (_name, damage, words) => {
    expect(messageOf(damage)).toMatch(words);
  });

  test('of any damage at all gives an error in words, or a recording whose indices are sound', () => {
    const text = JSON.stringify(file());
    for (let seed = 0; seed < 1500; seed++) {
      const random = seeded(seed);
      let damaged = text;
      for (let n = 0; n <= random() * 3; n++) damaged = damagedAt(damaged, random);
      let recording;
      try {
        recording = parseRecording(damaged);
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(Error);
        expect(/** @type {Error} */ (error).message, `seed ${seed}`).toMatch(/^[\w.[\] ]+: ./s);
        continue;
      }
      const model = createRunModel(recording.graph);
      recording.trace.workers.forEach((slice, worker) => model.append(worker, slice));
      model.finish(recording.outcome, recording.trace.bytes);
    }
  });
});

/** A lane that is in order. */
const lane = { id: 4, label: 'b-0', node: null, joinedMs: 0, leftMs: null };

/** The text of a recorded run that was shipped once. @param {URL} url */
async function shippedText(url) {
  return gunzipSync(await readFile(url)).toString();
}

/** A value with its kind. @param {any} value @returns {Value | null} */
function tagged(value) {
  if (value === null) return null;
  return typeof value === 'object' ? { kind: 'array', ...value } : { kind: 'scalar', value };
}

/** A worker's trace, written. @param {{ task?: number[], action?: number[], stopMs?: number[] }} columns */
function workerFile({ task, action, stopMs = [1, 2] }) {
  return {
    task: encode(Uint32Array.from(task ?? stopMs.map(() => 0))),
    action: encode(Uint8Array.from(action ?? stopMs.map(() => 0))),
    stopMs: encode(Float64Array.from(stopMs)),
  };
}

/** @param {string} text @param {() => number} random */
function damagedAt(text, random) {
  const at = Math.floor(random() * text.length);
  const kind = Math.floor(random() * 4);
  const other = Math.floor(random() * text.length);
  if (kind === 0) return text.slice(0, at);
  if (kind === 1) {
    return text.slice(0, at) + '0aA"{}[],:-9e'[Math.floor(random() * 13)] + text.slice(at + 1);
  }
  if (kind === 2) return text.slice(0, at) + text.slice(at + Math.floor(random() * 20));
  return text.slice(0, at) + text.slice(other, other + 30) + text.slice(at);
}

/** Rows, each in order. @param {import('../../../src/model/graph.js').Rows} rows */
function sorted({ starts, tasks }) {
  return Array.from({ length: starts.length - 1 }, (_, row) =>
    [...tasks.subarray(starts[row], starts[row + 1])].sort((a, b) => a - b),
  );
}

test('a graph without tasks is a recording too', () => {
  const recording = { ...randomRecording(seeded(1), { tasks: 1 }), graph: graphOf([]) };
  recording.trace = { workers: [], dropped: 0, bytes: null };
  expect(parseRecording(recordingText(recording)).graph.tasks).toBe(0);
});
