/*
 * Says whether a run was measured or simulated, and on what.
 */
import { coresText } from '../views/format.js';

/** @import { RunModel } from '../model/run.js' */

/**
 * @param {Pick<RunModel, 'mode' | 'cores' | 'simulated'>} model
 * @returns {string} empty for a task graph, and before it is known
 */
export function modeText({ mode, cores, simulated }) {
  if (mode === 'live') {
    return cores === null ? 'live: measured' : `live: measured on ${coresText(cores)}`;
  }
  if (mode === 'model') {
    // A simulated cluster has nodes, which are the rows.
    const on = simulated.cores > 0 ? `, ${coresText(simulated.cores)}` : '';
    return `model: simulated${on}, seed ${simulated.seed}`;
  }
  return '';
}
