/*
 * What happened in a cluster, in words: nodes that join, die and leave, tasks that are stolen, taken back or retried,
 * values that are lost. The entry at the time that is pointed at, in any view, is marked and in sight; without one the
 * latest is.
 *
 *     1.02 s   node 3 died
 *     1.02 s   2 tasks are taken back from node 3: sum-4, sum-9
 *     1.30 s   add-7 is stolen from node 1 by node 4
 */
import { Incidents } from '../model/incidents.js';
import { nodesOf } from '../model/nodes.js';
import { formatDuration } from './format.js';
import { incidentText } from './log-words.js';
import { defineView } from './view.js';

/** @typedef {import('../model/incidents.js').Incident} Incident */
/** @typedef {import('./view.js').Hit & { timeMs: number, index: number }} EntryHit */

/**
 * @typedef {object} LogMemo
 * @property {Incidents | null} incidents
 * @property {HTMLElement | null} list
 * @property {Incident[]} told the incidents that the list has
 * @property {number} current the entry that is marked
 */

/** @typedef {import('./view.js').Frame<LogMemo, EntryHit>} LogFrame */

/** More entries than this are not in the page at once. */
const MOST_ENTRIES = 400;

export const log = defineView({
  name: 'log',
  title: 'Log',
  surface: 'element',
  clock: true,
  memo: () => /** @type {LogMemo} */ ({ incidents: null, list: null, told: [], current: -1 }),
  open({ memo }) {
    memo.incidents = null;
    memo.told = [];
    memo.current = -1;
    memo.list?.replaceChildren();
  },
  /** @param {HTMLElement} element @param {LogFrame} frame */
  draw(element, frame) {
    const { memo } = frame;
    const list = (memo.list ??= createList(element));
    const shown = shownIn(frame);
    fill(list, frame, shown);
    mark(list, memo, frame.at?.index ?? currentOf(shown, frame.cursorMs));
  },
  hit({ y }, { memo }) {
    const { list, told } = memo;
    if (!list) return null;
    const at = y + list.scrollTop;
    const entries = /** @type {HTMLElement[]} */ ([...list.children]);
    const index = entries.findIndex(
      ({ offsetTop, offsetHeight }) => at >= offsetTop && at < offsetTop + offsetHeight,
    );
    return told[index] ? entryAt(told, index) : null;
  },
  words(frame, at) {
    const [model] = frame.models;
    if (!model) return [];
    const { nodes } = nodesOf(model);
    const shown = shownIn(frame);
    const incident = at && shown[at.index];
    if (!at) return [describe(shown)];
    if (!incident) return [];
    return [formatDuration(incident.timeMs), incidentText(incident, nodes, model.graph, Infinity)];
  },
  step(step, from, frame) {
    const shown = shownIn(frame);
    const last = shown.length - 1;
    if (last < 0) return null;
    if (!from || step === 'first') return entryAt(shown, 0);
    if (step === 'last') return entryAt(shown, last);
    const by = { left: -1, up: -1, right: 1, down: 1 }[step];
    return entryAt(shown, Math.max(0, Math.min(last, from.index + by)));
  },
  place({ index }, { memo: { list } }) {
    const entry = /** @type {HTMLElement | undefined} */ (list?.children[index]);
    return { x: 0, y: list && entry ? entry.offsetTop - list.scrollTop : 0 };
  },
  keys: 'entries',
});

/**
 * @param {Incident[]} shown
 * @param {number} index
 * @returns {EntryHit}
 */
function entryAt(shown, index) {
  const { timeMs, tasks } = shown[index];
  return { task: tasks.length === 1 ? tasks[0] : -1, timeMs, index };
}

/** The incidents up to the time at which the run is looked at. @param {LogFrame} frame */
function shownIn({ models: [model], memo }) {
  if (!model) return [];
  memo.incidents ??= new Incidents(model);
  const { all } = memo.incidents;
  const over = model.outcome !== null;
  const shown = over ? all : all.filter(({ timeMs }) => timeMs <= model.nowMs);
  return shown.slice(-MOST_ENTRIES);
}

/**
 * The last incident before a time.
 *
 * @param {Incident[]} shown
 * @param {number | null} cursorMs null if no time is pointed at
 */
function currentOf(shown, cursorMs) {
  if (cursorMs === null) return -1;
  return shown.findLastIndex(({ timeMs }) => timeMs <= cursorMs);
}

/** @param {HTMLElement} element */
function createList(element) {
  const list = document.createElement('ol');
  list.className = 'incidents';
  element.append(list);
  return list;
}

/**
 * @param {HTMLElement} list
 * @param {LogFrame} frame
 * @param {Incident[]} shown
 */
function fill(list, { models: [model], memo }, shown) {
  const same = (/** @type {number} */ i) => {
    const [a, b] = [memo.told[i], shown[i]];
    return (
      a === b || (a && b && a.untilMs === b.untilMs && a.kind === b.kind && a.timeMs === b.timeMs)
    );
  };
  const { nodes } = model ? nodesOf(model) : { nodes: [] };
  let kept = 0;
  while (kept < shown.length && kept < memo.told.length && same(kept)) kept++;
  if (kept === shown.length && kept === memo.told.length) return;
  while (list.children.length > kept) list.lastElementChild?.remove();
  for (const incident of shown.slice(kept)) {
    const entry = document.createElement('li');
    const time = document.createElement('span');
    time.textContent = formatDuration(incident.timeMs);
    entry.append(time, ` ${incidentText(incident, nodes, model.graph)}`);
    list.append(entry);
  }
  memo.told = shown;
  memo.current = -1;
  list.scrollTop = list.scrollHeight;
}

/**
 * @param {HTMLElement} list
 * @param {LogMemo} memo
 * @param {number} current
 */
function mark(list, memo, current) {
  if (current === memo.current) return;
  list.children[memo.current]?.removeAttribute('data-current');
  memo.current = current;
  const entry = /** @type {HTMLElement | undefined} */ (list.children[current]);
  if (!entry) return;
  entry.setAttribute('data-current', '');
  const [top, bottom] = [entry.offsetTop, entry.offsetTop + entry.offsetHeight];
  if (top < list.scrollTop) list.scrollTop = top;
  else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
}

/** @param {Incident[]} shown */
function describe(shown) {
  if (shown.length === 0) return 'Log: nothing has happened.';
  return `Log: ${shown.length} ${shown.length === 1 ? 'entry' : 'entries'}.`;
}
