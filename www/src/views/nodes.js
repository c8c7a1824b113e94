/*
 * The nodes of a cluster: a row per node with an axis of time, as in the task stream. The area is what the node holds
 * in bytes, the line is the number of tasks that wait for it. Where a node is not there, its row is empty; where it died
 * there is a mark.
 *
 *     node 0  |__.--''''''''--.__|      # held, up to 3.2 MiB     - waiting, up to 12 tasks
 *     node 1  |_.--'x      _.--''|      x died
 *             0    5    10    15 ms
 *
 * Both curves are known when the run is over (model/node-curves.js). Until then the rows say who is there. Where rows are
 * too low for curves, the colour says how much is held.
 */
import { IDLE, NO_TASK, runsTask } from '../model/actions.js';
import { keyOf } from '../model/graph.js';
import { Incidents } from '../model/incidents.js';
import { nodeCurves } from '../model/node-curves.js';
import { isIdleAs, nodesOf, presenceOf, STARTS } from '../model/nodes.js';
import { blend } from './colours.js';
import { formatBytes, formatCount, formatDuration } from './format.js';
import { drawTimeAxis } from './stream-labels.js';
import { heldAt, heldPerColumn } from './stream-memory.js';
import { fitted, fontOf } from './text.js';
import { endOf, follow, scaleOf, timeZoom } from './time-axis.js';
import { toMs, toPx } from './time-scale.js';
import { defineView } from './view.js';

/** @typedef {import('../model/node-curves.js').NodeCurves} NodeCurves */
/** @typedef {import('../model/nodes.js').ClusterNode} ClusterNode */
/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./view.js').Hit & { timeMs: number, row: number }} NodeHit */

/**
 * @typedef {object} NodesMemo
 * @property {object | null} ending of the run that the curves are of
 * @property {NodeCurves[]} curves
 * @property {number} dueMs when the curves of a run that goes on are computed again
 * @property {Incidents | null} incidents
 */

/** @typedef {import('./view.js').Frame<NodesMemo, NodeHit>} NodesFrame */
/** @typedef {ReturnType<typeof layoutOf>} Layout */

/** The highest row, and the lowest with curves, in sizes of the text. */
const HIGHEST_ROW = 3;
const LEAST_ROW = 1.1;
/** How often curves are computed while a run goes on, ms; less often if it takes more than 1 / SHARE of the time. */
const REDRAW_MS = 250;
const SHARE = 20;
/** How far one key moves along a row, CSS pixels. */
const STEP = 8;
/** More nodes than this are not listed one by one, and more tasks. */
const MOST_LISTED = 8;
const MOST_TASKS = 3;

export const nodes = defineView({
  name: 'nodes',
  title: 'Nodes',
  clock: true,
  memo: () => /** @type {NodesMemo} */ ({ ending: null, curves: [], dueMs: 0, incidents: null }),
  open({ memo }) {
    memo.ending = null;
    memo.curves = [];
    memo.dueMs = 0;
    memo.incidents = null;
  },
  draw: drawNodes,
  hit(point, frame) {
    const layout = layoutOf(frame);
    const row = Math.floor((point.y - layout.top) / layout.rowHeight);
    const px = point.x - layout.left;
    const timeMs = toMs(scaleOf(frame, layout.width), px);
    if (row < 0 || row >= layout.nodes.length || px < 0 || px > layout.width) return null;
    return timeMs < 0 || timeMs > endOf(frame) ? null : { task: -1, timeMs, row };
  },
  words(frame, at) {
    const [model] = frame.models;
    if (!model) return [];
    return at ? wordsOf(frame, at) : [describe(frame)];
  },
  step(step, from, frame, show) {
    const layout = layoutOf(frame);
    const last = layout.nodes.length - 1;
    if (last < 0) return null;
    const scale = scaleOf(frame, layout.width);
    const by = STEP * (toMs(scale, 1) - toMs(scale, 0));
    let { row, timeMs } = from ?? { row: 0, timeMs: Math.max(0, scale.startMs) };
    if (from && step === 'left') timeMs -= by;
    if (from && step === 'right') timeMs += by;
    if (step === 'up') row--;
    if (step === 'down') row++;
    if (step === 'first') timeMs = 0;
    if (step === 'last') timeMs = endOf(frame);
    row = Math.max(0, Math.min(last, row));
    timeMs = Math.max(0, Math.min(endOf(frame), timeMs));
    follow(timeMs, layout, frame, show);
    return { task: -1, timeMs, row };
  },
  place({ row, timeMs }, frame) {
    const { left, top, width, rowHeight } = layoutOf(frame);
    const px = toPx(scaleOf(frame, width), timeMs);
    return { x: left + Math.max(0, Math.min(width, px)), y: top + (row + 0.5) * rowHeight };
  },
  keys: 'nodes and times',
  zoom: timeZoom(layoutOf),
});

/** @param {NodesFrame} frame */
function layoutOf({ models: [model], viewport: { width, height, textSize: size } }) {
  const all = model ? nodesOf(model).nodes : [];
  const longest = all.reduce((most, { name }) => Math.max(most, name.length), 0);
  const left = Math.round(size * Math.min(9, 0.8 + 0.56 * longest));
  const top = Math.round(size * 1.5);
  const room = Math.max(1, height - top - Math.round(size * 1.7));
  const rowHeight = Math.min(size * HIGHEST_ROW, room / Math.max(1, all.length));
  return {
    nodes: all,
    left,
    top,
    rowHeight,
    size,
    width: Math.max(1, width - left - 2),
    bottom: top + rowHeight * all.length,
  };
}

/**
 * What each node held and what waited for it. While the run goes on: what it held a moment ago, or nothing if that cannot be
 * read.
 *
 * @param {NodesFrame} frame
 */
function curvesOf({ models: [model], memo }) {
  const ending = model?.ending ?? null;
  if (ending !== memo.ending) {
    memo.ending = ending;
    memo.curves = ending ? nodeCurves(model, ending.bytes) : [];
  }
  const now = performance.now();
  if (model?.bytesSoFar && now >= memo.dueMs) {
    memo.curves = nodeCurves(model, model.bytesSoFar());
    const tookMs = performance.now() - now;
    memo.dueMs = now + Math.max(REDRAW_MS, tookMs * SHARE);
  }
  return memo.curves;
}

/**
 * @param {import('./view.js').Painter} painter
 * @param {NodesFrame} frame
 */
function drawNodes(painter, frame) {
  const { theme, viewport, cursorMs } = frame;
  const [model] = frame.models;
  painter.fillStyle = theme.background;
  painter.fillRect(0, 0, viewport.width, viewport.height);
  if (!model) return;
  const layout = layoutOf(frame);
  const curves = curvesOf(frame);
  const scale = scaleOf(frame, layout.width);
  const most = mostOf(curves);
  const { left, top, rowHeight, size } = layout;
  const every = Math.max(1, Math.ceil((size * 1.1) / rowHeight));
  painter.textBaseline = 'middle';
  layout.nodes.forEach((node, row) => {
    const box = { top: top + row * rowHeight, height: rowHeight - (rowHeight > 6 ? 2 : 0) };
    drawPresence(painter, frame, layout, node, box);
    const curve = curves[row];
    if (curve && rowHeight >= size * LEAST_ROW) {
      drawCurves(painter, frame, layout, curve, box, most);
    } else if (curve) drawShades(painter, frame, layout, curve, box, most);
    if (row % every !== 0) return;
    painter.font = fontOf(theme, size);
    painter.textAlign = 'right';
    painter.fillStyle = theme.text;
    const name = fitted(painter, node.name, left - size * 0.6);
    painter.fillText(name, left - size * 0.4, box.top + rowHeight / 2);
  });
  drawDeaths(painter, frame, layout);
  drawLegend(painter, frame, layout, most, curves);
  drawTimeAxis(painter, layout, scale, viewport, theme);
  if (frame.vector || cursorMs === null) return;
  const px = toPx(scale, cursorMs);
  if (px < 0 || px > layout.width) return;
  painter.fillStyle = theme.highlight;
  painter.fillRect(left + px, top, 1, layout.bottom - top);
}

/** @param {NodeCurves[]} curves */
function mostOf(curves) {
  return {
    held: curves.reduce((most, { held }) => Math.max(most, held.peakBytes), 0),
    waiting: curves.reduce((most, { waiting }) => Math.max(most, waiting?.peakBytes ?? 0), 0),
  };
}

/** @param {Theme} theme */
const heldFill = (theme) => blend(theme.highlight, theme.background, 0.4);

/**
 * The time in which a node was there.
 *
 * @param {import('./view.js').Painter} painter
 * @param {NodesFrame} frame
 * @param {Layout} layout
 * @param {ClusterNode} node
 * @param {{ top: number, height: number }} box
 */
function drawPresence(painter, frame, { left, width }, node, { top, height }) {
  const [model] = frame.models;
  const { theme } = frame;
  const scale = scaleOf(frame, width);
  const { joinedMs, leftMs } = presenceOf(model, node);
  const from = Math.max(0, toPx(scale, joinedMs));
  const to = Math.min(width, toPx(scale, Math.min(leftMs, endOf(frame))));
  if (!(to > from)) return;
  painter.fillStyle =
    theme.name === 'forced' ? theme.background : blend(theme.text, theme.background, 0.07);
  painter.fillRect(left + from, top, to - from, height);
  painter.fillStyle = theme.rule;
  painter.fillRect(left + from, top + height, to - from, 1);
}

/**
 * @param {import('./view.js').Painter} painter
 * @param {NodesFrame} frame
 * @param {Layout} layout
 * @param {NodeCurves} curves
 * @param {{ top: number, height: number }} box
 * @param {{ held: number, waiting: number }} most
 */
function drawCurves(painter, frame, { left, width }, { held, waiting }, { top, height }, most) {
  const { theme } = frame;
  const scale = scaleOf(frame, width);
  const columns = Math.floor(width);
  const room = height - 2;
  const bottom = top + height;
  const untilMs = endOf(frame);
  painter.fillStyle = heldFill(theme);
  heldPerColumn(held, scale, columns, untilMs).forEach((bytes, column) => {
    if (bytes <= 0) return;
    const high = (bytes / most.held) * room;
    painter.fillRect(left + column, bottom - high, 1, high);
  });
  if (!waiting?.peakBytes) return;
  painter.strokeStyle = theme.text;
  painter.lineWidth = 1.25;
  painter.beginPath();
  const last = Math.min(columns, Math.floor(toPx(scale, untilMs)) + 1);
  heldPerColumn(waiting, scale, columns, untilMs).forEach((tasks, column) => {
    if (column >= last) return;
    const y = bottom - 1 - (tasks / most.waiting) * (room - 1);
    if (column === 0) painter.moveTo(left, y);
    else painter.lineTo(left + column, y);
  });
  painter.stroke();
}

/**
 * The same where there is no room for curves: the more is held, the fuller the colour.
 *
 * @param {import('./view.js').Painter} painter
 * @param {NodesFrame} frame
 * @param {Layout} layout
 * @param {NodeCurves} curves
 * @param {{ top: number, height: number }} box
 * @param {{ held: number }} most
 */
function drawShades(painter, frame, { left, width }, { held }, { top, height }, most) {
  if (held.peakBytes === 0) return;
  const { theme } = frame;
  const full = theme.name === 'forced' ? theme.text : theme.highlight;
  const scale = scaleOf(frame, width);
  const columns = heldPerColumn(held, scale, Math.floor(width), endOf(frame));
  let from = 0;
  const shade = (/** @type {number} */ column) => Math.round((columns[column] / most.held) * 8);
  for (let column = 1; column <= columns.length; column++) {
    if (column < columns.length && shade(column) === shade(from)) continue;
    if (shade(from) > 0) {
      painter.fillStyle = blend(full, theme.background, 0.1 + (shade(from) / 8) * 0.7);
      painter.fillRect(left + from, top, column - from, height);
    }
    from = column;
  }
}

/**
 * Marks where nodes died. Until another node has started, nobody is there.
 *
 * @param {import('./view.js').Painter} painter
 * @param {NodesFrame} frame
 * @param {Layout} layout
 */
function drawDeaths(painter, frame, { left, top, width, rowHeight, size }) {
  const { theme, memo } = frame;
  const [model] = frame.models;
  memo.incidents ??= new Incidents(model);
  const scale = scaleOf(frame, width);
  const all = memo.incidents.all.filter(({ timeMs }) => timeMs <= endOf(frame));
  const half = Math.min(rowHeight / 2, size * 0.4);
  for (const {
    timeMs,
    nodes: [row],
  } of all.filter(({ kind }) => kind === 'dies')) {
    const next = all.find(
      ({ kind, nodes: [of], timeMs: at }) => kind === 'starts' && of === row && at >= timeMs,
    );
    const from = Math.max(0, toPx(scale, timeMs));
    const to = Math.min(width, toPx(scale, next?.timeMs ?? endOf(frame)));
    if (to <= from) continue;
    painter.fillStyle = theme.background;
    painter.fillRect(left + from, top + row * rowHeight, to - from, rowHeight);
    if (toPx(scale, timeMs) < 0) continue;
    const [x, y] = [left + from, top + (row + 0.5) * rowHeight];
    painter.strokeStyle = theme.retry;
    painter.lineWidth = 2.5;
    painter.beginPath();
    painter.moveTo(x - half, y - half);
    painter.lineTo(x + half, y + half);
    painter.moveTo(x - half, y + half);
    painter.lineTo(x + half, y - half);
    painter.stroke();
  }
}

/**
 * @param {import('./view.js').Painter} painter
 * @param {NodesFrame} frame
 * @param {Layout} layout
 * @param {{ held: number, waiting: number }} most
 * @param {NodeCurves[]} curves
 */
function drawLegend(painter, frame, { left, rowHeight, size }, most, curves) {
  const { theme } = frame;
  const y = size * 0.75;
  let at = left;
  painter.font = fontOf(theme, size);
  painter.textAlign = 'left';
  const say = (/** @type {string} */ text) => {
    painter.fillStyle = theme.text;
    painter.fillText(text, at, y);
    at += painter.measureText(text).width + size * 1.5;
  };
  if (curves.length === 0) {
    say('what nodes hold is known at the end of the run');
    return;
  }
  painter.fillStyle = heldFill(theme);
  painter.fillRect(at, y - size * 0.4, size, size * 0.8);
  at += size * 1.4;
  say(`held, up to ${formatBytes(most.held)}`);
  if (rowHeight < size * LEAST_ROW || !curves[0].waiting) return;
  painter.fillStyle = theme.text;
  painter.fillRect(at, y - 1, size, 1.5);
  at += size * 1.4;
  say(`waiting, up to ${tasksText(most.waiting)}`);
}

/** @param {number} count */
function tasksText(count) {
  return `${formatCount(count)} ${count === 1 ? 'task' : 'tasks'}`;
}

/**
 * @param {NodesFrame} frame
 * @param {NodeHit} at
 */
function wordsOf(frame, { row, timeMs }) {
  const [model] = frame.models;
  const { nodes: all } = nodesOf(model);
  const node = all[row];
  const curve = curvesOf(frame)[row];
  const lines = [`${node.name} at ${formatDuration(timeMs)}`, doesAt(model, node, timeMs)];
  if (!curve) return lines;
  const held = formatBytes(heldAt(curve.held, timeMs));
  const { waiting } = curve;
  const waits = waiting ? `; ${tasksText(heldAt(waiting, timeMs))} waiting for it` : '';
  return [...lines, `holds ${held}${waits}`];
}

/**
 * What a node does at a time.
 *
 * @param {RunModel} model
 * @param {ClusterNode} node
 * @param {number} timeMs
 */
function doesAt(model, node, timeMs) {
  const { joinedMs, leftMs } = presenceOf(model, node);
  if (timeMs < joinedMs) return 'has not joined';
  if (timeMs > leftMs) return 'has left';
  /** @type {string[]} */
  const keys = [];
  for (const lane of node.lanes) {
    const timeline = model.workers[lane];
    const event = timeline.eventAt(timeMs);
    if (event < timeline.length && isIdleAs(model, timeline, event, STARTS) && event > 0) {
      return 'died; another node starts in its place';
    }
    const over = event < timeline.length;
    const task = over ? timeline.task[event] : timeline.running;
    if (over && (timeline.action[event] === IDLE || !runsTask(timeline.action[event]))) continue;
    if (task >= 0 && task !== NO_TASK) keys.push(keyOf(model.graph, task));
  }
  if (keys.length === 0) return 'runs nothing';
  const more = keys.length > MOST_TASKS ? ` and ${keys.length - MOST_TASKS} more tasks` : '';
  return `runs ${keys.slice(0, MOST_TASKS).join(', ')}${more}`;
}

/** @param {NodesFrame} frame */
function describe(frame) {
  const [model] = frame.models;
  const { nodes: all } = nodesOf(model);
  const curves = curvesOf(frame);
  const endMs = endOf(frame);
  const words = all.slice(0, MOST_LISTED).map((node, row) => {
    const { joinedMs, leftMs } = presenceOf(model, node);
    const parts = [];
    if (joinedMs > endMs / 100) parts.push(`joined at ${formatDuration(joinedMs)}`);
    if (leftMs < endMs * 0.99) parts.push(`left at ${formatDuration(leftMs)}`);
    const curve = curves[row];
    if (curve) {
      parts.push(`held up to ${formatBytes(curve.held.peakBytes)}`);
      if (curve.waiting) parts.push(`up to ${tasksText(curve.waiting.peakBytes)} waiting`);
    }
    return `${node.name}${parts.length > 0 ? ` ${parts.join(', ')}` : ''}`;
  });
  const more = all.length - words.length;
  if (more > 0) words.push(`and ${more} more`);
  return `${all.length} ${all.length === 1 ? 'node' : 'nodes'}: ${words.join('; ')}.`;
}
