/*
 * <dag-demo program="array-mean" scheduler="threads" workers="4" n="4000">: one program as a thing
 * to play with: its Python listing, controls, a run, and the views of that run.
 *
 *     +-----------+--------------+
 *     | listing   | graph        |      Attributes preset the controls. A change of an attribute
 *     |           +--------------+      sets its control again; a moved control changes no
 *     | controls  | task stream  |      attribute, so Reset knows where to go back to. Controls that
 *     | Run Reset | progress     |      are not for every slide are named by another attribute:
 *     | result    | summary      |      controls="policy keep-going memory-limit".
 *     +-----------+--------------+
 *
 * It also plays recordings, without an engine: of the attribute `recording="address"` when Replay is
 * pressed, or of `replay(recording)` at once. It says plainly that it does.
 *
 * It lives in a shadow tree: slide themes style every heading, table and button below them, and a
 * page that embeds a demo has styles of its own; neither may break the controls. Colours follow the
 * page's `color-scheme`, sizes its `font-size`. Keys that a control uses go no further.
 *
 * The page's one engine is started when the first demo comes into sight; a demo with the attribute
 * `preview` starts none and only shows its listing. While the demo runs its controls rest; leaving
 * the page cancels the run. When the engine breaks, or a run does not heed its cancel, the demo offers
 * to restart it. Events, all with the settings as `detail`: `dag-demo-change`, `dag-demo-run`,
 * `dag-demo-end`, and `dag-demo-state` whenever `state` changes.
 */
import { EngineError } from '../engine/client.js';
import { restartEngine, sharedEngine } from '../engine/shared.js';
import { parseRecording } from '../model/recording.js';
import { createReplay } from '../model/replay.js';
import { createRunModel } from '../model/run.js';
import { frameLoop } from '../views/frame-loop.js';
import css from './dag-demo.css?inline';
import { followTheme } from './follow-theme.js';
import { showListing } from './listing-panel.js';
import { startLiveRun } from './live-run.js';
import { createParts, keepKeys } from './parts.js';
import { settingsOfRecording, showRecordedSettings } from './recorded-settings.js';
import { startReplay } from './replay-run.js';
import { createResult } from './result.js';
import { SettingsPanel } from './settings-panel.js';
import { createViewsPanel } from './views-panel.js';

/** @import { Engine } from '../engine/client.js' */
/** @import { Outcome } from '../engine/protocol.js' */
/** @import { Recording } from '../model/recording.js' */
/** @import { LiveRun } from './live-run.js' */
/** @import { ReplayRun } from './replay-run.js' */

/**
 * loading: no engine or recording yet; ready: a graph is drawn, nothing has run; replaying and
 * replayed: a recording is shown; the others: how the last run went, or (failed) why there is no graph.
 *
 * @typedef {'loading' | 'ready' | 'running' | 'finished' | 'cancelled' | 'failed' | 'replaying'
 *   | 'replayed'} DemoState
 */

/** How long the controls must rest before the graph is built anew. */
const REPLAN_AFTER_MS = 120;

/** How long a cancelled run may go on before the engine counts as stuck. */
const STUCK_AFTER_MS = 2000;

const RESTART = 'Restart the engine';

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

export class DagDemo extends HTMLElement {
  #parts = createParts();
  #views = createViewsPanel();
  #panel = new SettingsPanel(this.#parts, this, () => this.#changed());
  #result = createResult();
  /** @type {Engine | null} */
  #engine = null;
  /** The run that is drawn. @type {LiveRun | null} */
  #run = null;
  /** The recording that is shown in place of the program. @type {Recording | null} */
  #recording = null;
  /** @type {ReplayRun | null} */
  #replay = null;
  /** Counts what makes an answer stale that is still on its way. */
  #generation = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #replanTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stuckTimer;
  #planning = false;
  #planStale = false;
  /** Whether the run was cancelled, perhaps while it waited for an engine. */
  #cancelled = false;
  /** Whether this demo has had the engine restarted under its own run. */
  #restarting = false;
  /** @type {Promise<void> | null} */
  #loading = null;
  /** What ends with the demo's stay on the page. */
  #leave = new AbortController();
  #frames = () => {};
  /** @type {DemoState} */
  #state = 'loading';

  constructor() {
    super();
    const { root, run, reset, resultPlace } = this.#parts;
    const shadow = this.attachShadow({ mode: 'open', delegatesFocus: false });
    shadow.adoptedStyleSheets = [sheet];
    resultPlace.replaceWith(this.#result.element);
    root.append(this.#views.element);
    shadow.append(root);
    run.addEventListener('click', () => {
      if (this.#state === 'running' || this.#state === 'replaying') this.cancel();
      else if (this.#recording) this.replay(this.#recording).catch(() => {});
      else this.run().catch(() => {});
    });
    reset.addEventListener('click', () => this.reset());
    for (const type of ['keydown', 'keyup', 'keypress']) {
      shadow.addEventListener(type, keepKeys);
    }
  }

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    // Swipes over a demo are meant for its sliders, not for the slides.
    this.setAttribute('data-prevent-swipe', '');

    const attributes = new MutationObserver((changes) => {
      const names = changes.map(({ attributeName }) => attributeName ?? '');
      if (names.some((name) => ['program', 'controls', 'recording'].includes(name))) this.#begin();
      else if (!this.#recording && this.#panel.read(names)) this.#preset();
    });
    attributes.observe(this, { attributes: true });
    signal.addEventListener('abort', () => attributes.disconnect());

    const onTheme = (/** @type {import('../views/theme.js').Theme} */ theme) => {
      this.#views.setTheme(theme);
      frameLoop.wake();
    };
    followTheme(this, onTheme, signal);

    this.#frames = frameLoop.add({
      read: () => (this.#replay ?? this.#run)?.read(),
      draw: () => this.#views.draw(),
      busy: () => (this.#replay ?? this.#run)?.busy() ?? false,
    });

    this.#panel.showListing();
    this.#setState('loading');
    if (this.hasAttribute('preview')) return;
    const sight = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      sight.disconnect();
      if (!this.#recording) this.#begin();
    });
    sight.observe(this);
    signal.addEventListener('abort', () => sight.disconnect());
  }

  disconnectedCallback() {
    this.#leave.abort();
    this.#generation++;
    this.#frames();
    this.#clear();
    this.#loading = null;
  }

  /** @returns {DemoState} */
  get state() {
    return this.#state;
  }

  /** The settings that the controls show, by name; null before the program is known. */
  get settings() {
    return this.#panel.values;
  }

  /** Whether `recording` has something to give; asking for it copies all events. */
  get hasRecording() {
    return this.#recording !== null || (this.#run?.over() ?? false);
  }

  /** What is shown, as a recording; null when nothing has run, and while it runs. */
  get recording() {
    return this.#recording ?? this.#run?.recording() ?? null;
  }

  /**
   * Runs the program with the settings that the controls show.
   *
   * @returns {Promise<Outcome>} rejects when the run fails or is cancelled
   */
  async run() {
    if (!this.#panel.schema || this.#recording) await this.#load();
    if (this.#state === 'running') throw new Error('a run is under way: cancel it first');
    const { settings, schema } = this.#panel;
    if (!settings || !schema) throw new Error('there is no program to run');
    const generation = ++this.#generation;
    this.#clear();
    this.#cancelled = false;
    this.#setState('running');
    this.#result.say('progress', 'Running …');
    try {
      const engine = await this.#liveEngine();
      if (generation !== this.#generation || this.#cancelled) {
        throw new DOMException('the run was cancelled', 'AbortError');
      }
      const { result } = schema;
      this.#views.openPicture(result, settings.params);
      const run = startLiveRun(engine, schema, settings, (blocks) => {
        if (generation === this.#generation) this.#views.putBlocks(blocks);
      });
      this.#run = run;
      this.#tell('dag-demo-run');
      const model = await run.started;
      if (generation === this.#generation) {
        this.#views.setModel(model);
        frameLoop.wake();
      }
      const outcome = await run.finished;
      if (generation === this.#generation) {
        this.#result.show(outcome, result);
        this.#views.showValue(outcome);
        this.#setState('finished');
      }
      return outcome;
    } catch (error) {
      if (generation === this.#generation) this.#showFailure(error);
      throw error;
    } finally {
      if (generation === this.#generation) {
        this.#restarting = false;
        // The last events are read by the next frames.
        frameLoop.wake();
        this.#tell('dag-demo-end');
      }
    }
  }

  /** Cancels the run under way, if there is one; a replay goes to its end. */
  cancel() {
    this.#cancelled = true;
    this.#replay?.cancel();
    this.#run?.cancel();
    clearTimeout(this.#stuckTimer);
    if (this.#state !== 'running') return;
    this.#result.say('progress', 'Cancelling …');
    this.#stuckTimer = setTimeout(() => {
      if (this.#state !== 'running') return;
      const why = 'The run has not stopped yet: a task is still busy.';
      this.#result.offer(why, RESTART, () => this.#restart());
    }, STUCK_AFTER_MS);
  }

  /**
   * Plays a recording, in place of the program. No engine is needed.
   *
   * @param {Recording} recording
   * @returns {Promise<void>} resolves when its end is shown
   */
  async replay(recording) {
    const generation = ++this.#generation;
    this.#clear();
    this.#recording = recording;
    this.#showRecording(recording);
    const replay = startReplay(recording);
    this.#replay = replay;
    this.#views.setModel(replay.model);
    this.#result.say('progress', 'Replaying …');
    this.#setState('replaying');
    frameLoop.wake();
    await replay.finished;
    if (generation !== this.#generation) return;
    const { outcome, result } = recording;
    if (outcome) {
      this.#result.show(outcome, result);
      this.#views.showValue(outcome);
    } else this.#result.say('error', recording.failure ?? 'This run came to no end.');
    this.#setState('replayed');
  }

  /** Back to the presets, with nothing run; from a recording to the program. */
  reset() {
    const live = !this.#recording && this.#panel.read(null);
    this.#clear();
    if (live) this.#preset();
    else this.#begin();
  }

  /** Lets go of what is shown. */
  #clear() {
    clearTimeout(this.#stuckTimer);
    clearTimeout(this.#replanTimer);
    this.#run?.dispose();
    this.#run = null;
    this.#replay?.dispose();
    this.#replay = null;
    this.#result.withdraw();
  }

  /** The engine; a new one after the one before was lost. */
  async #liveEngine() {
    if (!this.#engine || this.#engine.lost) this.#engine = await sharedEngine();
    return this.#engine;
  }

  /** Puts a fresh engine in the place of one that is stuck or lost. */
  async #restart() {
    const running = this.#state === 'running';
    this.#restarting = running;
    this.#result.withdraw();
    this.#result.say('progress', 'Restarting the engine …');
    try {
      await restartEngine();
    } catch (error) {
      this.#showFailure(error);
      return;
    }
    if (!this.#panel.schema) await this.#begin();
    else if (!running) await this.#replan();
  }

  /** Gets the engine, and reads what the program is; or the recording of the attribute. */
  #begin() {
    const loading = (this.hasAttribute('recording') ? this.#loadRecording() : this.#load()).finally(
      () => {
        if (this.#loading === loading) this.#loading = null;
      },
    );
    this.#loading = loading;
    return loading;
  }

  async #loadRecording() {
    const generation = ++this.#generation;
    this.#clear();
    this.#setState('loading');
    this.#result.say('progress', 'Loading the recording …');
    const address = this.getAttribute('recording') ?? '';
    try {
      const response = await fetch(address);
      if (!response.ok) throw new Error(`recording: ${address}: ${response.status}`);
      const recording = parseRecording(await response.text());
      if (generation !== this.#generation) return;
      this.#recording = recording;
      this.#showRecording(recording);
      this.#views.setModel(createReplay(recording).model);
      this.#result.say('hint', 'Replay shows the run as it was recorded.');
      this.#setState('ready');
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#views.setModel(null);
      this.#showFailure(error);
    }
    frameLoop.wake();
  }

  async #load() {
    const generation = ++this.#generation;
    this.#clear();
    this.#recording = null;
    this.#setState('loading');
    this.#result.say('progress', 'Starting the engine …');
    this.#panel.showListing();
    try {
      this.#engine = null;
      const engine = await this.#liveEngine();
      if (generation !== this.#generation) return;
      const name = this.getAttribute('program') ?? '';
      const schema = engine.programs.find((program) => program.name === name);
      if (!schema) {
        const names = engine.programs.map((program) => program.name).join(', ');
        throw new Error(`program: “${name}” is not known; choose one of ${names}`);
      }
      this.#panel.open(schema, engine);
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#panel.close();
      this.#views.setModel(null);
      this.#showFailure(error);
      return;
    }
    this.#preset();
  }

  /** The settings were taken from the attributes. */
  #preset() {
    this.#replan();
    this.#tell('dag-demo-change');
  }

  /** A control was moved. */
  #changed() {
    clearTimeout(this.#replanTimer);
    this.#replanTimer = setTimeout(() => this.#replan(), REPLAN_AFTER_MS);
    this.#tell('dag-demo-change');
  }

  /** Draws the graph that a run would execute. One plan at a time, the newest settings last. */
  async #replan() {
    if (this.#planning) {
      this.#planStale = true;
      return;
    }
    const { schema, settings } = this.#panel;
    if (!schema || !settings || this.#recording || this.#state === 'running') return;
    this.#clear();
    const generation = ++this.#generation;
    this.#planning = true;
    this.#planStale = false;
    try {
      const engine = await this.#liveEngine();
      const graph = await engine.plan(schema.name, settings.params, settings.seed);
      if (generation !== this.#generation) return;
      this.#views.openPicture(schema.result, settings.params);
      this.#views.setModel(
        createRunModel(graph, settings.scheduler === 'sync' ? 1 : settings.workers),
      );
      this.#result.say('hint', schema.summary);
      this.#setState('ready');
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#views.setModel(null);
      this.#showFailure(error);
    } finally {
      this.#planning = false;
      frameLoop.wake();
      if (this.#planStale) this.#replan();
    }
  }

  /** @param {DemoState} state */
  #setState(state) {
    if (state !== 'running') clearTimeout(this.#stuckTimer);
    this.#state = state;
    const { root, banner, recorded } = this.#parts;
    const recording = this.#recording;
    root.dataset.state = state;
    root.toggleAttribute('data-recorded', recording !== null);
    banner.hidden = recording === null;
    recorded.hidden = recording === null;
    const disabled = state === 'running' || state === 'loading';
    this.#panel.setState({ hidden: recording !== null, disabled });
    this.#showButtons();
    this.#tell('dag-demo-state');
  }

  #showButtons() {
    const { run, reset } = this.#parts;
    const running = this.#state === 'running';
    run.textContent = this.#recording ? 'Replay' : 'Run';
    if (running) run.textContent = 'Cancel';
    if (this.#state === 'replaying') run.textContent = 'To the end';
    run.classList.toggle('cancel', running);
    run.disabled = this.#state === 'loading';
    const close = this.#recording && !this.hasAttribute('recording');
    reset.textContent = close ? 'Close the recording' : 'Reset';
    reset.disabled = this.#state === 'loading';
  }

  /** What is beside the views of a recording. @param {Recording} recording */
  #showRecording(recording) {
    const { banner, notice, listing, recorded } = this.#parts;
    const mark = document.createElement('strong');
    mark.textContent = 'Recorded run';
    const words = ` of dagdeck ${recording.version}: played as it happened, nothing is computed.`;
    banner.replaceChildren(mark, words);
    notice.hidden = true;
    this.#views.openPicture(recording.result, recording.params);
    showListing(listing, recording.program, settingsOfRecording(recording));
    showRecordedSettings(recorded, recording);
  }

  /** @param {unknown} error */
  #showFailure(error) {
    this.#result.withdraw();
    if (error instanceof DOMException && error.name === 'AbortError') {
      this.#result.say('hint', 'Cancelled.');
      this.#setState('cancelled');
      return;
    }
    if (error instanceof EngineError && this.#restarting) {
      this.#result.say('hint', 'Cancelled: the engine was restarted.');
      this.#setState('cancelled');
      return;
    }
    this.#result.say('error', error instanceof Error ? error.message : String(error));
    if (error instanceof EngineError && !error.restarted) {
      this.#result.offer('', RESTART, () => this.#restart());
    }
    this.#setState('failed');
  }

  /** @param {string} type */
  #tell(type) {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail: this.settings }));
  }
}

customElements.define('dag-demo', DagDemo);
