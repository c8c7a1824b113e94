/*
 * The course of a demo: from its program or recording to what is shown, and the state of that. It
 * runs, cancels, replays, plans, and reports errors; drawing is the work of other files. It knows
 * nothing of the page: the element (dag-demo.js) says when it is seen and when it leaves.
 */
import { EngineError } from '../engine/client.js';
import { frameLoop } from '../views/frame-loop.js';
import { Comparison } from './comparison.js';
import { failureOf, messageOf } from './failure.js';
import { LiveAside } from './live-aside.js';
import { startLiveRun } from './live-run.js';
import { isWarm, measureOneWorker, oneWorkerMs, rememberOneWorker } from './one-worker.js';
import { peersOf } from './peers.js';
import { Planner } from './planner.js';
import { ProgramEngine, programOf } from './program-engine.js';
import { RecordedCourse } from './recorded-course.js';
import { RecordingSource } from './recording-source.js';
import { RestartOffer } from './restart-offer.js';
import { createResult } from './result.js';
import { flatten } from './settings.js';
import { SettingsPanel } from './settings-panel.js';
import { startRun } from './start-run.js';
import { startReplay } from './replay-run.js';
import { slowMotionFactor, slowMotionText } from './slow-motion.js';
import { showState } from './state-panel.js';
import { LimitError, within } from './time-limit.js';

/** @import { Outcome } from '../engine/protocol.js' */
/** @import { Recording } from '../model/recording.js' */
/** @import { FinishedRun } from './finished-run.js' */
/** @import { LiveRun } from './live-run.js' */
/** @import { Parts } from './parts.js' */
/** @import { ReplayRun } from './replay-run.js' */
/** @import { DemoState } from './state-panel.js' */
/** @import { createViewsPanel } from './views-panel.js' */

/** States in which there is a run to replay. @type {DemoState[]} */
const REPLAYABLE = ['finished', 'replayed', 'cancelled', 'failed'];

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
  /** The live run, while a recording that the user asked for is in its place. @type {LiveAside | null} */
  #aside = null;
  /** What came of it, once it has finished. @type {FinishedRun | null} */
  #finished = null;
  /**
   * A replay of what is shown, in slow motion, and what to show after it.
   *
   * @type {{ replay: ReplayRun, state: DemoState, restore: () => void } | null}
   */
  #slow = null;
  /** Ends a measurement that is under way. */
  #measuring = new AbortController();
  /** Counts what has begun: an answer to something older is stale. */
  #begun = 0;
  /** Aborts what is being fetched for what has begun. */
  #fetching = new AbortController();
  /** Whether a start waits until the demo is loaded. */
  #pending = false;
  /** Whether the run was cancelled, perhaps while it waited for an engine. */
  #cancelled = false;
  #restart = new RestartOffer(this.#result, {
    running: () => this.#state === 'running',
    onFailed: (error) => this.#showFailure(error),
    onRestarted: async (wasRunning) => {
      if (!this.#panel.schema) await this.#begin();
      else if (!wasRunning) await this.#planner.now();
    },
  });
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
      host,
      parts,
      views,
      result: this.#result,
      turn: () => this.#turn(),
      setState: (state) => this.#setState(state),
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
    return this.#state === 'running' || this.#state === 'replaying' || this.#pending;
  }

  get hasRecording() {
    return this.#recording !== null || (this.#run?.over() ?? false);
  }

  get recording() {
    return this.#recording ?? this.#run?.recording() ?? null;
  }

  /** What is drawn frame by frame. */
  get shown() {
    return this.#slow?.replay ?? this.#recorded.replay ?? this.#run;
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
    this.#dropAside();
    this.#loading = null;
  }

  /**
   * Follows changed attributes.
   *
   * @param {string[]} names
   */
  follow(names) {
    if (names.some((name) => ['program', 'controls', 'recording'].includes(name))) {
      this.#dropAside();
      this.#begin();
    } else if (names.includes('fallback')) this.#showButtons();
    else if (names.includes('lines') && !this.#recording) this.#panel.showListing();
    else if (this.#aside) this.#aside.changes.push(...names);
    else if (!this.#recording && this.#panel.read(names)) this.#preset();
  }

  /** @param {AbortSignal} [signal] takes the start back while it waits for the demo to load */
  async start(signal) {
    this.#cancelled = false;
    const loads = this.#source.address !== null && !this.#recording;
    if (this.#state === 'loading' || loads) {
      this.#pending = true;
      try {
        await (this.#loading ?? this.#begin());
      } finally {
        this.#pending = false;
      }
      if (loads && !this.#recording) throw new Error('the recording could not be loaded');
    }
    if (this.#cancelled || signal?.aborted) {
      throw new DOMException('the run was cancelled', 'AbortError');
    }
    if (this.#recording) await this.replay(this.#recording);
    else await this.run();
  }

  /** @param {boolean} wanted */
  showRecorded(wanted) {
    const { address } = this.#source;
    this.#source.wanted = wanted;
    const standsIn = this.#recording !== null && address === null;
    if (this.#source.address === address && (wanted || !standsIn)) return;
    if (wanted) this.#setAside();
    else if (this.#takeBack()) return;
    // A demo that has not been seen yet begins when it is.
    if (this.#state !== 'loading' || this.#loading) this.#begin();
  }

  /** @returns {Promise<Outcome>} */
  async run() {
    if (!this.#panel.schema || (this.#recording && !this.#takeBack())) {
      await this.#keep(this.#load());
    }
    if (this.#state === 'running') throw new Error('a run is under way: cancel it first');
    this.#source.wanted = false;
    const { settings, schema } = this.#panel;
    if (!settings || !schema) throw new Error('there is no program to run');
    const newest = this.#turn();
    this.#cancelled = false;
    this.#setState('running');
    this.#result.say('progress', 'Running …');
    const values = flatten(settings);
    this.#views.compare(this.#comparison.textFor(values));
    let drawn = false;
    try {
      const run = await startRun(
        () => this.#engine.live(),
        (engine) => {
          if (!newest() || this.#cancelled) {
            throw new DOMException('the run was cancelled', 'AbortError');
          }
          if (!this.#run) {
            this.#views.openPicture(schema.result, settings.params);
            this.#tell('dag-demo-run');
          }
          this.#run = startLiveRun(engine, schema, settings, {
            graph: this.#engine.graphOf(schema, settings),
            onBlocks: (blocks) => newest() && this.#views.putBlocks(blocks),
            onSettled: () =>
              this.#result.say('progress', 'All tasks are done. Collecting the result …'),
          });
          return this.#run;
        },
      );
      const model = await run.started;
      if (newest()) {
        drawn = true;
        this.#views.setModel(model);
        frameLoop.wake();
      }
      const outcome = await within(this.#limit, 'the run', run.finished);
      if (newest()) {
        this.#comparison.remember(values, outcome.makespanMs);
        const warm = isWarm(run.engine, schema.name);
        rememberOneWorker(run.engine, schema.name, settings, outcome);
        this.#views.showValue(outcome);
        this.#showFinished({ schema, settings, outcome, warm });
      }
      return outcome;
    } catch (error) {
      if (error instanceof LimitError) this.#run?.cancel();
      if (newest()) {
        this.#showFailure(error);
        // The graph that is drawn may be that of other settings.
        if (this.#state === 'failed' && !drawn) this.#views.clear();
        this.#recover(error);
      }
      throw error;
    } finally {
      if (newest()) {
        this.#restart.underRun = false;
        frameLoop.wake();
        this.#tell('dag-demo-end');
      }
    }
  }

  /**
   * Runs the program of the finished run once more with one worker, for its speed-up; and, if that was
   * the first run of the program, the finished run as well.
   */
  async measureOneWorker() {
    const finished = this.#finished;
    if (this.#state !== 'finished' || !finished) return;
    const { schema, settings } = finished;
    this.#measuring = new AbortController();
    const { signal } = this.#measuring;
    this.#setState('running');
    this.#result.say('progress', 'Running the same with one worker …');
    try {
      await measureOneWorker(() => this.#engine.live(), schema.name, settings, signal);
    } catch (error) {
      if (!signal.aborted) {
        this.#showFailure(error);
        this.#restart.underRun = false;
        return;
      }
    }
    if (finished !== this.#finished) return;
    if (finished.warm || signal.aborted) {
      // The run with more workers is still there.
      this.#showFinished(finished);
    } else {
      this.#state = 'finished';
      await this.run().catch(() => {});
    }
  }

  /** Replays what has run in slow motion; then its end is shown again. */
  async slowMotion() {
    if (this.#slow) {
      this.#slow.replay.cancel();
      return;
    }
    const state = this.#state;
    const recording = REPLAYABLE.includes(state) ? this.recording : null;
    if (!recording) return;
    const factor = slowMotionFactor(recording);
    const slow = { replay: startReplay(recording, factor), state, restore: this.#views.keep() };
    this.#slow = slow;
    this.#views.setModel(slow.replay.model);
    this.#views.showSpeed(slowMotionText(factor));
    this.#setState('replaying');
    frameLoop.wake();
    await slow.replay.finished;
    if (this.#slow !== slow) return;
    this.#endSlowMotion();
    if (this.#finished) this.#showFinished(this.#finished);
    else this.#setState(state);
    frameLoop.wake();
  }

  /** Shows again what the slow motion is a replay of. */
  #endSlowMotion() {
    const slow = this.#slow;
    if (!slow) return;
    this.#slow = null;
    slow.replay.dispose();
    slow.restore();
    this.#views.showSpeed('');
    this.#state = slow.state;
  }

  cancel() {
    this.#cancelled = true;
    this.#measuring.abort();
    this.#slow?.replay.cancel();
    this.#recorded.replay?.cancel();
    this.#run?.cancel();
    this.#restart.stop();
    if (this.#state === 'loading' && this.#source.address !== null) this.#fetching.abort();
    if (this.#state !== 'running') return;
    this.#result.say('progress', 'Cancelling …');
    this.#restart.whenStuck();
  }

  /** @param {Recording} recording */
  replay(recording) {
    return this.#recorded.play(recording);
  }

  reset() {
    // To close a recording that the user asked for is not to lose the live run.
    if (this.#aside) {
      this.showRecorded(false);
      return;
    }
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
    this.#fetching.abort();
    this.#fetching = new AbortController();
    this.#restart.stop();
    this.#planner.stop();
    this.#measuring.abort();
    this.#endSlowMotion();
    this.#run?.dispose();
    this.#run = null;
    this.#finished = null;
    this.#recorded.clear();
    this.#result.withdraw();
    return () => turn === this.#begun;
  }

  /**
   * Shows what came of a run, next to what is known of others.
   *
   * @param {FinishedRun} finished
   */
  #showFinished(finished) {
    const { schema, settings, outcome } = finished;
    this.#finished = finished;
    this.#result.show(outcome, schema.result);
    this.#views.setBeside({
      oneWorkerMs: oneWorkerMs(schema.name, settings),
      peers: peersOf(schema.name, settings, outcome),
    });
    frameLoop.wake();
    this.#setState('finished');
  }

  /** Gets the engine, and reads what the program is; or the recording that is to be shown. */
  #begin() {
    return this.#keep(this.#source.address === null ? this.#load() : this.#loadRecording());
  }

  /** Loads the recording that is in the place of the program. */
  async #loadRecording() {
    const newest = this.#turn();
    this.#setState('loading');
    this.#result.say('progress', 'Loading the recording …');
    try {
      const recording = await this.#source.load(this.#fetching.signal);
      if (newest()) this.#recorded.open(recording, null);
    } catch (error) {
      if (!newest()) return;
      this.#source.wanted = false;
      const { state, kind, text } = failureOf(error, false);
      const ended = /[.)]$/.test(text) ? text : `${text}.`;
      const why = state === 'cancelled' ? 'Loading the recording was cancelled.' : ended;
      if (this.#takeBack()) {
        this.#panel.notify(why);
        return;
      }
      const live = this.#source.address === null;
      this.#views.clear();
      this.#result.say(kind, `${why} Press Run to ${live ? 'run the program live' : 'try again'}.`);
      this.#setState(state);
    }
    frameLoop.wake();
  }

  /** Puts the live run aside, to be taken back. */
  #setAside() {
    if (!this.#panel.schema || this.#recording || this.#loading) return;
    this.#endSlowMotion();
    if (this.#state === 'running' && this.#finished) {
      this.#measuring.abort();
      this.#showFinished(this.#finished);
    } else if (this.#state === 'running') {
      this.#run?.dispose();
      this.#run = null;
      this.#state = 'cancelled';
      this.#result.say('hint', 'Cancelled.');
    }
    // What is shown is out of date while a new plan is on its way.
    if (this.#planner.busy) this.#state = 'ready';
    const shown = [this.#views, this.#result];
    this.#aside = new LiveAside(this.#run, this.#state, this.#finished, shown);
    this.#run = null;
  }

  /** @returns {boolean} whether there was a live run to take back */
  #takeBack() {
    const aside = this.#aside;
    if (!aside) return false;
    this.#turn();
    this.#aside = null;
    this.#recorded.close();
    this.#run = aside.run;
    this.#panel.show();
    aside.restore();
    if (aside.finished) this.#showFinished(aside.finished);
    else this.#setState(aside.state);
    if (this.#panel.read(aside.changes)) this.#preset();
    else if (aside.state === 'ready') this.#planner.now();
    frameLoop.wake();
    return true;
  }

  #dropAside() {
    this.#aside?.dispose();
    this.#aside = null;
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
    this.#dropAside();
    this.#recorded.close();
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
      this.#views.clear();
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
    const recording = await this.#source.standIn(this.#fetching.signal);
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
      this.#views.clear();
      this.#showFailure(error);
    } finally {
      frameLoop.wake();
    }
  }

  /** @param {DemoState} state */
  #setState(state) {
    if (state !== 'running') this.#restart.stop();
    this.#state = state;
    const disabled = state === 'running' || state === 'loading';
    this.#panel.setState({ hidden: this.#recording !== null, disabled });
    this.#showButtons();
    this.#tell('dag-demo-state');
  }

  /** Shows what can be done. */
  #showButtons() {
    const recorded = this.#recording !== null;
    this.#views.offerSlowMotion(REPLAYABLE.includes(this.#state) && this.hasRecording);
    showState(this.#parts, {
      state: this.#state,
      recorded,
      closes: recorded && !this.#host.hasAttribute('recording'),
      choosable: this.#source.hasFallback && !this.#host.hasAttribute('preview'),
      cancellable: this.#state === 'loading' && this.#source.address !== null,
    });
  }

  /** @param {unknown} error */
  #showFailure(error) {
    const { state, kind, text, restart } = failureOf(error, this.#restart.underRun);
    this.#result.withdraw();
    this.#result.say(kind, text);
    if (restart) this.#restart.show('');
    this.#setState(state);
  }

  /** @param {string} type */
  #tell(type) {
    this.#host.dispatchEvent(new CustomEvent(type, { bubbles: true, detail: this.settings }));
  }
}
