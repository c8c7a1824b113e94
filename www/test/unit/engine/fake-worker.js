/* A worker that records what it is told and says what a test makes it say. */

import { schedulersOf } from '../schemas.js';

/** @import { CrewMessage, EngineMessage, PageMessage, ReadyMessage } from '../../../src/engine/protocol.js' */

/** @typedef {Exclude<PageMessage, { type: 'boot' | 'ping' }>} Told */

export class FakeWorker extends EventTarget {
  /** What it was told after the first message. @type {Told[]} */
  told = [];
  /** With what it was told to boot; undefined until then. @type {WebAssembly.Module | null | undefined} */
  module;
  /** The name of the lock that it has to hold. */
  life = '';
  pings = 0;
  terminated = false;

  /** @param {PageMessage} message */
  postMessage(message) {
    if (message.type === 'boot') ({ module: this.module, life: this.life } = message);
    else if (message.type === 'ping') this.pings++;
    else this.told.push(message);
  }

  terminate() {
    this.terminated = true;
  }

  /** @param {EngineMessage | CrewMessage} data */
  say(data) {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  /** @param {string} message */
  crash(message) {
    this.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message }));
  }
}

/** The smallest module there is: a header. */
const emptyModule = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));

/**
 * @param {Partial<ReadyMessage>} [changes]
 * @returns {ReadyMessage}
 */
export function readyMessage(changes = {}) {
  return {
    type: 'ready',
    version: '1.2.3',
    programs: [],
    schedulers: schedulersOf(changes.isolated ?? true),
    isolated: true,
    poolSize: 8,
    memory: /** @type {WebAssembly.Memory} */ ({ buffer: new ArrayBuffer(0) }),
    module: emptyModule,
    ...changes,
  };
}
