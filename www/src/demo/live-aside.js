/*
 * The live run while a recording is shown in its place. It is put back as it was.
 */

/** @import { FinishedRun } from './finished-run.js' */
/** @import { LiveRun } from './live-run.js' */
/** @import { State } from './transitions.js' */

export class LiveAside {
  /** The attributes of the demo that have changed since. @type {string[]} */
  changes = [];
  /** @type {(() => void)[]} */
  #restore;

  /**
   * @param {LiveRun | null} run null if the graph is drawn, but nothing has run
   * @param {State} state that the demo goes back to
   * @param {FinishedRun | null} finished the run with its outcome, if it has finished
   * @param {{ keep: () => () => void }[]} panels the parts of the page that show it
   */
  constructor(run, state, finished, panels) {
    this.run = run;
    this.state = state;
    this.finished = finished;
    this.#restore = panels.map((panel) => panel.keep());
  }

  /** Shows the run again. */
  restore() {
    for (const restore of this.#restore) restore();
  }

  dispose() {
    this.run?.dispose();
  }
}
