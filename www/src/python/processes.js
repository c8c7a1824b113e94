/*
 * Python's processes. Each is an interpreter of its own, which the page starts when another one asks for it. They share
 * nothing; messages between them go through channels.
 *
 *     interpreter ── mailbox ──▶ page: channels, processes ──▶ mailbox ── another interpreter
 */
import { Channels } from './channels.js';
import { GIVEN_UP, Kind, Mailbox } from './mailbox.js';

/** @import { Request } from './mailbox.js' */
/** @import { Words } from './protocol.js' */
/** @import { Memory } from './rings.js' */

/**
 * An interpreter of its own.
 *
 * @typedef {Object} Process
 * @property {(cores: number, number: number) => Promise<void>} start
 * @property {(source: string, name: string) => Promise<unknown>} run
 * @property {(reason: string) => void} end
 */

/** The most processes at a time, besides the one that runs the cells. */
const MOST = 16;

/** What a process runs. */
const BEGIN = (/** @type {bigint} */ channel) =>
  `from multiprocessing import spawn as _spawn; _spawn.main(${channel})`;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Processes {
  #channels = new Channels();
  #create;
  /** How to end each with an exit code, by number. @type {Map<number, (code: number) => void>} */
  #processes = new Map();
  #last = 1;

  /** @param {() => Process} create */
  constructor(create) {
    this.#create = create;
  }

  /** The number of processes that have not ended. */
  get size() {
    return this.#processes.size;
  }

  /**
   * Answers what an interpreter asks for.
   *
   * @param {Memory} memory
   * @param {Words} words
   * @returns {() => void} to be called when it has ended
   */
  serve(memory, words) {
    /** How to give up what it waits for, by request. @type {Map<number, () => void>} */
    const open = new Map();
    const mailbox = new Mailbox(memory, words, (request) => this.#answer(request, mailbox, open));
    return () => {
      mailbox.end();
      for (const giveUp of open.values()) giveUp();
    };
  }

  /** Ends all processes. */
  end() {
    for (const end of this.#processes.values()) end(-2);
  }

  /**
   * @param {Request} request
   * @param {Mailbox} mailbox
   * @param {Map<number, () => void>} open
   */
  #answer({ kind, request, subject, bytes }, mailbox, open) {
    if (kind === Kind.PUT) this.#channels.put(subject, bytes);
    else if (kind === Kind.PUT_BACK) this.#channels.putBack(subject, bytes);
    else if (kind === Kind.TAKE) this.#take(request, subject, bytes, mailbox, open);
    else if (kind === Kind.GIVE_UP) open.get(request)?.();
    else if (kind === Kind.COUNT) mailbox.answer(request, this.#channels.count(subject));
    else if (kind === Kind.START) mailbox.answer(request, this.#start(subject));
    else if (kind === Kind.END) {
      this.#processes.get(Number(subject))?.(Number(decoder.decode(bytes)));
    }
  }

  /**
   * @param {number} request
   * @param {bigint} channel
   * @param {Uint8Array} bytes how long to wait
   * @param {Mailbox} mailbox
   * @param {Map<number, () => void>} open
   */
  #take(request, channel, bytes, mailbox, open) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    let answered = false;
    const giveUp = this.#channels.take(channel, (message) => {
      answered = true;
      clearTimeout(timer);
      open.delete(request);
      if (message) mailbox.answer(request, 0, message);
      else mailbox.answer(request, GIVEN_UP);
    });
    if (answered) return;
    open.set(request, giveUp);
    if (bytes.length === 0) return;
    const mostMs = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
    if (mostMs === 0) giveUp();
    else if (mostMs < 2 ** 31) timer = setTimeout(giveUp, mostMs);
  }

  /** @param {bigint} channel where it begins @returns {number} its number, 0 if there are too many */
  #start(channel) {
    if (this.#processes.size === MOST) return 0;
    const number = ++this.#last;
    const process = this.#create();
    const end = (/** @type {number} */ code) => {
      if (!this.#processes.delete(number)) return;
      process.end('its process has ended');
      this.#channels.put(channel + 1n, encoder.encode(String(code)));
    };
    this.#processes.set(number, end);
    const live = async () => {
      await process.start(navigator.hardwareConcurrency || 1, number);
      // At its end it asks to be ended, with its exit code.
      await process.run(BEGIN(channel), `<process ${number}>`);
    };
    live().then(
      () => end(1),
      () => end(-9),
    );
    return number;
  }
}
