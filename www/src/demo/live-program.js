/*
 * The program of a demo, live: its graph, its run and what came of it. It does what player.js asks for, and
 * knows no states.
 */
import { Comparison } from './comparison.js';
import { cancelledError } from './failure.js';
import { startLiveRun } from './live-run.js';
import {
  hasSpeedUp,
  isWarm,
  measureOneWorker,
  oneWorkerMs,
  rememberOneWorker,
} from './one-worker.js';
import { peersOf } from './peers.js';
import { flatten } from './settings.js';
import { startRun } from './start-run.js';
import { subjectOf } from './subject.js';
import { LimitError, within } from './time-limit.js';

/** @import { Engine } from '../engine/client.js' */
/** @import { RunModel } from '../model/run.js' */
/** @import { FinishedRun } from './finished-run.js' */
/** @import { Job } from './jobs.js' */
/** @import { LiveRun } from './live-run.js' */
/** @import { ProgramEngine } from './program-engine.js' */
/** @import { Settings } from './settings.js' */
/** @import { Stage } from './stage.js' */
/** @import { Subject } from './subject.js' */

const RUNNING = 'Running …';

const NO_NODE = 'Waiting for a node …';

/** @typedef {{ subject: Subject, settings: Settings }} Prepared */
/** @typedef {Prepared & { model: RunModel }} Planned nothing of it has run */

/**
 * @typedef {Object} RunRequest
 * @property {number} seconds how long the run may take
 * @property {() => boolean} wanted whether the run, which waits for the engine, is still wanted
 * @property {() => void} onRun the run is sent to the engine
 * @property {(model: RunModel) => void} onStarted
 */

export class LiveProgram {
  /** The run that is drawn. @type {LiveRun | null} */
  run = null;
  /** The run with its outcome, once it has finished. @type {FinishedRun | null} */
  finished = null;
  #stage;
  #engine;
  #comparison = new Comparison();
  /** What the demo runs; null before it is known. @type {Subject | null} */
  #subject = null;

  /**
   * @param {Stage} stage
   * @param {ProgramEngine} engine
   */
  constructor(stage, engine) {
    this.#stage = stage;
    this.#engine = engine;
  }

  /**
   * Gets the engine, and reads what the demo runs.
   *
   * @param {Element} host whose attributes say it
   * @param {number} seconds how long the engine may take to start
   * @param {Job} job
   */
  async open(host, seconds, { signal }) {
    const { panel, result } = this.#stage;
    this.forget();
    result.say('progress', 'Starting the engine …');
    panel.showListing();
    this.#engine.forget();
    const engine = await within(seconds, 'starting the engine', this.#engine.live());
    if (signal.aborted) return;
    this.#subject = subjectOf(engine, host);
    panel.open(this.#subject, engine);
  }

  /** There is no program to run. */
  close() {
    this.#subject = null;
    this.#stage.panel.close();
    this.#stage.views.clear();
  }

  /** Forgets the run that the next one would be compared with. */
  forget() {
    this.#comparison.forget();
  }

  /** @returns {Promise<Planned>} the graph that a run would execute */
  async plan() {
    const { subject, settings } = this.#prepared();
    try {
      const model = await this.#engine.planned(subject, settings);
      return { subject, settings, model };
    } catch (error) {
      throw subject.refused(error);
    }
  }

  /** @param {Planned} planned */
  draw({ subject, settings, model }) {
    const { views, result } = this.#stage;
    views.openPicture(subject.result, settings.params);
    views.compare(this.#comparison.textFor(flatten(settings)));
    views.setModel(model);
    result.say('hint', subject.summary);
  }

  /**
   * @param {RunRequest} request
   * @returns {Promise<FinishedRun>} rejects when the run fails or is cancelled
   */
  async start({ seconds, wanted, onRun, onStarted }) {
    const { views, result } = this.#stage;
    const { subject, settings } = this.#prepared();
    const values = flatten(settings);
    result.say('progress', RUNNING);
    views.compare(this.#comparison.textFor(values));
    const started = startRun(
      () => this.#engine.live(),
      (engine) => {
        if (!wanted()) throw cancelledError();
        if (!this.run) {
          views.openPicture(subject.result, settings.params);
          onRun();
        }
        this.run = this.#startOn(engine, subject, settings);
        return this.run;
      },
    );
    const ended = started.then(async (run) => {
      onStarted(await run.started);
      return { engine: run.engine, outcome: await run.ended };
    });
    try {
      const { engine, outcome } = await within(seconds, 'the run', ended);
      this.#comparison.remember(values, outcome.makespanMs);
      const warm = isWarm(engine, subject.id);
      if (hasSpeedUp(subject, settings)) rememberOneWorker(engine, subject.id, settings, outcome);
      return { subject, settings, outcome, warm };
    } catch (error) {
      if (error instanceof LimitError) this.run?.cancel();
      throw error;
    }
  }

  /**
   * Runs the finished run once more with one worker.
   *
   * @param {Job} job
   */
  async measure({ cancel }) {
    if (!this.finished) return;
    const { subject, settings } = this.finished;
    this.#stage.result.say('progress', 'Running the same with one worker …');
    await measureOneWorker(() => this.#engine.live(), subject, settings, cancel);
  }

  /**
   * Shows a run with its outcome, next to what is known of others.
   *
   * @param {FinishedRun} finished
   */
  show(finished) {
    const { subject, settings, outcome } = finished;
    this.finished = finished;
    this.#stage.result.show(outcome, subject.result);
    this.#stage.views.setBeside({
      oneWorkerMs: hasSpeedUp(subject, settings) ? oneWorkerMs(subject.id, settings) : undefined,
      peers: peersOf(subject.name, settings, outcome),
    });
  }

  /** Lets go of the run. */
  drop() {
    if (this.run) this.#stage.showNodes(null);
    this.run?.dispose();
    this.run = null;
    this.finished = null;
  }

  /** @returns {Prepared} */
  #prepared() {
    const { settings } = this.#stage.panel;
    if (!this.#subject || !settings) throw new Error('there is no program to run');
    return { subject: this.#subject, settings };
  }

  /**
   * @param {Engine} engine
   * @param {Subject} subject
   * @param {Settings} settings
   */
  #startOn(engine, subject, settings) {
    const { views, result } = this.#stage;
    let hasNode = true;
    const run = startLiveRun(engine, subject, settings, {
      graph: this.#engine.graphOf(subject, settings),
      onBlocks: (blocks) => {
        if (this.run === run) views.putBlocks(blocks);
      },
      onNodes: (places, lastDeath) => {
        if (this.run !== run || run.over()) return;
        const { addNode: add, killNode: kill } = run;
        this.#stage.showNodes({ places, lastDeath, add, kill });
        const had = hasNode;
        hasNode = places.length > 0;
        if (hasNode !== had) result.say('progress', hasNode ? RUNNING : NO_NODE);
      },
      onSettled: () => result.say('progress', 'All tasks are done. Collecting the result …'),
    });
    const hide = () => {
      if (this.run === run) this.#stage.showNodes(null);
    };
    run.ended.then(hide, hide);
    return run;
  }
}
