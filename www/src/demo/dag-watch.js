/*
 * <dag-watch>: what all clients run on a Dask cluster, in the views of a demo. The field has the cluster's URL; Watch
 * begins, and Clear begins anew with what is on the cluster then. It runs nothing, and needs the engine only to lay out
 * graphs.
 */
import { render } from 'preact';
import { addressOf, clusterText, setClusterText } from '../engine/dask/address.js';
import { ClusterWatch } from '../engine/dask/watch.js';
import { sharedEngine } from '../engine/shared.js';
import { h } from '../page/h.js';
import { formatCount } from '../views/format.js';
import { frameLoop } from '../views/frame-loop.js';
import { CLUSTER_INPUT } from './cluster-field.js';
import css from './dag-demo.css?inline';
import { followTheme } from './follow-theme.js';
import { createViewsPanel } from './views-panel.js';
import watchCss from './watch.css?inline';
import { startWatching } from './watch-source.js';

/** @import { Theme } from '../views/theme.js' */

const sheets = [css, watchCss].map((text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
});

/** How often the numbers of tasks are written, in ms. */
const COUNT_EVERY_MS = 500;

export class DagWatch extends HTMLElement {
  #bar = document.createElement('div');
  #views = createViewsPanel({ measure: () => {}, slowMotion: () => {} });
  /** @type {ClusterWatch | null} */
  #watch = null;
  /** @type {ReturnType<typeof startWatching> | null} */
  #source = null;
  /** What is said in place of the numbers; empty while all is well. */
  #problem = '';
  #connecting = false;
  /** The number of starts and stops: a start that has waited ends if it is not the latest. */
  #turn = 0;
  #leave = new AbortController();

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = sheets;
    const root = document.createElement('div');
    root.className = 'watch';
    root.append(this.#bar, this.#views.element);
    shadow.append(root);
  }

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    followTheme(
      this,
      (/** @type {Theme} */ theme) => {
        this.#views.setTheme(theme);
        frameLoop.wake();
      },
      signal,
    );
    let countMs = 0;
    const stop = frameLoop.add({
      read: (nowMs) => {
        if (nowMs >= countMs) {
          countMs = nowMs + COUNT_EVERY_MS;
          this.#show();
        }
        return this.#source?.read(nowMs) ?? false;
      },
      draw: () => this.#views.draw(),
      busy: () => this.#source !== null,
    });
    signal.addEventListener('abort', stop);
    this.#show();
  }

  disconnectedCallback() {
    this.#leave.abort();
    this.stop();
  }

  /** The tasks that are drawn; null before there are any. */
  get model() {
    return this.#source?.model ?? null;
  }

  /** Whether it is told what happens. */
  get active() {
    return this.#watch !== null;
  }

  /** Watches the page's cluster, from now on. */
  async start() {
    this.stop();
    const turn = this.#turn;
    this.#problem = '';
    this.#connecting = true;
    this.#show();
    try {
      const engine = await sharedEngine();
      const watch = await ClusterWatch.start(addressOf(clusterText()), (error) => {
        if (turn !== this.#turn) return;
        this.stop();
        this.#fail(error);
      });
      if (turn !== this.#turn) {
        watch.stop();
        return;
      }
      this.#watch = watch;
      this.#source = startWatching(watch, {
        plan: (graph) => engine.planOf({ kind: 'graph', graph }),
        onModel: (model) => {
          this.#problem = '';
          this.#views.setModel(model);
        },
        onError: (error) => this.#fail(error),
      });
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#fail(/** @type {Error} */ (error));
    }
    this.#connecting = false;
    this.#show();
    frameLoop.wake();
  }

  /** Ends it; what was seen stays. */
  stop() {
    this.#turn++;
    this.#connecting = false;
    this.#source?.stop();
    this.#source = null;
    this.#watch = null;
    this.#show();
  }

  /** @param {Error} error */
  #fail(error) {
    this.#problem = error.message;
    this.#show();
  }

  #text() {
    if (this.#problem) return this.#problem;
    if (this.#connecting) return 'Connecting …';
    const { model } = this;
    if (!this.#watch) return 'Shows what all clients run on a Dask cluster.';
    const { dask, workers, threads } = this.#watch.cluster;
    const cluster = `Dask ${dask}, ${workers} workers with ${threads} threads`;
    if (!model) return `${cluster}: no tasks yet.`;
    const [tasks, done] = [this.#watch.keys.length, model.done].map(formatCount);
    const { missed, trace } = this.#watch;
    const lost = [
      ...(missed > 0 ? [` ${formatCount(missed)} more tasks are not shown.`] : []),
      ...(trace.dropped > 0 ? [` ${formatCount(trace.dropped)} events were dropped.`] : []),
    ];
    return `${cluster}: ${tasks} tasks, ${done} done.${lost.join('')}`;
  }

  #show() {
    const bar = h(
      'form',
      {
        class: 'bar',
        onSubmit: (event) => {
          event.preventDefault();
          this.start();
        },
      },
      [
        h('label', { for: 'control-cluster' }, 'cluster'),
        h('input', {
          ...CLUSTER_INPUT,
          value: clusterText(),
          onInput: ({ currentTarget }) => setClusterText(currentTarget.value),
        }),
        h('button', { type: 'submit', class: 'run' }, this.active ? 'Clear' : 'Watch'),
        h(
          'button',
          { type: 'button', class: 'reset', disabled: !this.active, onClick: () => this.stop() },
          'Stop',
        ),
        h('output', { class: this.#problem ? 'error' : 'hint' }, this.#text()),
      ],
    );
    render(bar, this.#bar);
  }
}

customElements.define('dag-watch', DagWatch);
