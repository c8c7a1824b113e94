/*
 * The colours and fonts that views draw with, once for a light page and once for a dark one. The
 * state colours are Dask's (waiting grey, ready yellow, running green, in memory red, released blue,
 * erred black), in shades that can be seen on each background. Each state also has its own mark
 * (marks.js), so that no state is known by its colour alone. Prefix colours are the same in both themes
 * (colours.js).
 *
 * A page may override any colour with a custom property, `--view-text: #222222` for `text`.
 */
import { luminance } from './colours.js';
import {
  CANCELLED,
  ERRED,
  FINISHED,
  READY,
  RELEASED,
  RUNNING,
  stateNames,
  STATES,
  WAITING,
} from '../model/states.js';

/** @typedef {import('./thread-states.js').ThreadStateName} ThreadStateName */

/**
 * @typedef {object} Theme
 * @property {'light' | 'dark' | 'forced'} name `forced`: the reader has chosen the colours, and there are few
 * @property {string} font a CSS font family list
 * @property {string} background behind everything
 * @property {string} text at least 7 : 1 on the background
 * @property {string} muted second-rank text, at least 4.5 : 1
 * @property {string} rule lines of axes and boxes
 * @property {string} faded the colour that released values fade to
 * @property {string} edge edges of the graph
 * @property {string} idle a worker that has nothing to do
 * @property {string} highlight what is pointed at or selected
 * @property {string} tip the background of a tooltip
 * @property {string} tipText
 * @property {string} erred a failed task in the task stream
 * @property {string} retry a task that failed and is retried
 * @property {string} overhead the time between two tasks
 * @property {string} transfer
 * @property {string} steal
 * @property {string} serialize
 * @property {string} wait
 * @property {Record<Exclude<ThreadStateName, 'away'>, string>} thread what a thread of an interpreter does: running
 *   without a lock is blue, waiting is yellow, and what the lock costs is dark or bright. Each has a pattern, too
 *   (thread-patterns.js)
 * @property {string[]} state fill per state
 * @property {string[]} stateEdge outline per state, at least 3 : 1 on the background
 */

const FONT = "'Inter Variable', Inter, system-ui, sans-serif";

/** @param {Record<number, string>} colours */
function byState(colours) {
  return Array.from({ length: STATES }, (_, state) => colours[state]);
}

/** @type {Theme} */
const light = {
  name: 'light',
  font: FONT,
  background: '#ffffff',
  text: '#1b1f24',
  muted: '#565e69',
  rule: '#c9ced6',
  faded: '#ffffff',
  edge: '#8d96a3',
  idle: '#ffffff',
  highlight: '#0b57d0',
  tip: '#1b1f24',
  tipText: '#ffffff',
  erred: '#000000',
  retry: '#b3261e',
  overhead: '#e8590c',
  transfer: '#e3170a',
  steal: '#8a5cd1',
  serialize: '#f08c00',
  wait: '#b9bfc8',
  thread: {
    hold: '#00805a',
    lockFree: '#0062ab',
    native: '#2b93d1',
    overhead: '#e8590c',
    forcedSwitch: '#4b2fa0',
    falseAlarm: '#c2107a',
    lockWait: '#b87f00',
    noCore: '#565e69',
    blocked: '#8d96a3',
    transfer: '#e3170a',
  },
  state: byState({
    [WAITING]: '#a3aab5',
    [READY]: '#ffc917',
    [RUNNING]: '#159447',
    [FINISHED]: '#d92b1f',
    [RELEASED]: '#4a7fe0',
    [ERRED]: '#000000',
    [CANCELLED]: '#ffffff',
  }),
  stateEdge: byState({
    [WAITING]: '#7c8592',
    [READY]: '#9a7200',
    [RUNNING]: '#0b6b31',
    [FINISHED]: '#a5170d',
    [RELEASED]: '#2a5fc4',
    [ERRED]: '#000000',
    [CANCELLED]: '#6c7580',
  }),
};

/** @type {Theme} */
const dark = {
  name: 'dark',
  font: FONT,
  background: '#14171c',
  text: '#f1f3f6',
  muted: '#aab2be',
  rule: '#3f4753',
  faded: '#7d8896',
  edge: '#6d7785',
  idle: '#20252d',
  highlight: '#8ab4ff',
  tip: '#f1f3f6',
  tipText: '#14171c',
  erred: '#000000',
  retry: '#ff9b93',
  overhead: '#ff8a3d',
  transfer: '#ff5347',
  steal: '#b18cf0',
  serialize: '#ffa733',
  wait: '#6b7480',
  thread: {
    hold: '#2fc08c',
    lockFree: '#4b97ee',
    native: '#86cbf7',
    overhead: '#ff8a3d',
    forcedSwitch: '#b3a4ff',
    falseAlarm: '#ff62ba',
    lockWait: '#f2b632',
    noCore: '#aab2be',
    blocked: '#6d7785',
    transfer: '#ff5347',
  },
  state: byState({
    [WAITING]: '#5d6673',
    [READY]: '#ffd43b',
    [RUNNING]: '#35b764',
    [FINISHED]: '#f2564a',
    [RELEASED]: '#5a8ff0',
    [ERRED]: '#000000',
    [CANCELLED]: '#14171c',
  }),
  stateEdge: byState({
    [WAITING]: '#8b95a3',
    [READY]: '#ffe58a',
    [RUNNING]: '#7be0a0',
    [FINISHED]: '#ff9b93',
    [RELEASED]: '#a4c3ff',
    [ERRED]: '#ffffff',
    [CANCELLED]: '#8b95a3',
  }),
};

export const themes = { light, dark };

/**
 * A theme in the reader's own colours (`forced-colors` in CSS). There are only a few, so states are told apart by
 * their marks, and slices and bars by lines between them.
 *
 * @param {(system: string) => string} colourOf a system colour of CSS as `#rrggbb`
 * @returns {Theme}
 */
export function forcedTheme(colourOf) {
  const [ground, text, highlight] = ['Canvas', 'CanvasText', 'Highlight'].map(colourOf);
  const grey = colourOf('GrayText');
  return {
    ...(luminance(ground) > 0.5 ? light : dark),
    name: 'forced',
    background: ground,
    text,
    muted: text,
    rule: text,
    faded: ground,
    edge: text,
    idle: ground,
    highlight,
    tip: text,
    tipText: ground,
    erred: ground,
    retry: text,
    overhead: grey,
    wait: grey,
    thread: {
      hold: text,
      lockFree: text,
      native: text,
      overhead: grey,
      forcedSwitch: text,
      falseAlarm: highlight,
      lockWait: text,
      noCore: text,
      blocked: grey,
      transfer: highlight,
    },
    state: byState({
      [WAITING]: grey,
      [READY]: ground,
      [RUNNING]: highlight,
      [FINISHED]: text,
      [RELEASED]: ground,
      [ERRED]: ground,
      [CANCELLED]: ground,
    }),
    stateEdge: byState({
      [WAITING]: grey,
      [READY]: text,
      [RUNNING]: text,
      [FINISHED]: text,
      [RELEASED]: text,
      [ERRED]: text,
      [CANCELLED]: grey,
    }),
  };
}

/** The colours a custom property may override. */
const overridable = /** @type {const} */ ([
  'background',
  'text',
  'muted',
  'rule',
  'edge',
  'idle',
  'highlight',
  'tip',
  'tipText',
]);

/**
 * The theme of an element: the base theme, with the colours of `--view-*` custom properties. Colours must be written
 * as `#rgb` or `#rrggbb`, because they are also drawn as pixels.
 *
 * @param {Element} element
 * @param {Theme} base
 * @returns {Theme}
 */
export function readTheme(element, base) {
  const style = getComputedStyle(element);
  const theme = { ...base, state: [...base.state], stateEdge: [...base.stateEdge] };
  const read = (/** @type {string} */ name, /** @type {string} */ otherwise) => {
    const value = style.getPropertyValue(`--view-${name}`).trim();
    return /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(value) ? value : otherwise;
  };
  for (const name of overridable) {
    const property = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    theme[name] = read(property, base[name]);
  }
  stateNames.forEach((name, state) => {
    const property = `state-${name.replace(' ', '-')}`;
    theme.state[state] = read(property, base.state[state]);
    theme.stateEdge[state] = read(`${property}-edge`, base.stateEdge[state]);
  });
  const font = style.getPropertyValue('--view-font').trim();
  if (font) theme.font = font;
  return theme;
}
