/*
 * What is at a point of the task stream, and what the arrow keys reach: an event of a worker, or a time on the
 * memory band, which is the row below the workers.
 */
import { actionNames, NO_TASK } from '../model/actions.js';
import { layoutOf, memoryOf } from './stream-frame.js';
import { endOf, follow, nextEvent, scaleOf } from './time-axis.js';
import { toMs, toPx } from './time-scale.js';
import { markAt } from './timeline-marks.js';

/** @typedef {import('./stream-frame.js').StreamFrame} StreamFrame */
/** @typedef {import('./stream-frame.js').StreamHit} StreamHit */

/** How far one key moves the cursor on the memory band, CSS pixels. */
const MEMORY_STEP = 8;

/** The row of the memory band. @param {StreamFrame} frame */
export function memoryRow({ models: [model] }) {
  return model.workers.length;
}

/**
 * @param {import('./view.js').Point} point
 * @param {StreamFrame} frame
 * @returns {StreamHit | null}
 */
export function hitStream(point, frame) {
  const { models } = frame;
  const { workers } = models[0];
  const layout = layoutOf(frame);
  const { left, top, width, rowHeight, band } = layout;
  const scale = scaleOf(frame, width);
  const px = point.x - left;
  const timeMs = toMs(scale, px);
  if (px < 0 || px > width || timeMs < 0 || timeMs > endOf(frame)) return null;
  if (band && point.y >= band.captionTop && point.y <= band.top + band.height) {
    return atMemory(frame, timeMs);
  }
  const row = Math.floor((point.y - top) / rowHeight);
  if (row < 0 || row >= workers.length) return null;
  const timeline = workers[row];
  // Steals are marked at the upper edge of a row, tasks that erred without running at the lower.
  const depth = (point.y - top) / rowHeight - row;
  const marks = depth < 0.35 ? timeline.steals : depth > 0.65 ? timeline.unrun : null;
  const mark = marks ? markAt(timeline, marks, scale, px) : -1;
  return atEvent(frame, row, mark >= 0 ? mark : timeline.eventAt(timeMs), timeMs);
}

/**
 * @param {StreamFrame} frame
 * @param {number} row
 * @param {number} event
 * @param {number} timeMs
 * @returns {StreamHit}
 */
function atEvent(frame, row, event, timeMs) {
  const timeline = frame.models[0].workers[row];
  const over = event < timeline.length;
  const task = over ? timeline.task[event] : timeline.running;
  return {
    row,
    event,
    task: task === NO_TASK ? -1 : task,
    timeMs,
    action: over ? actionNames[timeline.action[event]] : task < 0 ? 'idle' : 'running',
    startMs: timeline.startMs(event),
    stopMs: over ? timeline.stopMs[event] : endOf(frame),
    memory: null,
  };
}

/**
 * @param {StreamFrame} frame
 * @param {number} timeMs
 * @returns {StreamHit}
 */
function atMemory(frame, timeMs) {
  const row = memoryRow(frame);
  const memory = memoryOf(frame);
  return { row, event: -1, task: -1, timeMs, action: '', startMs: timeMs, stopMs: timeMs, memory };
}

/**
 * @param {StreamHit} at
 * @param {StreamFrame} frame
 */
export function placeInStream(at, frame) {
  const { left, top, width, rowHeight, band } = layoutOf(frame);
  const scale = scaleOf(frame, width);
  const x = left + Math.max(0, Math.min(width, toPx(scale, at.timeMs)));
  if (at.row === memoryRow(frame)) return { x, y: (band?.top ?? top) + (band?.height ?? 0) / 2 };
  return { x, y: top + (at.row + 0.5) * rowHeight };
}

/**
 * Left and right go from event to event of a worker, or along the memory band; up and down to another row.
 *
 * @param {import('./view.js').Step} step
 * @param {StreamHit | null} from
 * @param {StreamFrame} frame
 * @param {import('./view.js').ShowWindow} show
 * @returns {StreamHit | null}
 */
export function stepInStream(step, from, frame, show) {
  const { workers } = frame.models[0];
  const endMs = endOf(frame);
  const layout = layoutOf(frame);
  const { band } = layout;
  const scale = scaleOf(frame, layout.width);
  const last = band ? workers.length : workers.length - 1;
  let row = Math.min(from?.row ?? 0, last);
  let timeMs = from?.timeMs ?? Math.max(0, scale.startMs);
  if (step === 'up') row = Math.max(0, row - 1);
  if (step === 'down') row = Math.min(last, row + 1);
  if (step === 'first') timeMs = 0;
  if (step === 'last') timeMs = endMs;
  const across = from && (step === 'left' || step === 'right');
  const forth = step === 'right';
  if (row === workers.length) {
    const stepMs = MEMORY_STEP * (toMs(scale, 1) - toMs(scale, 0));
    if (across) timeMs += forth ? stepMs : -stepMs;
    timeMs = Math.max(0, Math.min(endMs, timeMs));
    follow(timeMs, layout, frame, show);
    return atMemory(frame, timeMs);
  }
  const timeline = workers[row];
  const lastEvent = Math.max(0, timeline.length - 1);
  let event = Math.min(lastEvent, timeline.eventAt(timeMs));
  if (across && row === from.row) {
    event = nextEvent(timeline, from.event, forth, scale);
  }
  if (event < timeline.length) {
    const [start, stop] = [timeline.startMs(event), timeline.stopMs[event]];
    // From row to row the time stays; along a row it is the middle of the event.
    if (!(timeMs >= start && timeMs <= stop) || across) timeMs = (start + stop) / 2;
  }
  follow(timeMs, layout, frame, show);
  return atEvent(frame, row, event, timeMs);
}
