/*
 * The page's engine as a demo needs it: fetched when it is first used, and again after it was lost; what
 * a program is, and the graph that a run of it would execute.
 */
import { sharedEngine } from '../engine/shared.js';
import { createRunModel } from '../model/run.js';

/** @import { Engine } from '../engine/client.js' */
/** @import { ProgramSchema } from '../engine/protocol.js' */
/** @import { RunModel } from '../model/run.js' */
/** @import { Settings } from './settings.js' */

export class ProgramEngine {
  /** @type {Engine | null} */
  #engine = null;

  /** @returns {Promise<Engine>} */
  async live() {
    if (!this.#engine || this.#engine.lost) this.#engine = await sharedEngine();
    return this.#engine;
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
  async planned({ name }, { params, seed, scheduler, workers }) {
    const engine = await this.live();
    const graph = await engine.plan(name, params, seed);
    return createRunModel(graph, scheduler === 'sync' ? 1 : workers);
  }
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
