/*
 * The summary line of a run: how many tasks, how long it took, and what that says about the workers.
 * It is text in the page, so that it can be read, selected and heard; its names explain themselves
 * in a tooltip. It measures nothing: all figures come from the model.
 *
 *     tasks 280   makespan 121 ms   work 430 ms   utilisation 89 %   speed-up 3.6 ×   peak memory 61 MiB
 */
import { ERRED } from '../model/states.js';
import { formatBytes, formatCount, formatDuration } from './format.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./theme.js').Theme} Theme */

/** @typedef {{ name: string, value: string, help: string }} Figure */

const NONE = '–';

/**
 * The figures of a run, in the order they are read. Those that need a trace or a finished run are a
 * dash until there is one.
 *
 * @param {RunModel} model
 * @param {number} [processors] of this machine
 * @returns {Figure[]}
 */
export function figuresOf(model, processors = globalThis.navigator?.hardwareConcurrency || 1) {
  const { outcome, phase, tasks } = model;
  const workers = Math.max(1, outcome?.workers ?? model.workers.length);
  const over = phase === 'finished' || phase === 'stopped' || model.settled;
  const makespanMs = model.endMs;
  const workMs = outcome && model.events === 0 ? outcome.workMs : model.workMs;
  const known = workMs !== null && makespanMs > 0 && phase !== 'waiting';
  const share = known ? workMs / (makespanMs * workers) : 0;
  const speedUp = (share * workers).toFixed(share * workers < 9.95 ? 2 : 1);
  const done = formatCount(model.done);
  const erred = model.totals[ERRED];
  return [
    {
      name: 'tasks',
      value:
        (phase === 'finished' ? formatCount(tasks) : `${done} / ${formatCount(tasks)}`) +
        (erred > 0 ? `, ${formatCount(erred)} erred` : ''),
      help: 'Tasks executed, of all tasks of the graph.',
    },
    {
      name: over ? 'makespan' : 'elapsed',
      value: phase === 'waiting' ? NONE : formatDuration(makespanMs),
      help: over
        ? 'Time from the start of the run to the end of its last task.'
        : 'Time since the start of the run.',
    },
    {
      name: 'work',
      value: known ? formatDuration(workMs) : NONE,
      help: 'Time spent in tasks, summed over all workers: what one worker alone would need.',
    },
    {
      name: 'utilisation',
      value: known ? `${Math.round(share * 100)} %` : NONE,
      help: `Share of the time of all ${workers} workers that was spent in tasks.${sharesText(model, makespanMs)}`,
    },
    {
      name: 'speed-up',
      value: known ? `${workers > processors ? '≤ ' : ''}${speedUp} ×` : NONE,
      help:
        `Work divided by makespan; at most ${workers}, the number of workers. With more workers than ` +
        'processors it is no more than a bound: a task that waits for a processor counts as work.',
    },
    ...furtherFigures(model),
  ];
}

/**
 * What only some runs have to say, once they are over.
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
      help: 'The most that values took at once: each from its task to the last of its dependents.',
    },
    {
      name: 'steals',
      value: steals > 0 ? formatCount(steals) : '',
      help: 'Tasks that a worker without any took from another. The task stream marks them.',
    },
    {
      name: 'retries',
      value: retries > 0 ? formatCount(retries) : '',
      help: 'Tasks that failed and were tried again, each time counted.',
    },
  ].filter(({ value }) => value !== '');
}

/** Workers whose share is named; a list of more cannot be read. */
const MOST_SHARES = 16;

/**
 * @param {RunModel} model
 * @param {number} makespanMs
 */
function sharesText({ workers }, makespanMs) {
  if (workers.length < 2 || workers.length > MOST_SHARES || !(makespanMs > 0)) return '';
  const shares = workers.map(({ busyMs }) => `${Math.round((busyMs / makespanMs) * 100)} %`);
  return ` One by one: ${shares.join(', ')}.`;
}

/**
 * The summary as one sentence, for a label.
 *
 * @param {RunModel} model
 * @returns {string}
 */
export function describeSummary(model) {
  return figuresOf(model)
    .filter(({ value }) => value !== NONE)
    .map(({ name, value }) => `${name} ${value}`)
    .join(', ');
}

/**
 * @param {HTMLElement} element is filled with a definition list; its looks are the page's:
 *   `dl.figures > div > dt + dd`
 */
export function createSummaryView(element) {
  const list = document.createElement('dl');
  list.className = 'figures';
  element.append(list);
  /** @type {Map<string, { value: HTMLElement, name: HTMLElement, box: HTMLElement }>} */
  const cells = new Map();
  /** @type {RunModel | null} */
  let model = null;
  let drawnVersion = -1;

  /** @param {number} index */
  const cellAt = (index) => {
    const key = String(index);
    let cell = cells.get(key);
    if (!cell) {
      const box = document.createElement('div');
      const name = document.createElement('dt');
      const value = document.createElement('dd');
      box.append(name, value);
      list.append(box);
      cell = { box, name, value };
      cells.set(key, cell);
    }
    return cell;
  };

  return {
    /** @param {RunModel | null} next */
    setModel(next) {
      model = next;
      drawnVersion = -1;
      if (!next) {
        list.replaceChildren();
        cells.clear();
      }
    },
    /** @param {Theme} _theme the page's style sheet colours text */
    setTheme(_theme) {},
    draw() {
      if (!model) return;
      // Each frame shows what the other views show in it; while the run goes on its clock moves on.
      if (model.version === drawnVersion && model.phase !== 'running') return;
      const figures = figuresOf(model);
      for (let index = figures.length; index < cells.size; index++) cellAt(index).box.hidden = true;
      figures.forEach((figure, index) => {
        const { box, name, value } = cellAt(index);
        box.hidden = false;
        box.dataset.figure = figure.name;
        if (name.textContent !== figure.name) name.textContent = figure.name;
        if (value.textContent !== figure.value) value.textContent = figure.value;
        if (box.title !== figure.help) box.title = figure.help;
      });
      drawnVersion = model.version;
    },
    resize() {},
    dispose() {
      list.remove();
      cells.clear();
    },
  };
}
