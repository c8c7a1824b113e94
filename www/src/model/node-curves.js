/*
 * Computes from the trace of a cluster what each node held and what waited for it, over time.
 *
 *     node 0  |-- a, 4 bytes --|------ b ------|      a is held on node 0 until c has stopped, and its
 *     node 1              |recv a|--- c ---|          copy on node 1 from its arrival until then
 *
 * A value is held where it was made and where a copy arrived, until all tasks that read it have stopped, or its node
 * died. Targets stay. A task waits for a node from the moment at which it could run until the node starts it.
 */
import { COMPUTE, COMPUTE_ERRED, LOST, NO_TASK, runsTask, TRANSFER } from './actions.js';
import { inOrderOfStop } from './merge.js';
import { DIED, isIdleAs, nodesOf } from './nodes.js';

/** @typedef {import('./memory.js').MemoryCurve} Curve */
/** @typedef {import('./run.js').RunModel} RunModel */

/**
 * `held` in bytes; `waiting`: a number of tasks, null while the run goes on, as it is not known then where a task that
 * waits will run.
 *
 * @typedef {{ held: Curve, waiting: Curve | null }} NodeCurves
 */

/** A curve of steps that grows. */
class Steps {
  level = 0;
  #times = /** @type {number[]} */ ([]);
  #levels = /** @type {number[]} */ ([]);
  #peak = 0;
  #peakMs = 0;

  /**
   * @param {number} timeMs not before that of the last step
   * @param {number} by
   */
  add(timeMs, by) {
    if (by === 0) return;
    this.level += by;
    if (this.#times.at(-1) === timeMs) this.#levels[this.#levels.length - 1] = this.level;
    else {
      this.#times.push(timeMs);
      this.#levels.push(this.level);
    }
    if (this.level <= this.#peak) return;
    this.#peak = this.level;
    this.#peakMs = timeMs;
  }

  /** @returns {Curve} */
  get curve() {
    return {
      timesMs: Float64Array.from(this.#times),
      bytes: Float64Array.from(this.#levels),
      peakBytes: this.#peak,
      peakMs: this.#peakMs,
    };
  }
}

/**
 * O(events x log events + edges).
 *
 * @param {RunModel} model
 * @param {Float64Array | null} bytes per task, the size of its value
 * @returns {NodeCurves[]} per node
 */
export function nodeCurves(model, bytes) {
  const { graph, workers } = model;
  const { dependencies, dependents, targets, tasks } = graph;
  const { nodes, nodeOf } = nodesOf(model);
  const held = nodes.map(() => new Steps());
  /** Per node, when tasks that it ran could run, and when they started. @type {number[][]} */
  const readies = nodes.map(() => []);
  /** @type {number[][]} */
  const starts = nodes.map(() => []);

  const uses = new Uint32Array(tasks);
  for (const task of dependencies.tasks) uses[task]++;
  for (const target of targets) uses[target]++;
  const missing = new Uint32Array(tasks);
  for (let task = 0; task < tasks; task++) {
    missing[task] = dependencies.starts[task + 1] - dependencies.starts[task];
  }
  const readyMs = new Float64Array(tasks);
  const stopped = new Uint8Array(tasks);
  /** Per task, the nodes that have its value. @type {(Map<number, number> | null)[]} */
  const holders = new Array(tasks).fill(null);

  /** @param {number} task @param {number} node @param {number} size @param {number} timeMs */
  const hold = (task, node, size, timeMs) => {
    const of = (holders[task] ??= new Map());
    if (of.has(node)) return;
    of.set(node, size);
    held[node].add(timeMs, size);
  };
  /** @param {number} task @param {number} timeMs */
  const release = (task, timeMs) => {
    holders[task]?.forEach((size, node) => held[node].add(timeMs, -size));
    holders[task] = null;
  };
  /** A node is gone, with all that it held. @param {number} node @param {number} timeMs */
  const forget = (node, timeMs) => {
    for (const of of holders) of?.delete(node);
    held[node].add(timeMs, -held[node].level);
  };

  inOrderOfStop(
    workers.map(({ slice }) => slice),
    ({ task: column, action, stopMs, bytes: moved }, event, lane) => {
      const node = nodeOf[lane];
      const task = column[event];
      const what = action[event];
      const timeMs = stopMs[event];
      if (node < 0) return;
      if (task === NO_TASK) {
        if (isIdleAs(model, workers[lane], event, DIED) && lane === nodes[node].lanes[0]) {
          forget(node, timeMs);
        }
        return;
      }
      if (what === TRANSFER && holders[task]) {
        hold(task, node, moved?.[event] ?? bytes?.[task] ?? 0, timeMs);
      } else if (what === LOST) {
        release(task, timeMs);
        // It can run again when its inputs are there, which they are at the latest when it starts.
        readyMs[task] = timeMs;
      }
      if (!runsTask(what)) return;
      const startMs = event === 0 ? 0 : stopMs[event - 1];
      if (readyMs[task] < startMs) {
        readies[node].push(readyMs[task]);
        starts[node].push(startMs);
      }
      readyMs[task] = timeMs;
      if (what === COMPUTE) hold(task, node, bytes?.[task] ?? 0, timeMs);
      if (what !== COMPUTE && what !== COMPUTE_ERRED) return;
      const first = !stopped[task];
      stopped[task] = 1;
      for (let i = dependencies.starts[task]; i < dependencies.starts[task + 1]; i++) {
        const input = dependencies.tasks[i];
        if (first) uses[input]--;
        if (uses[input] === 0) release(input, timeMs);
      }
      if (!first) return;
      for (let i = dependents.starts[task]; i < dependents.starts[task + 1]; i++) {
        const reader = dependents.tasks[i];
        if (--missing[reader] === 0) readyMs[reader] = timeMs;
      }
    },
  );
  return nodes.map((_, node) => ({
    held: held[node].curve,
    waiting: model.ending
      ? between(Float64Array.from(readies[node]), Float64Array.from(starts[node]))
      : null,
  }));
}

/**
 * How many intervals a time is in.
 *
 * @param {Float64Array} begins
 * @param {Float64Array} ends
 * @returns {Curve}
 */
function between(begins, ends) {
  begins.sort();
  ends.sort();
  const steps = new Steps();
  let begun = 0;
  for (const endMs of ends) {
    for (; begun < begins.length && begins[begun] < endMs; begun++) steps.add(begins[begun], 1);
    steps.add(endMs, -1);
  }
  return steps.curve;
}
