/*
 * Serves the built site, `dist/`, with the headers that make its pages cross-origin isolated, so
 * that memory can be shared and threads run. Node alone, no packages. It serves one folder to one
 * person on one machine: it has no cache, no compression and no TLS.
 *
 *     node serve.mjs                  http://localhost:8080/, or PORT
 *     node serve.mjs --no-isolation   without those headers, as a plain static host would
 *     node serve.mjs --base=/talk/    under a path, as a project page would
 *     node serve.mjs --root=folder/   another folder than dist/
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(argument('root') ?? fileURLToPath(new URL('dist', import.meta.url)));
const isolated = !process.argv.includes('--no-isolation');
const base = argument('base') ?? '/';
const port = portOf(process.env.PORT);

/** @type {Record<string, string>} */
const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.py': 'text/x-python; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

const headers = {
  'Cache-Control': 'no-cache',
  'X-Content-Type-Options': 'nosniff',
  ...(isolated && {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
  }),
};

const server = createServer((request, response) => {
  answer(request, response).catch(() => {
    if (!response.headersSent) say(response, 500, 'The file could not be read.\n');
    else response.destroy();
  });
});

server.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code === 'EADDRINUSE') {
    leave(`Port ${port} is taken. Choose another one: PORT=${port + 1}`);
  }
  if (error.code === 'EACCES') {
    leave(`Port ${port} is not allowed here. Choose one above 1023: PORT=8080`);
  }
  leave(`The server could not start: ${error.message}`);
});

if (argument('root') === undefined && !(await isFile(join(root, 'index.html')))) {
  leave('There is no built site in dist/. Build it first: make build');
}
server.listen(port, () => {
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  console.log(`dagdeck: http://localhost:${bound}${base}   (Ctrl-C stops)`);
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return say(response, 405, 'Only GET and HEAD are served here.\n');
  }
  let path;
  try {
    path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
  } catch {
    return say(response, 400, 'This address cannot be read.\n');
  }
  if (!path.startsWith(base)) return say(response, 404, `Nothing is at ${path}\n`);

  let file = normalize(join(root, path.slice(base.length)));
  const inside = file === root || file.startsWith(root + sep);
  if (!inside || file.includes('\0')) return say(response, 404, `Nothing is at ${path}\n`);
  if (path.endsWith('/')) file = join(file, 'index.html');
  if (!(await isFile(file))) return say(response, 404, `Nothing is at ${path}\n`);

  const { size } = await stat(file);
  response.writeHead(200, {
    ...headers,
    'Content-Type': types[extname(file)] ?? 'application/octet-stream',
    'Content-Length': size,
  });
  if (request.method === 'HEAD') return response.end();
  return createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {string} text
 */
function say(response, status, text) {
  response.writeHead(status, { ...headers, 'Content-Type': types['.txt'] });
  response.end(text);
}

/** @param {string} path */
async function isFile(path) {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** @param {string} name */
function argument(name) {
  const start = `--${name}=`;
  return process.argv.find((word) => word.startsWith(start))?.slice(start.length);
}

/** @param {string | undefined} text */
function portOf(text) {
  if (text === undefined || text === '') return 8080;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    leave(`PORT=${text}: a whole number from 0 to 65535 is needed`);
  }
  return number;
}

/**
 * @param {string} message
 * @returns {never}
 */
function leave(message) {
  console.error(message);
  process.exit(1);
}
