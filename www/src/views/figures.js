/*
 * The figures of a run, as the summary shows them: a name, a value and what it means. All of them are
 * measured; a speed-up is shown only next to a measured run with one worker.
 *
 *     tasks 280   makespan 121 ms   work 230 ms   utilisation 95 %   overhead 4 ms, 2 %   speed-up 1.9 ×
 */
import { ERRED } from '../model/states.js';
import { coresText, formatBytes, formatCount, formatDuration } from './format.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */

/**
 * @typedef {object} Figure
 * @property {string} name
 * @property {string} value
 * @property {string} help
 * @property {boolean} [missing] whether it was not measured; the value is then the label of a button
 */

/**
 * What the page knows besides the run itself.
 *
 * @typedef {object} Beside
 * @property {number | null} [oneWorkerMs] how long the same run took with one worker; null when that was not
 *   measured, undefined when it cannot be, as for a recording without it
 * @property {Figure[]} [peers] how long other systems take for the same
 */

const NONE = '–';

/** The label of the button that repeats the run with one worker. */
const MEASURE = 'Measure';

/**
 * The figures of a run, in reading order. Figures that need a trace or a finished run are a dash until
 * there is one.
 *
 * @param {RunModel} model
 * @param {Beside} [beside]
 * @returns {Figure[]}
 */
export function figuresOf(model, beside = {}) {
  const { phase, tasks } = model;
  const over = phase === 'finished' || phase === 'stopped' || model.settled;
  const done = formatCount(model.done);
  const erred = model.totals[ERRED];
  return [
    {
      name: 'tasks',
      value:
        (phase === 'finished' ? formatCount(tasks) : `${done} / ${formatCount(tasks)}`) +
        (erred > 0 ? `, ${formatCount(erred)} erred` : ''),
      help: 'Tasks that have been executed, out of all tasks of the graph.',
    },
    {
      name: over ? 'makespan' : 'elapsed',
      value: phase === 'waiting' ? NONE : formatDuration(model.endMs),
      help: over
        ? 'The time from the start of the run to the end of its last task.'
        : 'The time since the start of the run.',
    },
    ...timeInTasks(model),
    ...timeBetweenTasks(model),
    ...(phase === 'finished' ? comparisons(model, beside) : []),
    ...furtherFigures(model),
  ];
}

/**
 * How the workers spent their time. Where they share cores, the time inside a task is not all work, since the
 * task also waits for a core. Then no figure is called work.
 *
 * @param {RunModel} model
 * @returns {Figure[]}
 */
function timeInTasks(model) {
  const { outcome, cores, phase, endMs } = model;
  const workers = Math.max(1, outcome?.workers ?? model.workers.length);
  const workMs = outcome && model.events === 0 ? outcome.workMs : model.workMs;
  const known = workMs !== null && endMs > 0 && phase !== 'waiting';
  const share = known ? `${Math.round((workMs / availableMs(model, workers)) * 100)} %` : NONE;
  const shares = sharesText(model, endMs);
  if (!model.oversubscribed) {
    return [
      {
        name: 'work',
        value: known ? formatDuration(workMs) : NONE,
        help: 'The time spent in tasks, summed over all workers.',
      },
      {
        name: 'utilisation',
        value: share,
        help: `The share of the workers’ time that was spent in tasks.${shares}`,
      },
    ];
  }
  const sharing =
    cores === null
      ? 'It is unknown how many cores that machine had.'
      : `${workers} workers share ${coresText(cores)}, so a task may also have waited for a core.`;
  return [
    {
      name: 'workers busy',
      value: share,
      help:
        'The share of the workers’ time between the start and the end of a task. ' +
        `This is not processor time: ${sharing}${shares}`,
    },
  ];
}

/**
 * The time of all workers together. Nodes of a cluster come and go.
 *
 * @param {RunModel} model
 * @param {number} count
 */
function availableMs({ endMs, workers }, count) {
  if (!workers.some(({ lane }) => lane?.node)) return endMs * count;
  const spans = workers.map(({ lane }) =>
    lane ? Math.min(endMs, lane.leftMs ?? endMs) - Math.min(endMs, lane.joinedMs) : endMs,
  );
  return spans.reduce((sum, ms) => sum + ms, 0);
}

/**
 * The time between tasks. Older recordings do not have it: there it is part of the work.
 *
 * @param {RunModel} model
 * @returns {Figure[]}
 */
function timeBetweenTasks(model) {
  const { outcome, endMs } = model;
  const workers = Math.max(1, outcome?.workers ?? model.workers.length);
  const overheadMs = outcome && model.events === 0 ? (outcome.overheadMs ?? 0) : model.overheadMs;
  if (!(overheadMs > 0) || !(endMs > 0)) return [];
  const percent = Math.round((overheadMs / availableMs(model, workers)) * 100);
  return [
    {
      name: 'overhead',
      value: `${formatDuration(overheadMs)}, ${percent === 0 ? '< 1' : percent} %`,
      help:
        'The time between tasks, summed over all workers, and its share of their time. Between two tasks a worker ' +
        'releases values, makes tasks ready, takes the next one and reserves memory for it. Of tasks shorter than ' +
        '50 µs, one in 16 is measured and the others are split in the same proportion.',
    },
  ];
}

/**
 * The run against others that were measured.
 *
 * @param {RunModel} model
 * @param {Beside} beside
 * @returns {Figure[]}
 */
function comparisons({ outcome, endMs }, { oneWorkerMs, peers = [] }) {
  const workers = outcome?.workers ?? 1;
  if (workers === 1 || oneWorkerMs === undefined || !(endMs > 0)) return peers;
  const times = oneWorkerMs === null ? 0 : oneWorkerMs / endMs;
  const speedUp =
    oneWorkerMs === null
      ? {
          name: 'speed-up',
          value: MEASURE,
          help: 'Measure repeats the run with one worker. The speed-up is the ratio of the two makespans.',
          missing: true,
        }
      : {
          name: 'speed-up',
          value: `${times.toFixed(times < 9.95 ? 2 : 1)} ×`,
          help:
            `One worker took ${formatDuration(oneWorkerMs)} for the same run (measured); ` +
            `${workers} workers took ${formatDuration(endMs)}.`,
        };
  const one =
    oneWorkerMs === null
      ? []
      : [
          {
            name: 'one worker',
            value: formatDuration(oneWorkerMs),
            help: 'The measured makespan of the same run with one worker.',
          },
        ];
  return [speedUp, ...one, ...peers];
}

/**
 * Figures that only some runs have, once they are over.
 *
 * @param {RunModel} model
 * @returns {Figure[]}
 */
function furtherFigures(model) {
  if (model.phase !== 'finished' && model.phase !== 'stopped') return [];
  const steals = model.workers.reduce((sum, worker) => sum + worker.steals.length, 0);
  const retries = model.outcome?.retries ?? 0;
  const peakBytes = model.outcome?.peakBytes ?? model.memory?.peakBytes ?? 0;
  return [
    {
      name: 'peak memory',
      value: peakBytes > 0 ? formatBytes(peakBytes) : '',
      help:
        'The most memory in use at once: values, each until the last task that reads it is done, and blocks that ' +
        'exist only inside a task. The same run fits into a memory limit of this size.',
    },
    {
      name: 'steals',
      value: steals > 0 ? formatCount(steals) : '',
      help: 'Tasks that an idle worker took from another worker. The task stream marks them.',
    },
    {
      name: 'retries',
      value: retries > 0 ? formatCount(retries) : '',
      help: 'How often a task failed and was retried.',
    },
  ].filter(({ value }) => value !== '');
}

/** The shares of more workers than this are not listed. */
const MOST_SHARES = 16;

/**
 * @param {RunModel} model
 * @param {number} makespanMs
 */
function sharesText({ workers }, makespanMs) {
  if (workers.length < 2 || workers.length > MOST_SHARES || !(makespanMs > 0)) return '';
  const shares = workers.map(({ busyMs }) => `${Math.round((busyMs / makespanMs) * 100)} %`);
  return ` By worker: ${shares.join(', ')}.`;
}

/**
 * The summary as one sentence, for a label.
 *
 * @param {RunModel} model
 * @param {Beside} [beside]
 * @returns {string}
 */
export function describeSummary(model, beside) {
  return figuresOf(model, beside)
    .filter(({ value, missing }) => value !== NONE && !missing)
    .map(({ name, value }) => `${name} ${value}`)
    .join(', ');
}
