/*
 * The page's engine as a demo needs it: fetched when it is first used, and again after it was lost; what
 * a program is, and the graph that a run of it would execute.
 */
import { createRunModel } from '../model/run.js';
import { coresReported } from './cores.js';

/** @import { Engine } from '../engine/client.js' */
/** @import { GraphData, ProgramSchema } from '../engine/protocol.js' */
/** @import { RunModel } from '../model/run.js' */
/** @import { Settings } from './settings.js' */

/**
 * The one engine of the page (engine/shared.js).
 *
 * @typedef {{ engine: () => Promise<Engine>, restart: () => Promise<unknown> }} SharedEngine
 */

export class ProgramEngine {
  /** @type {Engine | null} */
  #engine = null;
  #shared;

  /** The graph that was planned last, and of what. @type {{ of: string, graph: GraphData } | null} */
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

  /** The next use asks the page for its engine anew. */
  forget() {
    this.#engine = null;
  }

  /**
   * @param {ProgramSchema} schema
   * @param {Settings} settings
   * @returns {Promise<RunModel>} nothing of it has run
   */
  async planned({ name }, settings) {
    const { params, seed, scheduler, workers } = settings;
    const engine = await this.live();
    const graph = await engine.plan(name, params, seed);
    this.#planned = { of: graphName(name, settings), graph };
    const model = createRunModel(graph, scheduler === 'sync' ? 1 : workers);
    model.cores = coresReported();
    return model;
  }

  /**
   * The graph of these settings, if it was the last one planned.
   *
   * @param {ProgramSchema} schema
   * @param {Settings} settings
   */
  graphOf({ name }, settings) {
    return this.#planned?.of === graphName(name, settings) ? this.#planned.graph : null;
  }
}

/**
 * What a graph is made from, as text.
 *
 * @param {string} program
 * @param {Settings} settings
 */
function graphName(program, { params, seed }) {
  return JSON.stringify([program, params, seed]);
}

/**
 * @param {Engine} engine
 * @param {string} name
 * @returns {ProgramSchema}
 */
export function programOf({ programs }, name) {
  const schema = programs.find((program) => program.name === name);
  if (schema) return schema;
  const names = programs.map((program) => program.name).join(', ');
  throw new Error(`program: “${name}” is not known; choose one of ${names}`);
}
