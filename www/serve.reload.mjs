/*
 * Reload on save: tells a deck when the talk file it presents was saved. The deck asks for the file's own
 * URL once more, as server-sent events, and gets the file's version now and after each change.
 *
 *     GET talk/my.md                              the talk; the header Dagdeck-Reload offers the events
 *     GET talk/my.md  Accept: text/event-stream   data: 1718000000000.123
 *                                                 data: 1718000042000.456     saved
 *
 * The header is what tells the deck that this server can do it (src/deck/reload-on-save.js), so decks on
 * other servers never ask. Only browsers on this machine are told.
 */
import { statSync } from 'node:fs';

/** @import { IncomingMessage, ServerResponse } from 'node:http' */

/** Sent with a talk file. `Vary` keeps caches from taking one answer for the other. */
export const RELOADS = { 'Dagdeck-Reload': 'on-save', Vary: 'Accept' };

/** How often a file is looked at. Editors save in many ways, and a look at the file sees them all. */
const LOOK_EVERY_MS = 250;

/**
 * Returns whether a request comes from this machine.
 *
 * @param {IncomingMessage} request
 */
export function isFromHere({ socket: { remoteAddress = '' } }) {
  return /^(::1|(::ffff:)?127\..*)$/.test(remoteAddress);
}

/** @param {IncomingMessage} request */
export function asksForVersions({ headers }) {
  return headers.accept === 'text/event-stream';
}

/**
 * Sends the version of a file, and a new one whenever it is saved, until the browser disconnects.
 *
 * @param {string} file
 * @param {ServerResponse} response
 * @param {Record<string, string>} headers
 */
export function streamVersions(file, response, headers) {
  response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream' });
  let told = NaN;
  const look = () => {
    // Some editors remove the file for a moment while they save it.
    const { mtimeMs = told } = statSync(file, { throwIfNoEntry: false }) ?? {};
    if (Object.is(mtimeMs, told)) return;
    told = mtimeMs;
    response.write(`data: ${told}\n\n`);
  };
  look();
  // fs.watchFile() would miss a change that comes before its own first look.
  const timer = setInterval(look, LOOK_EVERY_MS);
  response.on('close', () => clearInterval(timer));
}
