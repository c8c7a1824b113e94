/*
 * The views of a demo, one above the other: graph, task stream, progress, summary; beside the graph a
 * result that is a picture. It makes their boxes, hands them the model and the theme, and draws them when
 * the page's frame loop says so.
 */
import { createGraphView } from '../views/graph.js';
import { coresText } from '../views/format.js';
import { createProgressView } from '../views/progress.js';
import { createSummaryView } from '../views/summary.js';
import { createTaskStreamView } from '../views/task-stream.js';
import { createPicture } from './picture.js';

/** @import { Block, Outcome, Params, ResultSchema } from '../engine/protocol.js' */
/** @import { RunModel } from '../model/run.js' */
/** @import { Beside } from '../views/figures.js' */
/** @import { Theme } from '../views/theme.js' */

/**
 * @param {{ measure: () => void, slowMotion: () => void }} actions what its buttons do
 * @returns {{
 *   element: HTMLElement,
 *   openPicture: (schema: ResultSchema, params: Params) => void,
 *   putBlocks: (blocks: Block[]) => void,
 *   showValue: (outcome: Outcome) => void,
 *   setModel: (model: RunModel | null) => void,
 *   setBeside: (beside: Beside) => void,
 *   showSpeed: (text: string) => void,
 *   offerSlowMotion: (offered: boolean) => void,
 *   clear: () => void,
 *   keep: () => () => void,
 *   compare: (text: string) => void,
 *   setTheme: (theme: Theme) => void,
 *   draw: () => void,
 *   dispose: () => void,
 * }}
 */
export function createViewsPanel({ measure, slowMotion }) {
  const element = document.createElement('div');
  element.className = 'views';

  const box = (/** @type {string} */ name, /** @type {string} */ label) => {
    const figure = document.createElement('figure');
    figure.className = `view ${name}`;
    const caption = document.createElement('figcaption');
    caption.textContent = label;
    const frame = document.createElement('div');
    frame.className = 'frame';
    const canvas = document.createElement('canvas');
    frame.append(canvas);
    figure.append(caption, frame);
    element.append(figure);
    return canvas;
  };

  // Beside the heading of the task stream: how long the run before took.
  const before = document.createElement('span');
  before.className = 'before';
  const summary = document.createElement('div');
  const graph = box('graph', 'Task graph');
  // Beside the heading of the graph: how fast what is shown is replayed, or a button for it.
  const speed = document.createElement('strong');
  speed.className = 'speed';
  speed.hidden = true;
  const slow = document.createElement('button');
  slow.type = 'button';
  slow.className = 'slow';
  slow.textContent = 'Slow motion';
  slow.title = 'Replays this run slowly enough to watch. On a slide, press M.';
  slow.hidden = true;
  slow.addEventListener('click', slowMotion);
  graph.closest('figure')?.querySelector('figcaption')?.append(speed, slow);
  const drawn = box('picture', 'Result');
  const picture = createPicture(drawn);
  const stream = box('task-stream', 'Task stream');
  const streamCaption = stream.closest('figure')?.querySelector('figcaption');
  const crowd = document.createElement('span');
  crowd.className = 'crowd';
  streamCaption?.append(crowd, before);
  const summaryView = createSummaryView(summary, measure);
  const views = [
    createGraphView(graph),
    createTaskStreamView(stream),
    createProgressView(box('progress', 'Progress')),
    summaryView,
  ];
  const working = new Set(views);
  /** @type {RunModel | null} */
  let shown = null;
  /** @type {Beside} */
  let beside = {};
  summary.className = 'summary';
  element.append(summary);

  return {
    element,

    /** Makes room for a result of this kind, if it is a picture. */
    openPicture(schema, params) {
      element.toggleAttribute('data-picture', picture.open(schema, params));
    },
    putBlocks: picture.putBlocks,
    showValue({ value }) {
      const isPicture = element.hasAttribute('data-picture') && typeof value === 'object';
      if (isPicture && value?.shape.length === 2) picture.show(value);
    },

    setModel(model) {
      shown = model;
      beside = {};
      if (model) element.style.setProperty('--prefixes', String(model.prefixes.length));
      const { workers, cores } = model ?? { workers: [], cores: null };
      const crowded = cores !== null && workers.length > cores;
      crowd.textContent = crowded ? `${workers.length} workers on ${coresText(cores)}` : '';
      for (const view of views) view.setModel(model);
    },
    setBeside(next) {
      beside = next;
      summaryView.setBeside(next);
    },
    /** Says that what is shown is in slow motion; empty when it is not. */
    showSpeed(text) {
      speed.textContent = text;
      speed.hidden = text === '';
    },
    offerSlowMotion(offered) {
      slow.hidden = !offered;
    },
    /** Says what the run before took. */
    compare(text) {
      before.textContent = text;
    },
    /** Shows nothing: no graph, picture or comparison. */
    clear() {
      element.removeAttribute('data-picture');
      this.compare('');
      this.setModel(null);
    },
    /** @returns {() => void} shows again what is shown now */
    keep() {
      const model = shown;
      const text = before.textContent ?? '';
      const others = beside;
      const drawPicture = element.hasAttribute('data-picture') ? picture.keep() : null;
      return () => {
        element.toggleAttribute('data-picture', drawPicture !== null);
        drawPicture?.();
        this.compare(text);
        this.setModel(model);
        this.setBeside(others);
      };
    },
    setTheme(theme) {
      for (const view of views) view.setTheme(theme);
    },
    draw() {
      picture.draw();
      for (const view of working) {
        try {
          view.draw();
        } catch (error) {
          // The others go on: a run on stage must not lose all its pictures to one mistake.
          working.delete(view);
          reportError(error);
        }
      }
    },
    dispose() {
      for (const view of views) view.dispose();
    },
  };
}
