/* The processes of a page, for tests that end them. */

/** @import { Page } from '@playwright/test' */

/**
 * Keeps every process that the page starts, as `window.processes`, and every slot of a node, as `window.slots`. Each says
 * whether it `isUp`.
 *
 * @param {Page} page
 */
export async function keepProcesses(page) {
  await page.addInitScript(() => {
    /** @type {Worker[]} */
    const processes = [];
    /** @type {Worker[]} */
    const slots = [];
    Object.assign(window, { processes, slots });
    const Plain = Worker;
    window.Worker = class extends Plain {
      /** @param {string | URL} url @param {WorkerOptions} [options] */
      constructor(url, options) {
        super(url, options);
        if (options?.name === 'dagdeck process') processes.push(this);
        else if (options?.name === 'dagdeck slot') slots.push(this);
        else return;
        this.addEventListener('message', () => Object.assign(this, { isUp: true }), { once: true });
      }
    };
  });
}
