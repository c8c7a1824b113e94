/*
 * Maps time to pixels and back, and computes the ticks of an axis. Values are immutable: zooming and panning return
 * new ones. It does not know canvases or gestures.
 *
 *     startMs                     endMs
 *        |---------|---------|------|
 *       0 px      tick      tick  widthPx
 */

/**
 * @typedef {object} TimeScale
 * @property {number} startMs the time at pixel 0
 * @property {number} endMs the time at pixel `widthPx`; after `startMs`
 * @property {number} widthPx
 */

/** The shortest span that can be zoomed to: 10 ns, below any clock of a browser. */
const SHORTEST_MS = 1e-5;

/**
 * @param {number} startMs
 * @param {number} endMs
 * @param {number} widthPx
 * @returns {TimeScale}
 */
export function timeScale(startMs, endMs, widthPx) {
  return { startMs, endMs: Math.max(endMs, startMs + SHORTEST_MS), widthPx: Math.max(widthPx, 1) };
}

/**
 * @param {TimeScale} scale
 * @param {number} timeMs
 * @returns {number}
 */
export function toPx(scale, timeMs) {
  return ((timeMs - scale.startMs) / (scale.endMs - scale.startMs)) * scale.widthPx;
}

/**
 * @param {TimeScale} scale
 * @param {number} px
 * @returns {number}
 */
export function toMs(scale, px) {
  return scale.startMs + (px / scale.widthPx) * (scale.endMs - scale.startMs);
}

/**
 * Zooms about a pixel, which keeps its time. The result is within 0 to `limitMs`.
 *
 * @param {TimeScale} scale
 * @param {number} factor above 1 zooms in
 * @param {number} aboutPx
 * @param {number} limitMs
 * @returns {TimeScale}
 */
export function zoomed(scale, factor, aboutPx, limitMs) {
  const span = Math.min((scale.endMs - scale.startMs) / factor, limitMs);
  const about = toMs(scale, aboutPx);
  const startMs = about - (aboutPx / scale.widthPx) * Math.max(span, SHORTEST_MS);
  return within(timeScale(startMs, startMs + span, scale.widthPx), limitMs);
}

/**
 * Moves the picture by some pixels. The result is within 0 to `limitMs`.
 *
 * @param {TimeScale} scale
 * @param {number} byPx to the right
 * @param {number} limitMs
 * @returns {TimeScale}
 */
export function panned(scale, byPx, limitMs) {
  const byMs = (byPx / scale.widthPx) * (scale.endMs - scale.startMs);
  return within(timeScale(scale.startMs - byMs, scale.endMs - byMs, scale.widthPx), limitMs);
}

/**
 * @param {TimeScale} scale
 * @param {number} limitMs
 */
function within(scale, limitMs) {
  const span = scale.endMs - scale.startMs;
  const startMs = Math.max(0, Math.min(scale.startMs, limitMs - span));
  return timeScale(startMs, startMs + span, scale.widthPx);
}

const units = [
  { name: 's', ms: 1000 },
  { name: 'ms', ms: 1 },
  { name: 'µs', ms: 1e-3 },
  { name: 'ns', ms: 1e-6 },
];

/**
 * The ticks of an axis: at round times (1, 2 or 5 times a power of ten), all in one unit.
 *
 * @param {TimeScale} scale
 * @param {number} [spacingPx] the least distance of ticks
 * @returns {{ unit: string, ticks: { timeMs: number, px: number, label: string }[] }}
 */
export function ticksOf(scale, spacingPx = 90) {
  const wantedMs = ((scale.endMs - scale.startMs) / scale.widthPx) * spacingPx;
  const power = 10 ** Math.floor(Math.log10(wantedMs));
  const times = [1, 2, 5, 10].find((n) => n * power >= wantedMs * (1 - 1e-9)) ?? 10;
  const stepMs = times * power;
  const unit = units.find(({ ms }) => scale.endMs >= ms && stepMs >= ms / 1000) ?? units[3];
  const digits = Math.max(0, -Math.floor(Math.log10(stepMs / unit.ms) + 1e-9));
  const ticks = [];
  const first = Math.ceil(scale.startMs / stepMs - 1e-9);
  const last = Math.floor(scale.endMs / stepMs + 1e-9);
  for (let i = first; i <= last; i++) {
    const timeMs = i * stepMs;
    ticks.push({
      timeMs,
      px: toPx(scale, timeMs),
      label: (timeMs / unit.ms).toFixed(Math.min(digits, 9)),
    });
  }
  return { unit: unit.name, ticks };
}
