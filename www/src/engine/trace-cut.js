/*
 * Cuts the new part off a growing trace, for pages that get copies of events instead of shared
 * memory, and lists the buffers of a message that can be handed over instead of copied.
 */

/** @import { WorkerTrace } from './protocol.js' */

/**
 * The events of each worker that were not sent before.
 *
 * @param {WorkerTrace[]} workers the whole trace so far
 * @param {number[]} sent how many events of each worker were sent; brought up to date
 * @returns {WorkerTrace[]}
 */
export function cut(workers, sent) {
  return workers.map((trace, worker) => {
    const from = sent[worker] ?? 0;
    sent[worker] = trace.stopMs.length;
    if (from === 0) return trace;
    return {
      task: trace.task.slice(from),
      action: trace.action.slice(from),
      stopMs: trace.stopMs.slice(from),
    };
  });
}

/**
 * Every buffer under a message, once each. Shared ones are left out: they are not handed over.
 *
 * @param {unknown} data
 * @returns {ArrayBuffer[]}
 */
export function transferable(data) {
  /** @type {Set<ArrayBuffer>} */
  const buffers = new Set();
  collect(data, buffers);
  return [...buffers];
}

/**
 * @param {unknown} data
 * @param {Set<ArrayBuffer>} buffers
 */
function collect(data, buffers) {
  if (ArrayBuffer.isView(data)) {
    if (data.buffer instanceof ArrayBuffer) buffers.add(data.buffer);
  } else if (data !== null && typeof data === 'object') {
    for (const part of Object.values(data)) collect(part, buffers);
  }
}
