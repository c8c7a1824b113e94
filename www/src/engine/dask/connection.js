/*
 * A connection to a Dask cluster over a WebSocket; dask/src/dask_dagdeck/page.py has the other end and the list of
 * messages. The page has one connection, which its runs share.
 *
 * It checks that messages have a form; what is in them is checked by those who take them.
 */
import { objectAt, refuse, textAt, wholeAt } from '../../data/checked.js';

/** @import { Address } from './address.js' */

/**
 * What a run, or a watch, is told. A message that it refuses ends it.
 *
 * @typedef {Object} Listener
 * @property {(type: string, message: Record<string, unknown>) => void} onMessage
 * @property {(target: number, bytes: Uint8Array) => void} onValue
 * @property {(error: Error) => void} onEnd the connection is lost, or what it sent cannot be used
 */

/** How long the cluster may take to answer, in ms. */
const ANSWER_LIMIT_MS = 8000;

/** How often the page checks that a message has come, in ms. The cluster sends one every 20 s at least. */
const CHECK_EVERY_MS = 10_000;

/**
 * After this number of checks without a message, the page gives the connection up: a browser does not notice that the
 * network is gone. It counts checks, not time, since a page that was busy has messages to read first.
 */
const MOST_SILENT_CHECKS = 6;

/** Bytes before a value: the ids of its run and of its target. */
const HEAD = 8;

/** A cluster could not be reached, or refused the page. */
export class ClusterError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'ClusterError';
  }
}

/** @type {{ of: string, connection: Promise<Connection> } | null} */
let shared = null;

/**
 * The page's connection to this cluster. It is made when it is first needed, and again after it was lost.
 *
 * @param {Address} address
 * @returns {Promise<Connection>} rejects with a ClusterError
 */
export function connectionTo(address) {
  const of = JSON.stringify(address);
  if (shared?.of !== of) {
    shared?.connection.then((old) => old.close()).catch(() => {});
    const made = { of, connection: Connection.open(address, () => forget(made)) };
    shared = made;
    made.connection.catch(() => forget(made));
  }
  return shared.connection;
}

/** @param {typeof shared} lost */
function forget(lost) {
  if (shared === lost) shared = null;
}

export class Connection {
  /** @type {Map<number, Listener>} */
  #listeners = new Map();
  #nextId = 1;
  #socket;
  /** Why the cluster refused the page, if it said so. */
  #refusal = '';

  /**
   * @param {WebSocket} socket that is open
   * @param {{ dask: string, workers: number, threads: number }} cluster
   * @param {() => void} onLost
   */
  constructor(socket, cluster, onLost) {
    this.#socket = socket;
    this.cluster = cluster;
    let silentChecks = 0;
    const lose = (/** @type {string} */ why) => {
      clearInterval(timer);
      onLost();
      this.#endAll(new ClusterError(`The connection to the cluster was lost: ${why}.`));
    };
    const timer = setInterval(() => {
      if (++silentChecks < MOST_SILENT_CHECKS) return;
      lose('it does not answer');
      socket.close();
    }, CHECK_EVERY_MS);
    socket.onmessage = ({ data }) => {
      silentChecks = 0;
      this.#hear(data);
    };
    socket.onclose = ({ reason }) => lose(this.#refusal || reason || 'it closed the connection');
  }

  /**
   * @param {Address} address
   * @param {() => void} onLost
   * @returns {Promise<Connection>}
   */
  static open({ url, token }, onLost) {
    return new Promise((resolve, reject) => {
      /** @type {WebSocket} */
      let socket;
      const fail = (/** @type {string} */ why) => {
        clearTimeout(timer);
        reject(new ClusterError(`The cluster at ${url} ${why}.`));
        socket?.close();
      };
      const timer = setTimeout(
        () => fail(`did not answer within ${ANSWER_LIMIT_MS / 1000} s`),
        ANSWER_LIMIT_MS,
      );
      try {
        socket = new WebSocket(url);
      } catch {
        // A page that was loaded over HTTPS, for example, may not use ws://.
        fail('may not be used by this page; pages loaded over HTTPS need wss://');
        return;
      }
      socket.binaryType = 'arraybuffer';
      let refusal = '';
      socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', dagdeck: 1, token }));
      socket.onmessage = ({ data }) => {
        try {
          const message = objectAt(JSON.parse(data), 'message');
          if (message.type === 'refused') {
            refusal = textAt(message.message, 'message.message');
            return;
          }
          if (message.type !== 'ready') refuse('message.type', 'ready is needed first');
          const cluster = {
            dask: textAt(message.dask, 'message.dask', 100),
            workers: wholeAt(message.workers, 'message.workers', 0, 1e6),
            threads: wholeAt(message.threads, 'message.threads', 0, 1e8),
          };
          clearTimeout(timer);
          resolve(new Connection(socket, cluster, onLost));
        } catch (error) {
          fail(`sent what this page cannot read (${/** @type {Error} */ (error).message})`);
        }
      };
      socket.onclose = () =>
        fail(
          refusal
            ? `refused this page: ${refusal}`
            : 'cannot be reached, or does not allow pages of this origin',
        );
    });
  }

  /**
   * Says something new, about which the listener is told.
   *
   * @param {Record<string, unknown>} message
   * @param {Listener} listener
   * @param {string} [graph] a member `graph`, in JSON
   * @returns {number} its id
   * @throws {ClusterError} if the connection is lost; the listener is not told
   */
  begin(message, listener, graph) {
    // A socket that is closing drops messages without an error.
    if (this.#socket.readyState !== WebSocket.OPEN) {
      throw new ClusterError('The connection to the cluster was lost.');
    }
    const id = this.#nextId++;
    this.#listeners.set(id, listener);
    const text = JSON.stringify({ ...message, id });
    // The graph is long, and its tasks would lose their order if it were parsed.
    this.#socket.send(graph === undefined ? text : `${text.slice(0, -1)},"graph":${graph}}`);
    return id;
  }

  /**
   * @param {'cancel' | 'release'} type
   * @param {number} id
   */
  say(type, id) {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify({ type, id }));
    }
  }

  /**
   * Stops delivering messages to a listener.
   *
   * @param {number} id
   */
  forget(id) {
    this.#listeners.delete(id);
  }

  close() {
    this.#socket.close();
  }

  /** @param {unknown} data */
  #hear(data) {
    /** @type {Listener | undefined} */
    let listener;
    let id = 0;
    try {
      if (data instanceof ArrayBuffer) {
        if (data.byteLength < HEAD) refuse('value', `${data.byteLength} bytes are too few`);
        const [run, target] = new Uint32Array(data, 0, HEAD / 4);
        id = run;
        listener = this.#listeners.get(id);
        listener?.onValue(target, new Uint8Array(data, HEAD));
        return;
      }
      const message = objectAt(JSON.parse(String(data)), 'message');
      const type = textAt(message.type, 'message.type', 100);
      if (type === 'alive') return;
      if (type === 'refused' && message.id === null) {
        this.#refusal = textAt(message.message, 'message.message');
        return;
      }
      id = wholeAt(message.id, 'message.id', 0, 2 ** 32);
      listener = this.#listeners.get(id);
      listener?.onMessage(type, message);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      const unreadable = new ClusterError(
        `The cluster sent what this page cannot read: ${message}.`,
      );
      if (listener) {
        // It goes on there otherwise.
        this.say('cancel', id);
        listener.onEnd(unreadable);
      } else this.#endAll(unreadable);
    }
  }

  /** @param {Error} error */
  #endAll(error) {
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const { onEnd } of listeners) onEnd(error);
  }
}
