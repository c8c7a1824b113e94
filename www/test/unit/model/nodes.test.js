import { describe, expect, test } from 'vitest';
import { COMPUTE, IDLE, STEAL } from '../../../src/model/actions.js';
import { Incidents } from '../../../src/model/incidents.js';
import { nodeCurves } from '../../../src/model/node-curves.js';
import { hasNodes, nodesOf, presenceOf } from '../../../src/model/nodes.js';
import { createRunModel } from '../../../src/model/run.js';
import { Transfers } from '../../../src/model/transfers.js';
import { clusterOf, laneOf, smallCluster } from './clusters.js';
import { graphOf } from './graphs.js';

describe('nodes', () => {
  test('are the machines that lanes are on', () => {
    const idle = [{ action: IDLE, stopMs: 5 }];
    const lanes = ['a', 'b', 'a'].map((node, id) =>
      laneOf(node, id, idle, { joinedMs: id, leftMs: 3 + id }),
    );
    const model = clusterOf(lanes, 5);
    model.seek(Infinity);
    expect(hasNodes(model)).toBe(true);
    const { nodes, nodeOf } = nodesOf(model);
    expect(nodes).toEqual([
      { name: 'a', lanes: [0, 2] },
      { name: 'b', lanes: [1] },
    ]);
    expect([...nodeOf]).toEqual([0, 1, 0]);
    expect(presenceOf(model, nodes[0])).toEqual({ joinedMs: 0, leftMs: 5 });
  });

  test('are missing where all lanes are on one machine', () => {
    const model = createRunModel(graphOf([[]]), 2);
    expect(hasNodes(model)).toBe(false);
    expect(nodesOf(model).nodes).toEqual([]);
  });
});

describe('transfers', () => {
  test('are counted for the time that is shown', () => {
    const model = smallCluster();
    const transfers = new Transfers(model);
    transfers.advance();
    expect([...transfers.bytes]).toEqual([0, 0, 40, 0]);
    expect(transfers.pairs).toEqual([{ from: 1, to: 0 }]);
    model.seek(12);
    transfers.advance();
    expect([...transfers.counts]).toEqual([0, 0, 0, 0]);
    model.seek(20);
    transfers.advance();
    expect([...transfers.counts]).toEqual([0, 0, 1, 0]);
    expect(transfers.totalBytes).toBe(40);
  });

  test('whose peers become known later are counted then', () => {
    const whole = smallCluster();
    const model = createRunModel(whole.graph, 2);
    for (const [worker, { task, action, stopMs }] of whole.workers
      .map(({ slice }) => slice)
      .entries()) {
      model.append(worker, { task, action, stopMs });
    }
    const transfers = new Transfers(model);
    transfers.advance();
    expect(transfers.totalBytes).toBe(0);
    model.setLanes(whole.workers.map(({ slice }) => slice));
    transfers.advance();
    expect([...transfers.bytes]).toEqual([0, 0, 40, 0]);
  });
});

describe('the curves of a node', () => {
  test('say what it held: values, copies, and nothing after its death', () => {
    const model = smallCluster();
    const [first, second] = nodeCurves(model, model.bytes);
    const steps = (
      /** @type {import('../../../src/model/node-curves.js').NodeCurves} */ { held },
    ) => [...held.timesMs].map((timeMs, i) => [timeMs, held.bytes[i]]);
    // Task 0 (100 bytes), the copy of 1 (40), then 2 in place of 0; 1 once more, and 3 in place of it.
    expect(steps(first)).toEqual([
      [10, 100],
      [15, 140],
      [20, 100],
      [25, 7],
      [35, 47],
      [40, 12],
    ]);
    expect(steps(second)).toEqual([
      [10, 40],
      [20, 0],
    ]);
  });

  test('say how many tasks waited for it', () => {
    const run = (/** @type {number[]} */ stops) =>
      stops.map((stopMs, task) => ({ action: COMPUTE, task, stopMs }));
    const model = clusterOf([laneOf('a', 0, run([10, 20, 30]))], 30, graphOf([[], [], [0]]), null);
    model.seek(Infinity);
    const [{ waiting }] = nodeCurves(model, null);
    // Task 1 from the start, and task 2 from the end of task 0.
    expect([...(waiting?.timesMs ?? [])]).toEqual([0, 10, 20]);
    expect([...(waiting?.bytes ?? [])]).toEqual([1, 1, 0]);
  });
});

describe('incidents', () => {
  test('are told by time, and those of one moment together', () => {
    const { all } = new Incidents(smallCluster());
    expect(all.map(({ kind, timeMs, nodes, tasks }) => [kind, timeMs, nodes, tasks])).toEqual([
      ['joins', 0, [0, 1], []],
      ['dies', 20, [1], []],
      ['takenBack', 20, [1], [3]],
      ['lost', 20, [1], [1]],
      ['stolen', 25, [0], [3]],
      ['starts', 30, [1], []],
    ]);
    expect(all[4].from).toBe(1);
  });

  test('that come later are added', () => {
    const whole = smallCluster();
    const model = createRunModel(whole.graph);
    const incidents = new Incidents(model);
    expect(incidents.all).toEqual([]);
    model.reasons = whole.reasons;
    const slices = whole.workers.map(({ slice }) => slice);
    slices.forEach((slice, worker) => model.append(worker, slice, 0, 3));
    expect(incidents.all.map(({ kind }) => kind)).toEqual(['joins', 'dies', 'takenBack']);
    slices.forEach((slice, worker) => model.append(worker, slice, 3));
    expect(incidents.all).toEqual(new Incidents(whole).all);
  });

  test('a node that leaves before the end is told, and many steals are one', () => {
    const steals = Array.from({ length: 400 }, (_, i) => ({
      action: STEAL,
      task: i % 4,
      stopMs: i,
      peer: 1,
    }));
    const model = clusterOf(
      [laneOf('a', 0, steals), laneOf('b', 1, [{ action: IDLE, stopMs: 10 }])],
      399,
    );
    model.seek(Infinity);
    const { all } = new Incidents(model);
    expect(all.map(({ kind, tasks }) => [kind, tasks.length])).toEqual([
      ['joins', 0],
      ['stolen', 10],
      ['leaves', 0],
      ['stolen', 390],
    ]);
  });
});
