/*
 * A recording as something that runs: what a live run is to a demo, without an engine. Its clock is
 * the page's, from the moment it is started, slowed down by a factor; `cancel` goes to its end at once.
 */
import { createReplay } from '../model/replay.js';

/** @import { Recording } from '../model/recording.js' */
/** @import { RunModel } from '../model/run.js' */

/**
 * @typedef {Object} ReplayRun
 * @property {RunModel} model
 * @property {Promise<void>} finished resolves when the last event has been shown, or it was disposed of
 * @property {() => void} read takes in what has happened; once a frame
 * @property {() => boolean} busy
 * @property {() => void} cancel shows its end
 * @property {() => void} dispose
 */

/**
 * @param {Recording} recording
 * @param {number} [slower] how many times as long it takes
 * @returns {ReplayRun}
 */
export function startReplay(recording, slower = 1) {
  const { model, read } = createReplay(recording);
  const startedAt = performance.now();
  let behind = true;
  let skipped = false;
  let end = () => {};
  /** @type {Promise<void>} */
  const finished = new Promise((resolve) => (end = resolve));
  return {
    model,
    finished,
    read() {
      if (!behind) return;
      behind = read(skipped ? Infinity : (performance.now() - startedAt) / slower);
      if (!behind) end();
    },
    busy: () => behind,
    cancel: () => void (skipped = true),
    dispose() {
      behind = false;
      end();
    },
  };
}
