/*
 * The labels of a graph: the prefixes of its layers or, if it consists of several small graphs, the result of each.
 *
 *     random  o o o o            block 0      block 1      blocks 2-4
 *     add      o   o              o o          o o          o o o
 *     sum     / \ /                o            o            o
 *
 * Labels that would overlap are moved apart; a line leads from each to its layer. It does not draw the graph itself.
 */
import { keyOf } from '../model/graph.js';
import { fitted, fontOf } from './text.js';

/** @typedef {import('../model/graph.js').GraphData} GraphData */
/** @typedef {import('./graph-arrangement.js').Arrangement} Arrangement */
/** @typedef {import('./graph-sites.js').Sites} Sites */
/** @typedef {import('./theme.js').Theme} Theme */

/**
 * The part of a scene (graph-scene.js) that the labels need.
 *
 * @typedef {object} Labelled
 * @property {Sites} sites
 * @property {Arrangement} arrangement
 * @property {string[]} names per layer
 * @property {Part[]} parts that are labelled instead of the layers
 * @property {number} gutter room for labels, CSS pixels
 */

/** More layers than this get no names. */
const MOST_NAMES = 24;
/** If there are more graphs or tasks than this, the graphs get no labels. */
const MOST_PARTS = 24;
const MOST_TASKS = 4096;
/** From one label to the next, in sizes of the text. */
const LEADING = 1.02;

/**
 * Returns a name per layer: the prefix that more than half of its tasks have. It is empty if the previous layer has the
 * same. There are no names if there would be only one.
 *
 * @param {GraphData} graph
 * @param {Sites} sites
 * @returns {string[]}
 */
export function layerNames(graph, sites) {
  if (sites.layers > MOST_NAMES) return [];
  /** @type {string[]} */
  const names = [];
  const counts = new Uint32Array(graph.prefixes.length);
  for (let layer = 0; layer < sites.layers; layer++) {
    counts.fill(0);
    const [from, to] = [sites.starts[layer], sites.starts[layer + 1]];
    // In a large layer, a sample of the tasks is counted.
    const step = Math.max(1, Math.floor((to - from) / 1024));
    let asked = 0;
    for (let i = from; i < to; i += step, asked++) counts[graph.prefixOf[sites.tasks[i]]]++;
    const prefix = counts.indexOf(counts.reduce((most, count) => Math.max(most, count), 0));
    names.push(counts[prefix] * 2 > asked ? graph.prefixes[prefix] : '');
  }
  if (new Set(names).size < 2) return [];
  return names.map((name, layer) => (name === names[layer - 1] ? '' : name));
}

/**
 * A graph of several that are not connected.
 *
 * @typedef {{ tasks: number[], label: string }} Part
 */

/**
 * Returns the parts of a graph that are not connected with each other, each with its label; none if there is one part,
 * or too many to label.
 *
 * @param {GraphData} graph
 * @returns {Part[]}
 */
export function partsOf(graph) {
  const { tasks: count, dependencies, dependents } = graph;
  if (count > MOST_TASKS || dependencies.tasks.length === 0) return [];
  const root = Uint32Array.from({ length: count }, (_, task) => task);
  const find = (/** @type {number} */ task) => {
    while (root[task] !== task) task = root[task] = root[root[task]];
    return task;
  };
  for (let task = 0; task < count; task++) {
    for (let i = dependencies.starts[task]; i < dependencies.starts[task + 1]; i++) {
      root[find(dependencies.tasks[i])] = find(task);
    }
  }
  /** @type {Map<number, number[]>} */
  const parts = new Map();
  for (let task = 0; task < count; task++) {
    const at = find(task);
    const part = parts.get(at);
    if (part) part.push(task);
    else if (parts.size === MOST_PARTS) return [];
    else parts.set(at, [task]);
  }
  if (parts.size < 2) return [];
  return [...parts.values()].map((tasks) => {
    const last = tasks.filter((task) => dependents.starts[task] === dependents.starts[task + 1]);
    return { tasks, label: blocksText(last.map((task) => keyOf(graph, task))) };
  });
}

/**
 * Names the blocks of a result: `block 3`, `blocks 4-7`, `block (0, 1)`, `4 blocks`. For keys that are not blocks it is
 * the key itself, or their number.
 *
 * @param {string[]} keys
 */
export function blocksText(keys) {
  const blocks = keys.map((key) => /, (\d+(?:, \d+)*),?\)$/.exec(key)?.[1] ?? null);
  if (blocks.includes(null)) return keys.length === 1 ? keys[0] : `${keys.length} results`;
  if (keys.length === 1) {
    return `block ${blocks[0]?.includes(',') ? `(${blocks[0]})` : blocks[0]}`;
  }
  const numbers = blocks.map(Number).sort((a, b) => a - b);
  const inRow = numbers.every((number, i) => number === numbers[0] + i);
  return inRow ? `blocks ${numbers[0]}-${numbers.at(-1)}` : `${keys.length} blocks`;
}

/**
 * Moves labels apart: they keep their order, have at least the leading between them, stay between `from` and `to`, and
 * are as near to their places as that allows.
 *
 * @param {number[]} places ascending; at most as many as fit
 * @param {number} leading
 * @param {number} from
 * @param {number} to
 * @returns {number[]}
 */
export function movedApart(places, leading, from, to) {
  const moved = [...places];
  for (let i = 0; i < moved.length; i++) {
    moved[i] = Math.max(moved[i], i === 0 ? from : moved[i - 1] + leading);
  }
  for (let i = moved.length - 1; i >= 0; i--) {
    moved[i] = Math.min(moved[i], i === moved.length - 1 ? to : moved[i + 1] - leading);
  }
  return moved;
}

/**
 * Draws the labels of a scene in the gutter beside or above it.
 *
 * @param {import('./view.js').Painter} context
 * @param {Labelled} scene
 * @param {number} size of the text
 * @param {Theme} theme
 */
export function drawLabels(context, scene, size, theme) {
  context.font = fontOf(theme, size);
  context.fillStyle = theme.muted;
  context.strokeStyle = theme.muted;
  context.lineWidth = 1;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  if (scene.parts.length > 0) drawPartLabels(context, scene, size);
  else if (scene.arrangement.sideways) drawColumnNames(context, scene, size);
  else drawRowNames(context, scene, size);
}

/**
 * The layers that have a name and a band of their own, from near to far.
 *
 * @param {Labelled} scene
 */
function namedLayers({ names, arrangement, sites }) {
  const { bands, bandOf } = arrangement;
  return names.flatMap((name, layer) => {
    const band = bands[bandOf[layer]];
    // A band of several layers has no single name.
    if (!name || band.endLayer - band.firstLayer > 1) return [];
    const tasks = sites.starts[layer + 1] - sites.starts[layer];
    return [{ name, tasks, middle: (band.near + band.far) / 2 }];
  });
}

/**
 * Returns the layers whose names fit. Repeated prefixes are dropped first, then layers with few tasks.
 *
 * @template {{ name: string, tasks: number }} T
 * @param {T[]} layers
 * @param {number} most
 * @returns {T[]} in their order
 */
export function mostTelling(layers, most) {
  const seen = new Set();
  const ranked = layers.map((layer) => {
    const again = seen.has(layer.name);
    seen.add(layer.name);
    return { layer, again };
  });
  ranked.sort((a, b) => Number(a.again) - Number(b.again) || b.layer.tasks - a.layer.tasks);
  const kept = new Set(ranked.slice(0, Math.max(0, most)).map(({ layer }) => layer));
  return layers.filter((layer) => kept.has(layer));
}

/**
 * @param {import('./view.js').Painter} context
 * @param {Labelled} scene
 * @param {number} size
 */
function drawRowNames(context, scene, size) {
  const { gutter, arrangement } = scene;
  const { box } = arrangement;
  const leading = size * LEADING;
  const layers = mostTelling(namedLayers(scene), Math.floor(box.height / leading));
  const middles = layers.map(({ middle }) => middle);
  const ends = [box.top + size / 2, box.top + box.height - size / 2];
  movedApart(middles, leading, ends[0], ends[1]).forEach((y, i) => {
    const text = fitted(context, layers[i].name, gutter - size);
    const left = box.left - gutter;
    context.fillText(text, left, y);
    context.beginPath();
    context.moveTo(left + context.measureText(text).width + size * 0.3, y);
    context.lineTo(box.left - size * 0.35, y);
    context.lineTo(box.left, middles[i]);
    context.stroke();
  });
}

/**
 * @param {import('./view.js').Painter} context
 * @param {Labelled} scene
 * @param {number} size
 */
function drawColumnNames(context, scene, size) {
  const { box } = scene.arrangement;
  const end = box.left + box.width;
  let free = -Infinity;
  for (const { name, middle } of namedLayers(scene)) {
    const width = context.measureText(name).width;
    const left = Math.min(Math.max(0, middle - width / 2), end - width);
    if (left < free) continue;
    free = left + width + size * 0.5;
    context.fillText(name, left, box.top - scene.gutter / 2);
  }
}

/**
 * @param {import('./view.js').Painter} context
 * @param {Labelled} scene
 * @param {number} size
 */
function drawPartLabels(context, { parts, arrangement, gutter }, size) {
  const { x, y, bands, bandOf, box } = arrangement;
  const boxes = parts.map(({ tasks, label }) => {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const task of tasks) {
      left = Math.min(left, x[task]);
      right = Math.max(right, x[task]);
      top = Math.min(top, y[task]);
      bottom = Math.max(bottom, y[task]);
    }
    const mark = bands[bandOf[0]].cellHeight / 2;
    return { label, left, right, top: top - mark, bottom: bottom + mark };
  });
  /** @type {{ left: number, right: number, top: number, bottom: number }[]} */
  const taken = [...boxes];
  for (const { label, left, right, top } of boxes) {
    const text = fitted(context, label, box.width / 3);
    const width = context.measureText(text).width;
    const at = Math.min(
      Math.max(box.left, (left + right - width) / 2),
      box.left + box.width - width,
    );
    const middle = Math.max(top - size * 0.75, box.top - gutter + size * 0.6);
    const place = {
      left: at,
      right: at + width,
      top: middle - size * 0.55,
      bottom: middle + size * 0.55,
    };
    if (taken.some((other) => overlap(other, place))) continue;
    taken.push(place);
    context.fillText(text, at, middle);
  }
}

/**
 * @param {{ left: number, right: number, top: number, bottom: number }} a
 * @param {{ left: number, right: number, top: number, bottom: number }} b
 */
function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
