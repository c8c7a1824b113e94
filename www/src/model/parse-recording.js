/*
 * Reads the file of a recording (recording.js describes the format). A file may come from anywhere: everything in
 * it is checked before it is used (data/checked.js), so no model and no view meets an index out of range.
 */
import {
  ACTIONS_OF_VERSION_1,
  knownAction,
  LOST,
  NO_TASK,
  runsTask,
  SPILL,
  STEAL,
  TAKEN_BACK,
  UNSPILL,
} from './actions.js';
import {
  columnAt,
  listAt,
  numberAt,
  objectAt,
  oneOfAt,
  rangeAt,
  refuse,
  risingAt,
  startsAt,
  switchAt,
  textAt,
  wholeAt,
} from '../data/checked.js';
import { resultAt, untaggedValueAt, valueAt } from './recorded-value.js';
import { MOST, SHORT_LETTERS, VERSION } from './recording.js';
import { NO_PEER } from './timeline.js';

/** @import { GraphData, Outcome, Params, RunMode } from '../engine/protocol.js' */
/** @import { Lane, Rows, Trace, WorkerTrace } from '../engine/protocol.js' */
/** @import { Column, ColumnType } from '../data/base64.js' */
/** @import { Recording } from './recording.js' */

/** The versions that are read. */
const READ = [1, VERSION];

/** @type {RunMode[]} */
const modes = ['live', 'model'];

/** A nanosecond: no clock of a browser is as fine, and views divide by times. */
const SHORTEST_MS = 1e-6;

/**
 * @param {string} text
 * @returns {Recording}
 * @throws {Error} with a message for people: the place in the file, and what is needed there
 */
export function parseRecording(text) {
  let json;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refuse('recording', `this file is not JSON (${/** @type {Error} */ (error).message})`);
  }
  const file = objectAt(json, 'recording');
  if (!('dagdeck' in file) || !('recording' in file)) {
    refuse('recording', 'this is not a dagdeck recording; open a file that the lab has saved');
  }
  const version = READ.find((known) => known === file.dagdeck);
  if (version === undefined) {
    const found = JSON.stringify(file.dagdeck);
    refuse(
      'dagdeck',
      `version ${found} of the format is unknown; this page reads ${READ.join(' and ')}`,
    );
  }
  const data = objectAt(file.recording, 'recording');
  const graph = graphAt(data.graph, 'recording.graph');
  const options = optionsAt(data.options, 'recording.options');
  const trace = traceAt(data.trace, 'recording.trace', graph.tasks, version);
  return {
    program: textAt(data.program, 'recording.program', 100),
    params: paramsAt(data.params, 'recording.params'),
    options,
    version: textAt(data.version, 'recording.version', 100),
    result: resultAt(data.result, 'recording.result'),
    outcome: data.outcome === null ? null : outcomeAt(data.outcome, 'recording.outcome', version),
    failure: data.failure === null ? null : textAt(data.failure, 'recording.failure'),
    cores: wholeOrNull(data.cores, 'recording.cores', MOST.workers),
    oneWorkerMs: timeOrNull(data.oneWorkerMs, 'recording.oneWorkerMs'),
    graph,
    trace,
  };
}

/**
 * A member that older files lack.
 *
 * @param {unknown} value
 * @param {string} place
 * @param {number} most
 */
function wholeOrNull(value, place, most) {
  return value === undefined || value === null ? null : wholeAt(value, place, 1, most);
}

/**
 * A time that older files lack, in ms.
 *
 * @param {unknown} value
 * @param {string} place
 */
function timeOrNull(value, place) {
  return value === undefined || value === null ? null : numberAt(value, place, 0, MOST.ms);
}

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {Params}
 */
function paramsAt(value, place) {
  const entries = Object.entries(objectAt(value, place));
  if (entries.length > MOST.params) refuse(place, `more than ${MOST.params} parameters`);
  const params = entries.map(([name, given]) => {
    textAt(name, `a name in ${place}`, 100);
    const at = `${place}.${name}`;
    return [name, typeof given === 'number' ? given : textAt(given, at)];
  });
  return Object.fromEntries(params);
}

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {Recording['options']}
 */
function optionsAt(value, place) {
  const data = objectAt(value, place);
  const limit = data.memoryLimit;
  return {
    scheduler: textAt(data.scheduler, `${place}.scheduler`, 100),
    workers: wholeAt(data.workers, `${place}.workers`, 1, MOST.workers),
    policy: textAt(data.policy, `${place}.policy`, 100),
    ...(data.schedulerOptions !== undefined && {
      schedulerOptions: paramsAt(data.schedulerOptions, `${place}.schedulerOptions`),
    }),
    seed: wholeAt(data.seed, `${place}.seed`, 0, Number.MAX_SAFE_INTEGER),
    keepGoing: switchAt(data.keepGoing, `${place}.keepGoing`),
    memoryLimit:
      limit === null ? null : wholeAt(limit, `${place}.memoryLimit`, 0, Number.MAX_SAFE_INTEGER),
  };
}

/**
 * @param {unknown} value
 * @param {string} place
 * @param {number} version
 * @returns {Outcome}
 */
function outcomeAt(value, place, version) {
  const data = objectAt(value, place);
  const maybe = (/** @type {string} */ name) =>
    data[name] === null
      ? null
      : numberAt(data[name], `${place}.${name}`, -Number.MAX_VALUE, Number.MAX_VALUE);
  const errors = listAt(data.errors, `${place}.errors`, MOST.tasks).map((error, i) => {
    const at = `${place}.errors[${i}]`;
    const { key, message } = objectAt(error, at);
    return { key: textAt(key, `${at}.key`), message: textAt(message, `${at}.message`) };
  });
  const busyMs =
    data.busyMs === null
      ? null
      : listAt(data.busyMs, `${place}.busyMs`, MOST.workers).map((ms, i) =>
          numberAt(ms, `${place}.busyMs[${i}]`, 0, MOST.ms),
        );
  return {
    value: (version === 1 ? untaggedValueAt : valueAt)(data.value, `${place}.value`),
    errors,
    tasks: wholeAt(data.tasks, `${place}.tasks`, 0, MOST.tasks),
    workers: wholeAt(data.workers, `${place}.workers`, 1, MOST.workers),
    makespanMs: orZero(numberAt(data.makespanMs, `${place}.makespanMs`, 0, MOST.ms)),
    workMs: maybe('workMs'),
    utilisation: maybe('utilisation'),
    busyMs,
    steals: maybe('steals'),
    retries: maybe('retries'),
    erred: maybe('erred'),
    // Older recordings do not have it.
    overheadMs: data.overheadMs === undefined ? null : maybe('overheadMs'),
    peakBytes: maybe('peakBytes'),
    ...(data.mode !== undefined && { mode: oneOfAt(data.mode, `${place}.mode`, modes) }),
    ...(data.notes !== undefined && {
      notes: listAt(data.notes, `${place}.notes`, MOST.notes).map((note, i) =>
        textAt(note, `${place}.notes[${i}]`),
      ),
    }),
  };
}

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {GraphData}
 */
function graphAt(value, place) {
  const data = objectAt(value, place);
  const tasks = wholeAt(data.tasks, `${place}.tasks`, 0, MOST.tasks);
  const prefixes = listAt(data.prefixes, `${place}.prefixes`, MOST.prefixes).map((prefix, i) =>
    textAt(prefix, `${place}.prefixes[${i}]`, SHORT_LETTERS),
  );
  const column = (/** @type {string} */ name, /** @type {number} */ most) => {
    const found = columnAt(data[name], `${place}.${name}`, Uint32Array, tasks);
    rangeAt(found, `${place}.${name}`, 0, most);
    return found;
  };
  const prefixOf = columnAt(data.prefixOf, `${place}.prefixOf`, Uint16Array, tasks);
  rangeAt(prefixOf, `${place}.prefixOf`, 0, prefixes.length - 1);
  const dependencies = rowsAt(data.dependencies, `${place}.dependencies`, tasks);
  const targets = columnAt(data.targets, `${place}.targets`, Uint32Array);
  if (targets.length > tasks) refuse(`${place}.targets`, 'more targets than tasks');
  rangeAt(targets, `${place}.targets`, 0, tasks - 1);
  const layout = layoutAt(data.layout, `${place}.layout`, tasks);
  layersAt(layout.x, dependencies, `${place}.layout.x`);
  return {
    tasks,
    prefixes,
    prefixOf,
    dependencies,
    dependents: turned(dependencies, tasks),
    order: column('order', tasks - 1),
    targets,
    keys: keysAt(data.keys, `${place}.keys`, tasks),
    layout,
  };
}

/**
 * @param {unknown} value
 * @param {string} place
 * @param {number} tasks
 * @returns {Rows}
 */
function rowsAt(value, place, tasks) {
  const data = objectAt(value, place);
  const starts = columnAt(data.starts, `${place}.starts`, Uint32Array, tasks + 1);
  const named = columnAt(data.tasks, `${place}.tasks`, Uint32Array);
  startsAt(starts, `${place}.starts`, named.length);
  rangeAt(named, `${place}.tasks`, 0, tasks - 1);
  return { starts, tasks: named };
}

/**
 * @param {unknown} value
 * @param {string} place
 * @param {number} tasks
 * @returns {GraphData['keys']}
 */
function keysAt(value, place, tasks) {
  const data = objectAt(value, place);
  const starts = columnAt(data.starts, `${place}.starts`, Uint32Array, tasks + 1);
  const text = columnAt(data.text, `${place}.text`, Uint8Array);
  startsAt(starts, `${place}.starts`, text.length);
  return { starts, text };
}

/**
 * @param {unknown} value
 * @param {string} place
 * @param {number} tasks
 * @returns {GraphData['layout']}
 */
function layoutAt(value, place, tasks) {
  const data = objectAt(value, place);
  // There are no more layers than tasks; places in a layer may be left empty.
  const width = wholeAt(data.width, `${place}.width`, 0, tasks);
  const height = numberAt(data.height, `${place}.height`, 0, 4 * tasks);
  const x = columnAt(data.x, `${place}.x`, Float32Array, tasks);
  rangeAt(x, `${place}.x`, 0, width);
  const broken = x.findIndex((layer) => !Number.isInteger(layer));
  if (broken >= 0) refuse(`${place}.x`, `item ${broken} is ${x[broken]}; a whole number is needed`);
  const y = columnAt(data.y, `${place}.y`, Float32Array, tasks);
  // The height may have been rounded on its own.
  rangeAt(y, `${place}.y`, 0, Math.fround(height) + 1e-3);
  return { x, y, width, height };
}

/**
 * Checks that each task lies in a later layer than its dependencies. So there is no cycle either.
 *
 * @param {Float32Array} x
 * @param {Rows} dependencies
 * @param {string} place
 */
function layersAt(x, { starts, tasks }, place) {
  for (let task = 0; task < x.length; task++) {
    for (let i = starts[task]; i < starts[task + 1]; i++) {
      if (x[tasks[i]] < x[task]) continue;
      refuse(place, `task ${task} depends on ${tasks[i]}, and must lie in a later layer than that`);
    }
  }
}

/**
 * @param {unknown} value
 * @param {string} place
 * @param {number} tasks
 * @param {number} version
 * @returns {Trace}
 */
function traceAt(value, place, tasks, version) {
  const data = objectAt(value, place);
  const given = listAt(data.workers, `${place}.workers`, MOST.workers);
  const reasons =
    data.reasons === undefined
      ? undefined
      : listAt(data.reasons, `${place}.reasons`, MOST.reasons).map((reason, i) =>
          textAt(reason, `${place}.reasons[${i}]`, SHORT_LETTERS),
        );
  const counts = { tasks, workers: given.length, reasons: reasons?.length ?? 0 };
  const workers = given.map((worker, i) =>
    workerAt(worker, `${place}.workers[${i}]`, counts, version),
  );
  lanesAt(workers, `${place}.workers`);
  const dropped = wholeAt(data.dropped, `${place}.dropped`, 0, Number.MAX_SAFE_INTEGER);
  const sizes = (/** @type {string} */ name) => {
    if (data[name] === null) return null;
    const column = columnAt(data[name], `${place}.${name}`, Float64Array, tasks);
    rangeAt(column, `${place}.${name}`, 0, Number.MAX_SAFE_INTEGER);
    return column;
  };
  // Older recordings have no scratch memory.
  const scratch = data.scratch === undefined ? null : sizes('scratch');
  return { workers, dropped, ...(reasons && { reasons }), bytes: sizes('bytes'), scratch };
}

/**
 * @param {unknown} value
 * @param {string} place
 * @param {{ tasks: number, workers: number, reasons: number }} counts
 * @param {number} version
 * @returns {WorkerTrace}
 */
function workerAt(value, place, counts, version) {
  const { tasks } = counts;
  const data = objectAt(value, place);
  const stopMs = columnAt(data.stopMs, `${place}.stopMs`, Float64Array);
  rangeAt(stopMs, `${place}.stopMs`, 0, MOST.ms);
  risingAt(stopMs, `${place}.stopMs`);
  for (let i = 0; i < stopMs.length && stopMs[i] < SHORTEST_MS; i++) stopMs[i] = 0;
  const action = columnAt(data.action, `${place}.action`, Uint8Array, stopMs.length);
  // Version 1 is closed: its actions do not grow.
  if (version === 1) rangeAt(action, `${place}.action`, 0, ACTIONS_OF_VERSION_1 - 1);
  for (let i = 0; i < action.length; i++) action[i] = knownAction(action[i]);
  const task = columnAt(data.task, `${place}.task`, Uint32Array, stopMs.length);
  for (let i = 0; i < task.length; i++) {
    if (task[i] < tasks) continue;
    if (task[i] === NO_TASK && !needsTask(action[i])) continue;
    refuse(`${place}.task`, `item ${i} is ${task[i]}; there are ${tasks} tasks`);
  }
  /**
   * @template {Column} T
   * @param {string} name
   * @param {ColumnType<T>} type
   * @param {(column: T, at: string) => void} check
   */
  const optional = (name, type, check) => {
    if (data[name] === undefined) return {};
    const at = `${place}.${name}`;
    const column = columnAt(data[name], at, type, stopMs.length);
    check(column, at);
    return { [name]: column };
  };
  return {
    ...(data.lane !== undefined && { lane: laneAt(data.lane, `${place}.lane`) }),
    task,
    action,
    stopMs,
    ...optional('bytes', Float64Array, (bytes, at) =>
      rangeAt(bytes, at, 0, Number.MAX_SAFE_INTEGER),
    ),
    ...optional('peer', Uint16Array, (peer, at) => {
      const broken = peer.findIndex((other) => other >= counts.workers && other !== NO_PEER);
      if (broken < 0) return;
      refuse(at, `item ${broken} is ${peer[broken]}; there are ${counts.workers} workers`);
    }),
    ...optional('reason', Uint8Array, (reason, at) => rangeAt(reason, at, 0, counts.reasons - 1)),
  };
}

/** @param {number} action */
function needsTask(action) {
  return runsTask(action) || [STEAL, LOST, TAKEN_BACK, SPILL, UNSPILL].includes(action);
}

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {Lane}
 */
function laneAt(value, place) {
  const { id, label, node, joinedMs, leftMs } = objectAt(value, place);
  const joined = numberAt(joinedMs, `${place}.joinedMs`, 0, MOST.ms);
  return {
    id: wholeAt(id, `${place}.id`, 0, Number.MAX_SAFE_INTEGER),
    label: textAt(label, `${place}.label`, SHORT_LETTERS),
    node: node === null ? null : textAt(node, `${place}.node`, SHORT_LETTERS),
    joinedMs: joined,
    leftMs: leftMs === null ? null : numberAt(leftMs, `${place}.leftMs`, joined, MOST.ms),
  };
}

/**
 * No two lanes have one id.
 *
 * @param {WorkerTrace[]} workers
 * @param {string} place
 */
function lanesAt(workers, place) {
  const seen = new Set();
  for (const [i, { lane }] of workers.entries()) {
    if (!lane) continue;
    if (seen.has(lane.id)) refuse(`${place}[${i}].lane.id`, `another lane has the id ${lane.id}`);
    seen.add(lane.id);
  }
}

/**
 * A time, with what no clock can measure taken as 0.
 *
 * @param {number} ms
 */
function orZero(ms) {
  return ms < SHORTEST_MS ? 0 : ms;
}

/**
 * Rows the other way round: who depends on each task. O(tasks + edges).
 *
 * @param {Rows} rows
 * @param {number} tasks
 * @returns {Rows}
 */
function turned(rows, tasks) {
  const starts = new Uint32Array(tasks + 1);
  for (const named of rows.tasks) starts[named + 1]++;
  for (let task = 0; task < tasks; task++) starts[task + 1] += starts[task];
  const next = starts.slice(0, tasks);
  const turnedTasks = new Uint32Array(rows.tasks.length);
  for (let task = 0; task < tasks; task++) {
    for (let i = rows.starts[task]; i < rows.starts[task + 1]; i++) {
      turnedTasks[next[rows.tasks[i]]++] = task;
    }
  }
  return { starts, tasks: turnedTasks };
}
