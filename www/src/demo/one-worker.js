/*
 * What runs with one worker took, so that a speed-up is the ratio of two measured times. Kept for as long
 * as the page is open, for all demos on it: a slide and the lab may show the same program.
 *
 * The scheduler is not among the settings that must be equal: `sync` is one worker too.
 */

/** @import { Engine } from '../engine/client.js' */
/** @import { Settings } from './settings.js' */

/** Programs that have run on this page. @type {Set<string>} */
const warm = new Set();

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
 * Returns whether a program has run on this page before. The first run of a program is slower: the
 * browser optimises code only while it runs, so it is compared with nothing.
 *
 * @param {string} program
 */
export function isWarm(program) {
  return warm.has(program);
}

/**
 * Keeps the time of a run that finished, if it had one worker and was not the first of its program.
 *
 * @param {string} program
 * @param {Settings} settings
 * @param {{ workers: number, makespanMs: number }} outcome
 */
export function rememberOneWorker(program, settings, { workers, makespanMs }) {
  if (workers === 1 && isWarm(program)) measured.set(nameOf(program, settings), makespanMs);
  warm.add(program);
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
