/*
 * Where the page gets a run from: the engine (demo/live-run.js), a recording (demo/replay-run.js), or anything
 * else that can fill a run model. Views draw the model and do not know its source. Types only.
 */

/** @import { RunModel } from './run.js' */

/**
 * @typedef {Object} RunSource
 * @property {RunModel | null} model what is known of the run; null before it has started
 * @property {Promise<unknown>} ended resolves when the model has taken in the last event; rejects when the run
 *   failed or was cancelled. A source that is disposed of ends too
 * @property {(nowMs: number) => boolean} read takes in what has happened, once a frame. `nowMs` is the time of
 *   the frame on the page's clock. Returns whether there is, or may be, more to read
 * @property {(runMs: number) => void} [seek] shows the run as it was `runMs` milliseconds after its start, and stays
 *   there; Infinity follows a live run again, and goes to the end of one that is over
 * @property {() => void} cancel ends it early: a run stops, a replay goes to its end
 * @property {() => void} dispose lets go of everything; the model may still be drawn
 */

export {};
