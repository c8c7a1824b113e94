/*
 * The page's engine as a demo needs it. It is fetched when it is first used, and again after it was lost. It also
 * gives the graph that a run would execute.
 */
import { EngineError } from '../engine/client.js';
import { workersOf } from '../engine/schedulers.js';
import { createRunModel } from '../model/run.js';
import { coresReported } from './cores.js';

/** @import { Engine } from '../engine/client.js' */
/** @import { GraphData } from '../engine/protocol.js' */
/** @import { RunModel } from '../model/run.js' */
/** @import { Settings } from './settings.js' */
/** @import { Subject } from './subject.js' */

/**
 * The one engine of the page (engine/shared.js).
 *
 * @typedef {{ engine: () => Promise<Engine>, restart: () => Promise<unknown> }} SharedEngine
 */

export class ProgramEngine {
  /** @type {Engine | null} */
  #engine = null;
  #shared;

  /** The last graph that was planned, and what it was made from. @type {{ of: string, graph: GraphData } | null} */
  #planned = null;

  /** @param {SharedEngine} shared */
  constructor(shared) {
    this.#shared = shared;
  }

  /** @returns {Promise<Engine>} */
  async live() {
    if (!this.#engine || this.#engine.lost) this.#engine = await this.#shared.engine();
    return this.#engine;
  }

  /** Replaces the page's engine by a new one. */
  async restart() {
    await this.#shared.restart();
  }

  /** Asks the page for its engine again at the next use. */
  forget() {
    this.#engine = null;
  }

  /**
   * @param {Subject} subject
   * @param {Settings} settings
   * @returns {Promise<RunModel>} of a graph that has not run
   */
  async planned(subject, settings) {
    const { params, seed, scheduler, workers } = settings;
    const work = subject.work(params);
    const engine = await this.live();
    const graph = await engine.planOf(work, seed).catch(async (error) => {
      // An engine may be dead without the page knowing it yet. A graph can be asked for again.
      if (!(error instanceof EngineError)) throw error;
      return (await this.live()).planOf(work, seed);
    });
    this.#planned = { of: graphName(subject, settings), graph };
    const model = createRunModel(graph, workersOf(engine.schedulers, scheduler, workers));
    model.cores = coresReported();
    return model;
  }

  /**
   * Returns the graph of these settings, if it was the last one planned.
   *
   * @param {Subject} subject
   * @param {Settings} settings
   */
  graphOf(subject, settings) {
    return this.#planned?.of === graphName(subject, settings) ? this.#planned.graph : null;
  }
}

/**
 * Returns what a graph is made from, as text.
 *
 * @param {Subject} subject
 * @param {Settings} settings
 */
function graphName({ id }, { params, seed }) {
  return JSON.stringify([id, params, seed]);
}
