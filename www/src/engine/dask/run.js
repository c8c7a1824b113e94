/*
 * A run on a Dask cluster, with the same handle as a run of the engine (run-handle.js), so that nobody needs to know where it
 * runs. The engine builds the graph, and puts the result together from the values that come back; Dask does the rest.
 *
 * If the cluster cannot be reached, the run takes place in the page, and its outcome says why.
 */
import { listAt, objectAt, numberAt, switchAt, textAt, wholeAt } from '../../data/checked.js';
import { withResolvers } from '../with-resolvers.js';
import { addressOf, clusterText } from './address.js';
import { ClusterTrace } from './cluster-trace.js';
import { connectionTo } from './connection.js';

/** @import { Finished, RunHandle, RunRequest, Started } from '../run-handle.js' */
/** @import { GraphData, Outcome, Results, SchedulerSchema } from '../protocol.js' */
/** @import { Address } from './address.js' */
/** @import { Connection } from './connection.js' */

/**
 * What the engine does for a run elsewhere.
 *
 * @typedef {Object} Planner
 * @property {(seed: number) => Promise<{ graph: GraphData, json: string }>} exported the graph to draw, and as JSON,
 *   with its tasks in the same order
 * @property {(seed: number, results: Results) => Promise<Outcome>} outcomeOf
 * @property {(request: RunRequest) => RunHandle} runHere runs the same in the page
 */

/** The scheduler as the engine would describe it. @type {SchedulerSchema} */
export const DASK = {
  name: 'dask',
  title: 'Dask',
  summary: 'dask: the tasks run on a real Dask cluster, whose URL you give.',
  parameters: [],
  preferred: false,
  unavailable: null,
};

/** How the run was ended by the page. */
const ABORTED = 'AbortError';

/**
 * @param {Planner} planner
 * @param {RunRequest} request
 * @returns {RunHandle}
 */
export function runOnDask(planner, request) {
  const { signal } = request;
  /** @type {PromiseWithResolvers<Started>} */
  const started = withResolvers();
  /** @type {PromiseWithResolvers<Finished>} */
  const finished = withResolvers();
  // A caller may wait for only one of the two promises. The other's rejection is then no error.
  started.promise.catch(() => {});
  finished.promise.catch(() => {});

  /** Cancels the run on the cluster, if it is there. @type {(() => void) | null} */
  let stop = null;
  /** Tells what it did so far, and hears no more of it. */
  let leave = () => {};
  /** @type {RunHandle | null} */
  let here = null;
  /** Why the run is not wanted any more. @type {unknown} */
  let unwanted = null;
  let over = false;

  const fail = (/** @type {unknown} */ error) => {
    if (over) return;
    close();
    leave();
    started.reject(error);
    finished.reject(error);
  };
  const close = () => {
    over = true;
    signal?.removeEventListener('abort', abort);
  };
  const cancel = (/** @type {unknown} */ why) => {
    unwanted ??= why;
    if (stop) stop();
    else if (!here) fail(unwanted);
  };
  const abort = () => {
    cancel(signal?.reason);
    // Nobody waits for the cluster's answer.
    fail(signal?.reason);
  };

  if (signal?.aborted) fail(signal.reason);
  else {
    signal?.addEventListener('abort', abort, { once: true });
    begin().catch(fail);
  }

  async function begin() {
    /** @type {Address} */
    let address;
    try {
      address = addressOf(clusterText());
      await connectionTo(address);
    } catch (error) {
      await inPage(/** @type {Error} */ (error).message);
      return;
    }
    const { graph, json } = await planner.exported(request.seed ?? 0);
    try {
      // The connection may have been lost while the graph was built.
      const connection = await connectionTo(address);
      if (unwanted === null) onCluster(connection, graph, json);
    } catch (error) {
      await inPage(/** @type {Error} */ (error).message);
      return;
    }
    if (unwanted !== null) throw unwanted;
  }

  /** @param {string} why */
  async function inPage(why) {
    if (unwanted !== null) throw unwanted;
    here = planner.runHere(request);
    here.started.then(started.resolve, () => {});
    const { outcome, trace } = await here.finished;
    close();
    const notes = [`${why} Ran in the page instead.`, ...(outcome.notes ?? [])];
    finished.resolve({ outcome: { ...outcome, notes }, trace });
  }

  /**
   * @param {Connection} connection
   * @param {GraphData} graph
   * @param {string} json
   */
  function onCluster(connection, graph, json) {
    const trace = new ClusterTrace(graph.tasks);
    /** @type {(Uint8Array | string | null)[]} */
    const values = Array(graph.targets.length).fill(null);
    let under = false;

    leave = () => {
      connection.forget(id);
      if (under) request.onTrace?.(trace.whole());
    };
    const id = connection.begin(
      { type: 'run', keepGoing: request.keepGoing ?? false },
      {
        onMessage(type, message) {
          if (type === 'started') {
            under = true;
            started.resolve({
              graph: request.graph === false ? null : graph,
              live: null,
              lanes: [],
              mode: null,
            });
          } else if (type === 'events') {
            trace.add(message);
            // The views have the graph by then.
            queueMicrotask(() => request.onEvents?.(trace.take()));
          } else if (type === 'finished') {
            end(message).catch(fail);
          } else if (type === 'failed') {
            const cancelled = switchAt(message.cancelled, 'failed.cancelled');
            const text = textAt(message.message, 'failed.message');
            fail(cancelled ? (unwanted ?? aborted()) : new Error(text));
          } else if (type === 'refused') {
            fail(new Error(`The cluster refused the graph: ${textAt(message.message, type)}`));
          }
        },
        onValue(target, bytes) {
          values[wholeAt(target, 'value.target', 0, values.length - 1)] = bytes;
        },
        onEnd: fail,
      },
      json,
    );
    stop = () => connection.say('cancel', id);

    /** @param {Record<string, unknown>} message */
    async function end(message) {
      const most = values.length;
      const kept = listAt(message.kept, 'finished.kept', most).map((each, i) => {
        const at = `finished.kept[${i}]`;
        const { target, bytes } = objectAt(each, at);
        return {
          target: wholeAt(target, `${at}.target`, 0, most - 1),
          bytes: wholeAt(bytes, `${at}.bytes`, 0, Number.MAX_SAFE_INTEGER),
        };
      });
      for (const { target } of kept) values[target] = KEPT;
      for (const [i, each] of listAt(message.errors, 'finished.errors', most).entries()) {
        const { target, message: why } = objectAt(each, `finished.errors[${i}]`);
        values[wholeAt(target, `finished.errors[${i}].target`, 0, most - 1)] = textAt(
          why,
          `finished.errors[${i}].message`,
        );
      }
      const makespanMs = numberAt(message.makespanMs, 'finished.makespanMs', 0, 1e9);
      const results = {
        targets: values.map((value) => value ?? 'the cluster did not send it'),
        workers: Math.max(1, trace.threads),
        makespanMs,
      };
      const outcome = await planner.outcomeOf(request.seed ?? 0, results);
      if (over) return;
      close();
      connection.forget(id);
      if (kept.length > 0) keep(() => connection.say('release', id));
      const whole = trace.whole();
      request.onTrace?.(whole);
      const { busyMs, workMs, retries, erred } = trace;
      const availableMs = makespanMs * results.workers;
      finished.resolve({
        outcome: {
          ...outcome,
          errors: outcome.errors.filter(({ message: why }) => why !== KEPT),
          workMs,
          busyMs,
          retries,
          erred,
          utilisation: availableMs > 0 ? Math.min(1, workMs / availableMs) : 0,
          ...(kept.length > 0 && { notes: [keptText(kept)] }),
        },
        trace: whole,
      });
    }
  }

  return {
    started: started.promise,
    finished: finished.promise,
    cancel() {
      if (here) here.cancel();
      else cancel(aborted());
    },
    dispose() {
      here?.dispose();
      if (!over) cancel(new DOMException('The run was disposed of.', ABORTED));
      fail(new DOMException('The run was disposed of.', ABORTED));
    },
  };
}

function aborted() {
  return new DOMException('cancelled', ABORTED);
}

/** Why a target that is too large for the page has no value. */
const KEPT = 'stays on the cluster';

/** Lets go of the values that the cluster keeps for the last run. */
let release = () => {};

/**
 * The cluster keeps the values of one run: those of the run before are dropped.
 *
 * @param {() => void} next
 */
function keep(next) {
  release();
  release = next;
}

/** @param {{ target: number, bytes: number }[]} kept */
function keptText(kept) {
  const megabytes = kept.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  const values = kept.length === 1 ? 'One result stays' : `${kept.length} results stay`;
  return `${values} on the cluster (${megabytes.toFixed(1)} MB): too large to be sent to a page.`;
}
