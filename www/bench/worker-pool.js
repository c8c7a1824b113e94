/*
 * The peer of the scheduler among JavaScript's own: npm's workerpool, with two workers and a message
 * to and fro for each task. It knows nothing of graphs, so what depends on what is counted here, in
 * plain JavaScript on the page.
 *
 *     ready task --exec--> worker (does nothing) --answer--> its dependents have one less to wait for
 *
 * The functions here run in the page: they see their arguments and the page, and nothing of this file.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** @import { Page } from '@playwright/test' */

const require = createRequire(import.meta.url);

/** Which version is measured. @type {string} */
export const version = require('workerpool/package.json').version;

const library = readFileSync(require.resolve('workerpool/dist/workerpool.min.js'), 'utf8');

/**
 * Puts a pool into the page.
 *
 * @param {Page} page
 * @param {number} workers
 */
export async function startPool(page, workers) {
  await page.addScriptTag({ content: library });
  await page.evaluate(start, {
    workers,
    worker: `${library}\nworkerpool.worker({ nothing() {} });`,
  });
}

/**
 * @param {{ workers: number, worker: string }} pool
 */
async function start({ workers, worker }) {
  const { workerpool } = /** @type {{ workerpool: typeof import('workerpool') }} */ (
    /** @type {unknown} */ (window)
  );
  const address = URL.createObjectURL(new Blob([worker], { type: 'text/javascript' }));
  const pool = workerpool.pool(address, {
    workerType: 'web',
    minWorkers: workers,
    maxWorkers: workers,
  });
  // All of them have started before the first run.
  await Promise.all(Array.from({ length: 10 * workers }, () => pool.exec('nothing', [])));
  Object.assign(window, { pool });
}

/**
 * Runs a graph, and gives the milliseconds from its start to its end: what it takes to turn the graph
 * around comes before, as a plan comes before a run.
 *
 * @param {number[][]} dependencies of each task
 * @returns {Promise<number>}
 */
export function runOnPool(dependencies) {
  const { pool } = /** @type {{ pool: import('workerpool').Pool }} */ (
    /** @type {unknown} */ (window)
  );
  /** @type {number[][]} */
  const dependents = dependencies.map(() => []);
  dependencies.forEach((row, task) =>
    row.forEach((dependency) => dependents[dependency].push(task)),
  );
  const waitsFor = Int32Array.from(dependencies, (row) => row.length);
  let left = dependencies.length;

  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const run = (/** @type {number} */ task) => {
      pool.exec('nothing', []).then(() => finish(task), reject);
    };
    const finish = (/** @type {number} */ task) => {
      left -= 1;
      if (left === 0) resolve(performance.now() - startMs);
      for (const dependent of dependents[task]) {
        waitsFor[dependent] -= 1;
        if (waitsFor[dependent] === 0) run(dependent);
      }
    };
    const roots = [...dependencies.keys()].filter((task) => waitsFor[task] === 0);
    roots.forEach(run);
  });
}
