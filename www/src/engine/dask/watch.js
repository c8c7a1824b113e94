/*
 * What all clients run on a cluster, as it happens: tasks, which come in any order, and what lanes do. It draws nothing;
 * demo/watch-source.js makes a run of it.
 */
import { listAt, textAt, wholeAt } from '../../data/checked.js';
import { ClusterTrace } from './cluster-trace.js';
import { connectionTo } from './connection.js';

/** @import { Address } from './address.js' */
/** @import { Connection } from './connection.js' */

/** The most tasks that are watched; the cluster sends no more. */
const MOST_TASKS = 1_000_000;

export class ClusterWatch {
  /** The key of each task, in the order in which the cluster told them. @type {string[]} */
  keys = [];
  /** The tasks whose values each task takes. @type {number[][]} */
  dependencies = [];
  trace = new ClusterTrace(0);
  /** The number of tasks that the cluster did not send, since there are too many. */
  missed = 0;
  /** When the cluster began to tell, on the page's clock; null before. @type {number | null} */
  startedMs = null;
  #connection;
  #id;
  /** @type {Set<string>} */
  #seen = new Set();

  /**
   * @param {Connection} connection
   * @param {(error: Error) => void} onEnd the connection is lost, or what came cannot be used
   */
  constructor(connection, onEnd) {
    this.#connection = connection;
    const end = (/** @type {Error} */ error) => {
      this.stop();
      onEnd(error);
    };
    this.#id = connection.begin(
      { type: 'watch' },
      {
        onMessage: (type, message) => {
          if (type === 'started') this.startedMs = performance.now();
          else if (type === 'tasks') this.#add(message);
          else if (type === 'events') this.trace.add(message);
          else if (type === 'refused') end(new Error(textAt(message.message, 'refused.message')));
        },
        onValue() {},
        onEnd: end,
      },
    );
  }

  /**
   * @param {Address} address
   * @param {(error: Error) => void} onEnd
   * @returns {Promise<ClusterWatch>} rejects if the cluster cannot be reached
   */
  static async start(address, onEnd) {
    return new ClusterWatch(await connectionTo(address), onEnd);
  }

  /** The cluster, as it was when the page connected. */
  get cluster() {
    return this.#connection.cluster;
  }

  stop() {
    this.#connection.say('cancel', this.#id);
    this.#connection.forget(this.#id);
  }

  /**
   * The first tasks as a graph in JSON (src/graph/json.rs) of operations that do nothing: to be drawn.
   *
   * @param {number} tasks
   */
  graphOf(tasks) {
    const names = this.keys.slice(0, tasks).map((key) => JSON.stringify(key));
    const isTarget = new Uint8Array(tasks).fill(1);
    const lines = names.map((name, task) => {
      for (const dependency of this.dependencies[task]) isTarget[dependency] = 0;
      const args = this.dependencies[task].map((dependency) => names[dependency]);
      return `${name}:{"op":"no-op","args":[${args.join()}]}`;
    });
    const targets = names.filter((_, task) => isTarget[task] === 1);
    return `{"dagdeck":1,"tasks":{${lines.join()}},"targets":[${targets.join()}]}`;
  }

  /** @param {Record<string, unknown>} message */
  #add({ keys, dependencies, missed }) {
    const names = listAt(keys, 'tasks.keys', MOST_TASKS);
    const all = listAt(dependencies, 'tasks.dependencies', names.length);
    const known = this.keys.length;
    wholeAt(known + names.length, 'the number of tasks', 0, MOST_TASKS);
    for (const [i, name] of names.entries()) {
      this.keys.push(this.#distinct(textAt(name, `tasks.keys[${i}]`, 1000)));
      const at = `tasks.dependencies[${i}]`;
      const places = listAt(all[i], at, MOST_TASKS).map((place, j) =>
        wholeAt(place, `${at}[${j}]`, 0, known + names.length - 1),
      );
      this.dependencies.push(places);
    }
    this.missed = wholeAt(missed, 'tasks.missed', 0, Number.MAX_SAFE_INTEGER);
    this.trace.grow(this.keys.length);
  }

  /** Two keys of Dask may be written the same way. @param {string} key */
  #distinct(key) {
    let distinct = key;
    for (let n = 2; this.#seen.has(distinct); n++) distinct = `${key} (${n})`;
    this.#seen.add(distinct);
    return distinct;
  }
}
