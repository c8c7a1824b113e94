/*
 * What follows from the schedulers' own descriptions (SchedulerSchema in protocol.js).
 */

/** @import { SchedulerSchema } from './protocol.js' */

/**
 * The scheduler of a run that names none.
 *
 * @param {SchedulerSchema[]} schedulers
 */
export function defaultScheduler(schedulers) {
  const available = schedulers.filter(({ unavailable }) => unavailable === null);
  return available.find(({ preferred }) => preferred) ?? available[0];
}

/**
 * The number of workers that a scheduler uses: one if it cannot be chosen.
 *
 * @param {SchedulerSchema[]} schedulers
 * @param {string} scheduler
 * @param {number} [workers] the number asked for
 */
export function workersOf(schedulers, scheduler, workers) {
  const schema = schedulers.find(({ name }) => name === scheduler);
  const parameter = schema?.parameters.find(({ name }) => name === 'workers');
  return parameter ? (workers ?? Number(parameter.default)) : 1;
}
