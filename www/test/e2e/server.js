/*
 * A separate server for a test, which the test may stop.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * @param {string[]} [words] for serve.mjs
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startServer(words = []) {
  const child = spawn(process.execPath, ['serve.mjs', ...words], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = () =>
    new Promise((/** @type {(nothing: void) => void} */ resolve) => {
      child.once('exit', () => resolve());
      if (!child.kill()) resolve();
    });
  for await (const data of child.stdout) {
    const [url] = /http:\S+/.exec(String(data)) ?? [];
    if (url) return { url, stop };
  }
  throw new Error('the server did not start');
}
