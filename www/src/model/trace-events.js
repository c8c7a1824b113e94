/*
 * A recording as Trace Event JSON, which Perfetto (https://ui.perfetto.dev) and chrome://tracing
 * show: a thread per worker, a slice per task, an arrow per dependency, and what was running and held
 * as counters.
 *
 *     worker 0   |  normal-0  |--.   |  add-0  |      slices: complete events, "X"
 *     worker 1   |   normal-1   |-'->|  add-1  |      arrows: flow events, "s" and "f"
 *     running    2              1    2         0      counters: "C"
 *
 * Slices of one thread must not overlap in part, and viewers read decimal microseconds with some
 * error; so all times are multiples of 1/8 microsecond, which binary fractions hold exactly. No clock
 * of a browser is finer.
 *
 * The text comes in chunks, so that a million tasks do not make one giant string. Nothing here
 * compresses or saves it.
 *
 * Format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
import {
  actionNames,
  COMPUTE,
  COMPUTE_ERRED,
  DROP_REQUEST,
  IDLE,
  NO_TASK,
  RETRY,
  runsTask,
  STEAL,
} from './actions.js';
import { keyReader, prefixOf } from './graph.js';
import { memoryHeld } from './memory.js';
import { inOrderOfStop } from './merge.js';
import { laneName } from './timeline.js';

/** @import { Recording } from './recording.js' */

/** The viewer grows slow with more arrows than about this. */
const FLOWS = 50_000;

/** A chunk is handed on when it is about this long. */
const CHUNK = 1 << 18;

/** Ticks of 1/8 microsecond in a millisecond. */
const TICKS = 8000;

/** The one process; a thread per worker. Thread 0 means something else to viewers. */
const PID = 1;
const tidOf = (/** @type {number} */ worker) => worker + 1;

/** @param {number} ms */
const ticksOf = (ms) => Math.round(ms * TICKS);
/** Ticks as microseconds. @param {number} ticks */
const us = (ticks) => ticks / 8;

/**
 * @param {Recording} recording
 * @param {{ flows?: number }} [limits] `flows`: the largest number of arrows
 * @returns {Generator<string, void, void>} pieces of one JSON text
 */
export function* traceEvents(recording, { flows = FLOWS } = {}) {
  const { version, program, params, options, graph, trace, outcome } = recording;
  const dependencies = graph.dependencies.tasks.length;
  const about = {
    'recorded by': `dagdeck ${version}`,
    program,
    parameters: JSON.stringify(params),
    options: JSON.stringify(options),
    'makespan ms': outcome?.makespanMs ?? null,
    'events dropped': trace.dropped,
    arrows:
      dependencies > flows
        ? `the first ${flows} of ${dependencies} dependencies: more make the viewer slow`
        : `all ${dependencies} dependencies`,
  };
  let chunk = `{"displayTimeUnit":"ms","otherData":${JSON.stringify(about)},"traceEvents":[\n`;
  let between = '';
  for (const event of events(recording, flows)) {
    chunk += between + event;
    between = ',\n';
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield `${chunk}\n]}\n`;
}

/**
 * Each event is a text already. There are millions of some kinds: those are written as they are, without an object in
 * between.
 *
 * @param {Recording} recording
 * @param {number} flows
 * @returns {Generator<string, void, void>}
 */
function* events(recording, flows) {
  yield* names(recording);
  yield* slices(recording);
  yield* arrows(recording, flows);
  yield* running(recording);
  yield* held(recording);
}

/** @param {Recording} recording */
function* names({ program, trace }) {
  const named = (
    /** @type {string} */ name,
    /** @type {number} */ tid,
    /** @type {object} */ args,
  ) => JSON.stringify({ ph: 'M', name, pid: PID, tid, args });
  yield named('process_name', 0, { name: `dagdeck: ${program}` });
  for (const [worker, { lane }] of trace.workers.entries()) {
    yield named('thread_name', tidOf(worker), { name: laneName(lane, worker) });
    yield named('thread_sort_index', tidOf(worker), { sort_index: worker });
  }
}

/** What each worker did; the time in which it was idle is left empty. @param {Recording} recording */
function* slices({ graph, trace }) {
  const { bytes, scratch } = trace;
  const keyOf = keyReader(graph);
  for (const [worker, { task: tasks, action, stopMs }] of trace.workers.entries()) {
    const tid = tidOf(worker);
    let start = 0;
    for (let i = 0; i < stopMs.length; i++) {
      const stop = ticksOf(stopMs[i]);
      const ts = us(start);
      const dur = us(stop - start);
      start = stop;
      const what = action[i];
      if (what === IDLE) continue;
      const task = tasks[i];
      if (task === NO_TASK) {
        if (dur === 0) continue;
        const name = actionNames[what];
        yield JSON.stringify({ ph: 'X', name, cat: 'worker', ts, dur, pid: PID, tid });
        continue;
      }
      // Slices of one name are one group in the viewer, so the key is an argument.
      const key = keyOf(task);
      const prefix = prefixOf(graph, task);
      if (what === COMPUTE) {
        const called = `"name":${JSON.stringify(prefix)},"cat":"task"`;
        const size =
          (bytes ? `,"bytes":${bytes[task]}` : '') + (scratch ? `,"scratch":${scratch[task]}` : '');
        const args = `{"key":${JSON.stringify(key)},"task":${task}${size}}`;
        yield `{"ph":"X",${called},"ts":${ts},"dur":${dur},"pid":${PID},"tid":${tid},"args":${args}}`;
        continue;
      }
      const args = { key, task, action: actionNames[what] };
      const unrun = what === COMPUTE_ERRED && stopMs[i] === (stopMs[i - 1] ?? 0);
      if (unrun || what === STEAL || what === DROP_REQUEST) {
        const name = unrun ? 'a dependency erred' : actionNames[what];
        const cat = actionNames[what];
        yield JSON.stringify({ ph: 'i', s: 't', name, cat, ts, pid: PID, tid, args });
        continue;
      }
      const [name, cat] = runsTask(what) ? [prefix, 'task'] : [actionNames[what], 'worker'];
      const cname = what === COMPUTE_ERRED ? 'terrible' : what === RETRY ? 'bad' : undefined;
      yield JSON.stringify({ ph: 'X', name, cat, ts, dur, pid: PID, tid, cname, args });
    }
  }
}

/**
 * An arrow per dependency, from the end of the slice that made a value to the start of the one that
 * read it. Slices without any length on the clock have none.
 *
 * @param {Recording} recording
 * @param {number} most
 */
function* arrows({ graph, trace }, most) {
  const workerOf = new Uint16Array(graph.tasks);
  const startOf = new Float64Array(graph.tasks);
  const stopOf = new Float64Array(graph.tasks);
  trace.workers.forEach(({ task, action, stopMs }, worker) => {
    let start = 0;
    for (let i = 0; i < stopMs.length; i++) {
      const stop = ticksOf(stopMs[i]);
      if (action[i] === COMPUTE || action[i] === COMPUTE_ERRED) {
        workerOf[task[i]] = worker;
        startOf[task[i]] = start;
        stopOf[task[i]] = stop;
      }
      start = stop;
    }
  });
  const { starts, tasks } = graph.dependencies;
  /** Per task, the last one that named it: a dependency named twice is one arrow. */
  const namedBy = new Uint32Array(graph.tasks).fill(NO_TASK);
  const event = { name: 'dependency', cat: 'dependency', pid: PID };
  let id = 0;
  for (let task = 0; task < graph.tasks; task++) {
    for (let i = starts[task]; i < starts[task + 1]; i++) {
      const dependency = tasks[i];
      if (namedBy[dependency] === task) continue;
      namedBy[dependency] = task;
      if (id >= most) return;
      const from = stopOf[dependency] - 1;
      const to = Math.max(startOf[task], from);
      if (from < startOf[dependency] || to >= stopOf[task]) continue;
      id++;
      const start = { ph: 's', id, ...event, tid: tidOf(workerOf[dependency]), ts: us(from) };
      const end = { ph: 'f', bp: 'e', id, ...event, tid: tidOf(workerOf[task]), ts: us(to) };
      yield JSON.stringify(start);
      yield JSON.stringify(end);
    }
  }
}

/** The number of running tasks over time. @param {Recording} recording */
function* running({ trace }) {
  let level = 0;
  for (const { action } of trace.workers) {
    if (action.length > 0 && runsTask(action[0])) level++;
  }
  let told = -1;
  let ticks = 0;
  /** Pairs of numbers: a time, and the number of running tasks from then on. @type {number[]} */
  const steps = [];
  const put = () => {
    if (level !== told) steps.push(ticks, level);
    told = level;
  };
  inOrderOfStop(trace.workers, ({ action, stopMs }, i) => {
    const stop = ticksOf(stopMs[i]);
    if (stop > ticks) put();
    ticks = stop;
    level -= Number(runsTask(action[i]));
    if (i + 1 < action.length) level += Number(runsTask(action[i + 1]));
  });
  put();
  for (let i = 0; i < steps.length; i += 2) {
    yield counter('tasks running', steps[i], 'tasks', steps[i + 1]);
  }
}

/** The bytes of values that are held, over time. @param {Recording} recording */
function* held({ graph, trace }) {
  const { timesMs, bytes } = memoryHeld(graph, trace);
  if (timesMs.length === 0) return;
  yield counter('memory held', 0, 'bytes', 0);
  for (let i = 0; i < timesMs.length; i++) {
    const ticks = ticksOf(timesMs[i]);
    // Of several values at one time the last holds.
    if (i + 1 < timesMs.length && ticksOf(timesMs[i + 1]) === ticks) continue;
    yield counter('memory held', ticks, 'bytes', bytes[i]);
  }
}

/**
 * @param {string} name
 * @param {number} ticks
 * @param {string} unit
 * @param {number} level from then on
 */
function counter(name, ticks, unit, level) {
  return `{"ph":"C","name":"${name}","pid":${PID},"ts":${us(ticks)},"args":{"${unit}":${level}}}`;
}
