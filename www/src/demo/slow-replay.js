/*
 * The run that is shown, replayed in slow motion in the same views. At its end the views show what they showed
 * before.
 */
import { startReplay } from './replay-run.js';
import { slowMotionFactor, slowMotionText } from './slow-motion.js';

/** @import { Recording } from '../model/recording.js' */
/** @import { State } from './transitions.js' */
/** @import { ViewsPanel } from './stage.js' */

export class SlowReplay {
  #views;
  #restore;

  /**
   * @param {Recording} recording of the run that is shown
   * @param {State} state that the demo goes back to
   * @param {ViewsPanel} views
   */
  constructor(recording, state, views) {
    const factor = slowMotionFactor(recording);
    this.state = state;
    this.source = startReplay(recording, factor);
    this.#views = views;
    this.#restore = views.keep();
    views.setModel(this.source.model);
    views.showSpeed(slowMotionText(factor));
  }

  /** Shows again what was shown before. */
  end() {
    this.source.dispose();
    this.#restore();
    this.#views.showSpeed('');
  }
}
