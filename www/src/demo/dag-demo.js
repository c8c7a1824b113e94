/*
 * <dag-demo program="array-mean" scheduler="threads" workers="4" n="4000">: one program as a thing
 * to play with: its Python listing, controls, a run, and the views of that run.
 *
 *     +-----------+--------------+
 *     | listing   | graph        |      Attributes preset the controls. A change of an attribute
 *     |           +--------------+      sets its control again; a moved control changes no
 *     | controls  | task stream  |      attribute, so Reset knows where to go back to. A slide shows the
 *     | Run Reset | progress     |      controls that it speaks of: controls="chunk workers"; all there are:
 *     | result    | summary      |      controls="all". Without it a program has the usual ones.
 *     +-----------+--------------+
 *
 * It also plays recordings, without an engine: of the attribute `recording="address"` when Replay is
 * pressed, or of `replay(recording)` at once. It says plainly that it does. `fallback="address"` names
 * one that stands in when the engine does not start, when the run fails, or when it takes longer than
 * `limit` seconds; the reader can also choose it beforehand. What the reader set by hand has no limit.
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
import { fetchRecording } from '../model/recording-file.js';
import { createReplay } from '../model/replay.js';
import { createRunModel } from '../model/run.js';
import { frameLoop } from '../views/frame-loop.js';
import css from './dag-demo.css?inline';
import { Comparison } from './comparison.js';
import { followTheme } from './follow-theme.js';
import { showParameters } from './listing-panel.js';
import { startLiveRun } from './live-run.js';
import { createParts, keepKeys } from './parts.js';
import { showRecordedPanel } from './recorded-panel.js';
import { RecordingSource } from './recording-source.js';
import { startReplay } from './replay-run.js';
import { createResult } from './result.js';
import { flatten } from './settings.js';
import { SettingsPanel } from './settings-panel.js';
import { LimitError, within } from './time-limit.js';
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
  #comparison = new Comparison();
  /** @type {Engine | null} */
  #engine = null;
  /** The run that is drawn. @type {LiveRun | null} */
  #run = null;
  /** The recording that is shown in place of the program. @type {Recording | null} */
  #recording = null;
  /** Why the recording stands in for the live run; null when it was asked for. @type {string | null} */
  #reason = null;
  /** @type {ReplayRun | null} */
  #replay = null;
  #source = new RecordingSource(this);
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
    const { root, run, reset, recordedRun, resultPlace } = this.#parts;
    const shadow = this.attachShadow({ mode: 'open', delegatesFocus: false });
    shadow.adoptedStyleSheets = [sheet];
    resultPlace.replaceWith(this.#result.element);
    root.append(this.#views.element);
    shadow.append(root);
    run.addEventListener('click', () => {
      if (this.active) this.cancel();
      else this.start().catch(() => {});
    });
    reset.addEventListener('click', () => this.reset());
    recordedRun.addEventListener('click', () => this.showRecorded(true));
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
      else if (names.includes('fallback')) this.#showButtons();
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
      // Perhaps it was started before it was seen.
      if (this.#state === 'loading' && !this.#loading) this.#begin();
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

  /** Whether a recording is shown, or will be. */
  get recorded() {
    return this.#recording !== null || this.#source.wanted;
  }

  /** Whether a run or a replay is under way. */
  get active() {
    return this.#state === 'running' || this.#state === 'replaying';
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
   * What the button does: runs the program, or plays the recording that is in its place.
   *
   * @returns {Promise<void>} rejects when a run fails or is cancelled
   */
  async start() {
    this.#cancelled = false;
    if (this.#state === 'loading') await (this.#loading ?? this.#begin());
    if (this.#cancelled) throw new DOMException('the run was cancelled', 'AbortError');
    if (this.#recording) await this.replay(this.#recording);
    else await this.run();
  }

  /**
   * Puts the recording of `fallback` in the place of the program, to be played when it is started; or
   * the program in the place of a recording.
   *
   * @param {boolean} wanted
   */
  showRecorded(wanted) {
    this.#source.wanted = wanted;
    // What has not been seen yet begins when it is.
    if (this.#state !== 'loading' || this.#loading) this.#begin();
  }

  /**
   * Runs the program with the settings that the controls show.
   *
   * @returns {Promise<Outcome>} rejects when the run fails or is cancelled
   */
  async run() {
    if (!this.#panel.schema || this.#recording) await this.#follow(this.#load());
    if (this.#state === 'running') throw new Error('a run is under way: cancel it first');
    const { settings, schema } = this.#panel;
    if (!settings || !schema) throw new Error('there is no program to run');
    const generation = ++this.#generation;
    this.#clear();
    this.#cancelled = false;
    this.#setState('running');
    this.#result.say('progress', 'Running …');
    const values = flatten(settings);
    this.#views.compare(this.#comparison.textFor(values));
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
      const outcome = await within(this.#limit, 'the run', run.finished);
      if (generation === this.#generation) {
        this.#result.show(outcome, result);
        this.#views.showValue(outcome);
        this.#comparison.remember(values, outcome.makespanMs);
        this.#setState('finished');
      }
      return outcome;
    } catch (error) {
      if (error instanceof LimitError) this.#run?.cancel();
      if (generation === this.#generation) {
        this.#showFailure(error);
        this.#recover(error);
      }
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
    this.#place(recording, recording === this.#recording ? this.#reason : null);
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
    this.#source.wanted = false;
    this.#comparison.forget();
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

  /** Gets the engine, and reads what the program is; or the recording that is to be shown. */
  #begin() {
    const { address } = this.#source;
    return this.#follow(address === null ? this.#load() : this.#loadRecording(address));
  }

  /**
   * Keeps in mind what is loading.
   *
   * @param {Promise<void>} loading
   */
  #follow(loading) {
    const followed = loading.finally(() => {
      if (this.#loading === followed) this.#loading = null;
    });
    this.#loading = followed;
    return followed;
  }

  /** @param {string} address */
  async #loadRecording(address) {
    const generation = ++this.#generation;
    this.#clear();
    this.#setState('loading');
    this.#result.say('progress', 'Loading the recording …');
    try {
      const recording = await fetchRecording(address);
      if (generation === this.#generation) this.#open(recording, null);
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
    this.#comparison.forget();
    this.#setState('loading');
    this.#result.say('progress', 'Starting the engine …');
    this.#panel.showListing();
    try {
      this.#engine = null;
      const engine = await within(this.#limit, 'starting the engine', this.#liveEngine());
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
      await this.#standIn(error);
      return;
    }
    this.#preset();
  }

  /** How many seconds may go by: what was prepared has a limit, not what the reader made of it. */
  get #limit() {
    return this.#panel.changed ? Infinity : this.#source.limit;
  }

  /**
   * Plays the recording of `fallback` after a run has failed, if it is a recording of the same run.
   *
   * @param {unknown} error
   */
  async #recover(error) {
    if (this.#state !== 'failed') return;
    if (this.#panel.changed && !(error instanceof EngineError)) return;
    const recording = await this.#standIn(error);
    if (recording && !this.#cancelled) await this.replay(recording);
  }

  /**
   * Puts the recording of `fallback` in the place of what failed, if there is one.
   *
   * @param {unknown} error
   * @returns {Promise<Recording | null>}
   */
  async #standIn(error) {
    const generation = this.#generation;
    const recording = await this.#source.standIn();
    if (generation !== this.#generation || !recording) return null;
    this.#generation++;
    this.#clear();
    this.#open(recording, messageOf(error));
    return recording;
  }

  /**
   * Shows a recording that waits to be played.
   *
   * @param {Recording} recording
   * @param {string | null} reason why it stands in, if it does
   */
  #open(recording, reason) {
    this.#place(recording, reason);
    this.#views.setModel(createReplay(recording).model);
    this.#result.say('hint', 'Replay shows the run as it was recorded.');
    this.#setState('ready');
    frameLoop.wake();
  }

  /**
   * @param {Recording} recording
   * @param {string | null} reason
   */
  #place(recording, reason) {
    this.#recording = recording;
    this.#reason = reason;
    this.#views.compare('');
    this.#views.openPicture(recording.result, recording.params);
    showRecordedPanel(this.#parts, recording, reason);
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
      this.#views.compare(this.#comparison.textFor(flatten(settings)));
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
    const came = root.hasAttribute('data-recorded') !== (recording !== null);
    root.toggleAttribute('data-recorded', recording !== null);
    banner.hidden = recording === null;
    recorded.hidden = recording === null;
    const disabled = state === 'running' || state === 'loading';
    this.#panel.setState({ hidden: recording !== null, disabled });
    this.#showButtons();
    if (came) showParameters(this.#parts.listing);
    this.#tell('dag-demo-state');
  }

  #showButtons() {
    const { run, reset, recordedRun } = this.#parts;
    const running = this.#state === 'running';
    run.textContent = this.#recording ? 'Replay' : 'Run';
    if (running) run.textContent = 'Cancel';
    if (this.#state === 'replaying') run.textContent = 'To the end';
    run.classList.toggle('cancel', running);
    run.disabled = this.#state === 'loading';
    const close = this.#recording && !this.hasAttribute('recording');
    reset.textContent = close ? 'Close the recording' : 'Reset';
    reset.disabled = this.#state === 'loading';
    const choosable = this.#source.hasFallback && !this.hasAttribute('preview');
    recordedRun.hidden = this.#recording !== null || !choosable;
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
    this.#result.say('error', messageOf(error));
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

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

customElements.define('dag-demo', DagDemo);
