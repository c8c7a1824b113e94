/*
 * A recording in the place of a demo's program: waiting to be played, playing, and at its end. No
 * engine is needed. Where it comes from, and when it goes, is decided in course.js.
 */
import { createReplay } from '../model/replay.js';
import { frameLoop } from '../views/frame-loop.js';
import { peersOf } from './peers.js';
import { showRecordedPanel } from './recorded-panel.js';
import { startReplay } from './replay-run.js';

/** @import { Recording } from '../model/recording.js' */
/** @import { DemoState } from './state-panel.js' */
/** @import { Parts } from './parts.js' */
/** @import { ReplayRun } from './replay-run.js' */
/** @import { createResult } from './result.js' */
/** @import { createViewsPanel } from './views-panel.js' */

/**
 * Where it is shown, and what the course does about it.
 *
 * @typedef {Object} Stage
 * @property {Element} host
 * @property {Parts} parts
 * @property {ReturnType<typeof createViewsPanel>} views
 * @property {ReturnType<typeof createResult>} result
 * @property {() => () => boolean} turn lets go of what is shown; says later whether nothing newer has begun
 * @property {(state: DemoState) => void} setState
 */

export class RecordedCourse {
  /** What is shown in place of the program. @type {Recording | null} */
  recording = null;
  /** Its replay, while there is one. @type {ReplayRun | null} */
  replay = null;
  /** Why it stands in for the live run; null when it was asked for. @type {string | null} */
  #reason = null;
  #stage;

  /** @param {Stage} stage */
  constructor(stage) {
    this.#stage = stage;
  }

  /**
   * Shows a recording that waits to be played.
   *
   * @param {Recording} recording
   * @param {string | null} reason why it stands in, if it does
   */
  open(recording, reason) {
    const { views, result, setState } = this.#stage;
    this.#place(recording, reason);
    views.setModel(createReplay(recording).model);
    result.say('hint', 'Replay plays the run as it was recorded.');
    setState('ready');
    frameLoop.wake();
  }

  /**
   * @param {Recording} recording
   * @returns {Promise<void>} resolves when its end is shown
   */
  async play(recording) {
    const { views, result, turn, setState } = this.#stage;
    const newest = turn();
    this.#place(recording, recording === this.recording ? this.#reason : null);
    const replay = startReplay(recording);
    this.replay = replay;
    views.setModel(replay.model);
    result.say('progress', 'Replaying …');
    setState('replaying');
    frameLoop.wake();
    await replay.finished;
    if (!newest()) return;
    if (recording.outcome) {
      const { outcome, program, params, options } = recording;
      result.show(outcome, recording.result);
      views.setBeside({
        // If it was not measured then, it cannot be measured now.
        oneWorkerMs: recording.oneWorkerMs ?? undefined,
        peers: peersOf(program, { params, ...options }, outcome),
      });
      views.showValue(outcome);
    } else result.say('error', recording.failure ?? 'This run did not finish.');
    setState('replayed');
  }

  /** Stops playing. */
  clear() {
    this.replay?.dispose();
    this.replay = null;
  }

  /** Makes room for the program. */
  close() {
    this.clear();
    this.recording = null;
  }

  /**
   * @param {Recording} recording
   * @param {string | null} reason
   */
  #place(recording, reason) {
    const { host, parts, views } = this.#stage;
    this.recording = recording;
    this.#reason = reason;
    views.compare('');
    views.openPicture(recording.result, recording.params);
    showRecordedPanel(parts, recording, reason, host.getAttribute('lines'));
  }
}
