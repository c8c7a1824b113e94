/*
 * What the service worker tells a page about versions of the site, and how a page asks. Digests, of
 * which nothing but "the same or another" can be read.
 */

/**
 * @typedef {Object} Versions
 * @property {string} inUse what pages get
 * @property {string} newest what is there, whole; the same as `inUse`, or waiting to be accepted
 */

/**
 * @param {ServiceWorker} worker
 * @param {'versions' | 'accept'} message `accept` puts the newest in use
 * @returns {Promise<Versions>}
 */
export function askVersions(worker, message) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      port1.close();
      resolve(data);
    };
    worker.postMessage(message, [port2]);
  });
}
