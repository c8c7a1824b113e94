/*
 * What a run is given: the program's parameters, and scheduler, workers and seed, which every
 * program has. Read from text (attributes, an address), with a message for each value that cannot
 * be used, and written back as text. It does not know where the text comes from.
 */

/** @import { Parameter, Params, ProgramSchema, Scheduler } from '../engine/protocol.js' */

/**
 * @typedef {Object} Settings
 * @property {Params} params a value for each parameter of the program
 * @property {Scheduler} scheduler
 * @property {number} workers
 * @property {number} seed
 */

/**
 * What the engine can do, as far as settings depend on it.
 *
 * @typedef {{ isolated: boolean, poolSize: number, defaultWorkers: number }} Abilities
 */

/** @type {readonly Scheduler[]} */
export const schedulers = ['sync', 'threads'];

/** The largest seed that is a whole number in JavaScript. */
const LARGEST_SEED = Number.MAX_SAFE_INTEGER;

/**
 * Scheduler, workers and seed in the form of parameters.
 *
 * @param {Abilities} abilities
 * @returns {Parameter[]}
 */
export function runParameters({ isolated, poolSize, defaultWorkers }) {
  return [
    {
      name: 'scheduler',
      label: 'scheduler',
      help: 'sync runs one task after the other; threads runs them on several workers at once.',
      kind: 'choice',
      choices: [...schedulers],
      default: isolated ? 'threads' : 'sync',
    },
    {
      name: 'workers',
      label: 'workers',
      help: 'How many workers the threads scheduler uses.',
      kind: 'integer',
      min: 1,
      max: poolSize,
      default: defaultWorkers,
      scale: 'linear',
    },
    {
      name: 'seed',
      label: 'seed',
      help: 'The same seed gives the same random numbers.',
      kind: 'integer',
      min: 0,
      max: LARGEST_SEED,
      default: 0,
      scale: 'linear',
    },
  ];
}

/**
 * Every name that a program's settings have, in the order they are shown.
 *
 * @param {ProgramSchema} schema
 * @param {Abilities} abilities
 * @returns {Parameter[]}
 */
export function parametersOf(schema, abilities) {
  return [...schema.parameters, ...runParameters(abilities)];
}

/**
 * @param {ProgramSchema} schema
 * @param {Abilities} abilities
 * @param {(name: string) => string | null} read the text of a setting; null when there is none
 * @returns {{ settings: Settings, problems: string[] }} the default stands in for what cannot be used
 */
export function readSettings(schema, abilities, read) {
  /** @type {string[]} */
  const problems = [];
  /** @type {Params} */
  const values = {};
  for (const parameter of parametersOf(schema, abilities)) {
    const text = read(parameter.name);
    values[parameter.name] = parameter.default;
    if (text === null) continue;
    // Without isolation there is nothing to choose: sync, on one worker. The page's top says so.
    if (!abilities.isolated && ['scheduler', 'workers'].includes(parameter.name)) continue;
    const value = valueOf(parameter, text);
    if (value === null) {
      problems.push(
        `${parameter.name}: “${text}” cannot be used; ${allowed(parameter)}. It is ${parameter.default} instead.`,
      );
    } else {
      values[parameter.name] = value;
    }
  }
  const { scheduler, workers, seed, ...params } = values;
  return {
    settings: {
      params,
      scheduler: /** @type {Scheduler} */ (scheduler),
      workers: Number(workers),
      seed: Number(seed),
    },
    problems,
  };
}

/**
 * The value that a text stands for, or null when the parameter does not allow it.
 *
 * @param {Parameter} parameter
 * @param {string} text
 * @returns {number | string | null}
 */
export function valueOf(parameter, text) {
  if (parameter.kind === 'choice') return parameter.choices.includes(text) ? text : null;
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return null;
  const value = Number(text);
  return value >= parameter.min && value <= parameter.max ? value : null;
}

/**
 * What a parameter allows, in words.
 *
 * @param {Parameter} parameter
 */
export function allowed(parameter) {
  if (parameter.kind === 'choice') return `choose one of ${parameter.choices.join(', ')}`;
  const max = parameter.max === LARGEST_SEED ? '2^53 - 1' : parameter.max;
  return `a whole number from ${parameter.min} to ${max} is needed`;
}

/**
 * All settings by name, as they stand in an address or a listing.
 *
 * @param {Settings} settings
 * @returns {Params}
 */
export function flatten({ params, scheduler, workers, seed }) {
  return { ...params, scheduler, workers, seed };
}
