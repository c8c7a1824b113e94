/*
 * Asks the service worker which versions of the site it has. Versions are digests: they can be compared for equality,
 * but have no order.
 */

/** How long the service worker may take to answer. */
const ANSWER_LIMIT_MS = 10_000;

/**
 * @typedef {Object} Versions
 * @property {string} inUse the version that pages get
 * @property {string} newest the version that was fetched last; the same as `inUse`, or waiting to be accepted
 */

/**
 * @param {ServiceWorker} worker
 * @param {'versions' | 'accept'} message `accept` puts the newest in use
 * @returns {Promise<Versions>} rejects when it does not answer
 */
export function askVersions(worker, message) {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(
      () => reject(new Error('The service worker does not answer.')),
      ANSWER_LIMIT_MS,
    );
    port1.onmessage = ({ data }) => {
      clearTimeout(timer);
      port1.close();
      resolve(data);
    };
    worker.postMessage(message, [port2]);
  });
}
