/*
 * <dag-demo program="array-mean" scheduler="threads" workers="4" n="4000">: one program as a thing
 * to play with: its Python listing, controls, a run, and the views of that run.
 *
 *     +-----------+--------------+
 *     | listing   | graph        |      Attributes preset the controls. A change of an attribute
 *     |           +--------------+      sets its control again; a moved control changes no
 *     | controls  | task stream  |      attribute, so Reset knows where to go back to. A slide shows the
 *     | Run Reset | progress     |      controls that it speaks of: controls="chunk workers"; all there are:
 *     | result    | summary      |      controls="all". Without it a program has the usual ones. In the same
 *     +-----------+--------------+      way lines="chunk mean print" says which lines of the listing are shown.
 *
 * It also plays recordings, without an engine: of the attribute `recording="address"` when Replay is
 * pressed, or of `replay(recording)` at once. It says plainly that it does. `fallback="address"` names
 * one that stands in when the engine does not start, when the run fails, or when it takes longer than
 * `limit` seconds; the reader can also choose it beforehand. What the reader set by hand has no limit.
 *
 * It lives in a shadow tree: slide themes style every heading, table and button below them, and a
 * page that embeds a demo has styles of its own; neither may break the controls. Colours follow the
 * attribute `theme`, or the page's `color-scheme`; sizes follow its `font-size`. Keys that a control
 * uses go no further, but for R (keys.js). A page may lay an element over the demo: slot="over".
 *
 * The page's one engine is started when the first demo comes into sight; a demo with the attribute
 * `preview` starts none and only shows its listing. While the demo runs its controls rest; leaving
 * the page cancels the run. When the engine breaks, or a run does not heed its cancel, the demo offers
 * to restart it. Events, all with the settings as `detail`: `dag-demo-change`, `dag-demo-run`,
 * `dag-demo-end`, and `dag-demo-state` whenever `state` or `hasRecording` changes.
 */
import { restartEngine, sharedEngine } from '../engine/shared.js';
import { frameLoop } from '../views/frame-loop.js';
import css from './dag-demo.css?inline';
import { followTheme } from './follow-theme.js';
import { keepKeys } from './keys.js';
import { createParts } from './parts.js';
import { Player } from './player.js';
import { ProgramEngine } from './program-engine.js';
import { showRecordedPanel } from './recorded-panel.js';
import { createResult } from './result.js';
import { SettingsPanel } from './settings-panel.js';
import { showState } from './state-panel.js';
import { createViewsPanel } from './views-panel.js';

/** @import { Outcome } from '../engine/protocol.js' */
/** @import { Recording } from '../model/recording.js' */
/** @typedef {import('./state-panel.js').DemoState} DemoState */

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

export class DagDemo extends HTMLElement {
  #parts = createParts({
    run: () => {
      // While a recording loads, the button cancels that.
      if (this.active || this.state === 'loading') this.cancel();
      else this.start().catch(() => {});
    },
    reset: () => this.reset(),
    showRecorded: () => this.showRecorded(true),
  });
  #views = createViewsPanel({
    measure: () => this.#player.measureOneWorker(),
    slowMotion: () => this.slowMotion(),
  });
  #player = new Player({
    host: this,
    stage: {
      panel: new SettingsPanel(this.#parts, this, () => this.#player.changed()),
      views: this.#views,
      result: createResult(this.#parts),
      showState: (situation) => showState(this.#parts, situation),
      showRecording: (recording, reason) =>
        showRecordedPanel(this.#parts, recording, reason, this.getAttribute('lines')),
    },
    engine: new ProgramEngine({ engine: sharedEngine, restart: restartEngine }),
    loop: frameLoop,
  });
  /** What ends with the demo's stay on the page. */
  #leave = new AbortController();

  constructor() {
    super();
    const { root } = this.#parts;
    const shadow = this.attachShadow({ mode: 'open', delegatesFocus: false });
    shadow.adoptedStyleSheets = [sheet];
    root.append(this.#views.element);
    shadow.append(root);
    for (const type of ['keydown', 'keyup', 'keypress']) {
      shadow.addEventListener(type, keepKeys);
    }
  }

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    // Swipes over a demo are meant for its sliders, not for the slides.
    this.setAttribute('data-prevent-swipe', '');

    const attributes = new MutationObserver((changes) =>
      this.#player.follow(changes.map(({ attributeName }) => attributeName ?? '')),
    );
    attributes.observe(this, { attributes: true });
    signal.addEventListener('abort', () => attributes.disconnect());

    const onTheme = (/** @type {import('../views/theme.js').Theme} */ theme) => {
      this.#views.setTheme(theme);
      frameLoop.wake();
    };
    followTheme(this, onTheme, signal);

    let more = false;
    const stop = frameLoop.add({
      read: (now) => (more = this.#player.source?.read(now) ?? false),
      draw: () => this.#views.draw(),
      busy: () => more,
    });
    signal.addEventListener('abort', stop);

    this.#player.open();
    if (this.hasAttribute('preview')) return;
    const sight = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      sight.disconnect();
      this.#player.seen();
    });
    sight.observe(this);
    signal.addEventListener('abort', () => sight.disconnect());
  }

  disconnectedCallback() {
    this.#leave.abort();
    this.#player.leave();
  }

  /** @returns {DemoState} */
  get state() {
    return this.#player.state;
  }

  /** The settings that the controls show, by name; null before the program is known. */
  get settings() {
    return this.#player.settings;
  }

  /** Whether a recording is shown, or will be. */
  get recorded() {
    return this.#player.recorded;
  }

  /** Whether a run or a replay is under way, or waits for the demo to load. */
  get active() {
    return this.#player.active;
  }

  /** Whether `recording` has something to give; asking for it copies all events. */
  get hasRecording() {
    return this.#player.hasRecording;
  }

  /** What is shown, as a recording; null when nothing has run, and while it runs. */
  get recording() {
    return this.#player.recording;
  }

  /**
   * Does what the button does: runs the program, or plays the recording that is in its place.
   *
   * @param {{ signal?: AbortSignal }} [options] `signal` takes the start back while it waits for the
   *   demo to load; it does not cancel a run
   * @returns {Promise<void>} rejects when a run fails or is cancelled
   */
  start({ signal } = {}) {
    return this.#player.start(signal);
  }

  /**
   * Puts the recording of `fallback` in the place of the program, to be played when it is started; or
   * the program in the place of a recording.
   *
   * @param {boolean} wanted
   */
  showRecorded(wanted) {
    this.#player.showRecorded(wanted);
  }

  /**
   * Runs the program with the settings that the controls show.
   *
   * @returns {Promise<Outcome>} rejects when the run fails or is cancelled
   */
  run() {
    return this.#player.run();
  }

  /**
   * Replays the run that is shown in slow motion, and then shows its end again. A second call ends it.
   *
   * @returns {Promise<void>} resolves when that is over; at once if nothing has run
   */
  slowMotion() {
    return this.#player.slowMotion();
  }

  /** Cancels the run under way, or the loading of a recording; a replay goes to its end. */
  cancel() {
    this.#player.cancel();
  }

  /**
   * Plays a recording, in place of the program. No engine is needed.
   *
   * @param {Recording} recording
   * @returns {Promise<void>} resolves when its end is shown
   */
  replay(recording) {
    return this.#player.replay(recording);
  }

  /** Back to the presets, with nothing run; from a recording to the program. */
  reset() {
    this.#player.reset();
  }
}

customElements.define('dag-demo', DagDemo);
