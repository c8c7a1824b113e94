/*
 * The sections of a run: threads that belong together, such as those of one program under one policy. Their lanes name
 * the same node, and stand next to each other.
 */

import { isOfThread } from '../model/actions.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */

/** Threads `first` to `end` (excluded). @typedef {{ label: string, first: number, end: number }} Section */

/**
 * @param {RunModel} model
 * @returns {Section[]}
 */
export function sectionsOf({ workers }) {
  /** @type {Section[]} */
  const sections = [];
  for (const [thread, { lane }] of workers.entries()) {
    const label = lane?.node ?? '';
    const last = sections.at(-1);
    if (last && last.label === label) last.end = thread + 1;
    else sections.push({ label, first: thread, end: thread + 1 });
  }
  return sections;
}

/** The prefixes of the pieces of work that threads do. */
const pieces = ['interpreted', 'native', 'blocking'];

/** The number of events of a worker that are looked at. */
const FIRST = 16;

/**
 * Whether a run is one of threads of an interpreter: its events say so, and before there are any, its pieces, or the
 * main thread of futures.
 *
 * @param {RunModel} model
 */
export function hasThreads({ graph, workers }) {
  const { prefixes } = graph;
  if (workers[0]?.lane?.label === 'main') return true;
  if (prefixes.length > 0 && prefixes.every((prefix) => pieces.includes(prefix))) return true;
  return workers.some(({ action, recorded }) =>
    action.subarray(0, Math.min(recorded, FIRST)).some(isOfThread),
  );
}
