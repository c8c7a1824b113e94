import { describe, expect, it } from 'vitest';
import { ClusterTrace } from '../../../../src/engine/dask/cluster-trace.js';
import { COMPUTE, IDLE, NO_TASK, TRANSFER } from '../../../../src/model/actions.js';

const lane = (/** @type {number} */ id, more = {}) => ({
  id,
  label: `worker ${id}`,
  node: 'one',
  thread: true,
  joinedMs: 0,
  ...more,
});

/** Slices as rows: lane, task, action, start, stop, bytes, peer. @param {number[][]} rows */
function slices(rows) {
  const names = ['lane', 'task', 'action', 'start', 'stop', 'bytes', 'peer'];
  return Object.fromEntries(names.map((name, i) => [name, rows.map((row) => row[i])]));
}

/** @param {Record<string, unknown>} given */
const events = (given) => ({ lanes: [], left: [], slices: slices([]), dropped: 0, ...given });

describe('the trace of a cluster', () => {
  it('has no gaps: lanes are idle between slices', () => {
    const trace = new ClusterTrace(3);
    trace.add(
      events({
        lanes: [lane(0), lane(1, { thread: false })],
        slices: slices([
          [0, 2, COMPUTE, 5, 7, 80, -1],
          [1, 1, TRANSFER, 0, 2, 99, 0],
        ]),
      }),
    );
    trace.add(events({ slices: slices([[0, 1, COMPUTE, 7, 8.5, 0, -1]]), left: [[0, 9]] }));
    const { workers, bytes, dropped } = trace.whole();
    expect([...workers[0].task]).toEqual([NO_TASK, 2, 1]);
    expect([...workers[0].action]).toEqual([IDLE, COMPUTE, COMPUTE]);
    expect([...workers[0].stopMs]).toEqual([5, 7, 8.5]);
    expect(workers[0].lane).toMatchObject({ node: 'one', joinedMs: 0, leftMs: 9 });
    expect([...(workers[1].bytes ?? [])]).toEqual([99]);
    expect([...(workers[1].peer ?? [])]).toEqual([0]);
    expect([...(bytes ?? [])]).toEqual([0, 0, 80]);
    expect(dropped).toBe(0);
    expect([trace.threads, trace.workMs, trace.busyMs]).toEqual([1, 3.5, [3.5, 0]]);
  });

  it('gives each event once, also of lanes that join later', () => {
    const trace = new ClusterTrace(2);
    trace.add(events({ lanes: [lane(0)], slices: slices([[0, 0, COMPUTE, 0, 1, 0, -1]]) }));
    expect(trace.take().map(({ task }) => [...task])).toEqual([[0]]);
    trace.add(events({ lanes: [lane(1)], slices: slices([[1, 1, COMPUTE, 0, 1, 0, -1]]) }));
    expect(trace.take().map(({ task }) => [...task])).toEqual([[], [1]]);
    expect(trace.take().map(({ task }) => [...task])).toEqual([[], []]);
  });

  it.each([
    [{ lanes: [lane(1)] }, 'events.lanes[0].id: 0 is needed, got 1'],
    [{ lanes: [lane(0, { label: 7 })] }, 'events.lanes[0].label: a string is needed, got 7'],
    [{ lanes: 7 }, 'events.lanes: a list is needed, got 7'],
    [{ slices: null }, 'events.slices: an object is needed, got null'],
    [{ slices: { ...slices([]), task: [1] } }, 'events.slices.task: 0 items are needed, got 1'],
    [
      { lanes: [lane(0)], slices: slices([[0, 3, 0, 0, 1, 0, -1]]) },
      'events.slices.task[0]: a whole number from 0 to 2 is needed, got 3',
    ],
    [
      { lanes: [lane(0)], slices: slices([[1, 0, 0, 0, 1, 0, -1]]) },
      'events.slices.lane[0]: a whole number from 0 to 0 is needed, got 1',
    ],
    [
      { lanes: [lane(0)], slices: slices([[0, 0, 0, 5, 4, 0, -1]]) },
      'events.slices.stop[0]: a number from 5 to ',
    ],
    [
      { lanes: [lane(0)], slices: slices([[0, 0, 0, NaN, 4, 0, -1]]) },
      'events.slices.start[0]: a number from 0 to ',
    ],
    [
      { lanes: [lane(0)], slices: slices([[0, 0, 0, 0, 1, 0, 1]]) },
      'events.slices.peer[0]: a whole number from -1 to 0',
    ],
    [{ left: [[0, 1]] }, 'events.left[0][0]: a whole number from 0 to -1 is needed, got 0'],
    [{ dropped: -1 }, 'events.dropped: a whole number from 0'],
  ])('refuses what a trace cannot have, with its place: %#', (given, reason) => {
    const trace = new ClusterTrace(3);
    expect(() => trace.add(events(/** @type {{}} */ (given)))).toThrow(reason);
  });
});
