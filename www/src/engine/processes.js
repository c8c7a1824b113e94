/*
 * Processes: Web Workers that each have an instance of the module and a memory of their own. The page
 * creates, watches and ends them on behalf of the engine's worker (process-ports.js), and tells it when
 * one dies. It passes the engine's port on to them and does not see the messages between the two.
 *
 * A node of a cluster with several slots has a worker for each of them, on the same memory: they die together.
 */
import { startWatched } from './watched-worker.js';

/** @import { ProcessStart, SlotsRequest } from './protocol.js' */

export class Processes {
  #createWorker;
  #onDeath;
  /** The workers of those that run, by their ids. @type {Map<number, { worker: Worker, stop: () => void }[]>} */
  #running = new Map();

  /**
   * @param {(role: 'process' | 'slot') => Worker} createWorker
   * @param {(id: number, reason: string) => void} onDeath called once for a process that fails to start or dies
   */
  constructor(createWorker, onDeath) {
    this.#createWorker = createWorker;
    this.#onDeath = onDeath;
  }

  /**
   * @param {number} id no other process has it
   * @param {Omit<ProcessStart, 'life'>} start
   */
  start(id, start) {
    const worker = this.#createWorker('process');
    const die = (/** @type {string} */ reason) => {
      this.end(id);
      this.#onDeath(id, reason || 'it ended unexpectedly');
    };
    const transfer = start.fork ? [start.port, start.fork.image] : [start.port];
    const { up, stop } = startWatched(worker, 'process', start, transfer, die);
    this.#running.set(id, [{ worker, stop }]);
    up.catch(({ message }) => die(message));
    worker.addEventListener('message', ({ data }) => {
      if ('slots' in data) this.#startSlots(id, data, die);
    });
  }

  /**
   * @param {number} id
   * @param {SlotsRequest} request
   * @param {(reason: string) => void} die
   */
  #startSlots(id, { slots: { ports, ...shared } }, die) {
    for (const [slot, port] of ports.entries()) {
      // It may have been ended in the meantime.
      const workers = this.#running.get(id);
      if (!workers) return;
      const worker = this.#createWorker('slot');
      const { up, stop } = startWatched(worker, 'slot', { ...shared, port, slot }, [port], die);
      workers.push({ worker, stop });
      up.catch(({ message }) => die(message));
    }
  }

  /**
   * Ends a process, whatever it does.
   *
   * @param {number} id
   */
  end(id) {
    const workers = this.#running.get(id) ?? [];
    this.#running.delete(id);
    for (const { worker, stop } of workers) {
      stop();
      worker.terminate();
    }
  }

  endAll() {
    for (const id of [...this.#running.keys()]) this.end(id);
  }
}
