/* A worker that records what it is told and says what a test makes it say. */

/** @import { EngineMessage, PageMessage, ReadyMessage } from '../../../src/engine/protocol.js' */

export class FakeWorker extends EventTarget {
  /** @type {PageMessage[]} */
  told = [];
  terminated = false;

  /** @param {PageMessage} message */
  postMessage(message) {
    this.told.push(message);
  }

  terminate() {
    this.terminated = true;
  }

  /** @param {EngineMessage} data */
  say(data) {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  /** @param {string} message */
  crash(message) {
    this.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message }));
  }
}

/**
 * @param {Partial<ReadyMessage>} [changes]
 * @returns {ReadyMessage}
 */
export function readyMessage(changes = {}) {
  return {
    type: 'ready',
    version: '1.2.3',
    programs: [],
    isolated: true,
    poolSize: 8,
    memory: /** @type {WebAssembly.Memory} */ ({ buffer: new ArrayBuffer(0) }),
    ...changes,
  };
}
