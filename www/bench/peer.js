/*
 * A program beside the browser that takes turns with it: it reads what is wanted from a line, does it,
 * and answers with a line of milliseconds.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * @param {string} command
 * @param {string[]} [args]
 */
export function startPeer(command, args = []) {
  const child = spawn(command, args, {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    /**
     * @param {string} line
     * @returns {Promise<number>} milliseconds
     */
    async ask(line) {
      child.stdin.write(`${line}\n`);
      const { value = `${command} ended`, done } = await lines.next();
      const ms = Number(value);
      if (done || !Number.isFinite(ms)) throw new Error(`${line}: ${value}`);
      return ms;
    },

    stop() {
      child.stdin.end();
    },
  };
}
