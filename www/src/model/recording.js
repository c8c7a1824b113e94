/*
 * A run as a file, so that it can be looked at again without being run: on another machine, without
 * the engine, next year. The form is JSON:
 *
 *     { "dagdeck": 2,
 *       "recording": {
 *         "program": "array-mean",
 *         "params": { "n": 4000, "chunk": 500 },
 *         "options": { "scheduler": "threads", "workers": 2, "policy": "ordered", "seed": 0,
 *                      "keepGoing": false, "memoryLimit": null },
 *         "version": "0.1.0",                         of the engine
 *         "result": { "label": "mean", "unit": "" },  what the value is
 *         "outcome": { "value": { "kind": ... }, "errors": [], "tasks": 280, ... },   null when there is none,
 *         "failure": null,                                                and then why
 *         "cores": 8,                                 of the machine, as its browser reported them; or null
 *         "oneWorkerMs": 207.5,                       the makespan with one worker, if it was measured; or null
 *         "graph": { "tasks": 280, "prefixes": ["normal", ...], "prefixOf": "<u16>",
 *                    "dependencies": { "starts": "<u32>", "tasks": "<u32>" },
 *                    "order": "<u32>", "targets": "<u32>",
 *                    "keys": { "starts": "<u32>", "text": "<u8>" },
 *                    "layout": { "x": "<f32>", "y": "<f32>", "width": 5, "height": 63 } },
 *         "trace": { "workers": [{ "lane": { "id": 7, "label": "alice-0", "node": "alice",
 *                                            "joinedMs": 0, "leftMs": null },
 *                                  "task": "<u32>", "action": "<u8>", "stopMs": "<f64>",
 *                                  "bytes": "<f64>", "peer": "<u16>", "reason": "<u8>" }],
 *                    "reasons": ["", "no memory"],
 *                    "dropped": 0, "bytes": "<f64>" or null, "scratch": "<f64>" or null } } }
 *
 * `<u32>` is a column of such numbers: their little-endian bytes in base64. The members mean what
 * they mean in engine/protocol.js; dependents follow from dependencies and are not written. Numbers
 * that JSON cannot represent are strings: recorded-value.js. A worker may lack `lane`, and its columns
 * `bytes`, `peer` and `reason`; the trace may lack `reasons`. Actions that this page does not know are
 * shown as "other".
 *
 * The outcome of a run of threads under an interpreter lock has a `mode` ("live" or "model") and `notes`.
 *
 * Files of version 1 have none of these, ten actions, and values without a kind. They are read too.
 *
 * This file makes recordings and writes them. parse-recording.js reads them, and replay.js plays them.
 */
import { encodedPieces } from '../data/base64.js';

/** @import { GraphData, Outcome, Params, RunSettings } from '../engine/protocol.js' */
/** @import { ResultSchema, Trace } from '../engine/protocol.js' */
/** @import { Column } from '../data/base64.js' */
/** @import { RunModel } from './run.js' */

/**
 * What a run was made from.
 *
 * @typedef {Object} Origin
 * @property {string} program
 * @property {Params} params
 * @property {RunSettings} options
 * @property {string} version of the engine
 * @property {ResultSchema} result
 *
 * Its course and its end.
 *
 * @typedef {Object} Course
 * @property {Outcome | null} outcome null when it failed or was cancelled
 * @property {string | null} failure why there is no outcome
 * @property {GraphData} graph
 * @property {Trace} trace
 * @property {number | null} cores of the machine, as its browser reported them; null in older files
 * @property {number | null} oneWorkerMs the makespan of the same run with one worker; null if it was not measured
 *
 * @typedef {Origin & Course} Recording
 */

/** The version of the format that is written. */
export const VERSION = 2;

/**
 * Limits on what a file may hold, far above what the engine makes. A run of tasks can err as often as
 * there are tasks, and longer texts are clipped when they are written: what is saved always opens.
 */
export const MOST = {
  tasks: 2 ** 24,
  workers: 1024,
  prefixes: 1024,
  params: 100,
  reasons: 256,
  notes: 100,
  ms: 1e9,
  letters: 10_000,
};
export const SHORT_LETTERS = 1000;

/**
 * A run that is over, all its events in, as a recording. What is in it is copied.
 *
 * @param {Origin} origin
 * @param {RunModel} model
 * @param {{ outcome: Outcome | null, failure: string | null, oneWorkerMs?: number | null }} end
 * @returns {Recording}
 */
export function toRecording(origin, model, { outcome, failure, oneWorkerMs = null }) {
  const { cores, graph, reasons, ending } = model;
  const workers = model.workers.map(({ slice: { reason, ...slice } }) =>
    // The texts come at the end of a run. If it failed before, the numbers mean nothing.
    copied(reason && reasons.length > 0 ? { ...slice, reason } : slice),
  );
  const { bytes = null, scratch = null, dropped = 0 } = ending ?? {};
  const trace = { workers, dropped, bytes, scratch, ...(reasons.length > 0 && { reasons }) };
  const { others: _, targets: _targets, more: _more, ...kept } = outcome ?? {};
  return {
    ...structuredClone(origin),
    outcome: outcome && /** @type {Outcome} */ (kept),
    failure,
    cores,
    oneWorkerMs,
    graph,
    trace,
  };
}

/**
 * Columns of their own, in place of views of longer ones.
 *
 * @template {object} T
 * @param {T} columns
 * @returns {T}
 */
function copied(columns) {
  return /** @type {T} */ (
    Object.fromEntries(
      Object.entries(columns).map(([name, part]) => [
        name,
        ArrayBuffer.isView(part) ? /** @type {Column} */ (part).slice() : part,
      ]),
    )
  );
}

/**
 * The text of a recording's file, in pieces: a million tasks do not make one giant string, and the
 * page can draw in between.
 *
 * @param {Recording} recording
 * @returns {Generator<string, void, void>}
 */
export function* recordingPieces(recording) {
  yield* piecesOf({ dagdeck: VERSION, recording: withinLimits(recording) });
}

/**
 * A recording as it is written: texts that a reader would refuse are clipped, and a figure that is
 * no finite number is left out.
 *
 * @param {Recording} recording
 */
function withinLimits(recording) {
  const { dependents: _, ...graph } = recording.graph;
  const { outcome, failure, params } = recording;
  return {
    ...recording,
    params: Object.fromEntries(
      Object.entries(params).map(([name, value]) => [
        name,
        typeof value === 'string' ? clipped(value) : value,
      ]),
    ),
    outcome: outcome && {
      ...Object.fromEntries(
        Object.entries(outcome).map(([name, value]) => [
          name,
          name !== 'value' && typeof value === 'number' && !Number.isFinite(value) ? null : value,
        ]),
      ),
      errors: outcome.errors.map(({ key, message }) => ({
        key: clipped(key),
        message: clipped(message),
      })),
    },
    failure: failure && clipped(failure),
    graph: { ...graph, prefixes: graph.prefixes.map((name) => clipped(name, SHORT_LETTERS)) },
  };
}

/**
 * @param {string} text
 * @param {number} [most] letters
 */
function clipped(text, most = MOST.letters) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/**
 * JSON of plain data with columns in it.
 *
 * @param {unknown} value
 * @returns {Generator<string, void, void>}
 */
function* piecesOf(value) {
  if (ArrayBuffer.isView(value)) {
    yield '"';
    yield* encodedPieces(/** @type {Column} */ (/** @type {unknown} */ (value)));
    yield '"';
  } else if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) {
    // Numbers that JSON cannot represent.
    yield `"${value}"`;
  } else if (typeof value !== 'object' || value === null) {
    yield JSON.stringify(value);
  } else {
    const isList = Array.isArray(value);
    let before = isList ? '[' : '{';
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield isList ? before : `${before}${JSON.stringify(name)}:`;
      yield* piecesOf(member);
      before = ',';
    }
    if (before !== ',') yield before;
    yield isList ? ']' : '}';
  }
}
