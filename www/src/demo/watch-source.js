/*
 * A cluster that is watched as a source of a run. Tasks are added while it goes on, and a model has a fixed graph: so the
 * graph is made anew when tasks have come, and the events are shown in the new one. The more a new graph costs, the less
 * often that happens.
 */
import { NO_TASK } from '../model/actions.js';
import { createRunModel } from '../model/run.js';

/** @import { ClusterWatch } from '../engine/dask/watch.js' */
/** @import { GraphData, WorkerTrace } from '../engine/protocol.js' */
/** @import { RunModel } from '../model/run.js' */
/** @import { RunSource } from '../model/run-source.js' */

/** The time between two graphs, in ms: at least this, or `TIMES` the cost of the last one. */
const LEAST_MS = 500;
const TIMES = 3;

/**
 * @param {ClusterWatch} watch
 * @param {{
 *   plan: (graph: string) => Promise<GraphData>,
 *   onModel: (model: RunModel) => void,
 *   onError: (error: Error) => void,
 * }} around `plan` lays out a graph in JSON; `onModel` gets the model of each new graph
 * @returns {RunSource & { stop: () => void }}
 */
export function startWatching(watch, { plan, onModel, onError }) {
  /** @type {RunModel | null} */
  let model = null;
  /** The task of the model for each task of the watch that it has. */
  let places = new Uint32Array();
  let building = false;
  let nextMs = 0;
  let over = false;
  /** @type {(value?: unknown) => void} */
  let end = () => {};
  const ended = new Promise((resolve) => {
    end = resolve;
  });

  async function build() {
    building = true;
    const fromMs = performance.now();
    const tasks = watch.keys.length;
    try {
      const graph = await plan(watch.graphOf(tasks));
      if (over) return;
      places = placesOf(graph, watch.keys.slice(0, tasks));
      model = createRunModel(graph);
      watch.trace.rewind();
      show(model);
      onModel(model);
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
    } finally {
      const nowMs = performance.now();
      nextMs = nowMs + Math.max(LEAST_MS, TIMES * (nowMs - fromMs));
      building = false;
    }
  }

  /** Shows the events that are new. @param {RunModel} of */
  function show(of) {
    const workers = watch.trace.take(places.length);
    of.setLanes(workers.map(({ lane }) => ({ lane })));
    for (const [worker, slice] of workers.entries()) of.append(worker, placed(slice, places));
    if (of.phase === 'waiting') of.start();
  }

  const stop = () => {
    if (over) return;
    over = true;
    watch.stop();
    end();
  };

  return {
    ended,
    get model() {
      return model;
    },
    read() {
      if (over) return false;
      const nowMs = performance.now();
      if (watch.keys.length > places.length && !building && nowMs >= nextMs) build();
      if (model && !building) show(model);
      if (watch.startedMs !== null) model?.tick(nowMs - watch.startedMs);
      return true;
    },
    seek: (runMs) => void model?.seek(runMs),
    cancel: stop,
    dispose: stop,
    stop,
  };
}

/**
 * The task of a graph for each key.
 *
 * @param {GraphData} graph
 * @param {string[]} keys all of them
 */
function placesOf({ keys: { starts, text }, tasks }, keys) {
  const decoder = new TextDecoder();
  /** @type {Map<string, number>} */
  const byKey = new Map();
  for (let task = 0; task < tasks; task++) {
    byKey.set(decoder.decode(text.slice(starts[task], starts[task + 1])), task);
  }
  return Uint32Array.from(keys, (key) => {
    const task = byKey.get(key);
    if (task === undefined) throw new Error(`the graph has no task ${key}`);
    return task;
  });
}

/**
 * @param {WorkerTrace} slice
 * @param {Uint32Array} places
 * @returns {WorkerTrace}
 */
function placed({ task, ...rest }, places) {
  return { ...rest, task: task.map((one) => (one === NO_TASK ? one : places[one])) };
}
