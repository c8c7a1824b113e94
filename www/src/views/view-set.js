/*
 * Views that are linked: they show the same runs, and what is pointed at or selected in one of them is highlighted
 * in all. One draw a frame draws them all, so they show the same moment.
 */
import { MountedView } from './kernel.js';
import { sameGraph } from './same-graph.js';
import { themes } from './theme.js';
import { ViewState } from './view-state.js';

/** @typedef {import('../model/run.js').RunModel} RunModel */
/** @typedef {import('./figures.js').Beside} Beside */
/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./view.js').ViewDefinition} ViewDefinition */

/** @typedef {import('./view.js').Shown} Shown */

export class ViewSet {
  state = new ViewState();
  /** @type {Shown} */
  #shown = { models: [], beside: {}, theme: themes.light };
  /** @type {MountedView[]} */
  #views = [];
  /** Views that have not thrown. @type {Set<MountedView>} */
  #working = new Set();

  /**
   * Puts a view into an element.
   *
   * @param {ViewDefinition} definition
   * @param {HTMLElement} figure
   */
  mount(definition, figure) {
    const view = new MountedView(definition, this.state, this.#shown, figure);
    this.#views.push(view);
    this.#working.add(view);
    return view;
  }

  get models() {
    return this.#shown.models;
  }

  get beside() {
    return this.#shown.beside;
  }

  /**
   * Shows other runs. If they are runs of the same graph, zoom and selection stay.
   *
   * @param {RunModel[]} models
   */
  open(models) {
    const [before, after] = [this.#shown.models[0], models[0]];
    const same = before && after ? sameGraph(before.graph, after.graph) : false;
    this.#shown.models = models;
    this.#shown.beside = {};
    if (!same) this.state.clear();
    for (const view of this.#views) {
      view.frame.beside = this.#shown.beside;
      view.open(this.#shown, same);
    }
  }

  /** What the runs are compared with. @param {Beside} beside */
  setBeside(beside) {
    this.#shown.beside = beside;
    for (const view of this.#views) {
      view.frame.beside = beside;
      view.touch();
    }
  }

  /** @param {Theme} theme */
  setTheme(theme) {
    this.#shown.theme = theme;
    for (const view of this.#views) view.setTheme(theme);
  }

  /** Draws what has changed; once a frame. */
  draw() {
    this.#each((view) => view.look());
    this.#each((view) => view.draw());
  }

  dispose() {
    for (const view of this.#views) view.dispose();
  }

  /** @param {(view: MountedView) => void} act */
  #each(act) {
    for (const view of this.#working) {
      try {
        act(view);
      } catch (error) {
        // The others go on: a run on stage must not lose all its views to one mistake.
        this.#working.delete(view);
        reportError(error);
      }
    }
  }
}
