/*
 * A run of the engine as a source of a run: it fills a run model from the start of the run to its last event.
 * Events are read once a frame, from shared memory or from copies. When the run ends, the remaining events are
 * read at once, so the model is complete before `ended` resolves. Then the engine gets the run's memory back.
 */
import { workersOf } from '../engine/schedulers.js';
import { createBytesReader, createLiveTraceReader } from '../model/live-trace.js';
import { toRecording } from '../model/recording.js';
import { createRunModel } from '../model/run.js';
import { coresReported } from './cores.js';
import { hasSpeedUp, oneWorkerMs } from './one-worker.js';

/** @import { Engine } from '../engine/client.js' */
/** @import { Block, GraphData, Outcome, Place, Trace } from '../engine/protocol.js' */
/** @import { Recording } from '../model/recording.js' */
/** @import { RunModel } from '../model/run.js' */
/** @import { RunSource } from '../model/run-source.js' */
/** @import { TraceReader } from '../model/live-trace.js' */
/** @import { Settings } from './settings.js' */
/** @import { Subject } from './subject.js' */

/**
 * What the page knows about the run, and what it does while it goes on.
 *
 * @typedef {Object} Listener
 * @property {GraphData | null} graph the graph of these settings, if the page has it already; then the engine does not send it
 * @property {(blocks: Block[]) => void} onBlocks called with blocks of the result as they finish, if the result is drawn
 * @property {(nodes: Place[], lastDeath: string | null) => void} [onNodes] called with the nodes of a cluster, whenever
 *   they change; `lastDeath`: what happened to the one that died last, unless it was killed
 * @property {() => void} onSettled called when all tasks are done and the result is being collected
 */

/**
 * `ended` resolves with the outcome; it rejects when the run failed or was cancelled. The model has ended
 * by then.
 *
 * @typedef {RunSource & {
 *   engine: Engine,
 *   started: Promise<RunModel>,
 *   ended: Promise<Outcome>,
 *   over: () => boolean,
 *   recording: () => Recording | null,
 *   addNode: () => void,
 *   killNode: (place: number) => void,
 * }} LiveRun `over`: whether the run has ended, so that there is a recording; `recording`: the run with all
 *   its events; null while it runs, and when it never started
 */

/**
 * @param {Engine} engine
 * @param {Subject} subject
 * @param {Settings} settings
 * @param {Listener} listener
 * @returns {LiveRun}
 */
export function startLiveRun(engine, subject, { params, ...asked }, listener) {
  const workers = workersOf(engine.schedulers, asked.scheduler, asked.workers);
  const options = { ...asked, workers };
  const { scheduler, policy } = asked;
  /** @type {RunModel | null} */
  let model = null;
  /** @type {TraceReader | null} */
  let reader = null;
  /** Whether the model has ended, or the run was disposed of. */
  let over = false;
  /** @type {Outcome | null} */
  let outcome = null;
  /** @type {Trace | null} */
  let trace = null;
  /** @type {string | null} */
  let failed = null;
  let settled = false;
  /** When the first frame read the run, on the page's clock. @type {number | null} */
  let startedAt = null;

  const handle = engine.runOf(subject.work(params), {
    ...options,
    // A program without a scheduler has none of these; then the engine's defaults are not used either.
    scheduler: scheduler || undefined,
    policy: policy || undefined,
    graph: listener.graph === null,
    ...(subject.result.picture && { onBlocks: listener.onBlocks }),
    onTrace(whole) {
      trace = whole;
      reader?.switchTo(whole);
      if (!model) return;
      model.reasons = whole.reasons ?? [];
      model.setLanes(whole.workers);
    },
    onNodes({ lanes, places, lastDeath }) {
      model?.setLanes(lanes.map((lane) => ({ lane })));
      listener.onNodes?.(places, lastDeath);
    },
    onEvents(traces) {
      traces.forEach((slice, worker) => model?.append(worker, slice));
      // Lanes of a cluster may join during the run, and do nothing yet.
      if (traces.some(({ lane }) => lane)) model?.setLanes(traces.map(({ lane }) => ({ lane })));
    },
  });

  const started = handle.started.then(({ graph: sent, live, lanes, mode }) => {
    const graph = listener.graph ?? sent;
    if (!graph) throw new Error('the run was started without its graph');
    model = createRunModel(graph, lanes.length);
    model.setLanes(lanes.map((lane) => ({ lane })));
    model.mode = mode;
    model.simulated = { cores: Number(params.cores), seed: options.seed };
    model.cores = coresReported();
    model.memoryLimit = options.memoryLimit;
    model.start();
    if (live) {
      reader = createLiveTraceReader(live.memory, live.layout, lanes.length);
      model.bytesSoFar = createBytesReader(live.memory, live.layout);
    }
    return model;
  });

  /** Reads the remaining events, and ends the model. */
  const end = () => {
    if (over) return;
    over = true;
    if (!model) return;
    reader?.read(model, Infinity);
    reader = null;
    model.finish(outcome, trace?.bytes, trace?.scratch);
  };

  const ended = handle.finished.then(
    (result) => {
      outcome = subject.outcomeOf(result.outcome);
      end();
      handle.dispose();
      return outcome;
    },
    (error) => {
      failed = error instanceof Error ? error.message : String(error);
      // Shared memory must be read before the run is disposed of.
      end();
      handle.dispose();
      throw error;
    },
  );
  ended.catch(() => {});

  return {
    engine,
    started,
    ended,
    get model() {
      return model;
    },
    read(nowMs) {
      if (!model || over) return false;
      startedAt ??= nowMs;
      if (reader) reader.read(model);
      else model.tick(nowMs - startedAt);
      if (!settled && model.settled) {
        settled = true;
        listener.onSettled();
      }
      return true;
    },
    seek: (runMs) => void model?.seek(runMs),
    cancel: () => handle.cancel(),
    addNode: () => handle.addNode?.(),
    killNode: (place) => handle.killNode?.(place),
    dispose() {
      over = true;
      reader = null;
      if (model) model.bytesSoFar = null;
      handle.dispose();
    },
    over: () => over && model !== null,
    recording() {
      if (!over || !model) return null;
      const { id, name: program, result } = subject;
      const origin = { program, params, options, version: engine.version, result };
      const alone = hasSpeedUp(subject, options) ? oneWorkerMs(id, { params, ...options }) : null;
      return toRecording(origin, model, { outcome, failure: failed, oneWorkerMs: alone });
    },
  };
}
