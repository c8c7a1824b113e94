/*
 * What the cluster in the page costs, on the built site: noted, not judged. A task that does nothing, a block of 64 MB from
 * node to node, and how well a simulation with the parameters measured here predicts makespans.
 */
import { TRANSFER } from '../src/model/actions.js';
import { expect, test } from '../test/e2e/site.js';
import { exported, median, write } from './figures.js';

/** @import { Page } from '@playwright/test' */
/** @import { ApiRunOptions } from '../src/page/api.js' */
/** @import { PlainTable } from '../src/engine/plain.js' */
/** @import { Params, Trace } from '../src/engine/protocol.js' */

test.describe.configure({ mode: 'serial', timeout: 600_000 });

/** As benches/dask_cluster.py. */
const SHAPES = ['independent', 'chain', 'tree', 'map-reduce'];
const NODES = [1, 2, 4];
const NO_OPS = 2000;
const ROUNDS = 5;
const UNCOUNTED = 2;

/** Doubles in the block that moves. */
const LENGTH = 8_000_000;
const MOVES = 9;

/** What is compared with the simulation. Milliseconds of a task. */
const COMPARED = { nodes: 2, tasks: 60, rounds: 3, works: [10, 50] };

/** @type {Record<string, any>} */
const figures = { tasks: NO_OPS, rounds: ROUNDS, no_op: [], moves: {}, compared: {} };

test.beforeEach(async ({ page }) => {
  await page.goto('lab.html');
});

// Only a run of all that succeeded leaves its figures.
test.afterAll(({ browser }, info) => {
  figures.versions = { Chromium: browser.version() };
  if (info.status === info.expectedStatus) write('nodes', figures);
});

/**
 * A graph whose tasks sleep: so two nodes have the time of two nodes even where they share a core. Each task is two: one
 * takes the inputs, the other sleeps.
 *
 * @param {number[][]} dependencies
 * @param {number} ms
 */
function sleeping(dependencies, ms) {
  /** @type {Record<string, object>} */
  const tasks = {};
  const call = (/** @type {string} */ name, /** @type {(number | null)[]} */ args) => ({
    call: { function: name, args },
  });
  for (const [task, inputs] of dependencies.entries()) {
    const args = inputs.map((input) => `sleep-${input}`);
    tasks[`take-${task}`] = { op: call('sum', [1, ...args.map(() => null)]), args };
    tasks[`sleep-${task}`] = { op: call('sleep', [ms / 1000, null]), args: [`take-${task}`] };
  }
  const needed = new Set(dependencies.flat());
  const ends = [...dependencies.keys()].filter((task) => !needed.has(task));
  return { dagdeck: 1, tasks, targets: ends.map((task) => `sleep-${task}`) };
}

/**
 * A chain of tasks with names of their own. The scheduler does not know how long such tasks take, and sends none before
 * its input is there.
 *
 * @param {number} count
 */
function strangers(count) {
  const names = Array.from({ length: count }, (_, i) => `task${i}`);
  const task = (/** @type {number} */ i) => ({
    op: 'no-op',
    args: names.slice(Math.max(0, i - 1), i),
  });
  const tasks = Object.fromEntries(names.map((name, i) => [name, task(i)]));
  return { dagdeck: 1, tasks, targets: names.slice(-1) };
}

/**
 * Runs a program or a graph on a cluster in the page.
 *
 * @param {Page} page
 * @param {string | object} program
 * @param {Params} params
 * @param {number} nodes
 */
function run(page, program, params, nodes) {
  return page.evaluate(async ([name, given, count]) => {
    const options = /** @type {ApiRunOptions} */ ({
      scheduler: 'cluster',
      schedulerOptions: { nodes: count },
    });
    const { makespanMs, tasks, trace } = await window.dagdeck.run(
      /** @type {any} */ (name),
      given,
      options,
    );
    const lanes = /** @type {Trace} */ (trace).workers.map(({ lane }) => lane);
    const startMs = Math.min(...lanes.map((lane) => lane?.joinedMs ?? Infinity));
    return { makespanMs, tasks, startMs };
  }, /** @type {const} */ ([program, params, nodes]));
}

/**
 * The medians of some runs: how long the first node takes to start, and milliseconds per task from then on.
 *
 * @param {Page} page
 * @param {string | object} program
 * @param {Params} params
 * @param {number} nodes
 */
async function measured(page, program, params, nodes) {
  const rounds = [];
  for (let round = 0; round < UNCOUNTED + ROUNDS; round++) {
    const one = await run(page, program, params, nodes);
    if (round >= UNCOUNTED) rounds.push(one);
  }
  return {
    startMs: median(rounds.map(({ startMs }) => startMs)),
    perTaskMs: median(rounds.map((one) => (one.makespanMs - one.startMs) / one.tasks)),
  };
}

test('a task that does nothing', async ({ page }) => {
  for (const shape of SHAPES) {
    for (const nodes of NODES) {
      const { startMs, perTaskMs } = await measured(page, 'no-op', { shape, tasks: NO_OPS }, nodes);
      figures.no_op.push({ shape, nodes, us: perTaskMs * 1000, start_ms: startMs });
    }
  }
});

test('a block from node to node', async ({ page }) => {
  // Tasks of unknown duration that read a block: some of them are sent to the node that does not have it.
  /** @type {Record<string, object>} */
  const tasks = { block: { op: { full: { shape: [LENGTH], fill_value: 1 } } } };
  const readers = Array.from({ length: 12 }, (_, i) => `read-${i}`);
  for (const reader of readers) {
    tasks[reader] = { op: { busy: { steps: 1000, failures: 0 } }, args: ['block'] };
  }
  /** @type {{ bytes: number, moveMs: number, ms: number }[]} */
  const moves = [];
  for (let round = 0; round < UNCOUNTED + MOVES; round++) {
    const found = await page.evaluate(
      async ([graph, transfer, least]) => {
        const options = /** @type {ApiRunOptions} */ ({
          scheduler: 'cluster',
          schedulerOptions: { nodes: 2 },
        });
        const { trace } = await window.dagdeck.run(/** @type {any} */ (graph), {}, options);
        return /** @type {Trace} */ (trace).workers.flatMap(({ action, bytes, stopMs }) =>
          [...action].flatMap((what, i) => {
            if (what !== transfer || (bytes?.[i] ?? 0) < least) return [];
            // From the request until the bytes are there, and until the node has made a value of them.
            const startMs = stopMs[i - 1] ?? 0;
            const come = bytes?.[i + 1] === bytes?.[i] ? stopMs[i + 1] : stopMs[i];
            return [{ bytes: Number(bytes?.[i]), moveMs: stopMs[i] - startMs, ms: come - startMs }];
          }),
        );
      },
      /** @type {const} */ ([{ dagdeck: 1, tasks, targets: readers }, TRANSFER, 8 * LENGTH]),
    );
    if (round >= UNCOUNTED) moves.push(...found);
  }
  expect(moves.length).toBeGreaterThan(MOVES / 2);
  // A megabyte in a millisecond is a gigabyte in a second.
  const rate = (/** @type {'moveMs' | 'ms'} */ until) =>
    median(moves.map((one) => one.bytes / 1e6 / one[until]));
  figures.moves = { mb: (8 * LENGTH) / 1e6, count: moves.length };
  Object.assign(figures.moves, { moved_gb_per_s: rate('moveMs'), gb_per_s: rate('ms') });
});

test('makespans, and what a simulation predicts', async ({ page }) => {
  const { nodes, tasks, rounds, works } = COMPARED;
  const graphs = exported('cluster_graphs.jsonl').filter((one) => one.tasks <= tasks);
  // As in benches/cluster.py: of independent tasks a run waits for the scheduler, of a chain for messages both ways too.
  const independent = await measured(
    page,
    'no-op',
    { shape: 'independent', tasks: NO_OPS / 4 },
    nodes,
  );
  const chain = await measured(page, strangers(NO_OPS / 4), {}, nodes);
  const [decisionMs, startMs] = [independent.perTaskMs, independent.startMs];
  const latencyMs = Math.max(0.001, (chain.perTaskMs - decisionMs) / 2);
  const rows = [];
  for (const work of works) {
    // How long such a task really takes: in a chain on one node, where nothing else is measured. Each is two tasks.
    const row = Array.from({ length: 10 }, (_, i) => (i > 0 ? [i - 1] : []));
    const taskMs = 2 * (await measured(page, sleeping(row, work), {}, 1)).perTaskMs;
    for (const { shape, dependencies } of graphs) {
      const real = [];
      for (let round = 0; round < rounds; round++) {
        real.push((await run(page, sleeping(dependencies, work), {}, nodes)).makespanMs);
      }
      const simulated = await page.evaluate(
        async (given) => {
          const { value } = await window.dagdeck.run('cluster-simulate', given);
          return Number(/** @type {PlainTable} */ (value).at(-1)?.makespan);
        },
        /** @type {Params} */ ({
          ...{ shape, tasks, nodes, slots: 1, spread: 0, size: 1, bandwidth: 1000 },
          work: Math.round(taskMs * 1000),
          latency: Math.max(1, Math.round(latencyMs * 1000)),
          decision: Math.max(1, Math.round(decisionMs * 1000)),
        }),
      );
      rows.push({ shape, work, real_ms: median(real), simulated_ms: startMs + simulated });
    }
  }
  const parameters = { start_ms: startMs, decision_ms: decisionMs, latency_ms: latencyMs };
  figures.compared = { nodes, tasks, rounds, ...parameters, rows };
});
