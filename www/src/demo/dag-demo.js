/*
 * <dag-demo program="array-mean" scheduler="threads" workers="4" n="4000">: a program to play with: its
 * Python listing, controls, a run, and the views of that run.
 *
 *     +-----------+--------------+
 *     | listing   | graph        |      Attributes preset the controls. When an attribute changes, its
 *     |           +--------------+      control follows; moving a control does not change the attribute,
 *     | controls  | task stream  |      so Reset can restore the presets. controls="chunk workers" shows
 *     | Run Reset | progress     |      only these controls, controls="all" all of them; without it, a
 *     | result    | summary      |      program has the usual ones. lines="chunk mean print" names the
 *     +-----------+--------------+      lines of the listing to show.
 *
 * In place of a program it runs the arrays of an `expression`, or the tasks of a `graph`, both in JSON.
 *
 * It also plays recordings, without an engine: the one at `recording="URL"` when the reader presses
 * Replay, or one passed to `replay(recording)` at once. It says that it is a recording. The one at
 * `fallback="URL"` stands in when the engine does not start, when the run fails, or when it takes longer
 * than `limit` seconds; the reader can also choose it in advance. `fallback-dask` takes its place while the
 * scheduler `dask` is chosen. Runs with settings that the reader changed have no limit.
 *
 * It uses a shadow tree: slide themes style all headings, tables and buttons, and a page that embeds a demo has
 * styles of its own; neither may break the controls. Colours follow the attribute `theme`, or the page's
 * `color-scheme`; sizes follow its `font-size`. Keys that a control uses stay in the demo, except for
 * R (keys.js). A page can put an element over the demo: slot="over".
 *
 * The page's only engine starts when the first demo is scrolled into view; a demo with the attribute
 * `preview` starts none and only shows its listing. The controls are disabled during a run; leaving the
 * page cancels the run. If the engine breaks, or a cancelled run does not stop, the demo offers to restart
 * the engine. Events, all with the settings as `detail`: `dag-demo-change`, `dag-demo-run`,
 * `dag-demo-end`, and `dag-demo-state` whenever `state` or `hasRecording` changes.
 */
import { plainOutcome } from '../engine/plain.js';
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

/** @import { PlainOutcome } from '../engine/plain.js' */
/** @import { Recording } from '../model/recording.js' */
/** @typedef {import('./demo-state.js').DemoState} DemoState */

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
      showNodes: (nodes) => this.#parts.show({ nodes }),
      showRecording: (recording, reason) =>
        showRecordedPanel(this.#parts, recording, reason, this.getAttribute('lines')),
    },
    engine: new ProgramEngine({ engine: sharedEngine, restart: restartEngine }),
    loop: frameLoop,
  });
  /** Aborts when the demo leaves the page. */
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
    // Swipes over a demo move its sliders and must not turn the slides.
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

  /**
   * The arrays to compute in place of a program: an expression in JSON (array/expression.js). It can be set
   * to data too, and to an array of `dagdeck.array`.
   *
   * @returns {string | null}
   */
  get expression() {
    return this.getAttribute('expression');
  }

  /** @param {string | object | null} expression */
  set expression(expression) {
    setJson(this, 'expression', expression);
  }

  /**
   * The task graph to run in place of a program, in JSON (src/graph/json.rs). It can be set to data too.
   *
   * @returns {string | null}
   */
  get graph() {
    return this.getAttribute('graph');
  }

  /** @param {string | object | null} graph */
  set graph(graph) {
    setJson(this, 'graph', graph);
  }

  /** @returns {DemoState} */
  get state() {
    return this.#player.state;
  }

  /** The settings that the controls show, by name; null until the program is known. */
  get settings() {
    return this.#player.settings;
  }

  /** Whether a recording is shown or requested. */
  get recorded() {
    return this.#player.recorded;
  }

  /** Whether a run or a replay is in progress, or waits for the demo to load. */
  get active() {
    return this.#player.active;
  }

  /** Whether `recording` is not null. Reading `recording` copies all events; this does not. */
  get hasRecording() {
    return this.#player.hasRecording;
  }

  /** The run that is shown, as a recording; null if there is none, and while it runs. */
  get recording() {
    return this.#player.recording;
  }

  /**
   * Does what the button does: runs the program, or plays the recording shown in its place.
   *
   * @param {{ signal?: AbortSignal }} [options] `signal` cancels the start while it waits for the demo to
   *   load; it does not cancel a run
   * @returns {Promise<void>} rejects when a run fails or is cancelled
   */
  start({ signal } = {}) {
    return this.#player.start(signal);
  }

  /**
   * Shows the recording of `fallback` in place of the program, to be played when it is started; or the
   * program in place of a recording.
   *
   * @param {boolean} wanted
   */
  showRecorded(wanted) {
    this.#player.showRecorded(wanted);
  }

  /**
   * Runs the program with the settings that the controls show.
   *
   * @returns {Promise<PlainOutcome>} rejects when the run fails or is cancelled
   */
  async run() {
    return plainOutcome(await this.#player.run());
  }

  /**
   * Replays the shown run in slow motion, then shows its end again. A second call stops the replay.
   *
   * @returns {Promise<void>} resolves at the end; at once if nothing has run
   */
  slowMotion() {
    return this.#player.slowMotion();
  }

  /** Cancels the current run, or the loading of a recording; a replay skips to its end. */
  cancel() {
    this.#player.cancel();
  }

  /**
   * Plays a recording in place of the program. This needs no engine.
   *
   * @param {Recording} recording
   * @returns {Promise<void>} resolves when its end is shown
   */
  replay(recording) {
    return this.#player.replay(recording);
  }

  /** Restores the presets and discards the run; closes a recording. */
  reset() {
    this.#player.reset();
  }
}

/**
 * @param {Element} element
 * @param {string} name of the attribute
 * @param {string | object | null} json as text or as data; null removes the attribute
 */
function setJson(element, name, json) {
  if (json === null) element.removeAttribute(name);
  else element.setAttribute(name, typeof json === 'string' ? json : JSON.stringify(json));
}

customElements.define('dag-demo', DagDemo);
