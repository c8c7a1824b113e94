/*
 * The text in the view of threads: the line above each section, the names of threads, words in slices that have room
 * for one, and the legend.
 */
import { fontOf, fitted } from './text.js';
import { drawNotch } from './notch.js';
import { ENTRY_GAP, nameOf, SWATCH } from './thread-layout.js';
import { fillLook } from './thread-patterns.js';
import { AWAY, threadStates } from './thread-states.js';
import { countsTexts, endOfSection } from './thread-words.js';
import { toMs, toPx } from './time-scale.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./thread-counts.js').Counts} Counts */
/** @typedef {import('./thread-layout.js').ThreadLayout} ThreadLayout */
/** @typedef {import('./thread-patterns.js').Look} Look */
/** @typedef {import('./time-scale.js').TimeScale} TimeScale */
/** @typedef {import('./timeline-digest.js').TimelineDigest} TimelineDigest */
/** @typedef {import('./view.js').Painter} Painter */

/** Among more slices than this, none is wide enough for a word. */
const MOST_WORDS = 4000;

/**
 * @param {Painter} painter
 * @param {ThreadLayout} layout
 * @param {RunModel} model
 * @param {Counts[]} counts per section
 * @param {Theme} theme
 */
export function drawHeadings(painter, { sections, left, width, size }, model, counts, theme) {
  painter.textBaseline = 'middle';
  painter.textAlign = 'left';
  sections.forEach((section, i) => {
    if (section.heading === 0) return;
    const middle = section.top + section.heading * 0.55;
    const whole = left + width;
    painter.font = fontOf(theme, size, 650);
    painter.fillStyle = theme.text;
    const label = fitted(painter, section.label, whole);
    painter.fillText(label, 2, middle);
    const from = label ? painter.measureText(label).width + size * 1.1 : 2;
    painter.font = fontOf(theme, size);
    const text = countsTexts(counts[i], endOfSection(model, section)).find(
      (words) => from + painter.measureText(words).width <= whole,
    );
    if (text) painter.fillText(text, from, middle);
  });
}

/**
 * @param {Painter} painter
 * @param {ThreadLayout} layout
 * @param {RunModel} model
 * @param {import('./surface.js').Viewport} viewport
 * @param {Theme} theme
 */
export function drawNames(
  painter,
  { sections, rows, rowHeight, rowGap, left, size },
  model,
  viewport,
  theme,
) {
  // Rows that are lower than a line of text name some of the threads of each section, away from its edges.
  const line = size * 1.05;
  const every = Math.max(1, Math.ceil(line / rowHeight));
  const inset = every > 1 ? line / 2 : 0;
  painter.font = fontOf(theme, size);
  painter.textAlign = 'right';
  painter.textBaseline = 'middle';
  painter.fillStyle = theme.muted;
  for (const { first, end } of sections) {
    const bottom = rows[end - 1] + rowHeight - inset;
    for (let thread = first; thread < end; thread += every) {
      const middle = Math.max(rows[thread] + (rowHeight - rowGap) / 2, rows[first] + inset);
      if (thread > first && middle > bottom) break;
      painter.fillText(nameOf(model, thread, viewport), left - size * 0.4, middle);
    }
  }
}

/**
 * Writes what a thread does into slices that have room for it.
 *
 * @param {Painter} painter
 * @param {ThreadLayout} layout
 * @param {RunModel} model
 * @param {TimelineDigest[]} digests
 * @param {TimeScale} scale in CSS pixels
 * @param {Theme} theme
 */
export function drawSliceWords(painter, layout, model, digests, scale, theme) {
  const { rows, rowHeight, rowGap, left, size } = layout;
  const height = rowHeight - rowGap;
  if (height < size * 1.25) return;
  painter.font = fontOf(theme, size);
  painter.textAlign = 'center';
  painter.textBaseline = 'middle';
  const widths = threadStates.map(({ short }) => painter.measureText(short).width + size * 0.6);
  const shortestMs = toMs(scale, Math.min(...widths.slice(0, AWAY))) - toMs(scale, 0);
  model.workers.forEach((timeline, thread) => {
    const first = timeline.eventAt(Math.max(0, scale.startMs));
    const last = Math.min(timeline.length, first + MOST_WORDS);
    for (let event = first; event < last; event++) {
      const startMs = timeline.startMs(event);
      if (startMs > scale.endMs) break;
      if (timeline.stopMs[event] - startMs < shortestMs) continue;
      const state = digests[thread].kindOf(event);
      const from = Math.max(0, toPx(scale, startMs));
      const to = Math.min(scale.widthPx, toPx(scale, timeline.stopMs[event]));
      if (state === AWAY || widths[state] + size * 0.4 > to - from) continue;
      const x = left + (from + to) / 2;
      const middle = rows[thread] + height / 2;
      // A pattern is no ground for text.
      painter.fillStyle = theme.background;
      painter.beginPath();
      painter.roundRect(x - widths[state] / 2, middle - size * 0.6, widths[state], size * 1.2, 3);
      painter.fill();
      painter.fillStyle = theme.text;
      painter.fillText(threadStates[state].short, x, middle);
    }
  });
}

/**
 * @param {Painter} painter
 * @param {ThreadLayout} layout
 * @param {Look[]} looks per state
 * @param {number} top of the legend
 * @param {Theme} theme
 */
export function drawThreadLegend(painter, { legend, size, left, width }, looks, top, theme) {
  painter.font = fontOf(theme, size);
  painter.textAlign = 'left';
  painter.textBaseline = 'middle';
  const [swatch, height] = [size * (SWATCH - 0.4), size * 0.95];
  legend.forEach((entries, line) => {
    const middle = top + (line + 0.5) * size * 1.4;
    let x = 2;
    for (const { text, state } of entries) {
      if (state === null) {
        drawNotch(painter, x + swatch / 2, middle + height / 2, -size * 0.5, theme.text, theme);
      } else {
        const box = { left: x, top: middle - height / 2, width: swatch, height };
        fillLook(painter, looks[state], box);
        painter.strokeStyle = theme.rule;
        painter.lineWidth = 1;
        painter.strokeRect(box.left, box.top, box.width, box.height);
      }
      x += size * SWATCH;
      const words = fitted(painter, text, left + width - x);
      painter.fillStyle = theme.text;
      painter.fillText(words, x, middle);
      x += painter.measureText(words).width + size * ENTRY_GAP;
    }
  });
}
