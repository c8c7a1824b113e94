/*
 * The figure of collections and schedulers: choose one of each, and see the graph that the collection
 * turns into and how the scheduler would run it.
 *
 *     collections   x.mean()             schedulers
 *     (o) Array     o--o                 ( ) One thread
 *     ( ) Bag       o--o--o              (o) Threads
 *      what it is   [][ ][ ] thread 1     what it does
 *
 * Two groups of radio buttons: Tab moves between them, arrow keys choose, Escape returns focus to the
 * slides. The run is a model (model-run.js), and the figure says so.
 */
import { MOVE, modelRun } from './model-run.js';
import { collections, schedulers } from './small-graphs.js';

/** @import { Slice } from './model-run.js' */
/** @import { Collection, SmallScheduler } from './small-graphs.js' */

/** Sizes in px of a slide. */
const WIDTH = 660;
const GRAPH_HEIGHT = 226;
const LANE_HEIGHT = 50;
const LABEL_WIDTH = 128;
const RADIUS = 15;

/** The class of the fill of each layer (figures.css). */
const FILLS = ['one', 'two', 'three', 'four'];

/**
 * Replaces the content of each `.collections-schedulers` on a slide by the figure.
 *
 * @param {ParentNode} slides
 */
export function placeCollectionsFigure(slides) {
  for (const place of slides.querySelectorAll('.collections-schedulers')) {
    place.replaceChildren(...figureParts());
  }
}

function figureParts() {
  const middle = element('div', 'middle');
  /** @type {{ collection: Collection, scheduler: SmallScheduler }} */
  const chosen = { collection: collections[0], scheduler: schedulers[1] };
  const show = () => middle.replaceChildren(...shown(chosen));
  const left = group('Collections', collections, chosen.collection, 'becomes', (collection) => {
    chosen.collection = collection;
    show();
  });
  const right = group('Schedulers', schedulers, chosen.scheduler, 'does', (scheduler) => {
    chosen.scheduler = scheduler;
    show();
  });
  middle.setAttribute('aria-live', 'polite');
  show();
  return [left, middle, right];
}

/**
 * @template {{ name: string }} T
 * @param {string} title
 * @param {T[]} items
 * @param {T} first the one that is chosen at first
 * @param {keyof T & string} sentence
 * @param {(item: T) => void} choose
 */
function group(title, items, first, sentence, choose) {
  const field = element('fieldset', 'choices');
  const about = element('p', 'about', String(first[sentence]));
  field.append(element('legend', '', title));
  for (const item of items) {
    const label = element('label', '');
    const input = document.createElement('input');
    input.type = 'radio';
    input.name = title;
    input.checked = item === first;
    input.addEventListener('change', () => {
      about.textContent = String(item[sentence]);
      choose(item);
    });
    label.append(input, element('span', '', item.name));
    field.append(label);
  }
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
    if (event.key !== 'Tab') event.stopPropagation();
  });
  field.append(about);
  return field;
}

/** @param {{ collection: Collection, scheduler: SmallScheduler }} chosen */
function shown({ collection, scheduler }) {
  const code = element('code', '', collection.code);
  const legend = element('p', 'legend');
  for (const { prefix, layer } of firstOfLayers(collection)) {
    const name = element('span', '', prefix);
    name.prepend(element('i', FILLS[layer]));
    legend.append(name, ' ');
  }
  const slices = modelRun(collection.tasks, scheduler);
  const moved = slices.reduce((sum, { moving, start }) => sum + (start - moving) / MOVE, 0);
  const note = [
    moved > 0 ? `Thin bars: ${moved} values move.` : '',
    collection.here && scheduler.here
      ? 'A model; the Dask Demo runs it.'
      : 'A model of what Dask does; no demo runs it.',
  ];
  return [
    code,
    graphDrawing(collection),
    legend,
    lanesDrawing(collection, scheduler, slices),
    element('p', 'note', note.join(' ')),
  ];
}

/** @param {Collection} collection */
function firstOfLayers({ tasks }) {
  return tasks.filter((task, i) => i === tasks.findIndex(({ layer }) => layer === task.layer));
}

/** @param {Collection} collection */
function graphDrawing({ name, tasks }) {
  const layers = Math.max(...tasks.map(({ layer }) => layer)) + 1;
  const places = tasks.map((task) => {
    const row = tasks.filter(({ layer }) => layer === task.layer);
    return {
      x: ((task.layer + 0.5) * WIDTH) / layers,
      y: ((row.indexOf(task) + 0.5) * GRAPH_HEIGHT) / row.length,
    };
  });
  const drawing = svg('svg', {
    class: 'figure',
    viewBox: `0 0 ${WIDTH} ${GRAPH_HEIGHT}`,
    role: 'img',
    'aria-label': `The task graph of ${name}: ${tasks.length} tasks`,
  });
  const lines = tasks.flatMap(({ needs }, i) =>
    needs.map((need) => `M${places[need].x} ${places[need].y}L${places[i].x} ${places[i].y}`),
  );
  drawing.append(svg('path', { class: 'edge', d: lines.join('') }));
  tasks.forEach(({ layer }, i) => {
    const { x, y } = places[i];
    drawing.append(svg('circle', { class: FILLS[layer], cx: x, cy: y, r: RADIUS }));
  });
  return drawing;
}

/**
 * @param {Collection} collection
 * @param {SmallScheduler} scheduler
 * @param {Slice[]} slices
 */
function lanesDrawing({ tasks }, scheduler, slices) {
  // One scale for all schedulers: the longest run of this graph takes the full width.
  const longest = Math.max(
    ...schedulers.flatMap((other) => modelRun(tasks, other).map(({ stop }) => stop)),
  );
  const scale = (WIDTH - LABEL_WIDTH) / longest;
  const drawing = svg('svg', {
    class: 'figure',
    viewBox: `0 0 ${WIDTH} ${LANE_HEIGHT * 3}`,
    role: 'img',
    'aria-label': `A model of a run: ${scheduler.name}`,
  });
  for (let i = 0; i < scheduler.workers; i++) {
    const label = svg('text', { x: 0, y: i * LANE_HEIGHT + 31 });
    label.textContent = `${scheduler.worker} ${i + 1}`;
    drawing.append(label);
  }
  const bar = (/** @type {string} */ fill, /** @type {number[]} */ [worker, from, to, inset]) =>
    svg('rect', {
      class: fill,
      x: LABEL_WIDTH + from * scale,
      y: worker * LANE_HEIGHT + 2 + inset,
      width: Math.max(0, (to - from) * scale - 2),
      height: LANE_HEIGHT - 8 - 2 * inset,
      rx: 3,
    });
  for (const { task, worker, moving, start, stop } of slices) {
    if (start > moving) drawing.append(bar('data', [worker, moving, start, 12]));
    drawing.append(bar(FILLS[tasks[task].layer], [worker, start, stop, 0]));
  }
  return drawing;
}

/**
 * @param {string} name
 * @param {string} className
 * @param {string} [text]
 */
function element(name, className, text = '') {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
function svg(name, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
