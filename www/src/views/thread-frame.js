/*
 * What the view of threads keeps from one draw to the next, and where its parts are in a frame.
 */
import { DROP_REQUEST } from '../model/actions.js';
import { SectionCounts } from './thread-counts.js';
import { layoutThreads } from './thread-layout.js';
import { sectionsOf } from './thread-sections.js';
import { AWAY, threadKinds, threadStates } from './thread-states.js';
import { TimelineDigest } from './timeline-digest.js';

/** @typedef {import('../model/timeline.js').Timeline} Timeline */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./thread-patterns.js').Look} Look */
/** @typedef {import('./thread-patterns.js').Tile} Tile */

/**
 * @typedef {object} ThreadMemo
 * @property {TimelineDigest[]} digests per thread
 * @property {SectionCounts[]} counts per section
 * @property {string} sections which the counts are of
 * @property {ImageData | null} image of all rows
 * @property {Theme | null} theme that `looks` are of
 * @property {Look[]} looks per state
 * @property {Tile[]} tiles per state
 * @property {number} ratio that `tiles` are for
 */

/**
 * A slice or a mark of a thread; or a short time in which several things happen.
 *
 * @typedef {object} ThreadHit
 * @property {number} task the piece; -1 for none
 * @property {number} timeMs that is pointed at
 * @property {number} row the thread
 * @property {number} event an index into the thread's timeline; its length when the event is under way
 * @property {number} startMs
 * @property {number} stopMs
 * @property {boolean} several whether more than one thing happens in that time
 */

/** @typedef {import('./view.js').Frame<ThreadMemo, ThreadHit>} ThreadFrame */

/** @returns {ThreadMemo} */
export function createThreadMemo() {
  return {
    digests: [],
    counts: [],
    sections: '',
    image: null,
    theme: null,
    looks: [],
    tiles: [],
    ratio: 0,
  };
}

/**
 * @param {ThreadFrame} frame
 * @param {number} thread
 */
export function digestOf({ models: [model], memo }, thread) {
  const digest = (memo.digests[thread] ??= new TimelineDigest(model.workers[thread], threadKinds));
  digest.advance();
  return digest;
}

/**
 * The counts of each section, up to date.
 *
 * @param {ThreadFrame} frame
 * @returns {SectionCounts[]}
 */
export function countsOf({ models: [model], memo }) {
  if (!model) return [];
  const sections = sectionsOf(model);
  const which = sections.map(({ end }) => end).join(' ');
  if (which !== memo.sections) {
    memo.sections = which;
    memo.counts = sections.map(
      ({ first, end }) => new SectionCounts(model.workers.slice(first, end)),
    );
  }
  for (const counts of memo.counts) counts.advance(model.ending !== null);
  return memo.counts;
}

/**
 * The counts of a thread's section, and its place there.
 *
 * @param {ThreadFrame} frame
 * @param {number} thread
 */
export function countsOfThread(frame, thread) {
  const sections = sectionsOf(frame.models[0]);
  const section = sections.findIndex(({ end }) => thread < end);
  return { counts: countsOf(frame)[section], place: thread - sections[section].first };
}

/** @param {ThreadFrame} frame */
export function layoutOf(frame) {
  return layoutThreads(frame.models[0], frame.viewport, shownStates(countsOf(frame)));
}

/**
 * What the legend explains: what occurs in the events that are known; null stands for drop requests.
 *
 * @param {SectionCounts[]} counts
 * @returns {(number | null)[]}
 */
function shownStates(counts) {
  const has = (/** @type {number} */ action) => counts.some((section) => section.has(action));
  const states = [...threadStates.keys()].filter(
    (state) => state !== AWAY && has(threadStates[state].action),
  );
  return has(DROP_REQUEST) ? [...states, null] : states;
}
