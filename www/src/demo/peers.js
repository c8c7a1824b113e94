/*
 * What Dask needs for the tasks of a run, from the committed measurements: `make bench` writes
 * benches/peers.json next to its report, and no figure here is typed by hand.
 */
import peers from '../../../benches/peers.json';
import { formatCount, formatDuration } from '../views/format.js';

/** @import { Params } from '../engine/protocol.js' */
/** @import { Figure } from '../views/figures.js' */

/** The program whose tasks do nothing: its makespan is the cost of its tasks. */
const PROGRAM = 'no-op';

/**
 * The cost of a task, here and in Dask.
 *
 * @param {string} program
 * @param {{ params: Params, scheduler: string }} settings
 * @param {{ tasks: number, makespanMs: number }} outcome
 * @returns {Figure[]} empty when it was not measured for this program and shape
 */
export function peersOf(program, { params, scheduler }, { tasks, makespanMs }) {
  if (program !== PROGRAM || tasks === 0) return [];
  const { name, versions, machine, date, nsPerTask } = peers;
  /** @type {Record<string, Record<string, number>>} */
  const bySchedulers = nsPerTask;
  const ns = bySchedulers[scheduler]?.[String(params.shape)];
  if (ns === undefined) return [];
  return [
    {
      name: 'per task',
      value: formatDuration(makespanMs / tasks),
      help: 'The makespan divided by the number of tasks: the tasks do nothing, so this is what they cost.',
    },
    {
      name: `${name} ${versions.Dask}, ${date}`,
      value: formatDuration(ns / 1e6),
      help:
        `What ${name} needs per task for the same shape with ${formatCount(peers.tasks)} tasks and ` +
        `scheduler="${scheduler}": measured on ${date} by make bench on ${machine}, Python ${versions.Python}. ` +
        'Not measured on this machine.',
    },
  ];
}
