/*
 * `window.dagdeck`: runs without any views, for embedding, the console and tests.
 *
 *     await dagdeck.run('array-mean', { n: 4000 }, { scheduler: 'threads', workers: 4 })
 *     const run = dagdeck.run('array-mean', {}, { scheduler: 'cluster', schedulerOptions: { nodes: 2 } })
 *     run.addNode(); run.killNode(0); await run
 *     await dagdeck.python.run('import threading; threading.active_count()')
 *     await dagdeck.run({ dagdeck: 1, tasks: { 'ones-0': { op } }, targets: ['ones-0'] })
 *
 * It draws nothing and keeps no data of a run: results are copies.
 */
import { computeTogether as computeArrays } from '../array/dag-array.js';
import { da } from '../array/index.js';
import { computeTogether as computeDelayed, isDelayed } from '../delayed/delayed.js';
import { delayed } from '../delayed/index.js';
import { distributed } from '../distributed/index.js';
import { setClusterText } from '../engine/dask/address.js';
import { loadDescriber } from '../engine/describer.js';
import { plainOutcome } from '../engine/plain.js';
import { restartEngine, sharedEngine } from '../engine/shared.js';
import { withResolvers } from '../engine/with-resolvers.js';

/** @import { PlainOutcome } from '../engine/plain.js' */
/** @import { Params, Policy, ProgramSchema, Scheduler, SchedulerOptions } from '../engine/protocol.js' */
/** @import { RunHandle } from '../engine/run-handle.js' */
/** @import { PythonOptions } from '../python/python.js' */
/** @import { NodesMessage, Place, Trace, Work } from '../engine/protocol.js' */

/**
 * A task graph in JSON: src/graph/json.rs has the operations.
 *
 * @typedef {{ op: unknown, args?: string[], retries?: number, priority?: number }} TaskJson
 * @typedef {{ dagdeck: number, tasks: Record<string, TaskJson>, targets: string[] }} GraphJson
 */

/**
 * @typedef {Object} ApiRunOptions
 * @property {Scheduler} [scheduler]
 * @property {number} [workers]
 * @property {Policy} [policy] 'ordered' by default
 * @property {SchedulerOptions} [schedulerOptions] the scheduler's other parameters: { start: 'fork' }
 * @property {number} [seed]
 * @property {boolean} [keepGoing] when a task errs, runs everything that does not depend on it; see `errors`
 * @property {number | null} [memoryLimit] bytes
 * @property {AbortSignal} [signal] rejects with the signal's reason
 * @property {boolean} [trace] false: no trace is kept
 * @property {(nodes: Place[]) => void} [onNodes] called with the nodes of a cluster, whenever they change
 *
 * The outcome of a run; and while it goes on, changes of its nodes, if its scheduler is `cluster`. A node has the number of its
 * lane. What a node that is killed has computed is computed again.
 *
 * @typedef {Promise<PlainOutcome & { trace: Trace | null }> & {
 *   addNode: () => void,
 *   killNode: (node: number) => void,
 * }} ApiRun
 *
 * @typedef {Object} Api
 * @property {string} version
 * @property {() => Promise<ProgramSchema[]>} programs names and parameters of all programs
 * @property {(work: string | GraphJson, params?: Params, options?: ApiRunOptions) => ApiRun} run
 *   runs a program, by its name, or a graph, which has no parameters
 * @property {typeof da} array lazy arrays in blocks, with the names of dask.array
 * @property {typeof delayed} delayed calls that run later, as dask.delayed has them
 * @property {typeof distributed} distributed `Client`, as dask.distributed has it, on a cluster in the page
 * @property {typeof computeArrays & typeof computeDelayed} compute computes several arrays, or several delayed
 *   results, whose common tasks run once
 * @property {() => Promise<void>} ready resolves when arrays have shapes, and runs start at once
 * @property {PythonFileOf & { run: RunPython, restart: () => Promise<void> }} python writes a program's graph, or a graph, as a Python file that
 *   runs under plain Dask. `python.run` runs Python in the page, where the site was built with it; `python.restart` ends
 *   it, whatever it does, and the next run starts a new one
 * @property {(url: string) => void} useCluster runs with the scheduler `dask` take place on this cluster: its URL, with
 *   the token after a #
 * @property {() => Promise<void>} restart ends the engine, whatever it does, and starts a new one
 */

/**
 * @typedef {(work: string | GraphJson, params?: Params, options?: { seed?: number }) => Promise<string>} PythonFileOf
 *
 * All runs share one `__main__`, and run one after the other. `output` is what Python wrote, with the value of the last
 * expression. Rejects with PythonError, whose `output` ends with the traceback, if Python raises an exception.
 *
 * @typedef {(source: string, options?: PythonOptions) => Promise<{ output: string }>} RunPython
 */

/** The names of ApiRunOptions. */
const runOptions = [
  ...['scheduler', 'workers', 'policy', 'schedulerOptions', 'seed', 'keepGoing', 'memoryLimit'],
  ...['signal', 'trace', 'onNodes'],
];

/** @type {Api} */
export const api = {
  version: __VERSION__,

  async programs() {
    const engine = await sharedEngine();
    return structuredClone(engine.programs);
  },

  run(work, params = {}, options = {}) {
    /** @type {PromiseWithResolvers<RunHandle>} */
    const begun = withResolvers();
    const ended = outcomeOf(work, params, options, begun.resolve);
    const change = (/** @type {(run: RunHandle) => void} */ how) => void begun.promise.then(how);
    return Object.assign(ended, {
      addNode: () => change((run) => run.addNode?.()),
      killNode: (/** @type {number} */ node) => change((run) => run.killNode?.(node)),
    });
  },

  array: da,

  delayed,

  distributed,

  compute: (/** @type {any[]} */ ...given) =>
    isDelayed(given[0]) ? computeDelayed(...given) : computeArrays(...given),

  async ready() {
    const engine = await sharedEngine();
    await loadDescriber(engine.module);
  },

  python: Object.assign(pythonFileOf, {
    /** @type {RunPython} */
    async run(source, options) {
      const { python } = await import('../python/python.js');
      return python.run(source, options);
    },

    async restart() {
      const { python } = await import('../python/python.js');
      python.restart();
    },
  }),

  useCluster: setClusterText,

  async restart() {
    await restartEngine();
  },
};

/** @type {PythonFileOf} */
async function pythonFileOf(work, params = {}, { seed = 0 } = {}) {
  const asked = workOf(work, params);
  const engine = await sharedEngine();
  const { json } = await engine.exportOf(asked, seed);
  const given = Object.entries(params).map(([name, value]) => `${name}=${value}`);
  const title = typeof work === 'string' ? [work, ...given, `seed=${seed}`].join(' ') : 'A graph';
  const { pythonFile } = await import('./python-file.js');
  return pythonFile(json, title);
}

/**
 * @param {string | GraphJson} work
 * @param {Params} params
 * @param {ApiRunOptions} options
 * @param {(run: RunHandle) => void} onStart called with the run when the engine has been asked for it
 */
async function outcomeOf(work, params, options, onStart) {
  const unknown = Object.keys(options).find((name) => !runOptions.includes(name));
  if (unknown !== undefined) {
    throw new Error(
      `${unknown}: unknown option; the options of a run are ${runOptions.join(', ')}`,
    );
  }
  const asked = workOf(work, params);
  const { onNodes, ...rest } = options;
  const engine = await sharedEngine(options.signal);
  const told = onNodes && ((/** @type {NodesMessage} */ { places }) => onNodes(places));
  const run = engine.runOf(asked, { ...rest, graph: false, onNodes: told });
  onStart(run);
  try {
    const { outcome, trace } = await run.finished;
    return { ...plainOutcome(outcome), trace: options.trace === false ? null : trace };
  } finally {
    run.dispose();
  }
}

/**
 * @param {string | GraphJson} work
 * @param {Params} params
 * @returns {Work}
 */
function workOf(work, params) {
  if (typeof work !== 'object') return { kind: 'program', program: work, params };
  const [name] = Object.keys(params);
  if (name !== undefined) throw new Error(`${name}: a graph has no parameters; pass {}.`);
  return { kind: 'graph', graph: JSON.stringify(work) };
}

/** Publishes the API as `window.dagdeck`. */
export function publishApi() {
  Object.defineProperty(window, 'dagdeck', { value: Object.freeze(api), configurable: true });
}
