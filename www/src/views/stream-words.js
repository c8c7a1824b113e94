/*
 * The task stream in words: the whole run, for readers who cannot see it, and what is pointed at.
 */
import { OVERHEAD, STEAL } from '../model/actions.js';
import { keyOf } from '../model/graph.js';
import { NO_PEER } from '../model/timeline.js';
import { coresText, formatBytes, formatCount, formatDuration } from './format.js';
import { memoryWords } from './stream-memory.js';

/** @import { Lane } from '../engine/protocol.js' */
/** @typedef {import('../model/run.js').RunModel} RunModel */

/** More workers than this are not listed one by one. */
const MOST_WORKERS = 8;

/**
 * The view in words.
 *
 * @param {RunModel} model
 * @returns {string}
 */
export function describeTaskStream(model) {
  const { workers, endMs } = model;
  if (workers.length === 0 || endMs === 0) return 'Task stream: nothing has run yet.';
  const shares = workers.map((worker, i) => {
    const share = Math.round((worker.busyMs / endMs) * 100);
    return `${model.nameOf(i)} busy ${share} % of the time${presence(worker.lane, endMs)}`;
  });
  const more = `and ${shares.length - MOST_WORKERS} more workers`;
  const shown =
    shares.length > MOST_WORKERS + 1 ? [...shares.slice(0, MOST_WORKERS), more] : shares;
  const steals = workers.reduce((sum, worker) => sum + worker.steals.length, 0);
  const stolen = steals > 0 ? ` ${formatCount(steals)} ${steals === 1 ? 'steal' : 'steals'}.` : '';
  const share = model.overheadMs / (endMs * workers.length);
  const overhead = share >= 0.005 ? ` Overhead: ${Math.round(share * 100)} %.` : '';
  const { memory } = model;
  const held =
    memory && memory.peakBytes > 0
      ? ` Peak memory: ${formatBytes(memory.peakBytes)} at ${formatDuration(memory.peakMs)}.`
      : '';
  return `Task stream over ${formatDuration(endMs)}: ${shown.join(', ')}.${overhead}${stolen}${held}`;
}

/**
 * When a worker joined and left, if it was missing for more than a hundredth of the run.
 *
 * @param {Lane | null} lane
 * @param {number} endMs
 */
function presence(lane, endMs) {
  if (!lane) return '';
  const { joinedMs, leftMs } = lane;
  const words = [];
  if (joinedMs > endMs / 100) words.push(`joined at ${formatDuration(joinedMs)}`);
  if (leftMs !== null && leftMs < endMs * 0.99) words.push(`left at ${formatDuration(leftMs)}`);
  return words.length > 0 ? ` (${words.join(', ')})` : '';
}

/**
 * The lines of a tooltip; the first is the heading.
 *
 * @param {RunModel} model
 * @param {import('./stream-frame.js').StreamHit} at
 * @returns {string[]}
 */
export function wordsOfHit(model, at) {
  if (at.memory) return memoryWords(at.memory, at.timeMs);
  const heading = at.task >= 0 ? keyOf(model.graph, at.task) : at.action;
  return [heading, ...whatHappened(model, { ...at, worker: at.row })];
}

/**
 * A worker in words. If there are more workers than cores, it gives both numbers.
 *
 * @param {RunModel} model
 * @param {number} worker
 */
function workerText(model, worker) {
  const { workers, cores } = model;
  const crowded = cores !== null && workers.length > cores;
  return `${model.nameOf(worker)}${crowded ? ` of ${workers.length} on ${coresText(cores)}` : ''}`;
}

/**
 * An event in words, without its name.
 *
 * @param {RunModel} model
 * @param {{ worker: number, event: number, task: number, action: string, startMs: number, stopMs: number }} at
 * @returns {string[]}
 */
export function whatHappened(model, { worker, event, task, action, startMs, stopMs }) {
  const timeline = model.workers[worker];
  const start = formatDuration(startMs);
  const count = timeline.steals.length;
  const steals = `${formatCount(count)} ${count === 1 ? 'steal' : 'steals'} in total`;
  if (action === 'steal') return [`stolen at ${start}`, `by ${model.nameOf(worker)}, ${steals}`];
  if (action === 'erred' && startMs === stopMs) {
    return [
      `erred at ${start} without running: a task it depends on erred`,
      workerText(model, worker),
    ];
  }
  if (action === 'overhead') {
    return [
      `${formatDuration(stopMs - startMs)} of overhead before this task, from ${start}`,
      `${workerText(model, worker)}: scheduling, not work`,
    ];
  }
  // The mark of a steal comes before the overhead of the task.
  const last = timeline.action[event - 1] === OVERHEAD ? event - 2 : event - 1;
  const stolen =
    task >= 0 && last >= 0 && timeline.action[last] === STEAL && timeline.task[last] === task;
  /** @type {Record<string, string>} */
  const words = { compute: '', retry: ', erred and was retried' };
  const how = task >= 0 ? (words[action] ?? `, ${action}`) : '';
  return [
    `started at ${start}, lasted ${formatDuration(stopMs - startMs)}`,
    `${workerText(model, worker)}${how}${stolen ? `, stolen (${steals})` : ''}`,
    ...whatMoved(model, timeline, event),
  ];
}

/**
 * What was sent or written, and who sent it: between nodes the peer is the sender, between processes the worker that made
 * the largest part.
 *
 * @param {RunModel} model
 * @param {import('../model/timeline.js').Timeline} timeline
 * @param {number} event
 * @returns {string[]}
 */
function whatMoved(model, { bytes, peer, lane }, event) {
  const moved = bytes?.[event] ?? 0;
  if (moved === 0) return [];
  const other = peer?.[event] ?? NO_PEER;
  if (other === NO_PEER) return [formatBytes(moved)];
  const node = lane && model.workers[other]?.lane?.node;
  const text = node ? `from ${node}` : `the largest part made by ${model.nameOf(other)}`;
  return [`${formatBytes(moved)}, ${text}`];
}
