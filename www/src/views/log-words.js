/*
 * An incident of a cluster as a sentence.
 */
import { keyOf } from '../model/graph.js';
import { formatBytes, formatCount, formatDuration } from './format.js';

/** @typedef {import('../model/incidents.js').Incident} Incident */
/** @typedef {import('../model/nodes.js').ClusterNode} ClusterNode */
/** @typedef {import('../model/graph.js').GraphData} GraphData */

/** More names than this are counted. */
const MOST_NAMES = 3;

/**
 * @param {Incident} incident
 * @param {ClusterNode[]} nodes
 * @param {GraphData} graph
 * @param {number} [most] more keys than this are counted
 * @returns {string}
 */
export function incidentText(
  { kind, timeMs, untilMs, nodes: places, from, tasks, bytes, reason },
  nodes,
  graph,
  most = MOST_NAMES,
) {
  const names = listed(
    places.map((place) => nodes[place].name),
    'nodes',
  );
  const first = tasks.length > 0 ? keyOf(graph, tasks[0]) : '';
  const keys =
    tasks.length <= most ? `: ${tasks.map((task) => keyOf(graph, task)).join(', ')}` : '';
  const one = tasks.length === 1;
  const values = one ? `the value of ${first}` : `${formatCount(tasks.length)} values`;
  switch (kind) {
    case 'joins':
      return `${names} ${places.length === 1 ? 'joins' : 'join'}`;
    case 'starts':
      return `another node starts in the place of ${names}`;
    case 'dies':
      return `${names} died`;
    case 'leaves':
      return `${names} leaves`;
    case 'takenBack':
      return one
        ? `${first} is taken back from ${names}`
        : `${formatCount(tasks.length)} tasks are taken back from ${names}${keys}`;
    case 'lost':
      return one
        ? `the value of ${first} is lost with ${names}`
        : `${formatCount(tasks.length)} values are lost with ${names}${keys}`;
    case 'stolen':
      return one
        ? `${first} is stolen${from < 0 ? '' : ` from ${nodes[from].name}`} by ${names}`
        : `${formatCount(tasks.length)} tasks are stolen within ${formatDuration(untilMs - timeMs)} by ${names}`;
    case 'spilled':
      return `${names} writes ${values} to storage, ${formatBytes(bytes)}`;
    case 'unspilled':
      return `${names} reads ${values} back from storage, ${formatBytes(bytes)}`;
    case 'paused':
      return `${names} takes no new tasks: its values take ${formatBytes(bytes)}${reason && `, and ${reason}`}`;
    case 'resumed':
      return `${names} takes tasks again: its values take ${formatBytes(bytes)}`;
    case 'retried':
      return `${first} erred on ${names}, and is retried`;
    case 'erred':
      return `${first} erred on ${names}`;
  }
}

/**
 * @param {string[]} names
 * @param {string} what
 */
function listed(names, what) {
  if (names.length > MOST_NAMES) return `${formatCount(names.length)} ${what}`;
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
