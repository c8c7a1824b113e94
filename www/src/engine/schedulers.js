/*
 * What follows from the schedulers' own descriptions (SchedulerSchema in protocol.js).
 */

/** @import { Scheduler, SchedulerSchema } from './protocol.js' */

/** The largest number of nodes of a cluster: MOST_NODES in src/scheduler/options.rs. */
export const MOST_NODES = 16;

/**
 * The scheduler of a run that names none.
 *
 * @param {SchedulerSchema[]} schedulers
 * @param {Scheduler} [own] the default of the program, if it has one
 */
export function defaultScheduler(schedulers, own) {
  const available = schedulers.filter(({ unavailable }) => unavailable === null);
  return (
    available.find(({ name }) => name === own) ??
    available.find(({ preferred }) => preferred) ??
    available[0]
  );
}

/**
 * @param {SchedulerSchema[]} schedulers
 * @param {string} scheduler
 */
function workersParameter(schedulers, scheduler) {
  const schema = schedulers.find(({ name }) => name === scheduler);
  return schema?.parameters.find(({ name }) => name === 'workers');
}

/**
 * The number of workers that a scheduler uses: one if it cannot be chosen.
 *
 * @param {SchedulerSchema[]} schedulers
 * @param {string} scheduler
 * @param {number} [workers] the number asked for
 */
export function workersOf(schedulers, scheduler, workers) {
  const parameter = workersParameter(schedulers, scheduler);
  return parameter ? (workers ?? Number(parameter.default)) : 1;
}

/**
 * The largest number of workers that a run may ask for. A scheduler with one worker takes any number that another
 * scheduler of the page takes, and ignores it.
 *
 * @param {SchedulerSchema[]} schedulers
 * @param {string} scheduler
 */
export function mostWorkers(schedulers, scheduler) {
  const mosts = schedulers.map(({ name }) => {
    const parameter = workersParameter(schedulers, name);
    return parameter?.kind === 'integer' ? parameter.max : 1;
  });
  const own = workersParameter(schedulers, scheduler);
  return own?.kind === 'integer' ? own.max : Math.max(1, ...mosts);
}

/**
 * What any of the schedulers takes besides workers and policy.
 *
 * @param {SchedulerSchema[]} schedulers
 */
export function optionNames(schedulers) {
  const names = schedulers.flatMap(({ parameters }) => parameters.map(({ name }) => name));
  return [...new Set(names)].filter((name) => name !== 'workers' && name !== 'policy');
}
