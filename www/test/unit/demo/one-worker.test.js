import { expect, test } from 'vitest';
import {
  isWarm,
  measureOneWorker,
  oneWorkerMs,
  rememberOneWorker,
} from '../../../src/demo/one-worker.js';

/** @import { Subject } from '../../../src/demo/subject.js' */
/** @import { Engine } from '../../../src/engine/client.js' */

const settings = {
  params: { n: 40 },
  scheduler: /** @type {const} */ ('threads'),
  workers: 8,
  policy: /** @type {const} */ ('ordered'),
  seed: 0,
  keepGoing: false,
  memoryLimit: null,
};

/** @param {object} [parts] @returns {Engine} */
const engineOf = (parts = {}) => /** @type {Engine} */ (/** @type {unknown} */ (parts));
const engine = engineOf();

test('the time of one worker is kept for the same program and settings, whatever the workers', () => {
  rememberOneWorker(engine, 'mean', settings, { workers: 8, makespanMs: 90 });
  expect(oneWorkerMs('mean', settings)).toBe(null);
  rememberOneWorker(engine, 'mean', { ...settings, workers: 1 }, { workers: 1, makespanMs: 584 });
  expect(oneWorkerMs('mean', settings)).toBe(584);
  expect(oneWorkerMs('mean', { ...settings, workers: 2, scheduler: 'sync' })).toBe(584);
  expect(oneWorkerMs('mean', { ...settings, seed: 1 })).toBe(null);
  const processes = { ...settings, scheduler: 'processes', schedulerOptions: { start: 'spawn' } };
  expect(oneWorkerMs('mean', processes)).toBe(null);
  const one = { workers: 1, makespanMs: 700 };
  rememberOneWorker(engine, 'mean', processes, one);
  expect([oneWorkerMs('mean', processes), oneWorkerMs('mean', settings)]).toEqual([700, 584]);
  const forked = { ...processes, schedulerOptions: { start: 'fork' } };
  expect(oneWorkerMs('mean', forked)).toBe(null);
  expect(oneWorkerMs('mean', { ...settings, params: { n: 41 } })).toBe(null);
  expect(oneWorkerMs('sum', settings)).toBe(null);
});

test('the first run of a program is not kept', () => {
  expect(isWarm(engine, 'svd')).toBe(false);
  rememberOneWorker(engine, 'svd', settings, { workers: 1, makespanMs: 900 });
  expect(isWarm(engine, 'svd')).toBe(true);
  expect(oneWorkerMs('svd', settings)).toBe(null);
  rememberOneWorker(engine, 'svd', settings, { workers: 1, makespanMs: 300 });
  expect(oneWorkerMs('svd', settings)).toBe(300);
});

test('a new engine is cold: its first run is not kept, the times of the engine before are', () => {
  const next = engineOf();
  rememberOneWorker(engine, 'lu', settings, { workers: 1, makespanMs: 900 });
  rememberOneWorker(engine, 'lu', settings, { workers: 1, makespanMs: 300 });
  expect(isWarm(engine, 'lu')).toBe(true);
  expect(isWarm(next, 'lu')).toBe(false);
  rememberOneWorker(next, 'lu', settings, { workers: 1, makespanMs: 800 });
  expect(oneWorkerMs('lu', settings)).toBe(300);
  rememberOneWorker(next, 'lu', settings, { workers: 1, makespanMs: 310 });
  expect(oneWorkerMs('lu', settings)).toBe(310);
});

test('measuring runs the same with one worker and a trace, and gives its memory back', async () => {
  /** @type {any[]} */
  const runs = [];
  let disposed = 0;
  const measuring = engineOf({
    runOf(/** @type {any[]} */ ...run) {
      runs.push(run);
      const finished = Promise.resolve({ outcome: { workers: 1, makespanMs: 1020 } });
      return { started: Promise.resolve(), finished, dispose: () => disposed++ };
    },
  });
  const { signal } = new AbortController();
  const work = { program: 'qr', params: settings.params };
  const qr = /** @type {Subject} */ (/** @type {unknown} */ ({ id: 'qr', work: () => work }));
  rememberOneWorker(measuring, 'qr', settings, { workers: 8, makespanMs: 300 });
  await measureOneWorker(async () => measuring, qr, settings, signal);
  const { params: _, ...options } = settings;
  expect(runs).toEqual([[work, { ...options, workers: 1, graph: false, signal }]]);
  expect(disposed).toBe(1);
  expect(oneWorkerMs('qr', settings)).toBe(1020);
});

test('a run that is cancelled before it started gives its memory back, too', async () => {
  let disposed = 0;
  const started = Promise.reject(new DOMException('cancelled', 'AbortError'));
  const busy = engineOf({
    runOf: () => ({ started, finished: started, dispose: () => disposed++ }),
  });
  const work = { program: 'qr', params: settings.params };
  const qr = /** @type {Subject} */ (/** @type {unknown} */ ({ id: 'qr', work: () => work }));
  const { signal } = new AbortController();
  const measuring = measureOneWorker(async () => busy, qr, settings, signal);
  await expect(measuring).rejects.toThrow('cancelled');
  expect(disposed).toBe(1);
});
