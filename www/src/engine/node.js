/*
 * A node of a cluster: a worker that runs tasks, keeps their values and sends them to other nodes. Rust decides what
 * (src/web/cluster.rs); this file passes messages on, through a port to the engine's worker and one to each other node.
 *
 *     engine worker <--orders, reports--> node <--values--> node
 *
 * Tasks run in turns of a millisecond, and messages are looked at in between: a node that computes does not answer. A node
 * with several slots has a worker for each of them, which runs tasks in Rust and gets no messages. It always answers.
 */
import { Spares } from './spares.js';
import { openSpillFile } from './spill-files.js';

/** @import { Envelope, Link, Post, SlotsRequest, Unlink } from './protocol.js' */
/** @import { SpillFile } from './spill-files.js' */

/** How long tasks run before messages are looked at, unless one takes longer. */
const TURN_MS = 1;

/**
 * The part of a node that decides.
 *
 * @typedef {Object} Member
 * @property {(from: number | undefined, message: Uint8Array) => void} onMessage
 * @property {(budgetMs: number) => boolean} work whether there is more to do
 * @property {() => boolean} wantsStorage whether a file should be opened for values. True once
 * @property {(file: SpillFile | undefined) => void} useStorage there is one from now on; undefined if there will be none
 * @property {() => Post[]} posts
 */

/** @typedef {{ port: MessagePort, spares: Spares }} Line */

/**
 * @param {Member} member
 * @param {MessagePort} port to the engine's worker
 * @param {(error: unknown) => void} fail called when Rust fails: after a trap the state of the module is unknown
 * @returns {() => void} to be called when a slot has run something
 */
export function liveAsNode(member, port, fail) {
  /** To the engine's worker (null), and to other nodes. @type {Map<number | null, Line>} */
  const lines = new Map([[null, { port, spares: new Spares() }]]);
  const turns = new MessageChannel();
  let isDue = false;

  const later = () => {
    if (isDue) return;
    isDue = true;
    turns.port2.postMessage(null);
  };

  /** @param {() => void} act */
  const attempt = (act) => {
    try {
      act();
    } catch (error) {
      fail(error);
    }
  };

  turns.port1.onmessage = () =>
    attempt(() => {
      isDue = false;
      const hasMore = member.work(TURN_MS);
      for (const post of member.posts()) send(post);
      if (member.wantsStorage()) openStorage();
      if (hasMore) later();
    });

  async function openStorage() {
    const opened = await openSpillFile();
    // It is removed when the node has ended.
    if (opened) port.postMessage({ spillFile: opened.name });
    attempt(() => {
      member.useStorage(opened?.file);
      later();
    });
  }

  port.onmessage = ({ data }) => hear(null, data);

  /**
   * @param {number | null} from
   * @param {Link | Unlink | Envelope} data
   */
  function hear(from, data) {
    attempt(() => {
      if ('peer' in data) {
        const { peer, port: line } = data;
        lines.set(peer, { port: line, spares: new Spares() });
        line.onmessage = (event) => hear(peer, event.data);
        return;
      }
      if ('gone' in data) {
        lines.get(data.gone)?.port.close();
        lines.delete(data.gone);
        return;
      }
      const line = lines.get(from);
      if (line) member.onMessage(from ?? undefined, line.spares.receive(data));
      later();
    });
  }

  /** @param {Post} post */
  function send({ to, message, delayMs }) {
    const line = lines.get(to);
    if (!line) {
      message.free();
      return;
    }
    const bytes = line.spares.take(message.length);
    message.write(bytes);
    message.free();
    if (delayMs > 0) setTimeout(() => line.spares.post(line.port, bytes), delayMs);
    else line.spares.post(line.port, bytes);
  }

  return later;
}

/**
 * Has the page start a worker for each slot of this node, on the same memory.
 *
 * @param {number} count
 * @param {{ module: WebAssembly.Module, memory: WebAssembly.Memory }} shared
 * @param {(request: SlotsRequest, transfer: Transferable[]) => void} say to the page
 * @param {() => void} look called when a slot has run something
 * @returns {Promise<void>} resolves when all are up. If one cannot be started, the page ends this node
 */
export async function startSlots(count, shared, say, look) {
  const channels = Array.from({ length: count }, () => new MessageChannel());
  const ports = channels.map(({ port2 }) => port2);
  const ups = channels.map(
    ({ port1 }) =>
      new Promise((up) => {
        port1.onmessage = () => {
          up(undefined);
          look();
        };
      }),
  );
  say({ slots: { ...shared, ports } }, ports);
  await Promise.all(ups);
}
