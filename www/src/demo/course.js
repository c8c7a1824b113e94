/*
 * The course of a demo: from its program or recording to what is shown of it, and which state that is.
 * It runs, cancels, replays, plans, and says what went wrong; what there is to see is others' work. It
 * knows nothing of the page: the element (dag-demo.js) says when it is seen and when it leaves.
 */
import { EngineError } from '../engine/client.js';
import { restartEngine } from '../engine/shared.js';
import { frameLoop } from '../views/frame-loop.js';
import { Comparison } from './comparison.js';
import { failureOf, messageOf } from './failure.js';
import { startLiveRun } from './live-run.js';
import { Planner } from './planner.js';
import { ProgramEngine, programOf } from './program-engine.js';
import { RecordedCourse } from './recorded-course.js';
import { RecordingSource } from './recording-source.js';
import { createResult } from './result.js';
import { flatten } from './settings.js';
import { SettingsPanel } from './settings-panel.js';
import { showState } from './state-panel.js';
import { LimitError, within } from './time-limit.js';

/** @import { Outcome } from '../engine/protocol.js' */
/** @import { Recording } from '../model/recording.js' */
/** @import { LiveRun } from './live-run.js' */
/** @import { Parts } from './parts.js' */
/** @import { createViewsPanel } from './views-panel.js' */

/**
 * loading: no engine or recording yet; ready: a graph is drawn, nothing has run; replaying and
 * replayed: a recording is shown; the others: how the last run went, or (failed) why there is no graph.
 *
 * @typedef {'loading' | 'ready' | 'running' | 'finished' | 'cancelled' | 'failed' | 'replaying'
 *   | 'replayed'} DemoState
 */

/** How long a cancelled run may go on before the engine counts as stuck. */
const STUCK_AFTER_MS = 2000;

const RESTART = 'Restart the engine';

export class Course {
  #host;
  #parts;
  #views;
  #panel;
  #source;
  /** The recording that is shown in place of the program. */
  #recorded;
  #result = createResult();
  #comparison = new Comparison();
  #planner = new Planner(() => this.#plan());
  #engine = new ProgramEngine();
  /** The run that is drawn. @type {LiveRun | null} */
  #run = null;
  /** Counts what has begun: an answer to something older is stale. */
  #begun = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stuckTimer;
  /** Whether the run was cancelled, perhaps while it waited for an engine. */
  #cancelled = false;
  /** Whether this demo has had the engine restarted under its own run. */
  #restarting = false;
  /** @type {Promise<void> | null} */
  #loading = null;
  /** @type {DemoState} */
  #state = 'loading';

  /**
   * @param {Element} host whose attributes say what there is, and which tells what happens
   * @param {Parts} parts
   * @param {ReturnType<typeof createViewsPanel>} views
   */
  constructor(host, parts, views) {
    this.#host = host;
    this.#parts = parts;
    this.#views = views;
    this.#panel = new SettingsPanel(parts, host, () => this.#changed());
    this.#source = new RecordingSource(host);
    this.#recorded = new RecordedCourse({
      parts,
      views,
      result: this.#result,
      turn: () => this.#turn(),
      setState: (state) => this.#setState(state),
      showFailure: (error) => this.#showFailure(error),
    });
    parts.resultPlace.replaceWith(this.#result.element);
  }

  get state() {
    return this.#state;
  }

  get settings() {
    return this.#panel.values;
  }

  get recorded() {
    return this.#recording !== null || this.#source.wanted;
  }

  get active() {
    return this.#state === 'running' || this.#state === 'replaying';
  }

  get hasRecording() {
    return this.#recording !== null || (this.#run?.over() ?? false);
  }

  get recording() {
    return this.#recording ?? this.#run?.recording() ?? null;
  }

  /** What is drawn frame by frame. */
  get shown() {
    return this.#recorded.replay ?? this.#run;
  }

  /** Before anything is loaded. */
  open() {
    this.#panel.showListing();
    this.#setState('loading');
  }

  /** Begins, unless that was done: perhaps it was started before it was seen. */
  seen() {
    if (this.#state === 'loading' && !this.#loading) this.#begin();
  }

  /** Lets go of all; what is on its way is stale. */
  leave() {
    this.#turn();
    this.#loading = null;
  }

  /**
   * Follows changed attributes.
   *
   * @param {string[]} names
   */
  follow(names) {
    if (names.some((name) => ['program', 'controls', 'recording'].includes(name))) this.#begin();
    else if (names.includes('fallback')) this.#showButtons();
    else if (!this.#recording && this.#panel.read(names)) this.#preset();
  }

  async start() {
    this.#cancelled = false;
    if (this.#state === 'loading') await (this.#loading ?? this.#begin());
    if (this.#cancelled) throw new DOMException('the run was cancelled', 'AbortError');
    if (this.#recording) await this.replay(this.#recording);
    else await this.run();
  }

  /** @param {boolean} wanted */
  showRecorded(wanted) {
    this.#source.wanted = wanted;
    // What has not been seen yet begins when it is.
    if (this.#state !== 'loading' || this.#loading) this.#begin();
  }

  /** @returns {Promise<Outcome>} */
  async run() {
    if (!this.#panel.schema || this.#recording) await this.#keep(this.#load());
    if (this.#state === 'running') throw new Error('a run is under way: cancel it first');
    const { settings, schema } = this.#panel;
    if (!settings || !schema) throw new Error('there is no program to run');
    const newest = this.#turn();
    this.#cancelled = false;
    this.#setState('running');
    this.#result.say('progress', 'Running …');
    const values = flatten(settings);
    this.#views.compare(this.#comparison.textFor(values));
    try {
      const engine = await this.#engine.live();
      if (!newest() || this.#cancelled) {
        throw new DOMException('the run was cancelled', 'AbortError');
      }
      const { result } = schema;
      this.#views.openPicture(result, settings.params);
      const run = startLiveRun(engine, schema, settings, {
        graph: this.#engine.graphOf(schema, settings),
        onBlocks: (blocks) => newest() && this.#views.putBlocks(blocks),
        onSettled: () =>
          this.#result.say('progress', 'All tasks are done. Collecting the result …'),
      });
      this.#run = run;
      this.#tell('dag-demo-run');
      const model = await run.started;
      if (newest()) {
        this.#views.setModel(model);
        frameLoop.wake();
      }
      const outcome = await within(this.#limit, 'the run', run.finished);
      if (newest()) {
        this.#result.show(outcome, result);
        this.#views.showValue(outcome);
        this.#comparison.remember(values, outcome.makespanMs);
        this.#setState('finished');
      }
      return outcome;
    } catch (error) {
      if (error instanceof LimitError) this.#run?.cancel();
      if (newest()) {
        this.#showFailure(error);
        this.#recover(error);
      }
      throw error;
    } finally {
      if (newest()) {
        this.#restarting = false;
        frameLoop.wake();
        this.#tell('dag-demo-end');
      }
    }
  }

  cancel() {
    this.#cancelled = true;
    this.#recorded.replay?.cancel();
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

  /** @param {Recording} recording */
  replay(recording) {
    return this.#recorded.play(recording);
  }

  reset() {
    this.#source.wanted = false;
    this.#comparison.forget();
    const live = !this.#recording && this.#panel.read(null);
    this.#turn();
    if (live) this.#preset();
    else this.#begin();
  }

  get #recording() {
    return this.#recorded.recording;
  }

  /**
   * Lets go of what is shown, for something new.
   *
   * @returns {() => boolean} whether nothing newer has begun since
   */
  #turn() {
    const turn = ++this.#begun;
    clearTimeout(this.#stuckTimer);
    this.#planner.stop();
    this.#run?.dispose();
    this.#run = null;
    this.#recorded.clear();
    this.#result.withdraw();
    return () => turn === this.#begun;
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
    else if (!running) await this.#planner.now();
  }

  /** Gets the engine, and reads what the program is; or the recording that is to be shown. */
  #begin() {
    const { address } = this.#source;
    return this.#keep(address === null ? this.#load() : this.#recorded.load(address));
  }

  /**
   * Keeps in mind what is loading.
   *
   * @param {Promise<void>} loading
   */
  #keep(loading) {
    const followed = loading.finally(() => {
      if (this.#loading === followed) this.#loading = null;
    });
    this.#loading = followed;
    return followed;
  }

  async #load() {
    const newest = this.#turn();
    this.#recorded.recording = null;
    this.#comparison.forget();
    this.#setState('loading');
    this.#result.say('progress', 'Starting the engine …');
    this.#panel.showListing();
    try {
      this.#engine.forget();
      const engine = await within(this.#limit, 'starting the engine', this.#engine.live());
      if (!newest()) return;
      const schema = programOf(engine, this.#host.getAttribute('program') ?? '');
      this.#panel.open(schema, engine);
    } catch (error) {
      if (!newest()) return;
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
    const begun = this.#begun;
    const recording = await this.#source.standIn();
    if (begun !== this.#begun || !recording) return null;
    this.#turn();
    this.#recorded.open(recording, messageOf(error));
    return recording;
  }

  /** The settings were taken from the attributes. */
  #preset() {
    this.#planner.now();
    this.#tell('dag-demo-change');
  }

  /** A control was moved. */
  #changed() {
    this.#planner.soon();
    this.#tell('dag-demo-change');
  }

  /** Draws the graph that a run would execute. */
  async #plan() {
    const { schema, settings } = this.#panel;
    if (!schema || !settings || this.#recording || this.#state === 'running') return;
    const newest = this.#turn();
    try {
      const model = await this.#engine.planned(schema, settings);
      if (!newest()) return;
      this.#views.openPicture(schema.result, settings.params);
      this.#views.compare(this.#comparison.textFor(flatten(settings)));
      this.#views.setModel(model);
      this.#result.say('hint', schema.summary);
      this.#setState('ready');
    } catch (error) {
      if (!newest()) return;
      this.#views.setModel(null);
      this.#showFailure(error);
    } finally {
      frameLoop.wake();
    }
  }

  /** @param {DemoState} state */
  #setState(state) {
    if (state !== 'running') clearTimeout(this.#stuckTimer);
    this.#state = state;
    const disabled = state === 'running' || state === 'loading';
    this.#panel.setState({ hidden: this.#recording !== null, disabled });
    this.#showButtons();
    this.#tell('dag-demo-state');
  }

  /** Shows what can be done. */
  #showButtons() {
    const recorded = this.#recording !== null;
    showState(this.#parts, {
      state: this.#state,
      recorded,
      closes: recorded && !this.#host.hasAttribute('recording'),
      choosable: this.#source.hasFallback && !this.#host.hasAttribute('preview'),
    });
  }

  /** @param {unknown} error */
  #showFailure(error) {
    const { state, kind, text, restart } = failureOf(error, this.#restarting);
    this.#result.withdraw();
    this.#result.say(kind, text);
    if (restart) this.#result.offer('', RESTART, () => this.#restart());
    this.#setState(state);
  }

  /** @param {string} type */
  #tell(type) {
    this.#host.dispatchEvent(new CustomEvent(type, { bubbles: true, detail: this.settings }));
  }
}
