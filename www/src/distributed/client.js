/*
 * `distributed.Client`: a cluster in the page that runs what it is asked for until it is closed.
 *
 *     const client = new dagdeck.distributed.Client({ nodes: 4 });
 *     const one = client.submit('inc', 0);
 *     const sums = client.map('add', [1, 2, 3], [one, one, one]);
 *     await client.gather(sums);                      // [2, 3, 4]
 *     await client.who_has(sums);                     // { 'add-1f…': [0], … }
 *     await client.close();
 *
 * Each key is a task. Values stay on the nodes as long as there is a future for them. The operations are named, because
 * functions are not sent.
 */
import { DagArray } from '../array/dag-array.js';
import { isOptions } from '../array/options.js';
import { shown } from '../array/scalar.js';
import { Delayed } from '../delayed/delayed.js';
import { plainTarget } from '../engine/plain.js';
import { MOST_NODES } from '../engine/schedulers.js';
import { sharedEngine } from '../engine/shared.js';
import { withResolvers } from '../engine/with-resolvers.js';
import { hashOf, hashOfData, nameOf, taskOf } from './call.js';
import { Collection } from './collection.js';
import { asCompleted, CancelledError, Entry, Future, isFuture } from './future.js';
import { toBytes } from './values.js';

/** @import { Cluster } from '../engine/client.js' */
/** @import { Ask, ExpressionWork, News, Place } from '../engine/protocol.js' */
/** @import { Operation } from './call.js' */
/** @import { Owner } from './future.js' */

/**
 * @typedef {Object} ClientOptions
 * @property {number} [nodes] 4
 * @property {number} [slots] 1: how many tasks each node runs at once (Dask: threads_per_worker)
 * @property {number | null} [memoryLimit] bytes that the values of a node may take; null is the engine's own limit
 *
 * @typedef {Object} CallOptions
 * @property {string} [key] of the task; for `map`, what the keys begin with
 * @property {boolean} [pure] true: calls with equal arguments have the same key, and run once
 * @property {number} [retries] how often a task is retried after a failure
 * @property {number} [priority] of the tasks that could run, those with a higher priority run first
 */

const CALL_OPTIONS = ['key', 'pure', 'retries', 'priority'];

/** How a client gets a cluster. @typedef {typeof openCluster} OpenCluster */

/**
 * @param {{ nodes: number, slots?: number, memoryLimit: number | null }} options
 * @param {{ onNews: (news: News[]) => void, onNodes: (nodes: Place[]) => void }} hooks
 * @returns {Promise<Cluster>}
 */
async function openCluster(options, hooks) {
  const engine = await sharedEngine();
  return engine.openCluster(options, hooks);
}

export class Client {
  /** @type {Promise<Cluster>} */
  #cluster;
  /** By their keys: those that have futures. @type {Map<string, Entry>} */
  #entries = new Map();
  /** By their numbers. @type {Map<number, Entry>} */
  #numbers = new Map();
  #nextNumber = 1;
  /** @type {Map<number, (places: number[][]) => void>} */
  #answers = new Map();
  /** @type {Place[]} */
  #nodes = [];
  /** Called when the nodes have changed, and when the client has ended. @type {Set<() => void>} */
  #watchers = new Set();
  /** Why nothing runs any more. @type {Error | null} */
  #ended = null;
  /** What futures need of it. @type {Owner} */
  #owner = {
    valueOf: (entry) => this.#valueOf(entry),
    release: (entry) => this.#release(entry),
    cancel: (entry) => this.#cancel(entry),
  };

  /**
   * @param {ClientOptions} [options]
   * @param {OpenCluster} [open]
   */
  constructor({ nodes = 4, slots, memoryLimit = null } = {}, open = openCluster) {
    this.#cluster = open(
      { nodes, slots, memoryLimit },
      {
        onNews: (news) => news.forEach((each) => this.#hear(each)),
        onNodes: (places) => {
          this.#nodes = places;
          for (const look of this.#watchers) look();
        },
      },
    );
    this.#cluster.then(
      ({ ended }) => ended.catch((error) => this.#end(error)),
      (error) => this.#end(error),
    );
  }

  /** The nodes: the number of each, and whether it has started. @type {Place[]} */
  get nodes() {
    return this.#nodes.map((node) => ({ ...node }));
  }

  /**
   * Runs an operation on a node.
   *
   * @param {Operation} op
   * @param {...unknown} given arguments: futures and numbers; and last the options, if any
   * @returns {Future}
   */
  submit(op, ...given) {
    const { args, options } = splitOptions(given);
    const [future] = this.#run(
      op,
      [args],
      options,
      options.key === undefined ? null : [options.key],
    );
    return future;
  }

  /**
   * Runs an operation for each item of some lists: with the first items, with the second ones, and so on.
   *
   * @param {Operation} op
   * @param {...(Iterable<unknown> | CallOptions)} given lists, and last the options, if any
   * @returns {Future[]}
   */
  map(op, ...given) {
    const { args, options } = splitOptions(given);
    const lists = args.map((list) => [.../** @type {Iterable<unknown>} */ (list)]);
    const length = lists.length === 0 ? 0 : Math.min(...lists.map((list) => list.length));
    const calls = Array.from({ length }, (_, i) => lists.map((list) => list[i]));
    const keys = options.key === undefined ? null : calls.map((_, i) => `${options.key}-${i}`);
    return this.#run(op, calls, options, keys);
  }

  /**
   * Puts values on nodes.
   *
   * @template T
   * @param {T} data a number, a typed array, `{ data, shape, dtype }`; or a list of those
   * @param {{ hash?: boolean }} [options] false: equal values have keys of their own
   * @returns {T extends unknown[] ? Future[] : Future}
   */
  scatter(data, { hash = true } = {}) {
    const put = (/** @type {unknown} */ value) => {
      const { bytes, shape, dtype } = toBytes(value);
      const digits = hash ? hashOf(bytes) + hashOfData([shape, dtype]) : crypto.randomUUID();
      const key = `${dtype}-${digits.slice(0, 24)}`;
      const known = this.#entries.get(key);
      if (known && !known.error) return new Future(this.#owner, known);
      // A value that was lost is put on a node again.
      if (known) this.#leave(known);
      const entry = this.#entry(key);
      const copy = bytes.slice();
      this.#ask({ type: 'scatter', future: entry.id, key, bytes: copy, shape, dtype }, [entry]);
      return new Future(this.#owner, entry);
    };
    const futures = Array.isArray(data) ? data.map(put) : put(data);
    return /** @type {T extends unknown[] ? Future[] : Future} */ (futures);
  }

  /**
   * The values of futures.
   *
   * @template {Future | Collection | Iterable<Future | Collection>} F
   * @param {F} futures
   * @param {{ errors?: 'raise' | 'skip' }} [options] `skip`: leaves out those that have none
   * @returns {Promise<F extends Iterable<unknown> ? any[] : any>}
   */
  async gather(futures, { errors = 'raise' } = {}) {
    if (isFuture(futures) || futures instanceof Collection) return futures.result();
    const results = [.../** @type {Iterable<Future | Collection>} */ (futures)].map((future) =>
      future.result(),
    );
    if (errors === 'raise') return Promise.all(results);
    const ended = await Promise.allSettled(results);
    return ended.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  }

  /**
   * Cancels futures, and all that need them. Their keys are forgotten.
   *
   * @param {Future | Collection | Iterable<Future>} futures
   */
  cancel(futures) {
    for (const future of futuresOf(futures)) future.cancel();
  }

  as_completed = asCompleted;

  /**
   * Computes an array or a delayed result; the value stays on the nodes until it is asked for.
   *
   * @param {DagArray | Delayed} collection
   * @param {{ priority?: number }} [options]
   * @returns {Collection}
   */
  compute(collection, { priority = 0 } = {}) {
    if (!(collection instanceof DagArray) && !(collection instanceof Delayed)) {
      throw new TypeError(
        `compute: an array or a delayed result is needed, got ${shown(collection)}`,
      );
    }
    const expression = JSON.stringify(collection);
    const chunks = collection instanceof DagArray ? collection.chunks : [];
    const blocks = chunks.reduce((product, lengths) => product * lengths.length, 1);
    const name = collection instanceof DagArray ? 'array' : collection.op;
    const prefix = `${name}-${crypto.randomUUID()}`;
    const entries = Array.from({ length: blocks }, (_, i) => this.#entry(`('${prefix}', ${i})`));
    /** @type {ExpressionWork} */
    const work = { kind: 'expression', expression, optimize: false };
    this.#submit(work, entries, [], priority);
    return new Collection(
      entries.map((entry) => new Future(this.#owner, entry)),
      chunks,
    );
  }

  /**
   * Computes the blocks of an array, which stay on the nodes until they are released: what needs them takes them from there.
   *
   * @param {DagArray | Delayed} collection
   * @param {{ priority?: number }} [options]
   * @returns {Collection}
   */
  persist(collection, options) {
    return this.compute(collection, options);
  }

  /**
   * Which nodes have the values of futures, by their keys.
   *
   * @param {Future | Collection | Iterable<Future>} [futures] without them, of all
   * @returns {Promise<Record<string, number[]>>}
   */
  async who_has(futures) {
    if (this.#ended) throw this.#ended;
    const entries = futures ? this.#entriesOf(futures) : [...this.#entries.values()];
    const query = this.#nextNumber++;
    /** @type {Promise<number[][]>} */
    const answer = new Promise((resolve) => {
      this.#answers.set(query, resolve);
    });
    this.#ask({ type: 'who-has', query, futures: entries.map(({ id }) => id) });
    const places = await answer;
    return Object.fromEntries(entries.map(({ key }, i) => [key, places[i] ?? []]));
  }

  /** Adds a node, unless there are as many as there can be. */
  addNode() {
    this.#change((cluster) => cluster.addNode());
  }

  /** Ends a node, whatever it does. What it holds is computed again, if it can be. @param {number} node */
  killNode(node) {
    this.#change((cluster) => cluster.killNode(node));
  }

  /**
   * Adds nodes, or ends the last ones, until there are `count`. Does not wait for them.
   *
   * @param {number} count
   */
  scale(count) {
    if (!Number.isInteger(count) || count < 0 || count > MOST_NODES) {
      throw new RangeError(`scale: a whole number from 0 to ${MOST_NODES} is needed, got ${count}`);
    }
    this.#change((cluster) => cluster.scale(count));
  }

  /**
   * Resolves when this number of nodes have started.
   *
   * @param {number} count
   * @returns {Promise<void>}
   */
  wait_for_workers(count) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const up = this.#nodes.filter(({ isUp }) => isUp).length;
        if (up < count && !this.#ended) return;
        this.#watchers.delete(look);
        if (up < count) reject(this.#ended);
        else resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** Ends the nodes, and cancels all tasks that have not finished. */
  async close() {
    this.#end(null);
    const cluster = await this.#cluster;
    cluster.close();
  }

  /** @param {Entry} entry @returns {Promise<unknown>} */
  async #valueOf(entry) {
    if (!entry.value) {
      entry.value = withResolvers();
      this.#ask({ type: 'gather', future: entry.id });
    }
    // The future may be collected while its value is on its way.
    entry.holders += 1;
    try {
      return await entry.value.promise;
    } finally {
      this.#release(entry);
    }
  }

  /** @param {Entry} entry */
  #release(entry) {
    entry.holders -= 1;
    if (entry.holders > 0 || !this.#numbers.has(entry.id)) return;
    this.#forget(entry);
    entry.fail('cancelled', new CancelledError(entry.key));
    this.#ask({ type: 'release', future: entry.id });
  }

  /** @param {Entry} entry */
  #cancel(entry) {
    if (!this.#numbers.has(entry.id)) return;
    this.#ask({ type: 'cancel', future: entry.id });
    this.#drop(entry);
    // The cluster is going to cancel what needs it. If the same is asked for again, it is computed again.
    for (const dependent of entry.dependents()) this.#forgetKey(dependent);
  }

  /**
   * @param {Operation} op
   * @param {unknown[][]} calls the arguments of each call
   * @param {CallOptions} options
   * @param {string[] | null} keys
   */
  #run(op, calls, { pure = true, retries = 0, priority = 0 }, keys) {
    // All calls are checked before there is a future for any: a future for what was never asked for would never end.
    const checked = calls.map((args, i) => {
      const task = taskOf(op, args, isFuture);
      const json = JSON.stringify(task);
      const digits = () => (pure ? hashOf(new TextEncoder().encode(json)) : crypto.randomUUID());
      return { args, task, key: keys ? keys[i] : `${nameOf(op)}-${digits()}` };
    });
    /** @type {Record<string, object>} */
    const tasks = {};
    /** @type {Entry[]} */
    const added = [];
    /** By their keys, the numbers of the futures that are inputs. @type {Map<string, number>} */
    const inputs = new Map();
    const futures = checked.map(({ args, task, key }) => {
      const known = this.#entries.get(key);
      if (known) return new Future(this.#owner, known);
      const needed = args.filter(isFuture).map((arg) => this.#entries.get(arg.key));
      const entry = this.#entry(key);
      const future = new Future(this.#owner, entry);
      if (needed.includes(undefined)) {
        this.#drop(entry);
        return future;
      }
      for (const input of needed) {
        if (!input) continue;
        entry.reads(input);
        inputs.set(input.key, input.id);
      }
      tasks[key] = retries > 0 ? { ...task, retries } : task;
      added.push(entry);
      return future;
    });
    if (added.length === 0) return futures;
    for (const key of inputs.keys()) {
      if (key in tasks) inputs.delete(key);
      else tasks[key] = { op: 'no-op' };
    }
    const graph = JSON.stringify({ dagdeck: 1, tasks, targets: added.map(({ key }) => key) });
    this.#submit({ kind: 'graph', graph }, added, [...inputs], priority);
    return futures;
  }

  /**
   * @param {import('../engine/protocol.js').Work} work
   * @param {Entry[]} entries
   * @param {[string, number][]} inputs the keys of tasks that stand for other futures, with the numbers of those
   * @param {number} priority
   */
  #submit(work, entries, inputs, priority) {
    const futures = entries.map(({ id }) => id);
    this.#ask({ type: 'submit', work, futures, inputs, priority }, entries);
  }

  /** @param {string} key */
  #entry(key) {
    const entry = new Entry(this.#nextNumber++, key);
    this.#entries.set(key, entry);
    this.#numbers.set(entry.id, entry);
    if (this.#ended) this.#endEntry(entry, this.#ended);
    return entry;
  }

  /** @param {Entry} entry */
  #forget(entry) {
    this.#numbers.delete(entry.id);
    this.#forgetKey(entry);
  }

  /** If its key is asked for again, that is another entry. @param {Entry} entry */
  #forgetKey(entry) {
    if (this.#entries.get(entry.key) === entry) this.#entries.delete(entry.key);
  }

  /** Releases a key that has lost its value, even if there are still futures for it. @param {Entry} entry */
  #leave(entry) {
    this.#forget(entry);
    this.#ask({ type: 'release', future: entry.id });
  }

  /** @param {Entry} entry */
  #drop(entry) {
    this.#forget(entry);
    entry.fail('cancelled', new CancelledError(entry.key));
  }

  /** @param {Future | Collection | Iterable<Future>} futures @returns {Entry[]} */
  #entriesOf(futures) {
    return futuresOf(futures).flatMap(({ key }) => this.#entries.get(key) ?? []);
  }

  /** @param {Ask} request @param {Entry[]} [entries] what fails if there is no cluster */
  #ask(request, entries = []) {
    if (this.#ended) return;
    this.#cluster.then(
      (cluster) => cluster.ask(request),
      (error) => entries.forEach((entry) => entry.fail('error', error)),
    );
  }

  /** @param {(cluster: Cluster) => void} change */
  #change(change) {
    this.#cluster.then(change, () => {});
  }

  /** @param {News} news */
  #hear(news) {
    if (news.type === 'who-has') {
      this.#answers.get(news.query)?.(news.places);
      this.#answers.delete(news.query);
      return;
    }
    const entry = this.#numbers.get(news.future);
    if (!entry) return;
    if (news.type === 'finished') entry.finish();
    else if (news.type === 'cancelled') {
      // The cluster knows nothing of what it refused to run. What needs that has its error.
      if (entry.blamed) entry.fail('error', entry.blamed);
      else this.#drop(entry);
    } else if (news.type === 'value') {
      entry.value?.resolve(plainTarget(news.value));
      entry.value = null;
    } else if (news.type === 'error' || news.type === 'lost') {
      const error = new Error(news.message);
      entry.fail(news.type, error);
      if (news.type === 'error') {
        for (const dependent of entry.dependents()) dependent.blamed ??= error;
      }
    }
  }

  /** @param {Entry} entry @param {Error} why */
  #endEntry(entry, why) {
    entry.fail(why instanceof CancelledError ? 'cancelled' : 'error', why);
  }

  /** Nothing runs any more. @param {Error | null} error why, unless it was closed */
  #end(error) {
    if (this.#ended) return;
    this.#ended = error ?? new CancelledError(null);
    for (const entry of this.#numbers.values()) this.#endEntry(entry, this.#ended);
    for (const answer of this.#answers.values()) answer([]);
    this.#answers.clear();
    for (const look of this.#watchers) look();
  }
}

/** @param {Future | Collection | Iterable<Future>} futures @returns {readonly Future[]} */
function futuresOf(futures) {
  if (futures instanceof Collection) return futures.futures;
  return isFuture(futures) ? [futures] : [...futures];
}

/**
 * @param {unknown[]} given
 * @returns {{ args: unknown[], options: CallOptions }}
 */
function splitOptions(given) {
  const last = given.at(-1);
  if (isFuture(last) || !isOptions(last) || Symbol.iterator in Object(last)) {
    return { args: given, options: {} };
  }
  const unknown = Object.keys(last).find((name) => !CALL_OPTIONS.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`unknown option “${unknown}”; the options are ${CALL_OPTIONS.join(', ')}`);
  }
  const { retries = 0, priority = 0 } = /** @type {CallOptions} */ (last);
  if (!Number.isInteger(retries) || retries < 0) {
    throw new RangeError(`retries must be a whole number from 0, got ${shown(retries)}`);
  }
  if (!Number.isInteger(priority)) {
    throw new RangeError(`priority must be a whole number, got ${shown(priority)}`);
  }
  return { args: given.slice(0, -1), options: last };
}
