/*
 * Serves the built site, `dist/`, with the headers that make its pages cross-origin isolated, so that
 * memory can be shared and threads run. It serves one person on one machine: there is no compression
 * and no TLS, and only this machine can connect, unless `--host` opens it up.
 *
 * Talk files also come from the talks folder, at `talk/`, and are reloaded on save (serve.reload.mjs).
 */
import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import send from 'send';
import { asksForVersions, isFromHere, RELOADS, streamVersions } from './serve.reload.mjs';

/** @import { IncomingMessage, Server, ServerResponse } from 'node:http' */

const HELP = `Serves the built site.

  node serve.mjs [options]         at http://localhost:8080/

  PORT=9000                        (in the environment) another port; 0 takes a free one
  --talks=FOLDER                   the talk files at talk/, for ?talk=talk/NAME.md; by default
                                   those of dagdeck. A talk is reloaded when it is saved.
  --host=0.0.0.0                   lets other machines connect; by default only this one can
  --base=/PATH/                    serves the site under a path, as a project page would be
  --root=FOLDER                    serves another folder than dist/
  --no-isolation                   without the isolation headers, as a plain static host would
`;

const options = optionsOf(process.argv.slice(2));
if (options.help) {
  console.log(HELP);
  process.exit();
}
const root = resolve(options.root ?? fileURLToPath(new URL('dist', import.meta.url)));
const talks = resolve(options.talks ?? fileURLToPath(new URL('talk', import.meta.url)));
const base = encodeURI(`/${options.base ?? ''}/`.replace(/\/+/g, '/'));
const port = portOf(process.env.PORT);

const headers = {
  'Cache-Control': 'no-cache',
  'X-Content-Type-Options': 'nosniff',
  ...(!options['no-isolation'] && {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
  }),
};

if (options.root === undefined && !existsSync(join(root, 'index.html'))) {
  leave('There is no built site in dist/. Build it first: make build');
}
checkFolder('root', options.root, root);
checkFolder('talks', options.talks, talks);

/** What `localhost` resolves to is one of two addresses. */
const hosts = options.host === undefined ? ['127.0.0.1', '::1'] : [options.host];

/** @type {Server[]} */
const servers = [];
let bound = port;
for (const host of hosts) {
  const server = await listen(host);
  if (server) servers.push(server);
}
if (servers.length === 0) leave(`The server could not start: ${hosts.join(' and ')} are missing.`);
const shown = options.host ?? 'localhost';
console.log(
  `dagdeck: http://${shown.includes(':') ? `[${shown}]` : shown}:${bound}${base}   (Ctrl-C stops)`,
);
if (options.host !== undefined) {
  console.log('Other machines may connect. Browsers there run no threads without HTTPS.');
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    process.exit(0);
  });
}

/**
 * @param {string} host
 * @returns {Promise<Server | null>} null when this machine has no such address
 */
function listen(host) {
  return new Promise((done) => {
    const server = createServer(answer);
    server.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      const { code, message } = error;
      if (code === 'EADDRINUSE') {
        const other = bound < 65535 ? bound + 1 : 8080;
        leave(`Port ${bound} is taken. Choose another one: PORT=${other}`);
      }
      if (code === 'EACCES') {
        leave(`Port ${bound} is not allowed here. Choose one above 1023: PORT=8080`);
      }
      // Many machines have no IPv6.
      if (host === '::1' && code !== undefined && /^E(ADDRNOTAVAIL|AFNOSUPPORT)$/.test(code)) {
        done(null);
      } else {
        leave(`The server could not start: ${message}`);
      }
    });
    server.listen({ host, port: bound }, () => {
      const address = server.address();
      if (typeof address === 'object' && address) bound = address.port;
      done(server);
    });
  });
}

/**
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
function answer(request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return say(response, 405, 'Only GET and HEAD are supported.');
  }
  const [path] = (request.url ?? '/').split('?', 1);
  if (`${path}/` === base) return redirect(response, base);
  if (!path.startsWith(base)) return say(response, 404, `There is no file at ${path}`);

  const inside = path.slice(base.length);
  const isTalk = inside.startsWith('talk/');
  const [folder, name] = isTalk ? [talks, inside.slice('talk/'.length)] : [root, inside];
  const reloads = isTalkFile(name) && isFromHere(request);
  const file = reloads && asksForVersions(request) && fileIn(folder, name);
  if (file) return streamVersions(file, response, headers);
  return send(request, `/${name}`, { root: folder, cacheControl: false })
    .on('headers', () => set(response, reloads ? { ...headers, ...RELOADS } : headers))
    .on('directory', () => redirect(response, `${path}/`))
    .on('error', ({ status }) => {
      const words = status === 404 ? 'There is no file' : 'The server cannot read the file';
      say(response, status, `${words} at ${path}`);
    })
    .pipe(response);
}

/**
 * @param {ServerResponse} response
 * @param {Record<string, string>} fields
 */
function set(response, fields) {
  for (const [name, value] of Object.entries(fields)) response.setHeader(name, value);
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {string} text
 */
function say(response, status, text) {
  set(response, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' });
  response.writeHead(status).end(`${text}\n`);
}

/**
 * @param {ServerResponse} response
 * @param {string} location
 */
function redirect(response, location) {
  response.setHeader('Location', location);
  say(response, 302, `See ${location}`);
}

/** @param {string} name */
function isTalkFile(name) {
  return ['.md', '.markdown', '.txt'].includes(extname(name).toLowerCase());
}

/**
 * @param {string} folder
 * @param {string} name percent-encoded
 * @returns {string | null} null for a name that leads out of the folder
 */
function fileIn(folder, name) {
  try {
    const file = join(folder, decodeURIComponent(name));
    return file.startsWith(folder + sep) && !file.includes('\0') ? file : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {string | undefined} given
 * @param {string} folder
 */
function checkFolder(name, given, folder) {
  if (given !== undefined && !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    leave(`--${name}=${given}: there is no such folder.`);
  }
}

/** @param {string[]} args */
function optionsOf(args) {
  const text = /** @type {const} */ ({ type: 'string' });
  const flag = /** @type {const} */ ({ type: 'boolean' });
  const known = { talks: text, host: text, base: text, root: text, 'no-isolation': flag };
  try {
    return parseArgs({ args, options: { ...known, help: flag } }).values;
  } catch (error) {
    return leave(`${/** @type {Error} */ (error).message}\n\n${HELP}`);
  }
}

/** @param {string | undefined} text */
function portOf(text) {
  if (text === undefined || text === '') return 8080;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    leave(`PORT must be a whole number from 0 to 65535, got ${text}.`);
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
