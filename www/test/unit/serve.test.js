/* The server of the built site, as a process of its own, on folders of the test's. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

/** @import { ChildProcess } from 'node:child_process' */
/** @import { IncomingMessage } from 'node:http' */

const www = fileURLToPath(new URL('../../', import.meta.url));

let folder = '';
let root = '';
let talks = '';
/** @type {ChildProcess[]} */
let children = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dagdeck-serve-'));
  root = join(folder, 'site');
  talks = join(folder, 'talks');
  mkdirSync(join(root, 'inner'), { recursive: true });
  mkdirSync(talks);
  writeFileSync(join(root, 'index.html'), '<p>home</p>');
  writeFileSync(join(root, 'inner', 'index.html'), '<p>inner</p>');
  writeFileSync(join(root, 'module.wasm'), '0123456789');
  writeFileSync(join(root, 'large.bin'), Buffer.alloc(20_000_000));
  writeFileSync(join(talks, 'my talk.md'), '# Mine');
  writeFileSync(join(folder, 'secret.md'), 'secret');
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Starts the server and waits until it says its address or ends.
 *
 * @param {string[]} [words]
 * @param {{ port?: string, files?: number }} [limits] `files` that it may have open
 * @returns {Promise<{ url: string, said: string, code: number | null }>}
 */
function start(words = [], { port = '0', files } = {}) {
  const limit = files === undefined ? '' : `ulimit -n ${files}; `;
  const command = ['-c', `${limit}exec "$0" serve.mjs "$@"`, process.execPath];
  const given = [`--root=${root}`, `--talks=${talks}`, ...words];
  const child = spawn('sh', [...command, ...given], {
    cwd: www,
    env: { ...process.env, PORT: port },
  });
  children.push(child);
  return new Promise((resolve) => {
    let said = '';
    const hear = (/** @type {Buffer} */ data) => {
      said += data;
      const url = /http:\S+/.exec(said)?.[0];
      if (url) resolve({ url, said, code: null });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', (code) => resolve({ url: '', said, code }));
  });
}

/** @param {string} url @param {Record<string, string>} [headers] */
const fetched = async (url, headers = {}) => {
  const response = await fetch(url, { headers, redirect: 'manual' });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

test('files come with their types and the isolation headers', async () => {
  const { url } = await start();
  const page = await fetched(url);
  expect(page).toMatchObject({ status: 200, text: '<p>home</p>' });
  expect(page.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
  expect(page.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
  expect(page.headers.get('Cache-Control')).toBe('no-cache');
  const module = await fetched(`${url}module.wasm?x=1`);
  expect(module.headers.get('Content-Type')).toBe('application/wasm');
  const inner = await fetched(`${url}inner`);
  expect([inner.status, inner.headers.get('Location')]).toEqual([302, '/inner/']);
  expect((await fetched(`${url}inner/`)).text).toBe('<p>inner</p>');
  expect((await fetched(`${url}missing.js`)).status).toBe(404);
  expect((await fetch(url, { method: 'POST' })).status).toBe(405);
});

test('without isolation the headers are absent', async () => {
  const { url } = await start(['--no-isolation']);
  const { headers } = await fetched(url);
  expect(headers.get('Cross-Origin-Embedder-Policy')).toBeNull();
});

test('a part of a file can be asked for, as players of videos do', async () => {
  const { url } = await start();
  const part = await fetched(`${url}module.wasm`, { Range: 'bytes=2-4' });
  expect(part).toMatchObject({ status: 206, text: '234' });
  expect(part.headers.get('Content-Range')).toBe('bytes 2-4/10');
  expect((await fetched(`${url}module.wasm`, { Range: 'bytes=99-' })).status).toBe(416);
});

test('a file that the browser has already is not sent again', async () => {
  const { url } = await start();
  const { headers } = await fetched(`${url}module.wasm`);
  const again = await fetched(`${url}module.wasm`, {
    'If-None-Match': headers.get('ETag') ?? '',
    'Cache-Control': 'max-age=0',
  });
  expect(again).toMatchObject({ status: 304, text: '' });
});

test('nothing outside the folders is served', async () => {
  const { url } = await start();
  const { port } = new URL(url);
  const status = (/** @type {string} */ path, headers = {}) =>
    new Promise((resolve) => {
      get({ port, path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
    });
  const events = { Accept: 'text/event-stream' };
  for (const path of ['/../secret.md', '/talk/../secret.md', '/talk/%2e%2e/secret.md', '/%00.md']) {
    expect(await status(path), path).toBeGreaterThanOrEqual(400);
    expect(await status(path, events), path).toBeGreaterThanOrEqual(400);
  }
});

test('downloads that are aborted leave no file open', async () => {
  const { url } = await start([], { files: 64 });
  for (let i = 0; i < 150; i++) {
    await new Promise((resolve) => {
      const asked = request(`${url}large.bin`, (/** @type {IncomingMessage} */ response) => {
        response.once('data', () => asked.destroy());
        response.once('close', resolve);
        response.on('error', () => {});
      });
      asked.on('error', resolve);
      asked.end();
    });
  }
  expect((await fetched(url)).status).toBe(200);
});

test.each(['/a/b/', '/a/b', 'a/b', 'a/b/'])('--base=%s serves at /a/b/', async (base) => {
  const { url } = await start([`--base=${base}`]);
  expect(new URL(url).pathname).toBe('/a/b/');
  expect((await fetched(url)).text).toBe('<p>home</p>');
  const bare = await fetched(url.slice(0, -1));
  expect([bare.status, bare.headers.get('Location')]).toEqual([302, '/a/b/']);
  expect((await fetched(new URL('/', url).href)).status).toBe(404);
});

/** A port on which something else listens. @param {number} [wanted] */
async function taken(wanted = 0) {
  const other = createServer();
  await new Promise((resolve, reject) => {
    other.once('error', reject);
    other.listen({ host: '127.0.0.1', port: wanted }, () => resolve(undefined));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (other.address());
  return { port, close: () => other.close() };
}

test('a port that is taken is reported with another one', async () => {
  const { port, close } = await taken();
  const { said, code } = await start([], { port: String(port) });
  expect(said).toContain(`Port ${port} is taken. Choose another one: PORT=`);
  expect(code).toBe(1);
  close();
});

test('what is suggested for the last port is a port', async () => {
  const { close } = await taken(65535).catch(() => ({ close() {} }));
  const { said } = await start([], { port: '65535' });
  expect(said).toContain('Port 65535 is taken. Choose another one: PORT=8080');
  close();
});

test.each(['65536', '-1', 'abc', '1.5'])('PORT=%s is refused', async (port) => {
  const { said, code } = await start([], { port });
  expect(said).toContain(`PORT must be a whole number from 0 to 65535, got ${port}.`);
  expect(code).toBe(1);
});

test('an unknown option and a missing folder are named', async () => {
  expect((await start(['--rooot=x'])).said).toContain('--rooot');
  expect((await start(['--talks=/no/such'])).said).toContain('--talks=/no/such: there is no such');
});

test('only this machine can connect, unless --host opens it up', async () => {
  const reaches = async (/** @type {string} */ host, /** @type {string} */ url) => {
    const { port } = new URL(url);
    return new Promise((resolve) => {
      const asked = get({ host, port }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      });
      asked.on('error', () => resolve(false));
    });
  };
  const closed = await start();
  expect(await reaches('127.0.0.1', closed.url)).toBe(true);
  // All of 127.0.0.0/8 is this machine; a server on all interfaces listens there too.
  expect(await reaches('127.0.0.2', closed.url)).toBe(false);
  const open = await start(['--host=0.0.0.0']);
  expect(open.said).toContain('http://0.0.0.0:');
  expect(await reaches('127.0.0.2', open.url)).toBe(true);
});

test('a talk that is saved is told to those who listen', async () => {
  const { url } = await start();
  const address = `${url}talk/my%20talk.md`;
  const talk = await fetched(address);
  expect(talk).toMatchObject({ status: 200, text: '# Mine' });
  expect(talk.headers.get('Dagdeck-Reload')).toBe('on-save');
  expect((await fetched(url)).headers.get('Dagdeck-Reload')).toBeNull();

  const events = await fetch(address, { headers: { Accept: 'text/event-stream' } });
  const reader = /** @type {ReadableStream<Uint8Array>} */ (events.body).getReader();
  const next = async () => new TextDecoder().decode((await reader.read()).value);
  const first = await next();
  expect(first).toMatch(/^data: [\d.]+\n\n$/);
  writeFileSync(join(talks, 'my talk.md'), '# Mine, again');
  const second = await next();
  expect(second).toMatch(/^data: [\d.]+\n\n$/);
  expect(second).not.toBe(first);
  await reader.cancel();
});
