/*
 * A recording in a run model, so that all views draw it as they draw a live run: at any time of the
 * recording, forwards and backwards. The clock is the caller's; nothing is computed again.
 */
import { memoryHeld } from './memory.js';
import { createRunModel } from './run.js';

/** @import { Recording } from './recording.js' */
/** @import { RunModel } from './run.js' */

/** The milliseconds that a frame can spare. */
const BUDGET_MS = 6;

/**
 * @typedef {Object} Replay
 * @property {RunModel} model
 * @property {(nowMs: number, budgetMs?: number) => boolean} read shows what had happened up to a time of
 *   the recording; true when there is more to come
 */

/**
 * @param {Recording} recording
 * @returns {Replay}
 */
export function createReplay({ graph, trace, outcome, cores, params, options }) {
  const { workers, bytes, scratch = null, dropped } = trace;
  const model = createRunModel(graph);
  model.load(workers, { outcome, bytes, scratch, dropped });
  model.reasons = trace.reasons ?? [];
  model.cores = cores;
  model.mode = outcome?.mode ?? null;
  model.simulated = { cores: Number(params.cores), seed: options.seed };
  model.memoryLimit = options.memoryLimit;
  if (bytes) model.knowMemory(memoryHeld(graph, trace));
  return {
    model,
    read(nowMs, budgetMs = BUDGET_MS) {
      return model.seek(nowMs, budgetMs) || model.phase === 'running';
    },
  };
}
