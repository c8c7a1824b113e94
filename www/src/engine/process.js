/*
 * A process: a worker with an instance of the module that has a memory of its own. It gets tasks from the
 * engine's worker through a port, and posts back what they gave.
 *
 * Its memory is empty at first (`spawn`), or a copy of the engine's memory (`fork`). The module takes such
 * a copy for its own memory: a flag in it says that it is initialised, and wasm-bindgen gives the process a
 * stack and thread-locals, as it does for each further thread of a memory. What other threads were doing
 * when the memory was copied is never finished in the copy, just as after fork() in C.
 */

/** @import { Joined, ProcessStart } from './protocol.js' */

/** Workers with this name are processes (crew.js gives it). */
export const PROCESS_WORKER = 'dagdeck process';

/** Workers with this name are slots of nodes. */
export const SLOT_WORKER = 'dagdeck slot';

/** Pages of 64 KiB: with how many a process begins, and the most that it may grow to. */
const PAGES = { initial: 64, maximum: 16384 };

/** The maximum where the browser refuses to reserve that much memory. */
const LESS_PAGES = 4096;

const PAGE_BYTES = 65536;

/**
 * @param {ProcessStart['fork']} fork
 * @returns {{ memory: WebAssembly.Memory, joined: Joined, most: number }} `most`: the bytes that the memory may grow to
 */
export function memoryOf(fork) {
  if (!fork) return { ...newMemory(PAGES.initial), joined: { bytes: 0, ms: 0 } };
  const since = performance.now();
  const { byteLength } = fork.image;
  const { memory, most } = newMemory(byteLength / PAGE_BYTES);
  new Uint8Array(memory.buffer).set(new Uint8Array(fork.image));
  return {
    memory,
    most,
    joined: { bytes: byteLength, ms: fork.copyMs + performance.now() - since },
  };
}

/** @param {number} initial */
function newMemory(initial) {
  const of = (/** @type {number} */ maximum) => ({
    memory: new WebAssembly.Memory({ initial, maximum, shared: true }),
    most: maximum * PAGE_BYTES,
  });
  try {
    return of(PAGES.maximum);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return of(LESS_PAGES);
  }
}
