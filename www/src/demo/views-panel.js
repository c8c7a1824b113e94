/*
 * The views of a demo, one above the other, with the summary below them, and a result that is a picture beside the
 * graph. Which views a run has depends on its kind: `data-threads`, `data-futures`, `data-sweep` and `data-cluster` hide
 * the others (views.css).
 */
import { hasNodes } from '../model/nodes.js';
import { coresText } from '../views/format.js';
import { hasFutures } from '../views/future-times.js';
import { views } from '../views/index.js';
import { createPicture } from '../views/picture.js';
import { createSummary } from '../views/summary.js';
import { hasSweep } from '../views/sweep.js';
import { hasThreads, sectionsOf } from '../views/thread-sections.js';
import { ViewSet } from '../views/view-set.js';
import { modeText } from './mode-text.js';
import { createViewChoice } from './view-choice.js';

/** @import { Block, Outcome, Params, ResultSchema } from '../engine/protocol.js' */
/** @import { RunModel } from '../model/run.js' */
/** @import { Beside } from '../views/figures.js' */
/** @import { Theme } from '../views/theme.js' */
/** @import { ViewDefinition } from '../views/view.js' */

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
  const set = new ViewSet();

  /** @param {ViewDefinition} definition */
  const mount = (definition) => {
    const figure = document.createElement('figure');
    figure.className = `view ${definition.name}`;
    const caption = document.createElement('figcaption');
    caption.textContent = definition.title;
    figure.append(caption);
    element.append(figure);
    return { view: set.mount(definition, figure), caption };
  };
  const mounted = new Map(views.map((definition) => [definition.name, mount(definition)]));
  const captionOf = (/** @type {string} */ name) => mounted.get(name)?.caption;
  const choice = createViewChoice(element, () => {
    for (const { view } of mounted.values()) view.touch();
  });
  captionOf('nodes')?.parentElement?.before(choice);

  // In the heading of the first view: a button for slow motion, or how slowly the run is replayed.
  const speed = document.createElement('strong');
  speed.className = 'speed';
  speed.hidden = true;
  const slow = document.createElement('button');
  slow.type = 'button';
  slow.className = 'slow';
  slow.textContent = 'Slow motion';
  const help = 'Replays this run slowly enough to watch. On a slide, press M.';
  slow.title = help;
  slow.setAttribute('aria-description', help);
  slow.hidden = true;
  slow.addEventListener('click', slowMotion);
  // In the heading of threads: whether they were measured or simulated.
  const mode = document.createElement('strong');
  mode.className = 'mode';
  captionOf('threads')?.append(mode);
  // In the heading of the view of time: more workers than cores, and how long the previous run took.
  const crowd = document.createElement('span');
  crowd.className = 'crowd';
  const before = document.createElement('span');
  before.className = 'before';
  /** @param {boolean} threads whether the run is one of threads */
  const head = (threads) => {
    captionOf(threads ? 'threads' : 'graph')?.append(speed, slow);
    captionOf(threads ? 'threads' : 'task-stream')?.append(crowd, before);
  };
  head(false);

  const lookForNodes = (/** @type {RunModel | null} */ model) => {
    const isCluster = model !== null && hasNodes(model) && !hasThreads(model);
    element.toggleAttribute('data-cluster', isCluster);
  };

  const picture = createPicture();
  const drawn = mount(picture.view);
  picture.onChange(() => drawn.view.touch());
  const summary = document.createElement('div');
  summary.className = 'summary';
  element.append(summary);
  set.mount(createSummary(measure), summary);

  return {
    element,

    /** Makes room for a result of this kind, if it is a picture. */
    openPicture(schema, params) {
      element.toggleAttribute('data-picture', picture.open(schema, params));
    },
    putBlocks: picture.putBlocks,
    showValue({ value }) {
      const isPicture = element.hasAttribute('data-picture') && value?.kind === 'array';
      if (isPicture && value.shape.length === 2) picture.show(value);
    },

    setModel(model) {
      if (model) element.style.setProperty('--prefixes', String(model.prefixes.length));
      const { workers, cores } = model ?? { workers: [], cores: null };
      const threads = model !== null && hasThreads(model);
      element.toggleAttribute('data-threads', threads);
      lookForNodes(model);
      const isSweep = model !== null && hasSweep(model);
      element.toggleAttribute('data-sweep', isSweep);
      element.toggleAttribute('data-futures', model !== null && !isSweep && hasFutures(model));
      head(threads);
      if (threads) {
        element.style.setProperty('--threads', String(workers.length));
        element.style.setProperty('--sections', String(sectionsOf(model).length));
      }
      mode.textContent = model ? modeText(model) : '';
      const isModel = model?.mode === 'model';
      const crowded = !threads && cores !== null && workers.length > cores;
      const crowdText = () => `${workers.length} workers on ${coresText(Number(cores))}`;
      crowd.textContent = crowded && !isModel ? crowdText() : '';
      if (isModel && !threads) crowd.textContent = modeText(model);
      set.open(model ? [model] : []);
    },
    setBeside: (beside) => set.setBeside(beside),
    /** Says that what is shown is in slow motion; empty when it is not. */
    showSpeed(text) {
      speed.textContent = text;
      speed.hidden = text === '';
    },
    offerSlowMotion(offered) {
      slow.hidden = !offered;
    },
    /** Says how long the previous run took. */
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
      const [model = null] = set.models;
      const text = before.textContent ?? '';
      const { beside } = set;
      const drawPicture = element.hasAttribute('data-picture') ? picture.keep() : null;
      return () => {
        element.toggleAttribute('data-picture', drawPicture !== null);
        drawPicture?.();
        this.compare(text);
        this.setModel(model);
        this.setBeside(beside);
      };
    },
    setTheme: (theme) => set.setTheme(theme),
    draw() {
      // Nodes may join a run that has started.
      lookForNodes(set.models[0] ?? null);
      set.draw();
    },
    dispose: () => set.dispose(),
  };
}
