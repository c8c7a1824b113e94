/*
 * A live run put aside while a recording is shown in its place: it can be taken back as it was.
 */

/** @import { FinishedRun } from './finished-run.js' */
/** @import { DemoState } from './state-panel.js' */
/** @import { LiveRun } from './live-run.js' */

export class LiveAside {
  /** The attributes of the demo that changed in the meantime. @type {string[]} */
  changes = [];
  /** @type {(() => void)[]} */
  #restore;

  /**
   * @param {LiveRun | null} run null: the graph is drawn, but nothing has run
   * @param {DemoState} state
   * @param {FinishedRun | null} finished what came of the run
   * @param {{ keep: () => () => void }[]} shown the parts that show it
   */
  constructor(run, state, finished, shown) {
    this.run = run;
    this.state = state;
    this.finished = finished;
    this.#restore = shown.map((part) => part.keep());
  }

  /** Shows it again. */
  restore() {
    for (const restore of this.#restore) restore();
  }

  dispose() {
    this.run?.dispose();
  }
}
