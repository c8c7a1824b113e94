/*
 * What the slide of each demo claims, as checks of the run that ships for it. A recording that contradicts
 * its slide is not written (make.mjs), and a test checks those that are there. The times in a recording are data:
 * they were measured once, on a quiet machine.
 */
import { readFileSync } from 'node:fs';
import { COMPUTE, LOST, TRANSFER } from '../src/model/actions.js';
import { paysFrom, sweepOf } from '../src/views/break-even.js';

/** @import { Recording } from '../src/model/recording.js' */

const peers = JSON.parse(
  readFileSync(new URL('../../benches/peers.json', import.meta.url), 'utf8'),
);

/** The block of 4000 x 4000 numbers that the slide “Chunks” warns of, in bytes. */
const WHOLE_BLOCK = 128e6;

/** What a task that does nothing costs in Dask's threaded scheduler, in a tree. */
const DASK_NS = peers.nsPerTask.threads.tree;

/** On two cores or more. */
const noSlower = {
  says: 'four workers are no slower than one',
  isTrue: (/** @type {Recording} */ run) => gains(run, 0.5),
};

/**
 * By the id of the slide. A check returns false if the recording contradicts the words before it.
 *
 * @type {Record<string, { says: string, isTrue: (run: Recording) => boolean }[]>}
 */
const claims = {
  multiprocessing: [
    {
      says: 'a fork copies the memory of the engine',
      isTrue: (run) => figure(run, 'child starts: MiB copied', 'fork') > 1,
    },
    {
      says: 'the child has the parent’s 42, and after that each side has its own',
      isTrue: (run) => isForked(run),
    },
  ],
  'the-price-of-a-message': [
    {
      says: 'a long call with little data is faster on processes',
      isTrue: (run) => figure(run, 10, 'bytes-1024') > 1.3,
    },
    {
      says: 'a short call with much data is slower',
      isTrue: (run) => figure(run, 0.1, 'bytes-4194304') < 0.5,
    },
    {
      says: 'the more data, the longer a call must be',
      isTrue: ({ outcome }) => {
        const sweep = sweepOf(outcome?.value);
        return sweep !== null && paysFrom(sweep, 0) < paysFrom(sweep, sweep.bytes.length - 1);
      },
    },
  ],
  'distributed-scheduler': [
    {
      says: 'up to 64 nodes the efficiency stays high',
      isTrue: (run) => figure(run, 64, 'efficiency') > 85,
    },
    {
      says: 'at 256 nodes scaling ends: four times as many nodes are hardly faster',
      isTrue: (run) =>
        figure(run, 256, 'makespan') < 0.7 * figure(run, 64, 'makespan') &&
        figure(run, 1024, 'makespan') > 0.9 * figure(run, 256, 'makespan'),
    },
    {
      says: '4,096 decisions take four seconds, and that is what the run is bound by',
      isTrue: (run) =>
        Math.round(figure(run, 1024, 'bound-time') / 1000) === 4 &&
        cell(run, 1024, 'bound') === 'scheduler',
    },
  ],
  'no-longer-forked-by-default': [
    {
      says: 'a forked child has the parent’s 42, and after that each side has its own',
      isTrue: (run) => isForked(run),
    },
    {
      says: 'a spawned child starts empty',
      isTrue: (run) =>
        figure(run, 'child reads', 'spawn') === 0 && figure(run, 'parent reads', 'spawn') === 42,
    },
  ],
  'what-the-lock-means': [
    {
      says: 'two threads that share the lock are no faster',
      isTrue: (run) => figure(run, 'interval, 2 threads', 'speed-up') < 1.1,
    },
    {
      says: 'the lock changes hands',
      isTrue: (run) => figure(run, 'interval, 2 threads', 'switches') > 10,
    },
  ],
  'parallelism-for-pydata': [
    {
      says: 'threads are only faster if the loop that hashes releases the lock',
      isTrue: (run) =>
        figure(run, '2 threads, held', 'speed-up') < 1.1 &&
        figure(run, '2 threads, nogil', 'speed-up') > 1.3,
    },
  ],
  threads: [
    {
      says: 'the waits of four threads overlap',
      isTrue: (run) => figure(run, 'interval, 4 threads', 'speed-up') > 3.5,
    },
  ],
  'the-convoy': [
    {
      says: 'the longer the interval, the fewer round trips',
      isTrue: (run) => {
        const sections = [
          'calls alone',
          'interval 0.5 ms',
          'interval 1 ms',
          'interval 5 ms',
          'interval 20 ms',
        ];
        const trips = sections.map((section) => figure(run, section, 'round-trips'));
        return trips.slice(1).every((trip, i) => trip < trips[i]);
      },
    },
    {
      says: 'without the lock there is no convoy',
      isTrue: (run) =>
        figure(run, 'no lock', 'round-trips') > 0.8 * figure(run, 'calls alone', 'round-trips'),
    },
  ],
  'shared-memory': [
    {
      says: 'without a lock, increments are lost',
      isTrue: (run) => figure(run, 'no lock', 'lost') > 0,
    },
    {
      says: 'a lock or an atomic loses none',
      isTrue: (run) => figure(run, 'lock', 'lost') === 0 && figure(run, 'atomic', 'lost') === 0,
    },
  ],
  'threads-vs.-processes-again': [
    {
      says: 'threads do not help work that is bound by the CPU, but processes do',
      isTrue: (run) =>
        figure(run, 'CPU-bound', 'threads') < 1.15 && figure(run, 'CPU-bound', 'processes') > 1.3,
    },
    {
      says: 'both help work that is bound by IO',
      isTrue: (run) =>
        figure(run, 'IO-bound', 'threads') > 1.5 && figure(run, 'IO-bound', 'processes') > 1.5,
    },
    {
      says: 'scientific work is faster on threads',
      isTrue: (run) =>
        figure(run, 'scientific', 'threads') > 1.2 &&
        figure(run, 'scientific', 'threads') > figure(run, 'scientific', 'processes'),
    },
  ],
  'parallelism-from-the-stdlib': [
    {
      says: 'threads that share the lock are no faster than one',
      isTrue: (run) => figure(run, 'threads', 'speed-up') < 1.15,
    },
    {
      says: 'processes and interpreters, with a lock each, are faster',
      isTrue: (run) =>
        figure(run, 'processes', 'speed-up') > 1.1 && figure(run, 'interpreters', 'speed-up') > 1.3,
    },
  ],
  futures: [
    {
      says: 'one call raises an exception, and one is cancelled',
      isTrue: (run) => {
        const results = downloads(run).map(([, result]) => String(result));
        return ['OSError', 'CancelledError'].every(
          (name) => results.filter((result) => result.startsWith(name)).length === 1,
        );
      },
    },
    {
      says: 'results do not come in the order of the calls',
      isTrue: (run) => {
        const pages = downloads(run).map(([page]) => Number(String(page).slice('page-'.length)));
        return pages.length === 16 && pages.some((page, i) => i > 0 && page < pages[i - 1]);
      },
    },
  ],
  'python-without-the-lock': [
    {
      says: 'under the old lock two threads are slower than one, without a lock faster',
      isTrue: (run) =>
        figure(run, 'ticks: up to 3.1', 'speed-up') < 0.9 &&
        figure(run, 'none: free-threaded', 'speed-up') > 1.5,
    },
  ],
  'several-interpreters': [
    {
      says: 'four interpreters do not wait for each other',
      isTrue: (run) => figure(run, 'per interpreter, 4 threads', 'speed-up') > 3,
    },
  ],
  'work-without-a-lock': [
    { says: 'no worker waits: each is busy for nine tenths of the run', isTrue: isEvenlyBusy },
    { says: 'threads help without a lock', isTrue: (run) => gains(run, 0.8) },
  ],
  'dask-demo': [
    { says: 'more than a hundred tasks', isTrue: ({ graph }) => graph.tasks > 100 },
    {
      says: 'four workers are faster than one',
      isTrue: (run) => gains(run, 0.7),
    },
  ],
  chunks: [
    {
      says: 'chunks of 500 keep the workers busy',
      isTrue: ({ outcome }) => (outcome?.utilisation ?? 0) > 0.7,
    },
    {
      says: 'small chunks need little memory',
      isTrue: ({ outcome }) => (outcome?.peakBytes ?? Infinity) < WHOLE_BLOCK / 2,
    },
    noSlower,
  ],
  'one-worker-many-workers': [
    {
      says: 'some tiles take at least three times as long as others',
      isTrue: (run) => {
        const times = spans(run, 'mandelbrot').map(({ startMs, stopMs }) => stopMs - startMs);
        return Math.max(...times) >= 3 * Math.min(...times);
      },
    },
  ],
  'schedulers-execute-a-graph': [
    {
      says: 'one task waits for all blocks',
      isTrue: (run) => {
        const blocks = spans(run, 'qr');
        const [all] = spans(run, 'stack-qr');
        return blocks.length > 1 && blocks.every(({ stopMs }) => stopMs <= all.startMs);
      },
    },
    {
      says: 'Q times R is the matrix again',
      isTrue: ({ outcome }) =>
        outcome?.value?.kind === 'scalar' && Number(outcome.value.value) < 1e-9,
    },
    noSlower,
  ],
  'collections-build-the-graph': [
    {
      says: 'only blocks that the slice touches are made',
      isTrue: (run) => spans(run, 'random').length < (8000 / 1000) ** 2,
    },
    noSlower,
  ],
  'low-overhead': [
    {
      says: 'a task costs less than a hundredth of what it costs in Dask',
      isTrue: ({ outcome, graph }) =>
        ((outcome?.makespanMs ?? Infinity) * 1e6) / graph.tasks < DASK_NS / 100,
    },
  ],
  'distributed-demo': [
    {
      says: 'the sum stays the same',
      isTrue: ({ outcome }) => {
        const value = outcome?.value;
        return value?.kind === 'scalar' && value.value === 255 * 256;
      },
    },
    {
      says: 'a node dies, and what only it had is computed again',
      isTrue: ({ trace }) => trace.workers.some(({ action }) => action.includes(LOST)),
    },
    {
      says: 'eight nodes join',
      isTrue: ({ trace }) =>
        trace.workers.filter(({ lane }) => (lane?.joinedMs ?? 0) > 500).length === 9,
    },
    {
      says: 'nodes send values to each other',
      isTrue: ({ trace }) => trace.workers.some(({ action }) => action.includes(TRANSFER)),
    },
  ],
};

/**
 * @param {string} slide its id
 * @param {Recording} run
 * @returns {string[]} what the recording contradicts, in words
 */
export function contradictions(slide, run) {
  const { outcome, trace, cores, oneWorkerMs } = run;
  const own = claims[slide];
  if (!own) return [`claims.js says nothing about the demo of slide ${slide}`];
  if (!outcome) return [`the run did not finish: ${run.failure}`];
  const found = own
    .filter(({ isTrue }) => !isTrue(run))
    .map(({ says }) => `“${says}” is not what the recording shows`);
  if (trace.dropped > 0) found.push(`${trace.dropped} events were dropped`);
  if (found.length === 0) return [];
  const [ms, one] = [outcome.makespanMs, oneWorkerMs ?? NaN].map((time) => time.toFixed(1));
  return [
    ...found,
    `${ms} ms with ${outcome.workers} workers on ${cores} cores, ${one} ms with one worker`,
  ];
}

/**
 * A figure of a run whose value is a table.
 *
 * @param {Recording} run
 * @param {string | number} section its row
 * @param {string} column
 * @returns {number} NaN if there is none
 */
function figure(run, section, column) {
  return Number(cell(run, section, column) ?? NaN);
}

/**
 * A cell of a run whose value is a table.
 *
 * @param {Recording} run
 * @param {string | number} section its row
 * @param {string} column
 */
function cell({ outcome }, section, column) {
  if (outcome?.value?.kind !== 'table') return null;
  const { columns, rows } = outcome.value;
  const place = columns.findIndex(({ name }) => name === column);
  return rows.find(([name]) => name === section)?.[place] ?? null;
}

/** Whether a forked child had what the parent had, and no later write. @param {Recording} run */
function isForked(run) {
  const steps = [
    'parent writes',
    'child reads',
    'child adds 1',
    'parent reads',
    'child reads again',
  ];
  return steps.map((step) => figure(run, step, 'fork')).join() === '42,42,43,42,43';
}

/** The rows of a run of downloads. @param {Recording} run */
function downloads({ outcome }) {
  return outcome?.value?.kind === 'table' ? outcome.value.rows : [];
}

/**
 * Whether the workers of a run gain enough on one worker: `share` of what the cores allow.
 *
 * @param {Recording} run
 * @param {number} share
 */
function gains({ outcome, options, cores, oneWorkerMs }, share) {
  const most = Math.min(options.workers, cores ?? NaN);
  return (oneWorkerMs ?? 0) / (outcome?.makespanMs ?? Infinity) >= share * most;
}

/** @param {Recording} run */
function isEvenlyBusy({ outcome }) {
  const least = 0.9 * (outcome?.makespanMs ?? Infinity);
  return outcome?.busyMs?.every((ms) => ms >= least) ?? false;
}

/**
 * When the tasks of a prefix ran.
 *
 * @param {Recording} run
 * @param {string} prefix
 * @returns {{ startMs: number, stopMs: number }[]}
 */
function spans({ graph, trace }, prefix) {
  const index = graph.prefixes.indexOf(prefix);
  return trace.workers.flatMap(({ task, action, stopMs }) =>
    [...stopMs].flatMap((stop, i) =>
      action[i] === COMPUTE && graph.prefixOf[task[i]] === index
        ? [{ startMs: stopMs[i - 1] ?? 0, stopMs: stop }]
        : [],
    ),
  );
}
