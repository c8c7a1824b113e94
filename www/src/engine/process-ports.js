/*
 * The processes of one run, if it has any, as the engine's worker sees them. Rust decides (src/web/processes.rs): it says
 * which process to start, what to send it and when to end it, and is told what comes back. This file has
 * the page create the workers (processes.js), and passes messages on through a port to each of them.
 *
 *     engine worker --ProcessRequest--> page --ProcessStart--> process (process.js)
 *           |<------------------------- port ---------------------->|
 *
 * Nodes of a cluster are processes that also have ports to each other (node.js). This file makes these ports.
 */
import { Spares } from './spares.js';
import { removeLeftFiles, removeSpillFile } from './spill-files.js';

/** @import { Fork, FromProcess, ProcessCommand, ProcessEnd, ProcessMessage } from './protocol.js' */
/** @import { ProcessRequest, Role } from './protocol.js' */

/**
 * The part of a run that decides.
 *
 * @typedef {Object} Parent
 * @property {() => ProcessCommand[]} commands what is to be done now
 * @property {() => Promise<boolean>} wanted resolves when a thread of the run wants something; false if none ever will
 * @property {(process: number, bytes: number, ms: number) => void} joined
 * @property {(process: number, message: Uint8Array) => void} reply
 * @property {(process: number, reason: string) => void} died
 * @property {() => void} tick time has passed: for a cluster
 */

/**
 * What the processes of all runs have in common.
 *
 * @typedef {Object} Surroundings
 * @property {() => WebAssembly.Module} module
 * @property {() => ArrayBuffer | undefined} image makes a copy of the engine's memory; undefined while it is in use
 * @property {(message: ProcessRequest | ProcessEnd, transfer?: Transferable[]) => void} post to the page
 * @property {(error: unknown) => void} fail called when Rust fails
 */

/**
 * `spillFile`: the name of the file that a node has opened.
 *
 * @typedef {{ id: number, role: Role, port: MessagePort, spares: Spares, spillFile: string | null }} Running
 */

/** How long to wait before memory is copied that was in use. */
const IMAGE_AGAIN_MS = 10;

/** How often the scheduler of a cluster looks for tasks that wait longer than expected. */
const TICK_MS = 100;

/** The id of the process that is started next, in any run. */
let nextId = 1;

/** Whether the files were removed that earlier pages have left. */
let isTidy = false;

/** By the ids of their processes. @type {Map<number, ProcessPorts>} */
const owners = new Map();

/**
 * The page says that a process has died.
 *
 * @param {number} id
 * @param {string} reason
 */
export function processDied(id, reason) {
  owners.get(id)?.died(id, reason);
}

export class ProcessPorts {
  #parent;
  #around;
  /** By the number that Rust gives a process. @type {Map<number, Running>} */
  #running = new Map();
  #over = false;
  #onChange;
  #onTold;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticks;

  /**
   * @param {Parent} parent
   * @param {Surroundings} around
   * @param {() => void} [onChange] called after a node has started, joined or ended
   * @param {() => void} [onTold] called after Rust was told something, and what it wants was done
   */
  constructor(parent, around, onChange = () => {}, onTold = () => {}) {
    this.#parent = parent;
    this.#around = around;
    this.#onChange = onChange;
    this.#onTold = onTold;
  }

  /** Does what threads of the run want, until it is over: the calls of futures come from any thread. */
  async serve() {
    // A run that is over may have been freed.
    while (!this.#over && (await this.#parent.wanted())) if (!this.#over) this.obey();
  }

  /** Does what Rust wants. To be called after it was told something. */
  obey() {
    try {
      for (const command of this.#parent.commands()) {
        if (command.type === 'start') this.#start(command);
        else if (command.type === 'link') this.#link(command.first, command.second);
        else if (command.type === 'send') this.#send(command.process, command.message);
        else if (command.type === 'end') this.#end(command.process);
        else this.end();
      }
      this.#onTold();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends all processes, whatever they do. Nothing is done for the run any more. */
  end() {
    this.#over = true;
    clearInterval(this.#ticks);
    for (const process of [...this.#running.keys()]) this.#end(process);
  }

  /** @param {number} id @param {string} reason */
  died(id, reason) {
    const found = [...this.#running].find(([, running]) => running.id === id);
    if (!found) return;
    const [process] = found;
    this.#forget(process);
    this.#tell(() => this.#parent.died(process, reason));
  }

  /** @param {Extract<ProcessCommand, { type: 'start' }>} command */
  #start({ process, fork, role, slots = 1 }) {
    if (role === 'node') {
      if (!isTidy) removeLeftFiles();
      isTidy = true;
      this.#ticks ??= setInterval(() => this.#tell(() => this.#parent.tick()), TICK_MS);
      this.#changed();
    }
    const id = nextId++;
    const { port1, port2 } = new MessageChannel();
    this.#running.set(process, { id, role, port: port1, spares: new Spares(), spillFile: null });
    owners.set(id, this);
    port1.onmessage = ({ data }) => this.#hear(process, data);
    this.#request(process, id, port2, { isFork: fork, role, slots });
  }

  /**
   * @param {number} process
   * @param {number} id
   * @param {MessagePort} port
   * @param {{ isFork: boolean, role: Role, slots: number }} kind
   */
  #request(process, id, port, kind) {
    // It may have been ended while it waited.
    if (this.#running.get(process)?.id !== id) return;
    const { module, image, post } = this.#around;
    const { isFork, role, slots } = kind;
    const fork = isFork ? forked(image) : null;
    if (fork === undefined) {
      setTimeout(() => this.#request(process, id, port, kind), IMAGE_AGAIN_MS);
      return;
    }
    const transfer = fork ? [port, fork.image] : [port];
    post({ type: 'process', id, start: { module: module(), port, fork, role, slots } }, transfer);
  }

  /**
   * Gives two nodes a port to each other.
   *
   * @param {number} first
   * @param {number} second
   */
  #link(first, second) {
    const [one, other] = [this.#running.get(first), this.#running.get(second)];
    if (!one || !other) return;
    const { port1, port2 } = new MessageChannel();
    one.port.postMessage({ peer: second, port: port1 }, [port1]);
    other.port.postMessage({ peer: first, port: port2 }, [port2]);
  }

  /** The owner is told when Rust has taken in what happened. */
  #changed() {
    queueMicrotask(() => {
      if (!this.#over) this.#onChange();
    });
  }

  /**
   * @param {number} process
   * @param {ProcessMessage} message
   */
  #send(process, message) {
    const running = this.#running.get(process);
    if (running) {
      const bytes = running.spares.take(message.length);
      message.write(bytes);
      running.spares.post(running.port, bytes);
    }
    message.free();
  }

  /**
   * @param {number} process
   * @param {FromProcess} message
   */
  #hear(process, message) {
    // What a process had posted before it was ended may still arrive.
    const running = this.#running.get(process);
    if (!running) return;
    if ('spillFile' in message) {
      running.spillFile = message.spillFile;
      return;
    }
    if ('bytes' in message) this.#changed();
    this.#tell(() => {
      if ('bytes' in message) this.#parent.joined(process, message.bytes, message.ms);
      else this.#parent.reply(process, running.spares.receive(message));
    });
  }

  /** @param {() => void} tell */
  #tell(tell) {
    try {
      tell();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.obey();
  }

  /** @param {unknown} error */
  #fail(error) {
    this.end();
    this.#around.fail(error);
  }

  /** @param {number} process */
  #end(process) {
    const running = this.#running.get(process);
    if (!running) return;
    this.#forget(process);
    this.#around.post({ type: 'end-process', id: running.id });
  }

  /** @param {number} process */
  #forget(process) {
    const running = this.#running.get(process);
    if (!running) return;
    running.port.close();
    if (running.spillFile !== null) removeSpillFile(running.spillFile);
    this.#changed();
    owners.delete(running.id);
    this.#running.delete(process);
    if (this.#over || running.role !== 'node') return;
    // The others close their ports to it.
    for (const { port } of this.#running.values()) port.postMessage({ gone: process });
  }
}

/**
 * @param {() => ArrayBuffer | undefined} copy
 * @returns {Fork | undefined} undefined if the memory cannot be copied now
 */
function forked(copy) {
  const since = performance.now();
  const image = copy();
  return image && { image, copyMs: performance.now() - since };
}
