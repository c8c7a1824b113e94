/*
 * A recording in the place of a demo's program: waiting to be played, playing, and at its end. It needs no
 * engine. player.js decides where the recording comes from and when it goes.
 */
import { createReplay } from '../model/replay.js';
import { peersOf } from './peers.js';
import { startReplay } from './replay-run.js';

/** @import { Recording } from '../model/recording.js' */
/** @import { ReplayRun } from './replay-run.js' */
/** @import { Stage } from './stage.js' */

export class RecordedRun {
  /** What is shown in place of the program. @type {Recording | null} */
  recording = null;
  /** The replay, from its start until something else is shown. @type {ReplayRun | null} */
  source = null;
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
   * @param {string | null} reason why it stands in for the live run, if it does
   */
  place(recording, reason) {
    this.#show(recording, reason);
    this.#stage.views.setModel(createReplay(recording).model);
    this.#stage.result.say('hint', 'Replay plays the run as it was recorded.');
  }

  /**
   * @param {Recording} recording
   * @returns {ReplayRun}
   */
  play(recording) {
    this.stop();
    this.#show(recording, recording === this.recording ? this.#reason : null);
    this.source = startReplay(recording);
    this.#stage.views.setModel(this.source.model);
    this.#stage.result.say('progress', 'Replaying …');
    return this.source;
  }

  /** Shows what came of the run that was recorded. */
  showEnd() {
    const { recording } = this;
    if (!recording) return;
    const { views, result } = this.#stage;
    const { outcome, failure, program, params, options } = recording;
    if (!outcome) {
      result.say('error', failure ?? 'This run did not finish.');
      return;
    }
    result.show(outcome, recording.result);
    views.setBeside({
      // If it was not measured then, it cannot be measured now.
      oneWorkerMs: recording.oneWorkerMs ?? undefined,
      peers: peersOf(program, { params, ...options }, outcome),
    });
    views.showValue(outcome);
  }

  /** Stops playing. */
  stop() {
    this.source?.dispose();
    this.source = null;
  }

  /** Makes room for the program. */
  close() {
    this.stop();
    this.recording = null;
  }

  /**
   * @param {Recording} recording
   * @param {string | null} reason
   */
  #show(recording, reason) {
    const { views, showRecording } = this.#stage;
    this.recording = recording;
    this.#reason = reason;
    views.compare('');
    views.openPicture(recording.result, recording.params);
    showRecording(recording, reason);
  }
}
