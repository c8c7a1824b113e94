/* The processes of a page, for tests that end them. */

/** @import { Page } from '@playwright/test' */

/**
 * Keeps every process that the page starts, as `window.processes`. Each says whether it `isUp`.
 *
 * @param {Page} page
 */
export async function keepProcesses(page) {
  await page.addInitScript(() => {
    /** @type {Worker[]} */
    const processes = [];
    Object.assign(window, { processes });
    const Plain = Worker;
    window.Worker = class extends Plain {
      /** @param {string | URL} url @param {WorkerOptions} [options] */
      constructor(url, options) {
        super(url, options);
        if (options?.name !== 'dagdeck process') return;
        processes.push(this);
        this.addEventListener('message', () => Object.assign(this, { isUp: true }), { once: true });
      }
    };
  });
}
