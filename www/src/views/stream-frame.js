/*
 * Where the parts of the task stream are in a frame: its rows and its memory band.
 */
import { layoutStream } from './stream-labels.js';
import { endOf } from './time-axis.js';

/** @typedef {import('./stream-digest.js').StreamDigest} StreamDigest */
/** @typedef {import('./task-slice.js').TaskSlice} TaskSlice */
/** @typedef {import('./theme.js').Theme} Theme */

/**
 * @typedef {object} StreamMemo
 * @property {StreamDigest[]} digests per worker
 * @property {ImageData | null} image of all rows
 * @property {Theme | null} theme that `colours` are of
 * @property {import('./stream-rows.js').LaneColours | null} colours
 * @property {Map<number, TaskSlice>} slices of tasks that were looked for and found
 */

/**
 * @typedef {object} StreamHit
 * @property {number} task -1 when it is no task
 * @property {number} timeMs that is pointed at
 * @property {number} row the worker; the number of workers on the memory band
 * @property {number} event an index into the worker's timeline; its length when the event is under way
 * @property {string} action
 * @property {number} startMs
 * @property {number} stopMs
 * @property {import('./stream-memory.js').Memory | null} memory on the memory band
 */

/** @typedef {import('./view.js').Frame<StreamMemo, StreamHit>} StreamFrame */

/** @param {StreamFrame} frame @returns {import('./stream-memory.js').Memory | null} */
export function memoryOf(frame) {
  const [model] = frame.models;
  const curve = model?.memory;
  if (!curve || curve.peakBytes === 0) return null;
  return { curve, limit: model.memoryLimit, untilMs: endOf(frame) };
}

/** @param {StreamFrame} frame */
export function layoutOf(frame) {
  const workers = frame.models[0]?.workers.length ?? 1;
  return layoutStream(workers, frame.viewport, memoryOf(frame) !== null);
}
