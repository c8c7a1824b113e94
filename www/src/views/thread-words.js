/*
 * Threads in words: the whole run, for readers who cannot see it; the line above each section; and what is pointed at.
 */
import {
  BLOCKED,
  DROP_REQUEST,
  FALSE_ALARM,
  HOLD,
  LOCK_FREE,
  LOCK_WAIT,
  NATIVE,
} from '../model/actions.js';
import { formatCount, formatDuration } from './format.js';
import { sectionsOf } from './thread-sections.js';
import {
  AWAY,
  DROP_REQUEST_WORDS,
  THREAD_STATES,
  threadStateOf,
  threadStates,
} from './thread-states.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./thread-counts.js').Counts} Counts */
/** @typedef {import('./thread-frame.js').ThreadHit} ThreadHit */
/** @typedef {import('./thread-sections.js').Section} Section */

/** More threads of a section than this are not listed one by one. */
const MOST_THREADS = 4;

/** What threads spend their time with, and how that is said. */
const activities = [
  { action: HOLD, words: 'held the lock' },
  { action: LOCK_FREE, words: 'ran without a lock' },
  { action: NATIVE, words: 'ran native code' },
  { action: LOCK_WAIT, words: 'waited for the lock' },
  { action: BLOCKED, words: 'was blocked' },
];

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
function counted(count, one, many = `${one}s`) {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** The false alarms per switch, as text; null without a switch. @param {Counts} counts */
export function ratioText({ falseAlarms, switches }) {
  if (switches === 0) return null;
  const ratio = falseAlarms / switches;
  return ratio === 0 || ratio >= 9.95 ? formatCount(ratio) : ratio.toFixed(ratio < 0.095 ? 2 : 1);
}

/**
 * The counts of a section in words, the longest text first: the first one that fits is shown.
 *
 * @param {Counts} counts
 * @param {number} endMs when its last thread finished, or how far it is
 * @returns {string[]}
 */
export function countsTexts(counts, endMs) {
  const time = endMs > 0 ? formatDuration(endMs) : '';
  if (!counts.shared) return time ? [time] : [''];
  const { switches, falseAlarms, dropRequests, forcedSwitches } = counts;
  const ratio = ratioText(counts);
  const per = ratio === null || falseAlarms === 0 ? '' : `, ${ratio} per switch`;
  const alarms = `${counted(falseAlarms, 'false alarm')}${per}`;
  const changes = counted(switches, 'switch', 'switches');
  const asked = [
    counted(dropRequests, 'drop request'),
    ...(forcedSwitches > 0 ? [counted(forcedSwitches, 'forced switch', 'forced switches')] : []),
  ];
  return [
    [time, changes, alarms, ...asked].join(' · '),
    [time, changes, alarms, asked[0]].join(' · '),
    [time, changes, alarms].join(' · '),
    [time, changes, counted(falseAlarms, 'false alarm')].join(' · '),
    [time, changes].join(' · '),
    time,
  ];
}

/**
 * When the threads of a section have finished, or how far they are.
 *
 * @param {RunModel} model
 * @param {Section} section
 */
export function endOfSection({ workers }, { first, end }) {
  return workers.slice(first, end).reduce((last, { endMs }) => Math.max(last, endMs), 0);
}

/**
 * The view in words.
 *
 * @param {RunModel} model
 * @param {Counts[]} counts per section
 * @returns {string}
 */
export function describeThreads(model, counts) {
  const { workers, endMs } = model;
  if (workers.length === 0 || endMs === 0) return 'Threads: nothing has run yet.';
  const texts = sectionsOf(model).map((section, i) => {
    const [figures] = countsTexts(counts[i], endOfSection(model, section));
    const threads = workers.slice(section.first, section.end).map(({ spentMs, endMs: end }, at) => {
      const shares = activities
        .map(({ action, words }) => ({ words, share: Math.round((spentMs[action] / end) * 100) }))
        .filter(({ share }) => share > 0)
        .map(({ words, share }) => `${words} ${share} %`);
      const what = shares.length > 0 ? shares.join(', ') : 'has not run';
      return `${model.nameOf(section.first + at)} ${what}`;
    });
    const more = threads.length - MOST_THREADS;
    const shown = more > 1 ? [...threads.slice(0, MOST_THREADS), `and ${more} more`] : threads;
    return [section.label, figures, `${shown.join('; ')}.`].filter(Boolean).join(': ');
  });
  return `Threads over ${formatDuration(endMs)}. ${texts.join(' ')}`;
}

/**
 * The lines of a tooltip; the first is the heading.
 *
 * @param {RunModel} model
 * @param {ThreadHit} at
 * @param {import('./timeline-digest.js').TimelineDigest} digest of its thread
 * @param {(fromMs: number, toMs: number) => number} falseAlarms in an interval
 * @returns {string[]}
 */
export function wordsOfHit(model, at, digest, falseAlarms) {
  const { lane } = model.workers[at.row];
  const thread = [model.nameOf(at.row), lane?.node].filter(Boolean).join(', ');
  const lasts = formatDuration(at.stopMs - at.startMs);
  const from = timeText(at.startMs, at.stopMs - at.startMs);
  if (at.several) {
    return [thread, `${lasts} from ${from}`, ...sharesIn(at, digest, falseAlarms)];
  }
  const timeline = model.workers[at.row];
  const over = at.event < timeline.length;
  const action = at.event < timeline.recorded ? timeline.action[at.event] : -1;
  if (action === DROP_REQUEST) return [DROP_REQUEST_WORDS, thread, `at ${from}`];
  const state = over ? threadStateOf(action) : digest.kindNow;
  if (state === AWAY) {
    return ['not running', thread, timeline.length > 0 ? 'it has finished' : 'it has not started'];
  }
  const when = over ? `from ${from}, for ${lasts}` : `since ${from}`;
  const lines = [threadStates[state].words, thread, when];
  if (action === FALSE_ALARM) lines.push('another thread was faster');
  return lines;
}

/**
 * How a thread spent a short time.
 *
 * @param {ThreadHit} at
 * @param {import('./timeline-digest.js').TimelineDigest} digest
 * @param {(fromMs: number, toMs: number) => number} falseAlarms
 */
function sharesIn({ startMs, stopMs }, digest, falseAlarms) {
  const before = new Float64Array(THREAD_STATES);
  const times = new Float64Array(THREAD_STATES);
  digest.timesBefore(startMs, before);
  digest.timesBefore(stopMs, times);
  const shares = threadStates
    .map(({ legend }, state) => ({
      legend,
      share: Math.round(((times[state] - before[state]) / (stopMs - startMs)) * 100),
    }))
    .filter(({ share }, state) => share > 0 && state !== AWAY)
    .map(({ legend, share }) => `${share} % ${legend}`);
  const alarms = falseAlarms(startMs, stopMs);
  return alarms > 0 ? [...shares, counted(alarms, 'false alarm')] : shares;
}

/**
 * A time in milliseconds, precise enough to tell the ends of something so short apart.
 *
 * @param {number} ms
 * @param {number} lengthMs
 */
function timeText(ms, lengthMs) {
  if (ms === 0) return '0 ms';
  const digits = lengthMs > 0 ? 1 - Math.floor(Math.log10(lengthMs)) : 3;
  return digits <= 2 ? formatDuration(ms) : `${ms.toFixed(Math.min(6, digits))} ms`;
}
