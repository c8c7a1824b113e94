import { describe, expect, test } from 'vitest';
import { log } from '../../../src/views/log.js';
import { incidentText } from '../../../src/views/log-words.js';
import { nodes } from '../../../src/views/nodes.js';
import { forcedTheme, themes } from '../../../src/views/theme.js';
import { transfers } from '../../../src/views/transfers.js';
import { PAUSE, RESUME, SPILL, UNSPILL } from '../../../src/model/actions.js';
import { Incidents } from '../../../src/model/incidents.js';
import { NO_STORAGE, nodesOf, STORAGE_FULL } from '../../../src/model/nodes.js';
import { createRunModel } from '../../../src/model/run.js';
import { clusterOf, laneOf, smallCluster } from '../model/clusters.js';
import { graphOf } from '../model/graphs.js';
import { frameOf } from './frames.js';
import { recordingContext } from './recording.js';

/**
 * @param {import('../../../src/views/view.js').ViewDefinition} view
 * @param {Partial<import('../../../src/views/view.js').Frame>} [more]
 */
function drawn(view, more, model = smallCluster()) {
  const frame = frameOf(view, model, more);
  const painted = recordingContext();
  view.draw(painted.context, frame);
  return { frame, ...painted };
}

const system = /** @type {Record<string, string>} */ ({
  Canvas: '#000000',
  CanvasText: '#ffffff',
  Highlight: '#1aebff',
  GrayText: '#3ff23f',
});
const everyTheme = [themes.light, themes.dark, forcedTheme((name) => system[name])];

describe('the nodes', () => {
  test('have a row each, with the scales of both curves and an axis', () => {
    const { texts } = drawn(nodes);
    expect(texts()).toEqual(expect.arrayContaining(['node 0', 'node 1', 'ms']));
    expect(texts()).toContain('held, up to 140 B');
    expect(texts()).toContain('waiting, up to 2 tasks');
  });

  test('show what is held while the run goes on, if that can be read', () => {
    const model = smallCluster();
    const live = createRunModel(model.graph, model.workers.length);
    live.start();
    model.workers.forEach(({ slice }, lane) => live.append(lane, slice));
    const unknown = 'what nodes hold is known at the end of the run';
    expect(drawn(nodes, {}, live).texts()).toContain(unknown);
    live.bytesSoFar = () => Float64Array.from({ length: live.tasks }, () => 40);
    const { texts } = drawn(nodes, {}, live);
    expect(texts()).not.toContain(unknown);
    expect(texts().some((text) => /^held, up to \d/.test(text))).toBe(true);
    expect(texts().join()).not.toContain('waiting');
  });

  test.each(everyTheme)('that died have a cross, also in the colours of $name', (theme) => {
    const { calls } = drawn(nodes, { theme });
    const crosses = calls.filter(({ name, stroke }) => name === 'stroke' && stroke === theme.retry);
    expect(crosses.length).toBeGreaterThanOrEqual(1);
    const model = smallCluster();
    model.seek(12);
    const before = drawn(nodes, { theme: { ...theme, retry: '#123456' } }, model);
    expect(before.calls.some(({ stroke }) => stroke === '#123456')).toBe(false);
  });

  test('are told in words, at a time too', () => {
    const { frame } = drawn(nodes);
    expect(nodes.words(frame, null)).toEqual([
      '2 nodes: node 0 held up to 140 B, up to 2 tasks waiting; ' +
        'node 1 held up to 40 B, up to 0 tasks waiting.',
    ]);
    const at = (/** @type {number} */ row, /** @type {number} */ timeMs) =>
      nodes.words(frame, /** @type {any} */ ({ task: -1, row, timeMs }));
    expect(at(0, 22)).toEqual([
      'node 0 at 22.0 ms',
      'runs task-2',
      'holds 100 B; 2 tasks waiting for it',
    ]);
    expect(at(1, 27)[1]).toBe('died; another node starts in its place');
    expect(at(1, 35)[1]).toBe('runs nothing');
  });

  test('are reached with the arrow keys, and by pointing', () => {
    const { frame } = drawn(nodes);
    const show = () => {};
    const first = nodes.step?.('right', null, frame, show);
    expect(first).toEqual({ task: -1, timeMs: 0, row: 0 });
    const below = nodes.step?.('down', first ?? null, frame, show);
    expect(below).toMatchObject({ row: 1 });
    expect(nodes.step?.('down', below ?? null, frame, show)).toMatchObject({ row: 1 });
    expect(nodes.step?.('last', below ?? null, frame, show)).toMatchObject({ timeMs: 40 });
    const point = nodes.place?.(/** @type {any} */ ({ task: -1, row: 1, timeMs: 20 }), frame);
    const hit = nodes.hit?.(point ?? { x: 0, y: 0 }, frame);
    expect(hit).toMatchObject({ row: 1 });
    expect(hit?.timeMs).toBeCloseTo(20, 6);
    expect(nodes.hit?.({ x: 0, y: 0 }, frame)).toBeNull();
  });

  test('say during a run that what they hold is not known yet', () => {
    const whole = smallCluster();
    const model = createRunModel(whole.graph);
    whole.workers.forEach(({ slice }, worker) => model.append(worker, slice, 0, 1));
    const { texts } = drawn(nodes, {}, model);
    expect(texts()).toContain('what nodes hold is known at the end of the run');
  });
});

describe('the transfers', () => {
  test('are a matrix with the totals and the pairs beside it', () => {
    const { texts, calls, frame } = drawn(transfers);
    expect(texts()).toEqual(
      expect.arrayContaining(['40 B moved in 1 transfer', 'node 1 to node 0: 40 B', '0', '1']),
    );
    // The cell of the pair, and the two of the diagonal.
    const { left, right } = { left: frame.theme.background, right: 3 };
    const cells = calls.filter(({ name, fill }) => name === 'fillRect' && fill !== left);
    expect(cells).toHaveLength(right);
  });

  test('of a pair are told', () => {
    const { frame } = drawn(transfers);
    const words = (/** @type {number} */ from, /** @type {number} */ to) =>
      transfers.words(frame, /** @type {any} */ ({ task: -1, timeMs: null, from, to }));
    expect(words(1, 0)).toEqual(['node 1 to node 0', '40 B in 1 transfer, 100 % of all']);
    expect(words(0, 1)).toEqual(['node 0 to node 1', 'sent nothing']);
    expect(transfers.words(frame, null)).toEqual([
      'Transfers: 40 B moved in 1 transfer. Most: node 1 to node 0: 40 B.',
    ]);
  });

  test('are reached with the arrow keys, the largest first', () => {
    const { frame } = drawn(transfers);
    const show = () => {};
    const first = transfers.step?.('right', null, frame, show);
    expect(first).toMatchObject({ from: 1, to: 0 });
    const up = transfers.step?.('up', first ?? null, frame, show);
    expect(up).toMatchObject({ from: 0, to: 0 });
    expect(transfers.step?.('up', up ?? null, frame, show)).toMatchObject({ from: 0, to: 0 });
    const point = transfers.place?.(/** @type {any} */ (first), frame);
    expect(transfers.hit?.(point ?? { x: 0, y: 0 }, frame)).toEqual(first);
  });

  test.each(everyTheme)('can be told from the ground in the colours of $name', (theme) => {
    const { calls } = drawn(transfers, { theme });
    const fills = calls.filter(({ name }) => name === 'fillRect').map(({ fill }) => fill);
    expect(new Set(fills).size).toBeGreaterThanOrEqual(3);
  });

  test('that did not happen are told as well', () => {
    const { frame } = drawn(transfers, {}, createRunModel(graphOf([[]])));
    expect(transfers.words(frame, null)).toEqual(['Transfers: nothing moved between nodes.']);
    expect(transfers.step?.('right', null, frame, () => {})).toBeNull();
  });
});

describe('the log', () => {
  test('says what happened in sentences', () => {
    const model = smallCluster();
    const { nodes: all } = nodesOf(model);
    const texts = new Incidents(model).all.map((incident) =>
      incidentText(incident, all, model.graph),
    );
    expect(texts).toEqual([
      'node 0 and node 1 join',
      'node 1 died',
      'task-3 is taken back from node 1',
      'the value of task-1 is lost with node 1',
      'task-3 is stolen from node 1 by node 0',
      'another node starts in the place of node 1',
    ]);
  });

  test('counts what is too much to name', () => {
    const model = smallCluster();
    const { nodes: all } = nodesOf(model);
    /** @type {import('../../../src/model/incidents.js').Incident} */
    const many = {
      kind: 'takenBack',
      timeMs: 1,
      untilMs: 1,
      nodes: [1],
      from: -1,
      tasks: [0, 1, 2, 3],
      bytes: 0,
      reason: '',
    };
    expect(incidentText(many, all, model.graph)).toBe('4 tasks are taken back from node 1');
    expect(incidentText({ ...many, kind: 'lost', tasks: [0, 1] }, all, model.graph)).toBe(
      '2 values are lost with node 1: task-0, task-1',
    );
    const stolen = { ...many, kind: /** @type {const} */ ('stolen'), untilMs: 3 };
    expect(incidentText(stolen, all, model.graph)).toBe(
      '4 tasks are stolen within 2.00 ms by node 1',
    );
  });

  test('says what is spilled, and why a node pauses', () => {
    const noStorage = 3;
    const lane = laneOf('node 0', 0, [
      { action: SPILL, task: 0, stopMs: 1, bytes: 1024 },
      { action: SPILL, task: 1, stopMs: 2, bytes: 1024 },
      { action: UNSPILL, task: 0, stopMs: 3, bytes: 1024 },
      { action: PAUSE, stopMs: 3, bytes: 4096, reason: noStorage },
      { action: RESUME, stopMs: 4 },
    ]);
    const model = clusterOf([lane], 4);
    model.reasons[noStorage] = NO_STORAGE;
    model.seek(Infinity);
    const { nodes: all } = nodesOf(model);
    const texts = new Incidents(model).all.map((incident) =>
      incidentText(incident, all, model.graph),
    );
    expect(texts).toEqual([
      'node 0 joins',
      'node 0 writes 2 values to storage, 2.00 KiB',
      'node 0 reads the value of task-0 back from storage, 1.00 KiB',
      'node 0 takes no new tasks: its values take 4.00 KiB, and the browser gives it no storage',
      'node 0 takes tasks again: its values take 0 B',
    ]);
  });

  test('puts together what a node spills, and says that the storage is full', () => {
    const full = 3;
    const of = (/** @type {string} */ name, /** @type {number} */ id) =>
      laneOf(name, id, [
        ...Array.from({ length: 20 }, (_, i) => ({
          action: i % 2 === 0 ? SPILL : UNSPILL,
          task: 0,
          stopMs: i + id / 2,
          bytes: 1024,
        })),
        { action: SPILL, task: 1, stopMs: 2000 + id, bytes: 1024 },
        { action: PAUSE, stopMs: 2010, bytes: 4096, reason: full },
      ]);
    const model = clusterOf([of('node 0', 0), of('node 1', 1)], 4);
    model.reasons[full] = STORAGE_FULL;
    model.seek(Infinity);
    const { nodes: all } = nodesOf(model);
    const texts = new Incidents(model).all.map((incident) =>
      incidentText(incident, all, model.graph),
    );
    expect(texts).toEqual([
      'node 0 and node 1 join',
      'node 0 writes 10 values to storage, 10.0 KiB',
      'node 1 writes 10 values to storage, 10.0 KiB',
      'node 0 reads 10 values back from storage, 10.0 KiB',
      'node 1 reads 10 values back from storage, 10.0 KiB',
      'node 0 writes the value of task-1 to storage, 1.00 KiB',
      'node 1 writes the value of task-1 to storage, 1.00 KiB',
      "node 0 takes no new tasks: its values take 4.00 KiB, and the browser's storage is full",
      "node 1 takes no new tasks: its values take 4.00 KiB, and the browser's storage is full",
    ]);
  });

  test('is read entry by entry, and points at the time and the task', () => {
    const frame = frameOf(log, smallCluster());
    expect(log.words(frame, null)).toEqual(['Log: 6 entries.']);
    const show = () => {};
    const last = log.step?.('last', log.step('right', null, frame, show), frame, show) ?? null;
    expect(last).toEqual({ task: -1, timeMs: 30, index: 5 });
    const before = log.step?.('up', last, frame, show) ?? null;
    expect(before).toEqual({ task: 3, timeMs: 25, index: 4 });
    expect(log.words(frame, before)).toEqual(['25.0 ms', 'task-3 is stolen from node 1 by node 0']);
  });

  test('has nothing that happens later than the time that is shown', () => {
    const model = smallCluster();
    model.seek(22);
    expect(log.words(frameOf(log, model), null)).toEqual(['Log: 4 entries.']);
  });
});
