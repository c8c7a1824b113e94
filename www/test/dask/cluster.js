/*
 * A Dask cluster for the tests: `python -m dask_dagdeck`, in the Python that PYTHON names (scripts/python).
 */
import { execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../../../dask/src', import.meta.url));

const python = process.env.PYTHON ?? 'python3';
const env = {
  ...process.env,
  PYTHONPATH: [SOURCE, process.env.PYTHONPATH ?? ''].join(path.delimiter),
  PYTHONDONTWRITEBYTECODE: '1',
};

/** How long a cluster may take to start or to end, in ms. */
const LIMIT_MS = 60_000;

/**
 * @typedef {Object} Cluster
 * @property {string} url for a page
 * @property {string} address for other clients
 * @property {() => Promise<void>} end
 */

/**
 * Runs Python until it ends.
 *
 * @param {string[]} args
 * @param {number} [limitMs]
 * @returns {Promise<string>} what it wrote
 */
export function runPython(args, limitMs = LIMIT_MS) {
  return new Promise((resolve, reject) => {
    execFile(python, args, { env, timeout: limitMs }, (error, stdout, stderr) =>
      error ? reject(new Error(stderr)) : resolve(stdout),
    );
  });
}

/**
 * @param {string[]} [options]
 * @param {Record<string, string>} [configuration] environment variables, which Dask reads
 * @returns {Promise<Cluster>}
 */
export function startCluster(options = [], configuration = {}) {
  const child = spawn(python, ['-m', 'dask_dagdeck', '--port', '0', ...options], {
    env: { ...env, ...configuration },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const end = async () => {
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    await exited;
    clearTimeout(timer);
  };
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`no cluster started: ${said}`)), LIMIT_MS);
    const hear = (/** @type {Buffer} */ text) => {
      said += text;
      const url = /wss?:\/\/\S+#\S+/.exec(said)?.[0];
      const address = /(?:tcp|tls):\/\/[^\s,]+/.exec(said)?.[0];
      if (!url || !address || !said.includes('Ctrl-C')) return;
      clearTimeout(timer);
      resolve({ url, address, end });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`the cluster ended: ${said}`));
    });
  });
}
