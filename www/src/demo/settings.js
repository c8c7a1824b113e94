/*
 * The settings of a run: the program's parameters, and those of every run (scheduler, workers, policy,
 * seed, keep going, memory limit). They are read from text (attributes, a URL), with a message for each
 * value that cannot be used, and written as text. This file does not know where the text comes from.
 */
import { defaultScheduler } from '../engine/schedulers.js';
import { bytesText, parseBytes } from './bytes.js';

/** @import { Parameter, Params, Policy, ProgramSchema, Scheduler } from '../engine/protocol.js' */
/** @import { SchedulerOptions, SchedulerSchema } from '../engine/protocol.js' */

/**
 * @typedef {Object} Settings
 * @property {Params} params a value for each parameter of the program
 * @property {Scheduler} scheduler empty if the program takes none; then it takes none of the others but the seed
 * @property {number} workers
 * @property {Policy} policy
 * @property {number} seed
 * @property {boolean} keepGoing
 * @property {number | null} memoryLimit bytes; null is the engine's own limit
 * @property {SchedulerOptions} [schedulerOptions] what a scheduler takes besides workers and policy, unless it is
 *   the default
 */

/**
 * What a control can set: a parameter of a program, or one of two further kinds that only runs have.
 *
 * @typedef {{ name: string, label: string, help: string, kind: 'switch', default: boolean }} SwitchParameter
 * @typedef {{
 *   name: string, label: string, help: string, kind: 'bytes',
 *   min: number, max: number, default: null, otherwise: string,
 * }} BytesParameter `otherwise` is the text for null
 *
 * @typedef {(Parameter | SwitchParameter | BytesParameter) & SettingMarks} Setting
 *
 * @typedef {Object} SettingMarks
 * @property {'shown' | 'folded'} [extra] settings with it have a control only on request, in sight or folded away
 * @property {boolean} [inSight] all choices are shown at once, also if there are many
 * @property {Record<string, string>} [unavailable] choices that this page cannot offer, and why
 *
 * @typedef {number | string | boolean | null} SettingValue
 * @typedef {Record<string, SettingValue>} SettingValues
 */

/**
 * The properties of the engine that settings depend on.
 *
 * @typedef {{ schedulers: SchedulerSchema[] }} Abilities
 */

/** The largest whole number that JavaScript can represent exactly. */
const LARGEST_SEED = Number.MAX_SAFE_INTEGER;

/** @type {Setting} */
const SEED = {
  name: 'seed',
  label: 'seed',
  help: 'The same seed gives the same random numbers.',
  kind: 'integer',
  min: 0,
  max: LARGEST_SEED,
  default: 0,
  scale: 'linear',
};

/**
 * The settings of every run of a task graph, as parameters.
 *
 * @param {Abilities} abilities
 * @param {Scheduler} [own] the program's own default scheduler
 * @returns {Setting[]}
 */
export function runParameters({ schedulers }, own) {
  return [
    {
      name: 'scheduler',
      label: 'scheduler',
      help: schedulers.map(({ summary }) => summary).join(' '),
      kind: 'choice',
      choices: schedulers.map(({ name }) => name),
      inSight: true,
      default: defaultScheduler(schedulers, own)?.name ?? '',
      unavailable: Object.fromEntries(
        schedulers.flatMap(({ name, unavailable }) =>
          unavailable === null ? [] : [[name, unavailable]],
        ),
      ),
    },
    ...schedulerParameters(schedulers),
    SEED,
    {
      name: 'keep-going',
      label: 'keep going',
      help: 'When a task fails, tasks that do not depend on it still run.',
      kind: 'switch',
      default: false,
      extra: 'folded',
    },
    {
      name: 'memory-limit',
      label: 'memory limit',
      help: 'The memory that the values of a run may take. A run that needs more fails.',
      kind: 'bytes',
      min: 1,
      max: Number.MAX_SAFE_INTEGER,
      default: null,
      otherwise: 'the engine’s default',
      extra: 'folded',
    },
  ];
}

/**
 * The parameters of all schedulers, each once. All but the number of workers are extra.
 *
 * @param {SchedulerSchema[]} schedulers
 * @returns {Setting[]}
 */
function schedulerParameters(schedulers) {
  const all = schedulers.flatMap(({ parameters }) => parameters);
  const distinct = [...new Map(all.map((parameter) => [parameter.name, parameter])).values()];
  const [usual, extra] = [true, false].map((is) =>
    distinct.filter(({ name }) => (name === 'workers') === is),
  );
  return [
    ...usual,
    ...extra.map((parameter) => ({ ...parameter, extra: /** @type {const} */ ('shown') })),
  ];
}

/**
 * All settings of a program, in the order in which they are shown.
 *
 * @param {ProgramSchema} schema
 * @param {Abilities} abilities
 * @returns {Setting[]}
 */
export function parametersOf(schema, abilities) {
  const others =
    schema.runs === 'graph'
      ? runParameters(abilities, schema.scheduler)
      : [{ ...SEED, extra: /** @type {const} */ ('folded') }];
  return [...schema.parameters, ...others];
}

/**
 * @param {ProgramSchema} schema
 * @param {Abilities} abilities
 * @param {(name: string) => string | null} read returns the text of a setting; null if there is none
 * @returns {{ settings: Settings, problems: string[] }} a value that cannot be used is replaced by the default
 */
export function readSettings(schema, abilities, read) {
  /** @type {string[]} */
  const problems = [];
  /** @type {SettingValues} */
  const values = {};
  const unavailable = namesUnavailable(abilities.schedulers);
  for (const parameter of parametersOf(schema, abilities)) {
    const text = read(parameter.name);
    values[parameter.name] = parameter.default;
    if (text === null) continue;
    // A scheduler that this page cannot use is no mistake in the text; a note on the page says what is missing.
    if (unavailable.has(parameter.name === 'scheduler' ? text : parameter.name)) continue;
    const value = valueOf(parameter, text);
    if (value === undefined) {
      const instead = parameter.kind === 'bytes' ? parameter.otherwise : parameter.default;
      problems.push(
        `${parameter.name}: “${text}” cannot be used; ${allowed(parameter)}. Using ${instead}.`,
      );
    } else {
      values[parameter.name] = value;
    }
  }
  return { settings: settingsOf(values, abilities), problems };
}

/**
 * The schedulers that this page cannot use, and the parameters that only they take.
 *
 * @param {SchedulerSchema[]} schedulers
 */
function namesUnavailable(schedulers) {
  const [usable, others] = [true, false].map((is) =>
    schedulers.filter((scheduler) => (scheduler.unavailable === null) === is),
  );
  const used = new Set(usable.flatMap(({ parameters }) => parameters.map(({ name }) => name)));
  return new Set(
    others.flatMap(({ name, parameters }) => [
      name,
      ...parameters.map((parameter) => parameter.name).filter((one) => !used.has(one)),
    ]),
  );
}

/**
 * Makes settings from their values by name, as `flatten` returns them.
 *
 * @param {SettingValues} values
 * @param {Abilities} abilities tell the schedulers' parameters from the program's
 * @returns {Settings}
 */
export function settingsOf(values, { schedulers }) {
  const { scheduler, workers, policy, seed, ...rest } = values;
  const { 'keep-going': keepGoing, 'memory-limit': memoryLimit, ...others } = rest;
  // The parameters of a program that takes no scheduler may have names that schedulers use, too.
  const taken = scheduler === undefined ? [] : schedulers;
  const defaults = new Map(
    taken.flatMap(({ parameters }) => parameters.map((one) => [one.name, one.default])),
  );
  const [schedulerOptions, params] = [true, false].map((is) =>
    Object.fromEntries(
      Object.entries(others).filter(
        ([name, value]) => defaults.has(name) === is && defaults.get(name) !== value,
      ),
    ),
  );
  return {
    params: /** @type {Params} */ (params),
    scheduler: /** @type {Scheduler} */ (scheduler ?? ''),
    workers: Number(workers ?? 1),
    policy: /** @type {Policy} */ (policy ?? ''),
    seed: Number(seed),
    keepGoing: keepGoing === true,
    memoryLimit: typeof memoryLimit === 'number' ? memoryLimit : null,
    schedulerOptions: /** @type {SchedulerOptions} */ (schedulerOptions),
  };
}

/**
 * Parses the text of a setting; undefined if the parameter does not allow it.
 *
 * @param {Setting} parameter
 * @param {string} text
 * @returns {SettingValue | undefined}
 */
export function valueOf(parameter, text) {
  if (parameter.kind === 'choice') return parameter.choices.includes(text) ? text : undefined;
  if (parameter.kind === 'switch') {
    // As in HTML, an attribute without a value means true.
    return text === '' || text === 'true' ? true : text === 'false' ? false : undefined;
  }
  if (parameter.kind === 'bytes') {
    if (text.trim() === '') return null;
    const bytes = parseBytes(text);
    return bytes !== null && bytes >= parameter.min ? bytes : undefined;
  }
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return undefined;
  const value = Number(text);
  return value >= parameter.min && value <= parameter.max ? value : undefined;
}

/**
 * Writes a value as the text of a field, which `valueOf` parses.
 *
 * @param {Setting} parameter
 * @param {SettingValue} value
 */
export function textOf({ kind }, value) {
  if (value === null) return '';
  return kind === 'bytes' ? bytesText(Number(value)) : String(value);
}

/**
 * Says what a parameter allows.
 *
 * @param {Setting} parameter
 */
export function allowed(parameter) {
  if (parameter.kind === 'switch') return 'true or false is needed';
  if (parameter.kind === 'bytes') return 'a size such as 64 MiB is needed';
  if (parameter.kind === 'choice') return `choose one of ${parameter.choices.join(', ')}`;
  const max = parameter.max === LARGEST_SEED ? '2^53 - 1' : parameter.max;
  return `a whole number from ${parameter.min} to ${max} is needed`;
}

/**
 * All settings by the names that URLs, attributes and listings use.
 *
 * @param {Settings} settings
 * @returns {SettingValues}
 */
export function flatten({ params, keepGoing, memoryLimit, schedulerOptions, ...run }) {
  if (run.scheduler === '') return { ...params, seed: run.seed };
  const extra = { 'keep-going': keepGoing, 'memory-limit': memoryLimit };
  return { ...params, ...run, ...schedulerOptions, ...extra };
}

/**
 * Settings as texts that `readSettings` reads. Extra settings are left out if they have their default, so
 * that URLs stay short.
 *
 * @param {SettingValues} values
 * @returns {Record<string, string>}
 */
export function textsOf(values) {
  /** @type {Record<string, string>} */
  const texts = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === false || (name === 'policy' && value === 'ordered')) continue;
    texts[name] = name === 'memory-limit' ? bytesText(Number(value)) : String(value);
  }
  return texts;
}
