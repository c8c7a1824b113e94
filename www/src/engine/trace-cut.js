/*
 * Cuts the new part off a growing trace, for pages that get copies of events instead of shared
 * memory, and lists the buffers of a message that can be handed over instead of copied.
 */

/** @import { WorkerTrace } from './protocol.js' */

/**
 * The events of each worker that were not sent before.
 *
 * @param {WorkerTrace[]} workers the whole trace so far
 * @param {number[]} sent the number of events of each worker that were sent; updated
 * @returns {WorkerTrace[]}
 */
export function cut(workers, sent) {
  return workers.map((trace, worker) => {
    const from = sent[worker] ?? 0;
    sent[worker] = trace.stopMs.length;
    if (from === 0) return trace;
    return {
      ...trace,
      task: trace.task.slice(from),
      action: trace.action.slice(from),
      stopMs: trace.stopMs.slice(from),
      bytes: trace.bytes?.slice(from),
      peer: trace.peer?.slice(from),
      reason: trace.reason?.slice(from),
    };
  });
}

/** Buffers of fewer bytes than this are copied. */
const LEAST_BYTES = 1 << 14;

/**
 * Every large buffer under a message, once each. Shared ones are left out: they cannot be handed over.
 * Small ones are copied instead: Chromium compares the buffers of a message with each other, and
 * handing over 100,000 of them takes half a minute.
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
    const { buffer } = data;
    if (buffer instanceof ArrayBuffer && buffer.byteLength >= LEAST_BYTES) buffers.add(buffer);
  } else if (data !== null && typeof data === 'object') {
    for (const part of Object.values(data)) collect(part, buffers);
  }
}
