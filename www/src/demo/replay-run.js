/*
 * A recording as a source of a run: it fills a model as a live run does, without an engine. Its clock starts
 * with the first frame that reads it, and may be slowed down by a factor.
 */
import { createReplay } from '../model/replay.js';

/** @import { Recording } from '../model/recording.js' */
/** @import { RunSource } from '../model/run-source.js' */
/** @import { RunModel } from '../model/run.js' */

/** @typedef {RunSource & { model: RunModel, ended: Promise<void> }} ReplayRun */

/**
 * @param {Recording} recording
 * @param {number} [slower] how many times as long the replay takes
 * @returns {ReplayRun} `cancel` goes to the end of the recording
 */
export function startReplay(recording, slower = 1) {
  const { model, read } = createReplay(recording);
  /** @type {number | null} */
  let startedAt = null;
  let over = false;
  let skipped = false;
  /** The time that it was sent to, of the recording; null while it follows its clock. @type {number | null} */
  let soughtMs = null;
  let end = () => {};
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => (end = resolve));
  return {
    model,
    ended,
    read(nowMs) {
      if (over) return false;
      startedAt ??= nowMs;
      over = !read(skipped ? Infinity : (soughtMs ?? (nowMs - startedAt) / slower));
      if (over) end();
      return !over;
    },
    seek(runMs) {
      soughtMs = runMs;
      model.seek(runMs);
    },
    cancel: () => void (skipped = true),
    dispose() {
      over = true;
      end();
    },
  };
}
