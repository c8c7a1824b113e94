/*
 * The messages between the page and the workers that run Python.
 */

/** @import { Progress } from './loading.js' */

/**
 * To the worker of Python's main thread: starts the interpreter.
 *
 * @typedef {Object} StartMessage
 * @property {'start'} type
 * @property {WebAssembly.Module | null} module of an earlier interpreter, which saves downloading and compiling it again
 * @property {number} cores what `os.cpu_count()` returns
 * @property {number} process its number: what `os.getpid()` returns
 * @property {string} life the lock to hold
 */

/**
 * Runs a cell.
 *
 * @typedef {Object} RunMessage
 * @property {'run'} type
 * @property {string} source
 * @property {string} name for tracebacks
 * @property {number} interrupts the number of interrupts so far; later ones are for this cell
 */

/**
 * Imports what the first traceback needs.
 *
 * @typedef {{ type: 'warm-up' }} WarmUpMessage
 */

/**
 * To a worker for Python's threads: runs them, and never answers.
 *
 * @typedef {Object} ThreadMessage
 * @property {'thread'} type
 * @property {WebAssembly.Module} module
 * @property {WebAssembly.Memory} memory
 */

/** @typedef {StartMessage | RunMessage | WarmUpMessage | ThreadMessage} PageMessage */

/**
 * Addresses in memory: python/src/lib.rs describes them.
 *
 * @typedef {Object} Words
 * @property {number} output
 * @property {number} toPage
 * @property {number} fromPage
 * @property {number} ringBytes
 * @property {number} workers
 * @property {number} interrupts
 */

/**
 * The module is being downloaded.
 *
 * @typedef {{ type: 'loading', progress: Progress }} LoadingMessage
 */

/**
 * The interpreter has started.
 *
 * @typedef {Object} ReadyMessage
 * @property {'ready'} type
 * @property {WebAssembly.Module} module
 * @property {WebAssembly.Memory} memory
 * @property {Words} words
 * @property {boolean} held whether the worker holds its lock
 */

/**
 * A cell has ended.
 *
 * @typedef {Object} RanMessage
 * @property {'ran'} type
 * @property {string | null} raised the exception that ended it
 */

/**
 * Something failed that Python cannot handle. The interpreter is lost.
 *
 * @typedef {{ type: 'failed', message: string }} FailedMessage
 */

/** @typedef {LoadingMessage | ReadyMessage | RanMessage | FailedMessage} WorkerMessage */

export {};
