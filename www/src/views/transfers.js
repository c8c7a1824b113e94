/*
 * Who sent how much to whom, as a matrix of the nodes of a cluster: a row per sender, a column per receiver, and the
 * more bytes, the fuller the colour. Beside it are the totals and the largest pairs.
 *
 *              to 0  1  2
 *     from 0      .  #  -      9.2 MiB moved in 41 transfers
 *          1      #  .  .      node 0 to node 1: 4.1 MiB
 *          2      -  .  .      node 1 to node 0: 3.8 MiB
 */
import { Transfers } from '../model/transfers.js';
import { blend } from './colours.js';
import { formatBytes, formatCount } from './format.js';
import { fitted, fontOf } from './text.js';
import { defineView } from './view.js';

/** @typedef {import('./view.js').Hit & { from: number, to: number }} PairHit */
/** @typedef {{ transfers: Transfers | null }} TransfersMemo */
/** @typedef {import('./view.js').Frame<TransfersMemo, PairHit>} TransfersFrame */

/** The least and the most colour of a cell. */
const PALE = 0.15;
const FULL = 0.9;
/** The largest cell, in sizes of the text. */
const LARGEST_CELL = 2.4;
/** How many pairs the view in words names. */
const MOST_LISTED = 5;

export const transfers = defineView({
  name: 'transfers',
  title: 'Transfers',
  memo: () => /** @type {TransfersMemo} */ ({ transfers: null }),
  open({ memo }) {
    memo.transfers = null;
  },
  draw: drawTransfers,
  hit({ x, y }, frame) {
    const { nodes } = shownIn(frame);
    const { left, top, cell } = layoutOf(nodes.length, frame);
    const [from, to] = [Math.floor((y - top) / cell), Math.floor((x - left) / cell)];
    const inside = from >= 0 && to >= 0 && from < nodes.length && to < nodes.length;
    return inside ? pairAt(from, to) : null;
  },
  words(frame, at) {
    if (frame.models.length === 0) return [];
    const shown = shownIn(frame);
    return at ? wordsOf(shown, at) : [describe(shown)];
  },
  step(step, from, frame) {
    const { nodes, pairs } = shownIn(frame);
    const last = nodes.length - 1;
    if (last < 0) return null;
    const largest = pairs[0] ?? { from: 0, to: 0 };
    if (!from || step === 'first') return pairAt(largest.from, largest.to);
    if (step === 'last') return pairAt(last, last);
    const within = (/** @type {number} */ place) => Math.max(0, Math.min(last, place));
    return pairAt(
      within(from.from + Number(step === 'down') - Number(step === 'up')),
      within(from.to + Number(step === 'right') - Number(step === 'left')),
    );
  },
  place({ from, to }, frame) {
    const { left, top, cell } = layoutOf(shownIn(frame).nodes.length, frame);
    return { x: left + (to + 0.5) * cell, y: top + (from + 0.5) * cell };
  },
  keys: 'senders and receivers',
});

/**
 * @param {number} from
 * @param {number} to
 * @returns {PairHit}
 */
function pairAt(from, to) {
  return { task: -1, timeMs: null, from, to };
}

/** @param {TransfersFrame} frame */
function shownIn({ models: [model], memo }) {
  memo.transfers ??= new Transfers(model);
  memo.transfers.advance();
  return memo.transfers;
}

/**
 * @param {number} count of nodes
 * @param {TransfersFrame} frame
 */
function layoutOf(count, { viewport: { width, height, textSize: size } }) {
  const left = Math.round(size * (1.6 + 0.62 * String(Math.max(0, count - 1)).length));
  const top = Math.round(size * 2.6);
  const room = Math.max(1, Math.min(width * 0.6 - left, height - top - 2));
  const cell = Math.min(size * LARGEST_CELL, room / Math.max(1, count));
  return { left, top, cell, size, side: cell * count };
}

/**
 * @param {import('./view.js').Painter} painter
 * @param {TransfersFrame} frame
 */
function drawTransfers(painter, frame) {
  const { theme, viewport, at } = frame;
  painter.fillStyle = theme.background;
  painter.fillRect(0, 0, viewport.width, viewport.height);
  if (frame.models.length === 0) return;
  const shown = shownIn(frame);
  const { nodes, bytes, counts } = shown;
  const layout = layoutOf(nodes.length, frame);
  const { left, top, cell, side } = layout;
  const most = bytes.reduce((high, moved) => Math.max(high, moved), 0);
  const full = theme.name === 'forced' ? theme.text : theme.transfer;
  const gap = cell >= 6 ? 1 : 0;
  painter.strokeStyle = theme.rule;
  painter.lineWidth = 1;
  painter.strokeRect(left - 0.5, top - 0.5, side + 1, side + 1);
  for (let from = 0; from < nodes.length; from++) {
    for (let to = 0; to < nodes.length; to++) {
      const place = from * nodes.length + to;
      if (counts[place] === 0 && from !== to) continue;
      const share = most > 0 ? bytes[place] / most : 1;
      painter.fillStyle =
        counts[place] === 0
          ? blend(theme.text, theme.background, 0.12)
          : blend(full, theme.background, PALE + share * (FULL - PALE));
      painter.fillRect(left + to * cell, top + from * cell, cell - gap, cell - gap);
    }
  }
  drawNumbers(painter, nodes.length, layout, theme);
  drawPairs(painter, shown, layout, frame);
  if (!at) return;
  painter.strokeStyle = theme.background;
  painter.lineWidth = 4;
  painter.strokeRect(left + at.to * cell, top + at.from * cell, cell, cell);
  painter.strokeStyle = theme.highlight;
  painter.lineWidth = 2;
  painter.strokeRect(left + at.to * cell, top + at.from * cell, cell, cell);
}

/**
 * @param {import('./view.js').Painter} painter
 * @param {number} count
 * @param {ReturnType<typeof layoutOf>} layout
 * @param {import('./theme.js').Theme} theme
 */
function drawNumbers(painter, count, { left, top, cell, size }, theme) {
  const wide = size * (0.5 + 0.62 * String(Math.max(0, count - 1)).length);
  const [down, across] = [size * 1.1, wide].map((room) => Math.max(1, Math.ceil(room / cell)));
  painter.font = fontOf(theme, size);
  painter.textBaseline = 'middle';
  painter.fillStyle = theme.text;
  for (let node = 0; node < count; node++) {
    painter.textAlign = 'right';
    if (node % down === 0) {
      painter.fillText(String(node), left - size * 0.4, top + (node + 0.5) * cell);
    }
    painter.textAlign = 'center';
    if (node % across === 0) {
      painter.fillText(String(node), left + (node + 0.5) * cell, top - size * 0.7);
    }
  }
  painter.fillStyle = theme.muted;
  painter.textAlign = 'left';
  painter.fillText('from ↓ to →', 1, size * 0.7);
}

/**
 * @param {import('./view.js').Painter} painter
 * @param {Transfers} shown
 * @param {ReturnType<typeof layoutOf>} layout
 * @param {TransfersFrame} frame
 */
function drawPairs(painter, shown, { left, side, size }, { theme, viewport }) {
  const x = Math.max(left + side + size * 1.5, size * 8);
  const room = viewport.width - x - 2;
  const lines = Math.floor((viewport.height - size * 0.4) / (size * 1.35));
  painter.textAlign = 'left';
  painter.font = fontOf(theme, size, 650);
  painter.fillStyle = theme.text;
  painter.fillText(fitted(painter, totalText(shown), room), x, size * 0.7);
  painter.font = fontOf(theme, size);
  for (const [i, pair] of shown.pairs.slice(0, Math.max(0, lines - 1)).entries()) {
    painter.fillText(
      fitted(painter, pairText(shown, pair), room),
      x,
      size * (0.7 + 1.35 * (i + 1)),
    );
  }
}

/** @param {Transfers} shown */
function totalText({ totalBytes, counts }) {
  const count = counts.reduce((sum, of) => sum + of, 0);
  if (count === 0) return 'nothing moved between nodes';
  const times = `${formatCount(count)} ${count === 1 ? 'transfer' : 'transfers'}`;
  return `${formatBytes(totalBytes)} moved in ${times}`;
}

/**
 * @param {Transfers} shown
 * @param {{ from: number, to: number }} pair
 */
function pairText({ nodes, bytes }, { from, to }) {
  return `${nodes[from].name} to ${nodes[to].name}: ${formatBytes(bytes[from * nodes.length + to])}`;
}

/**
 * @param {Transfers} shown
 * @param {PairHit} at
 */
function wordsOf({ nodes, bytes, counts, totalBytes }, { from, to }) {
  const place = from * nodes.length + to;
  const heading = `${nodes[from].name} to ${nodes[to].name}`;
  if (from === to) return [heading, 'what a node has, it does not send to itself'];
  if (counts[place] === 0) return [heading, 'sent nothing'];
  const times = `${formatCount(counts[place])} ${counts[place] === 1 ? 'transfer' : 'transfers'}`;
  const share = totalBytes > 0 ? `, ${Math.round((bytes[place] / totalBytes) * 100)} % of all` : '';
  return [heading, `${formatBytes(bytes[place])} in ${times}${share}`];
}

/** @param {Transfers} shown */
function describe(shown) {
  const pairs = shown.pairs.slice(0, MOST_LISTED).map((pair) => pairText(shown, pair));
  const most = pairs.length > 0 ? `. Most: ${pairs.join('; ')}` : '';
  return `Transfers: ${totalText(shown)}${most}.`;
}
