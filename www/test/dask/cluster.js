/*
 * A Dask cluster for the tests: `python -m dask_dagdeck`, in the Python that PYTHON names (scripts/python).
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../../../dask/src', import.meta.url));

/** How long a cluster may take to start or to end, in ms. */
const LIMIT_MS = 60_000;

/**
 * @param {string[]} [options]
 * @returns {Promise<{ url: string, end: () => Promise<void> }>}
 */
export function startCluster(options = []) {
  const python = process.env.PYTHON ?? 'python3';
  const child = spawn(python, ['-m', 'dask_dagdeck', '--port', '0', ...options], {
    env: {
      ...process.env,
      PYTHONPATH: [SOURCE, process.env.PYTHONPATH ?? ''].join(path.delimiter),
      PYTHONDONTWRITEBYTECODE: '1',
    },
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
      const url = /ws:\/\/\S+#\S+/.exec(said)?.[0];
      if (!url || !said.includes('Ctrl-C')) return;
      clearTimeout(timer);
      resolve({ url, end });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`the cluster ended: ${said}`));
    });
  });
}
