/*
 * The makespans of runs with one worker, so that a speed-up is the ratio of two measured times. They are kept
 * for as long as the page is open, for all its demos: several slides may show the same program.
 *
 * `sync` counts as one worker of `threads`. One process has costs of its own, so it counts for processes alone.
 */

import { startRun } from './start-run.js';

/** @import { Engine } from '../engine/client.js' */
/** @import { RunHandle } from '../engine/run-handle.js' */
/** @import { Settings } from './settings.js' */
/** @import { Subject } from './subject.js' */

/** The programs that each engine has run. @type {WeakMap<Engine, Set<string>>} */
const warm = new WeakMap();

/** Makespans in ms, by program, scheduler and settings. @type {Map<string, number>} */
const measured = new Map();

/**
 * @param {string} program
 * @param {Settings} settings
 */
function nameOf(program, settings) {
  const { params, policy, seed, keepGoing, memoryLimit, schedulerOptions } = settings;
  const scheduler = settings.scheduler === 'sync' ? 'threads' : settings.scheduler;
  const runs = [scheduler, schedulerOptions, policy, seed, keepGoing, memoryLimit];
  return JSON.stringify([program, params, runs]);
}

/**
 * Returns whether a run can be compared with one of a single worker: a task graph that runs in the page.
 *
 * @param {{ runs: string }} subject
 * @param {{ scheduler: string }} settings
 */
export function hasSpeedUp({ runs }, { scheduler }) {
  return runs === 'graph' && scheduler !== 'dask' && scheduler !== 'cluster';
}

/**
 * Returns whether an engine has run a program before. The first run of a program is slower, because the
 * browser optimises code only while it runs. So the first run is not compared with others.
 *
 * @param {Engine} engine
 * @param {string} program
 */
export function isWarm(engine, program) {
  return warm.get(engine)?.has(program) ?? false;
}

/**
 * Keeps the time of a run that finished, if it had one worker and was not the engine's first run of its
 * program.
 *
 * @param {Engine} engine
 * @param {string} program
 * @param {Settings} settings
 * @param {{ workers: number, makespanMs: number }} outcome
 */
export function rememberOneWorker(engine, program, settings, { workers, makespanMs }) {
  if (workers === 1 && isWarm(engine, program)) measured.set(nameOf(program, settings), makespanMs);
  warm.set(engine, (warm.get(engine) ?? new Set()).add(program));
}

/**
 * @param {string} program
 * @param {Settings} settings
 * @returns {number | null} ms; null when it was not measured
 */
export function oneWorkerMs(program, settings) {
  return measured.get(nameOf(program, settings)) ?? null;
}

/**
 * Runs a program with one worker, and keeps its time.
 *
 * @param {() => Promise<Engine>} live returns an engine that is not known to be lost
 * @param {Subject} subject
 * @param {Settings} settings of the run with more workers
 * @param {AbortSignal} signal
 * @returns {Promise<void>} rejects when the run fails or is cancelled
 */
export async function measureOneWorker(live, subject, settings, signal) {
  const { params, ...options } = settings;
  /** @type {Engine | undefined} */
  let engine;
  /** @type {RunHandle | undefined} */
  let handle;
  try {
    const run = await startRun(live, (found) => {
      signal.throwIfAborted();
      engine = found;
      // With a trace, like the run that it is compared with.
      const request = { ...options, workers: 1, graph: false, signal };
      handle = engine.runOf(subject.work(params), request);
      return handle;
    });
    const { outcome } = await run.finished;
    if (engine) rememberOneWorker(engine, subject.id, settings, outcome);
  } finally {
    handle?.dispose();
  }
}
