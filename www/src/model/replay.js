/*
 * Plays a recording: its events go into a run model at the times at which they happened, so that all
 * views draw it as they draw a live run. The clock is the caller's; nothing is computed again.
 */
import { memoryHeld } from './memory.js';
import { createRunModel } from './run.js';
import { runsTask } from './actions.js';

/** @import { Recording } from './recording.js' */
/** @import { RunModel } from './run.js' */

/** Events taken from one worker before the next has its turn and the clock is looked at. */
const TURN = 2048;

/** The milliseconds that a frame can spare. */
const BUDGET_MS = 6;

/**
 * @typedef {Object} Replay
 * @property {RunModel} model
 * @property {(nowMs: number, budgetMs?: number) => boolean} read takes in what has happened up to a
 *   time of the recording; true when there is more to come
 */

/**
 * @param {Recording} recording
 * @returns {Replay}
 */
export function createReplay({ graph, trace, outcome, cores, options }) {
  const { workers } = trace;
  const model = createRunModel(graph, workers.length);
  model.cores = cores;
  model.memoryLimit = options.memoryLimit;
  if (trace.bytes) model.knowMemory(memoryHeld(graph, trace));
  const taken = workers.map(() => 0);
  const lastMs = workers.reduce((last, { stopMs }) => Math.max(last, stopMs.at(-1) ?? 0), 0);
  const endMs = outcome ? outcome.makespanMs : lastMs;
  let over = false;

  /** @param {number} worker @param {number} nowMs how many of its events have stopped by then */
  const stopped = (worker, nowMs) => {
    const { stopMs } = workers[worker];
    let low = taken[worker];
    let high = stopMs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (stopMs[middle] <= nowMs) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    model,
    read(nowMs, budgetMs = BUDGET_MS) {
      if (over) return false;
      if (model.phase === 'waiting') model.start();
      const until = performance.now() + budgetMs;
      const due = workers.map((_, worker) => stopped(worker, nowMs));
      let behind = true;
      while (behind) {
        behind = false;
        workers.forEach((slice, worker) => {
          const to = Math.min(due[worker], taken[worker] + TURN);
          model.append(worker, slice, taken[worker], to);
          taken[worker] = to;
          behind ||= to < due[worker];
        });
        if (behind && performance.now() >= until) return true;
      }
      workers.forEach(({ task, action }, worker) => {
        const event = taken[worker];
        const runs = event < task.length && runsTask(action[event]);
        model.setRunning(worker, runs ? task[event] : -1);
      });
      model.nowMs = Math.max(model.nowMs, Math.min(nowMs, Math.max(endMs, lastMs)));
      if (nowMs < endMs || nowMs < lastMs) return true;
      over = true;
      model.dropped = trace.dropped;
      model.finish(outcome, trace.bytes, trace.scratch);
      return false;
    },
  };
}
