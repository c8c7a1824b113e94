/*
 * What runs with one worker took, so that a speed-up is the ratio of two measured times. Kept for as long
 * as the page is open, for all demos on it: a slide and the lab may show the same program.
 *
 * The scheduler is not among the settings that must be equal: `sync` is one worker too.
 */

/** @import { Engine } from '../engine/client.js' */
/** @import { Settings } from './settings.js' */

/** Makespans in ms, by program and settings. @type {Map<string, number>} */
const measured = new Map();

/**
 * @param {string} program
 * @param {Settings} settings
 */
function nameOf(program, { params, policy, seed, keepGoing, memoryLimit }) {
  return JSON.stringify([program, params, policy, seed, keepGoing, memoryLimit]);
}

/**
 * Keeps the time of a run that finished, if it had one worker.
 *
 * @param {string} program
 * @param {Settings} settings
 * @param {{ workers: number, makespanMs: number }} outcome
 */
export function rememberOneWorker(program, settings, { workers, makespanMs }) {
  if (workers === 1) measured.set(nameOf(program, settings), makespanMs);
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
 * @param {Engine} engine
 * @param {string} program
 * @param {Settings} settings of the run with more workers
 * @param {AbortSignal} signal
 * @returns {Promise<void>} rejects when the run fails or is cancelled
 */
export async function measureOneWorker(engine, program, settings, signal) {
  const { params, ...options } = settings;
  // With a trace, like the run that it is compared with.
  const run = engine.run(program, params, { ...options, workers: 1, graph: false, signal });
  try {
    const { outcome } = await run.finished;
    rememberOneWorker(program, settings, outcome);
  } finally {
    run.dispose();
  }
}
