/*
 * One run, from the start to its last event drawn: it joins a run handle of the engine with a run
 * model. Events are read once a frame, from shared memory or from copies; the engine gets the run's
 * memory back as soon as nobody reads it. It draws nothing.
 */
import { createLiveTraceReader } from '../model/live-trace.js';
import { toRecording } from '../model/recording.js';
import { createRunModel } from '../model/run.js';

/** @import { Engine } from '../engine/client.js' */
/** @import { Block, Outcome, ProgramSchema } from '../engine/protocol.js' */
/** @import { Recording } from '../model/recording.js' */
/** @import { RunModel } from '../model/run.js' */
/** @import { TraceReader } from '../model/live-trace.js' */
/** @import { Settings } from './settings.js' */

/**
 * @typedef {Object} LiveRun
 * @property {Promise<RunModel>} started
 * @property {Promise<Outcome>} finished rejects when the run failed or was cancelled
 * @property {() => void} read takes in what has happened; once a frame
 * @property {() => boolean} busy whether there is, or may be, more to read
 * @property {() => void} cancel
 * @property {() => void} dispose
 * @property {() => boolean} over whether it has ended, so that there is a recording
 * @property {() => Recording | null} recording what happened, with all its events; null while it runs,
 *   and when it never started
 */

/**
 * @param {Engine} engine
 * @param {ProgramSchema} schema
 * @param {Settings} settings
 * @param {(blocks: Block[]) => void} onBlocks for a result that is drawn: its blocks, as they finish
 * @returns {LiveRun}
 */
export function startLiveRun(engine, schema, { params, ...asked }, onBlocks) {
  const options = { ...asked, workers: asked.scheduler === 'sync' ? 1 : asked.workers };
  /** @type {RunModel | null} */
  let model = null;
  /** @type {TraceReader | null} */
  let reader = null;
  /** Set when all events are known, though perhaps not yet all read. */
  let over = false;
  /** @type {Outcome | null} */
  let outcome = null;
  /** @type {Float64Array | null} */
  let bytes = null;
  /** @type {string | null} */
  let failed = null;
  let behind = true;
  let startedAt = 0;

  const handle = engine.run(schema.name, params, {
    ...options,
    ...(schema.result.picture && { onBlocks }),
    onEvents(traces) {
      traces.forEach((trace, worker) => model?.append(worker, trace));
    },
  });

  const started = handle.started.then(({ graph, live }) => {
    if (!graph) throw new Error('the run was started without its graph');
    model = createRunModel(graph, options.workers);
    model.start();
    startedAt = performance.now();
    if (live) reader = createLiveTraceReader(live.memory, live.layout);
    return model;
  });

  const finished = handle.finished.then(
    (result) => {
      outcome = result.outcome;
      bytes = result.trace.bytes;
      reader?.switchTo(result.trace);
      over = true;
      handle.dispose();
      return outcome;
    },
    (error) => {
      // What lies in shared memory has to be read now: nobody may read it after the disposal.
      if (reader && model) reader.read(model, Infinity);
      reader = null;
      over = true;
      failed = error instanceof Error ? error.message : String(error);
      handle.dispose();
      throw error;
    },
  );
  finished.catch(() => {});

  /** @param {number} [budgetMs] */
  const read = (budgetMs) => {
    if (!model || !behind) return;
    const more = reader?.read(model, budgetMs) ?? false;
    if (!over) {
      if (!reader) model.nowMs = performance.now() - startedAt;
    } else if (!more) {
      model.finish(outcome, bytes);
      behind = false;
    }
  };

  return {
    started,
    finished,
    read: () => read(),
    busy: () => behind && model !== null,
    cancel: () => handle.cancel(),
    dispose() {
      behind = false;
      reader = null;
      handle.dispose();
    },
    over: () => over && model !== null,
    recording() {
      if (!over || !model) return null;
      read(Infinity);
      const { name: program, result } = schema;
      const origin = { program, params, options, version: engine.version, result };
      return toRecording(origin, model, { outcome, failure: failed });
    },
  };
}
