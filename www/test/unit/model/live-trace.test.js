import { describe, expect, test } from 'vitest';
import {
  createBytesReader,
  createLiveTraceReader,
  createTraceReader,
} from '../../../src/model/live-trace.js';
import { createRunModel } from '../../../src/model/run.js';
import { FINISHED, RUNNING } from '../../../src/model/states.js';
import { graphOf, randomGraph, randomTrace, seeded } from './graphs.js';

/** @typedef {import('../../../src/model/timeline.js').TraceSlice} TraceSlice */

const HEADER = 64;
const SEGMENTS = 128;
const FIRST_SEGMENT = 1024;

/**
 * Memory as the engine writes it: one worker, segments of 8 events.
 *
 * @param {number} [bytes]
 */
function writer(bytes = 1 << 16) {
  const size = 8;
  const memory = { buffer: new SharedArrayBuffer(bytes) };
  let written = 0;
  const layout = {
    startedAtMs: performance.timeOrigin + performance.now() - 5,
    segmentEvents: size,
    bytes: null,
    workers: [{ header: HEADER, segments: SEGMENTS }],
  };
  const header = () => new Int32Array(memory.buffer, HEADER, 3);
  header()[1] = -1;
  return {
    memory,
    layout,
    /** @param {number} task */
    run: (task) => Atomics.store(header(), 1, task),
    /** @param {number} count */
    drop: (count) => Atomics.store(header(), 2, count),
    /** @param {TraceSlice} slice */
    write(slice, from = 0, to = slice.stopMs.length) {
      for (let i = from; i < to; i++, written++) {
        const index = Math.floor(written / size);
        const offset = FIRST_SEGMENT + index * size * 16;
        new Uint32Array(memory.buffer, SEGMENTS)[index] = offset;
        const at = written % size;
        const record = offset + at * 16;
        new Float64Array(memory.buffer, record, 1)[0] = slice.stopMs[i];
        new Uint32Array(memory.buffer, record + 8, 2).set([slice.task[i], slice.action[i]]);
      }
      Atomics.store(header(), 0, written);
    },
    /** Memory grows: a new, longer buffer object with the same bytes. */
    grow() {
      const longer = new SharedArrayBuffer(memory.buffer.byteLength * 2);
      new Uint8Array(longer).set(new Uint8Array(memory.buffer));
      memory.buffer = longer;
    },
  };
}

describe('the live trace', () => {
  test('has the sizes of values while they are made, also when memory grows', () => {
    const { memory, layout, grow } = writer();
    expect(createBytesReader(memory, layout)).toBeNull();
    const read = createBytesReader(memory, { ...layout, bytes: { at: 512, tasks: 3 } });
    expect(read?.()).toEqual(Float64Array.of(0, 0, 0));
    grow();
    new BigUint64Array(memory.buffer, 512, 3)[1] = 2n ** 40n;
    expect(read?.()).toEqual(Float64Array.of(0, 2 ** 40, 0));
  });

  test('is read across segments, in whatever pieces it is published', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = seeded(seed);
      const graph = randomGraph(random, 100);
      const [slice] = randomTrace(graph, 1, random).workers;
      const { memory, layout, write, grow } = writer();
      const model = createRunModel(graph);
      const reader = createLiveTraceReader(memory, layout);
      let to = 0;
      while (to < slice.stopMs.length) {
        const from = to;
        to = Math.min(slice.stopMs.length, from + Math.floor(random() * 20));
        write(slice, from, to);
        if (random() < 0.1) grow();
        expect(reader.read(model)).toBe(false);
        expect(model.workers[0].length).toBe(to);
      }
      expect(model.done).toBe(100);
      expect(model.workers[0].stopMs.subarray(0, to)).toEqual(slice.stopMs);
    }
  });

  test('says what runs now, and what was dropped, and sets the clock', () => {
    const { memory, layout, run, drop } = writer();
    const model = createRunModel(graphOf([[], []]));
    const reader = createLiveTraceReader(memory, layout);
    run(1);
    drop(3);
    reader.read(model);
    expect(model.state[1]).toBe(RUNNING);
    expect(model.dropped).toBe(3);
    expect(model.nowMs).toBeGreaterThanOrEqual(5);
  });

  test('waits for a segment that this view of memory does not yet show', () => {
    const { memory, layout, write, grow } = writer(FIRST_SEGMENT);
    const graph = randomGraph(seeded(1), 4);
    const [slice] = randomTrace(graph, 1, seeded(2)).workers;
    const short = memory.buffer;
    grow();
    write(slice);
    const long = memory.buffer;
    const shown = { buffer: short };
    new Uint8Array(short).set(new Uint8Array(long, 0, short.byteLength));
    const model = createRunModel(graph);
    const reader = createLiveTraceReader(shown, layout);
    reader.read(model);
    expect(model.events).toBe(0);
    shown.buffer = long;
    reader.read(model);
    expect(model.done).toBe(4);
  });

  test('has no row for a lane that may come before it does', () => {
    const { memory, layout, write } = writer();
    const graph = randomGraph(seeded(1), 4);
    const model = createRunModel(graph);
    const reader = createLiveTraceReader(memory, layout, 0);
    reader.read(model);
    expect(model.workers.length).toBe(0);
    write(randomTrace(graph, 1, seeded(2)).workers[0]);
    reader.read(model);
    expect([model.workers.length, model.done]).toEqual([1, 4]);
  });

  test('reads on from copies when memory is to be given back', () => {
    const random = seeded(5);
    const graph = randomGraph(random, 50);
    const trace = randomTrace(graph, 1, random);
    const { memory, layout, write } = writer();
    const model = createRunModel(graph);
    const reader = createLiveTraceReader(memory, layout);
    write(trace.workers[0], 0, 20);
    reader.read(model);
    reader.switchTo(trace);
    new Uint8Array(memory.buffer).fill(0xff);
    expect(reader.read(model)).toBe(false);
    expect(model.done).toBe(50);
    expect(model.events).toBe(trace.workers[0].stopMs.length);
  });
});

describe('a finished trace', () => {
  test('is read in turns when the frame has no time for more', () => {
    const tasks = 20_000;
    const graph = graphOf(Array.from({ length: tasks }, () => []));
    const trace = randomTrace(graph, 2, seeded(3));
    const model = createRunModel(graph);
    const reader = createTraceReader(trace);
    expect(reader.read(model, 0)).toBe(true);
    expect(model.events).toBeLessThan(tasks);
    while (reader.read(model, 1));
    expect(model.totals[FINISHED]).toBe(tasks);
  });
});
