/*
 * Plays what a demo has: its program, run live, or a recording. It sends events to the table of transitions.js,
 * and does what the table says. Drawing is the work of other files. The engine, the frame loop and the parts of
 * the page come from outside; the time comes with the frames.
 *
 * One thing is done at a time. To begin another is to abort the job before it, and the answers to an aborted
 * job are ignored.
 */
import { EngineError } from '../engine/client.js';
import { cancelledError, failureOf, messageOf } from './failure.js';
import { Jobs } from './jobs.js';
import { LiveAside } from './live-aside.js';
import { LiveProgram } from './live-program.js';
import { Loading } from './loading.js';
import { Machine } from './machine.js';
import { Planner } from './planner.js';
import { RecordedRun } from './recorded-run.js';
import { RecordingChoice } from './recording-choice.js';
import { RestartOffer } from './restart-offer.js';
import { SlowReplay } from './slow-replay.js';
import { SUBJECTS } from './subject.js';
import { demoStates } from './transitions.js';

/** @import { Outcome } from '../engine/protocol.js' */
/** @import { Recording } from '../model/recording.js' */
/** @import { RunSource } from '../model/run-source.js' */
/** @import { Job } from './jobs.js' */
/** @import { ProgramEngine } from './program-engine.js' */
/** @import { Stage } from './stage.js' */
/** @import { Effects } from './machine.js' */
/** @import { DemoEvent, State } from './transitions.js' */

/**
 * @typedef {Object} Surroundings
 * @property {Element} host whose attributes say what there is to play, and which tells what happens
 * @property {Stage} stage
 * @property {ProgramEngine} engine
 * @property {{ wake: () => void }} loop is woken when there is something new to draw
 * @property {(from: State, event: DemoEvent, to: State) => void} [onTransition] for tests
 */

export class Player {
  #host;
  #stage;
  #machine;
  #choice;
  #program;
  #recorded;
  #jobs = new Jobs();
  #planner = new Planner(async () => this.#ask('plan'));
  #restart;
  /** The live run, while a recording that the user asked for is in its place. @type {LiveAside | null} */
  #aside = null;
  /** @type {SlowReplay | null} */
  #slow = null;
  #loading = new Loading();
  /** Whether a start waits until the program or the recording is loaded. */
  #waiting = false;
  /** Whether the user has cancelled what was started last. */
  #cancelled = false;
  /** What the demo has told of itself. */
  #told = '';

  /** @param {Surroundings} surroundings */
  constructor({ host, stage, engine, loop, onTransition = () => {} }) {
    this.#host = host;
    this.#stage = stage;
    this.#machine = new Machine({
      effects: this.#effects,
      back: () => this.#slow?.state ?? this.#aside?.state ?? 'idle',
      onTransition: (from, event, to) => {
        this.#showState();
        loop.wake();
        onTransition(from, event, to);
      },
    });
    this.#choice = new RecordingChoice(host, () => this.settings?.scheduler);
    this.#program = new LiveProgram(stage, engine);
    this.#recorded = new RecordedRun(stage);
    this.#restart = new RestartOffer(stage.result, {
      restart: () => engine.restart(),
      running: () => this.state === 'running',
      onFailed: (error) => this.#say(error),
      onRestarted: async (wasRunning) => {
        if (!this.#stage.panel.schema) await this.#begin();
        else if (!wasRunning) await this.#planner.now();
      },
    });
  }

  get state() {
    return demoStates[this.#state];
  }

  get settings() {
    return this.#stage.panel.values;
  }

  get recorded() {
    return this.#recording !== null || this.#choice.wanted;
  }

  get active() {
    return this.state === 'running' || this.state === 'replaying' || this.#waiting;
  }

  get hasRecording() {
    return this.#recording !== null || (this.#program.run?.over() ?? false);
  }

  get recording() {
    return this.#recording ?? this.#program.run?.recording() ?? null;
  }

  /** The source of the run that is drawn. @returns {RunSource | null} */
  get source() {
    return this.#slow?.source ?? this.#recorded.source ?? this.#program.run;
  }

  /** The demo is on the page. */
  open() {
    this.#stage.panel.showListing();
    this.#showState();
  }

  /** The demo can be seen. It may have been started before. */
  seen() {
    if (this.#state === 'idle') this.#begin();
  }

  /** The demo leaves the page. */
  leave() {
    this.#dropAside();
    this.#ask('leave');
    this.#loading.forget();
  }

  /**
   * Follows changed attributes.
   *
   * @param {string[]} names
   */
  follow(names) {
    const { panel } = this.#stage;
    if (names.some((name) => [...SUBJECTS, 'controls', 'recording'].includes(name))) {
      this.#dropAside();
      // A demo that has not been seen reads its attributes when it is.
      if (this.#state === 'idle') panel.showListing();
      else this.#begin();
    } else if (names.some((name) => name.startsWith('fallback'))) this.#showState();
    else if (names.includes('lines') && !this.#recording) panel.showListing();
    else if (this.#aside) this.#aside.changes.push(...names);
    else if (!this.#recording && panel.read(names)) this.#presetsRead();
  }

  /** A control was moved. */
  changed() {
    this.#planner.soon();
    this.#tell('dag-demo-change');
  }

  /** @param {AbortSignal} [signal] takes the start back while it waits for the demo to load */
  async start(signal) {
    this.#cancelled = false;
    const needsRecording = this.#choice.url !== null && !this.#recording;
    if (this.#state === 'idle' || this.#loading.busy || needsRecording) {
      this.#waiting = true;
      try {
        if (!this.#loading.busy) this.#begin();
        await this.#loading.over();
      } finally {
        this.#waiting = false;
      }
      if (needsRecording && !this.#recording) {
        throw new Error('the recording could not be loaded');
      }
    }
    if (this.#cancelled || signal?.aborted) throw cancelledError();
    if (this.#recording) await this.replay(this.#recording);
    else await this.run();
  }

  /** @returns {Promise<Outcome>} */
  async run() {
    this.#endSlowMotion();
    const known = this.#stage.panel.schema !== null && this.#state !== 'opening';
    if (!known || (this.#recording && !this.#takeBack())) {
      if (this.#state !== 'opening') this.#machine.send('open');
      await this.#loading.over();
    }
    if (this.state === 'running') throw new Error('a run is under way: cancel it first');
    if (!this.#machine.can('run')) throw new Error('there is no program to run');
    this.#cancelled = false;
    return this.#machine.send('run');
  }

  cancel() {
    this.#cancelled = true;
    this.#machine.send('cancel');
  }

  /** @param {Recording} recording */
  async replay(recording) {
    await this.#ask('play', recording);
  }

  /** Replays what has run in slow motion; then its end is shown again. A second call ends that. */
  async slowMotion() {
    if (this.#state === 'slow' || this.hasRecording) await this.#machine.send('slowMotion');
  }

  /**
   * Runs the program of the finished run once more with one worker, for its speed-up; and, if that was
   * the first run of the program, the finished run as well.
   */
  async measureOneWorker() {
    if (this.#program.finished) await this.#machine.send('measure');
  }

  reset() {
    // Closing a recording that the user asked for must not lose the live run.
    if (this.#aside) {
      this.showRecorded(false);
      return;
    }
    this.#choice.wanted = false;
    this.#program.forget();
    if (this.#state === 'idle') return;
    const hasProgram =
      this.#machine.can('plan') || this.#machine.can('reset') || this.#slow !== null;
    if (hasProgram && !this.#recording && this.#stage.panel.read(null)) {
      this.#ask('reset');
      this.#presetsRead();
    } else this.#begin();
  }

  /** @param {boolean} wanted whether the recording of `fallback` is wanted in place of the program */
  showRecorded(wanted) {
    const { url } = this.#choice;
    this.#choice.wanted = wanted;
    const standsIn = this.#recording !== null && url === null;
    if (this.#choice.url === url && (wanted || !standsIn)) return;
    if (!wanted && this.#takeBack()) return;
    // A demo that has not been seen yet begins when it is.
    if (this.#state === 'idle') return;
    if (wanted) this.#rest();
    if (wanted && this.#stage.panel.schema && this.#machine.can('setAside')) {
      this.#machine.send('setAside');
    } else this.#begin();
  }

  get #state() {
    return this.#machine.state;
  }

  get #recording() {
    return this.#recorded.recording;
  }

  /** Loads what the attributes name: a recording or a program. */
  #begin() {
    return this.#ask(this.#choice.url === null ? 'open' : 'fetch');
  }

  /** The settings were taken from the attributes. */
  #presetsRead() {
    this.#planner.now();
    this.#tell('dag-demo-change');
  }

  /** @returns {boolean} whether there was a live run to take back */
  #takeBack() {
    if (!this.#aside) return false;
    const { changes, state } = this.#aside;
    this.#ask('takeBack');
    if (this.#stage.panel.read(changes)) this.#presetsRead();
    else if (state === 'ready') this.#planner.now();
    return true;
  }

  /** Ends what is under way, so that the run that is drawn can be put aside. */
  #rest() {
    this.#endSlowMotion();
    if (this.#state === 'measuring') this.#machine.send('measured');
    else if (this.state === 'running') {
      this.#program.drop();
      this.#machine.send('runCancelled', cancelledError());
    }
  }

  #endSlowMotion() {
    if (this.#state === 'slow') this.#machine.send('slowEnded');
  }

  /**
   * Sends an event that ends a slow motion.
   *
   * @param {DemoEvent} event
   * @param {any} [data]
   */
  #ask(event, data) {
    this.#endSlowMotion();
    return this.#machine.send(event, data);
  }

  /** @type {Effects} */
  #effects = {
    open: () => this.#loading.begin(this.#open(this.#drop())),
    refuseProgram: (error) => {
      this.#program.close();
      this.#say(error);
    },
    plan: () => this.#sendOutcome(this.#drop(), this.#program.plan(), 'planned', 'planFailed'),
    drawPlan: (planned) => this.#program.draw(planned),
    refusePlan: (error) => {
      this.#stage.views.clear();
      this.#say(error);
    },

    run: () => this.#run(),
    drawRun: (model) => this.#stage.views.setModel(model),
    showRun: (finished) => {
      this.#stage.views.showValue(finished.outcome);
      this.#program.show(finished);
    },
    showRunFailure: (error, from) => {
      this.#jobs.begin();
      this.#say(error);
      // What is drawn is the graph of other settings.
      if (from === 'starting' && this.#state === 'failed') this.#stage.views.clear();
      this.#restart.underRun = false;
    },
    cancelRun: () => {
      this.#stage.result.say('progress', 'Cancelling …');
      this.#program.run?.cancel();
      this.#restart.whenStuck();
    },
    drop: () => void this.#drop(),

    measure: () => this.#measure(),
    stopMeasuring: () => {
      this.#stage.result.say('progress', 'Cancelling …');
      this.#jobs.cancel(cancelledError());
    },
    showAgain: () => {
      this.#jobs.begin();
      if (this.#program.finished) this.#program.show(this.#program.finished);
    },
    showFailure: (error) => this.#say(error),

    fetch: () => this.#loading.begin(this.#fetch(this.#drop())),
    stopFetching: () => this.#jobs.cancel(cancelledError()),
    place: (recording) => this.#recorded.place(recording, null),
    refuseRecording: ({ kind, text }) => {
      this.#recorded.close();
      this.#stage.views.clear();
      this.#stage.result.say(kind, text);
    },
    standIn: ({ recording, reason }) => {
      this.#drop();
      this.#recorded.place(recording, reason);
    },
    setAside: (_, from) => {
      const { views, result } = this.#stage;
      // What is shown is out of date while a new plan is on its way.
      const state = from === 'opened' || this.#planner.busy ? 'ready' : from;
      const { run, finished } = this.#program;
      this.#aside = new LiveAside(run, state, finished, [views, result]);
      this.#program.run = null;
      return this.#loading.begin(this.#fetch(this.#drop()));
    },
    takeBack: () => {
      const aside = /** @type {LiveAside} */ (this.#aside);
      this.#drop();
      this.#recorded.close();
      this.#aside = null;
      this.#program.run = aside.run;
      this.#stage.panel.show();
      aside.restore();
      if (aside.finished) this.#program.show(aside.finished);
    },
    play: (recording) => {
      const job = this.#drop();
      return this.#sendOutcome(job, this.#recorded.play(recording).ended, 'replayEnded');
    },
    skip: () => this.#recorded.source?.cancel(),
    showReplayed: () => this.#recorded.showEnd(),

    slowMotion: (_, from) => {
      const recording = /** @type {Recording} */ (this.recording);
      this.#slow = new SlowReplay(recording, from, this.#stage.views);
      return this.#sendOutcome(this.#jobs.begin(), this.#slow.source.ended, 'slowEnded');
    },
    skipSlowMotion: () => this.#slow?.source.cancel(),
    endSlowMotion: () => {
      this.#slow?.end();
      this.#slow = null;
    },
  };

  /**
   * Sends what comes of a job, unless it was aborted.
   *
   * @param {Job} job
   * @param {Promise<unknown>} work
   * @param {DemoEvent} done
   * @param {DemoEvent} [failed] if the work can fail
   */
  async #sendOutcome({ signal }, work, done, failed) {
    try {
      const data = await work;
      if (!signal.aborted) this.#machine.send(done, data);
    } catch (error) {
      if (!signal.aborted && failed) this.#machine.send(failed, error);
    }
  }

  /**
   * Lets go of what is shown, and aborts what is being done.
   *
   * @returns {Job} that begins
   */
  #drop() {
    this.#restart.stop();
    this.#planner.stop();
    this.#program.drop();
    this.#recorded.stop();
    this.#stage.result.withdraw();
    return this.#jobs.begin();
  }

  #dropAside() {
    this.#aside?.dispose();
    this.#aside = null;
  }

  /** @param {Job} job */
  async #open(job) {
    this.#dropAside();
    this.#recorded.close();
    try {
      await this.#program.open(this.#host, this.#choice.limit, job);
    } catch (error) {
      if (job.signal.aborted) return;
      this.#machine.send('openFailed', error);
      await this.#findStandIn(error);
      return;
    }
    if (job.signal.aborted) return;
    this.#machine.send('opened');
    this.#presetsRead();
  }

  /** @returns {Promise<Outcome>} */
  async #run() {
    const { signal } = this.#drop();
    this.#choice.wanted = false;
    /** @param {DemoEvent} event @param {unknown} data */
    const end = (event, data) => {
      this.#machine.send(event, data);
      this.#tell('dag-demo-end');
    };
    try {
      const finished = await this.#program.start({
        seconds: this.#limit,
        wanted: () => !signal.aborted && !this.#cancelled,
        onRun: () => this.#tell('dag-demo-run'),
        onStarted: (model) => {
          if (!signal.aborted) this.#machine.send('started', model);
        },
      });
      if (!signal.aborted) end('runFinished', finished);
      return finished.outcome;
    } catch (error) {
      if (!signal.aborted) {
        const { state } = failureOf(error, this.#restart.underRun);
        end(state === 'failed' ? 'runFailed' : 'runCancelled', error);
        if (state === 'failed') this.#recover(error);
      }
      throw error;
    }
  }

  /** How many seconds a run may take. What the user has set has no limit, what was prepared does. */
  get #limit() {
    return this.#stage.panel.changed ? Infinity : this.#choice.limit;
  }

  /**
   * Plays the recording of `fallback` after a run has failed, if it is a recording of the same run.
   *
   * @param {unknown} error
   */
  async #recover(error) {
    if (this.#stage.panel.changed && !(error instanceof EngineError)) return;
    const recording = await this.#findStandIn(error);
    if (recording && !this.#cancelled) await this.replay(recording);
  }

  /**
   * Puts the recording of `fallback` in the place of what has failed, if there is one.
   *
   * @param {unknown} error
   * @returns {Promise<Recording | null>}
   */
  async #findStandIn(error) {
    const { signal } = this.#jobs.begin();
    const recording = await this.#choice.standIn(signal);
    if (signal.aborted || !recording) return null;
    this.#machine.send('standInFound', { recording, reason: messageOf(error) });
    return recording;
  }

  async #measure() {
    const job = this.#jobs.begin();
    try {
      await this.#program.measure(job);
    } catch (error) {
      if (!job.cancel.aborted) {
        this.#machine.send('measureFailed', error);
        return;
      }
    }
    if (job.signal.aborted) return;
    // The run with more workers is still there, unless it was too slow to compare.
    if (this.#program.finished?.warm || job.cancel.aborted) this.#machine.send('measured');
    else await this.#machine.send('measuredFirst').catch(() => {});
  }

  /**
   * Loads the recording that is in the place of the program.
   *
   * @param {Job} job
   */
  async #fetch({ signal, cancel }) {
    const { panel, result } = this.#stage;
    result.say('progress', 'Loading the recording …');
    try {
      const recording = await this.#choice.load(cancel);
      if (!signal.aborted) this.#machine.send('fetched', recording);
    } catch (error) {
      if (signal.aborted) return;
      this.#choice.wanted = false;
      const { state, kind, text } = failureOf(error, false);
      const ended = /[.)]$/.test(text) ? text : `${text}.`;
      const why = state === 'cancelled' ? 'Loading the recording was cancelled.' : ended;
      if (this.#takeBack()) {
        panel.notify(why);
        return;
      }
      const next = this.#choice.url === null ? 'run the program live' : 'try again';
      const words = { kind, text: `${why} Press Run to ${next}.` };
      this.#machine.send(state === 'cancelled' ? 'fetchCancelled' : 'fetchFailed', words);
    }
  }

  /** Says what went wrong. @param {unknown} error */
  #say(error) {
    const { kind, text, restart } = failureOf(error, this.#restart.underRun);
    this.#stage.result.withdraw();
    this.#stage.result.say(kind, text);
    if (restart) this.#restart.show('');
  }

  /** Shows the state, and what can be done in it. */
  #showState() {
    const { panel, views, showState } = this.#stage;
    const { state } = this;
    const recorded = this.#recording !== null;
    if (state !== 'running') this.#restart.stop();
    panel.setState({ hidden: recorded, disabled: state === 'running' || state === 'loading' });
    views.offerSlowMotion(
      this.#machine.can('slowMotion') && this.#state !== 'slow' && this.hasRecording,
    );
    showState({
      state,
      recorded,
      closes: recorded && !this.#host.hasAttribute('recording'),
      choosable: this.#choice.hasFallback && !this.#host.hasAttribute('preview'),
      cancellable: this.#state === 'fetching',
    });
    const now = JSON.stringify([state, recorded, this.hasRecording]);
    if (now === this.#told) return;
    this.#told = now;
    this.#tell('dag-demo-state');
  }

  /** @param {string} type */
  #tell(type) {
    this.#host.dispatchEvent(new CustomEvent(type, { bubbles: true, detail: this.settings }));
  }
}
