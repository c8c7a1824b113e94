/* A worker that runs the module, as far as the page sees it: it records what it is told. */

/** @import { ModuleWorkerMessage } from '../../../src/engine/protocol.js' */

/** @template {object} Start */
export class FakeModuleWorker extends EventTarget {
  /** @type {Start[]} */
  told = [];
  terminated = false;

  /** @param {Start} message */
  postMessage(message) {
    this.told.push(message);
  }

  terminate() {
    this.terminated = true;
  }

  /** @param {ModuleWorkerMessage} data */
  say(data) {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  /** @param {string} message */
  crash(message) {
    this.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message }));
  }
}
