import { expect, test } from 'vitest';
import { loadModule } from '../../../src/python/loading.js';

/** @import { Progress } from '../../../src/python/loading.js' */

/** @param {number[]} chunks sizes of the pieces that arrive @param {Record<string, string>} headers */
function answer(chunks, headers) {
  const body = new ReadableStream({
    start(controller) {
      for (const size of chunks) controller.enqueue(new Uint8Array(size));
      controller.close();
    },
  });
  return async () => new Response(body, { headers });
}

/** @param {() => Promise<Response>} load */
async function progressOf(load) {
  /** @type {Progress[]} */
  const told = [];
  const response = await loadModule('x.wasm', 100, (progress) => told.push(progress), load);
  expect((await response.arrayBuffer()).byteLength).toBe(100);
  await new Promise((resolve) => setTimeout(resolve));
  return told;
}

test('the last report is that all has arrived', async () => {
  const told = await progressOf(answer([40, 60], {}));
  expect(told.at(-1)).toEqual({ share: 1, bytes: 100, total: 100 });
  expect(told[0]).toEqual({ share: 0.4, bytes: 40, total: 100 });
});

test('the bytes of a compressed response are those that the server sends', async () => {
  const told = await progressOf(answer([50, 50], { 'Content-Length': '30' }));
  expect(told[0]).toEqual({ share: 0.5, bytes: 15, total: 30 });
});

test('what cannot be downloaded is said in words', async () => {
  const report = () => {};
  const none = async () => new Response('', { status: 404 });
  await expect(loadModule('x', 1, report, none)).rejects.toThrow('the server answered 404');
  const offline = async () => {
    throw new TypeError('Failed to fetch');
  };
  await expect(loadModule('x', 1, report, offline)).rejects.toThrow('Check the network');
});
