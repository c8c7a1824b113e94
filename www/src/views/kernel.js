/*
 * The kernel: mounts a view (view.js) on the page and does for it what all views need. It owns the canvas, decides
 * when to draw, turns gestures and keys into hits and zooms, shows the tooltip, and says in words what is shown.
 *
 *     pointer, keys -> look()  what is pointed at goes to the shared state      (view-state.js)
 *     frame loop    -> draw()  if anything the view looks at has changed since
 *
 * It does not know what a view draws, and keeps no run.
 */
import { frameLoop } from './frame-loop.js';
import { attachGestures } from './gestures.js';
import { createSurface, locateIn } from './surface.js';
import { SvgPainter } from './svg-painter.js';
import { createTooltip } from './tooltip.js';

/** @typedef {import('./view.js').Change} Change */
/** @typedef {import('./view.js').Frame} Frame */
/** @typedef {import('./view.js').Hit} Hit */
/** @typedef {import('./view.js').Point} Point */
/** @typedef {import('./view.js').Step} Step */
/** @typedef {import('./view.js').ViewDefinition} ViewDefinition */

/** @type {Record<string, Step>} */
const steps = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

/** How much one press of + or - zooms. */
const KEY_ZOOM = 1.5;

/** @type {Record<string, number>} */
const zoomKeys = { '+': KEY_ZOOM, '=': KEY_ZOOM, '-': 1 / KEY_ZOOM, _: 1 / KEY_ZOOM };

const isMac = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? '');

export class MountedView {
  #definition;
  #state;
  /** @type {import('./surface.js').Surface | null} */
  #surface = null;
  /** What the view draws with. @type {unknown} */
  #painter;
  #canvas;
  /** @type {ReturnType<typeof attachGestures> | null} */
  #gestures = null;
  #tip;
  #how;
  #spoken;
  /** @type {{ x: number, y: number } | null} */
  #pointer = null;
  /** What the arrow keys have reached, or a finger has pressed. @type {Hit | null} */
  #kept = null;
  /** @type {Change | ''} */
  #stale = 'all';
  #stateSeen = -1;
  #versionDrawn = -1;
  #clockDrawn = -1;
  #phaseTold = '';
  #listening = new AbortController();

  /**
   * @param {ViewDefinition} definition
   * @param {import('./view-state.js').ViewState} state
   * @param {import('./view.js').Shown} shown what all views of the set look at
   * @param {HTMLElement} figure gets the view's box
   */
  constructor(definition, state, shown, figure) {
    this.#definition = definition;
    this.#state = state;
    const box = document.createElement('div');
    box.className = definition.surface === 'element' ? 'text' : 'frame';
    figure.append(box);
    this.#tip = createTooltip(figure, box);
    this.#how = createHow(figure);
    this.#spoken = document.createElement('p');
    this.#spoken.className = 'spoken';
    this.#spoken.setAttribute('role', 'status');

    this.#canvas = document.createElement(definition.surface === 'element' ? 'div' : 'canvas');
    box.append(this.#canvas);
    const viewport = { width: 0, height: 0, ratio: 1, textSize: 16 };
    if (this.#canvas instanceof HTMLCanvasElement) {
      this.#canvas.setAttribute('role', 'img');
      if (definition.surface === 'bitmap') {
        this.#painter = this.#canvas.getContext('2d');
      } else {
        this.#surface = createSurface(this.#canvas, viewport, () => {
          this.#stale = 'all';
        });
        this.#painter = this.#surface.context;
      }
    } else {
      this.#painter = this.#canvas;
    }

    /** @type {Frame} */
    this.frame = {
      models: shown.models,
      window: null,
      selection: -1,
      hover: -1,
      cursorMs: null,
      at: null,
      beside: shown.beside,
      theme: shown.theme,
      viewport,
      changed: 'all',
      vector: false,
      memo: definition.memo?.(),
    };
    if (this.#surface) this.#gestures = this.#listenToHands(this.#surface);
    else if (definition.hit) this.#listenToPointer(box);
    if (definition.step) this.#listenToKeys(figure);
    if (this.#surface) figure.append(createSaveButton(definition.title, () => this.saveSvg()));
  }

  get definition() {
    return this.#definition;
  }

  /** @param {Change} [change] */
  touch(change = 'all') {
    if (this.#stale !== 'all') this.#stale = change;
    frameLoop.wake();
  }

  /**
   * Other runs are shown.
   *
   * @param {import('./view.js').Shown} shown
   * @param {boolean} sameGraph
   */
  open(shown, sameGraph) {
    this.frame.models = shown.models;
    if (!sameGraph) this.#keep(null);
    this.#phaseTold = '';
    this.#definition.open?.(this.frame, sameGraph);
    if (!sameGraph) this.#definition.zoom?.reset(this.frame, this.#show);
    this.#gestures?.hold();
    this.touch();
  }

  /** @param {import('./theme.js').Theme} theme */
  setTheme(theme) {
    this.frame.theme = theme;
    this.#tip.setTheme(theme);
    this.touch();
  }

  /** Finds out what is pointed at, before any view draws: all of them draw the same. */
  look() {
    const { frame } = this;
    const { hit } = this.#definition;
    const before = frame.at;
    if (!hit || frame.models.length === 0 || this.#state.active !== this) {
      frame.at = null;
    } else if (this.#pointer) {
      frame.at = this.#seen ? hit(this.#pointer, frame) : null;
    } else {
      frame.at = this.#kept;
    }
    this.#state.point(this, frame.at);
    // A tooltip comes or goes.
    if ((before === null) !== (frame.at === null)) this.#stale ||= 'marks';
  }

  draw() {
    const { frame } = this;
    const definition = this.#definition;
    const state = this.#state;
    if (!this.#seen) return;
    const [model] = frame.models;
    if (state.version !== this.#stateSeen && this.#stale !== 'all') this.#stale = 'marks';
    const goneOn =
      model &&
      (model.version !== this.#versionDrawn ||
        (definition.clock && model.nowMs !== this.#clockDrawn));
    if (!this.#stale && !goneOn) return;
    frame.changed = this.#stale === 'rest' && goneOn ? 'run' : this.#stale || 'run';
    frame.window = state.window;
    frame.selection = state.selection;
    frame.hover = state.hover;
    frame.cursorMs = state.cursorMs;
    this.#stale = '';
    this.#stateSeen = state.version;
    this.#versionDrawn = model?.version ?? -1;
    this.#clockDrawn = model?.nowMs ?? -1;
    // In words once a phase: the figures of a run change too fast to be heard.
    if (model && model.phase !== this.#phaseTold) this.#describe();
    this.#phaseTold = model?.phase ?? '';
    if (this.#surface) {
      const { ratio } = frame.viewport;
      this.#surface.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    if (definition.draw(this.#painter, frame) === true) this.touch('rest');
    const zoomed = definition.zoom?.zoomed(frame) ?? false;
    if (zoomed !== this.#canvas.hasAttribute('data-zoomed')) {
      this.#canvas.toggleAttribute('data-zoomed', zoomed);
    }
    this.#showTip();
  }

  /** The view as an SVG file. @returns {string} */
  svg() {
    const { viewport } = this.frame;
    const measuring = document.createElement('canvas').getContext('2d');
    const painter = new SvgPainter(viewport.width, viewport.height, (text, font) => {
      if (!measuring) throw new Error('this browser has no 2d context to measure text with');
      measuring.font = font;
      return measuring.measureText(text);
    });
    this.#definition.draw(painter, { ...this.frame, vector: true, changed: 'all', at: null });
    return painter.toString(this.#definition.words(this.frame, null).join(' '));
  }

  /** Gives the reader the view as a file. */
  saveSvg() {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([this.svg()], { type: 'image/svg+xml' }));
    link.download = `${this.#definition.name}.svg`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href));
  }

  dispose() {
    this.#listening.abort();
    this.#gestures?.dispose();
    this.#surface?.dispose();
    this.#tip.dispose();
  }

  get #seen() {
    return this.#surface?.visible() ?? true;
  }

  #describe() {
    if (this.#definition.surface === 'element') return;
    const words = this.#definition.words(this.frame, null).join(' ');
    if (this.#canvas.getAttribute('aria-label') !== words) {
      this.#canvas.setAttribute('aria-label', words);
    }
  }

  #showTip() {
    const { frame } = this;
    const { words, place } = this.#definition;
    const { at } = frame;
    const point = this.#pointer ?? (at && place?.(at, frame));
    if (!at || !point) this.#tip.hide();
    else this.#tip.show(words(frame, at), point);
  }

  /** @param {Hit | null} at */
  #keep(at) {
    this.#kept = at;
    this.touch('marks');
  }

  /** Shows a part of the run in all linked views. @param {import('./view-state.js').TimeWindow | null} window */
  #show = (window) => {
    this.#state.show(window);
    this.frame.window = window;
  };

  /**
   * Zooms about a point.
   *
   * @param {number} factor
   * @param {Point} about
   */
  #zoom(factor, about) {
    const { zoom } = this.#definition;
    if (!zoom || this.frame.models.length === 0) return false;
    const changed = zoom.by(factor, about, this.frame, this.#show);
    return this.#zoomed(changed);
  }

  /** @param {boolean} changed */
  #zoomed(changed) {
    if (changed) {
      this.#gestures?.hold();
      this.touch();
    }
    return changed;
  }

  /** @param {import('./surface.js').Surface} surface */
  #listenToHands(surface) {
    const { zoom, hit, scroll } = this.#definition;
    const { frame } = this;
    return attachGestures(surface, {
      zoom: (factor, x, y) => this.#zoom(factor, { x, y }),
      pan: (dx, dy) => this.#zoomed(zoom?.pan(dx, dy, frame, this.#show) ?? false),
      scroll: (px) => this.#zoomed(scroll?.(px, frame) ?? false),
      zoomed: () => zoom?.zoomed(frame) ?? false,
      hover: (at) => {
        this.#point(at);
      },
      press: (at, touch) => {
        if (frame.models.length === 0) return;
        this.#state.active = this;
        const pressed = hit?.(at, frame) ?? null;
        if (touch) this.#keep(pressed);
        this.#select(pressed);
      },
      reset: () => this.#zoomed(zoom?.reset(frame, this.#show) ?? false),
      unzoomed: () => {
        if (zoom) this.#how.flash(`${isMac ? '⌘' : 'Ctrl'} + scroll zooms`);
      },
    });
  }

  /** In text, which can be selected and has buttons, a pointer only points. @param {HTMLElement} box */
  #listenToPointer(box) {
    const { signal } = this.#listening;
    const point = (/** @type {PointerEvent | null} */ event) =>
      this.#point(event && locateIn(box, event));
    box.addEventListener('pointermove', point, { signal });
    box.addEventListener('pointerdown', point, { signal });
    box.addEventListener('pointerleave', () => point(null), { signal });
  }

  /** The pointer is somewhere in the view, or has left it. @param {Point | null} at */
  #point(at) {
    this.#pointer = at;
    if (at) {
      this.#kept = null;
      this.#state.active = this;
    }
    this.touch('marks');
  }

  /** Selects the task of a hit; once more, or where there is none: no task. @param {Hit | null} at */
  #select(at) {
    const task = at?.task ?? -1;
    this.#state.select(task === this.#state.selection ? -1 : task);
    this.touch('marks');
  }

  /** @param {HTMLElement} figure */
  #listenToKeys(figure) {
    const { zoom, keys = '' } = this.#definition;
    const { signal } = this.#listening;
    const canvas = this.#canvas;
    const zooms = zoom ? ['+ and − zoom', '0 shows everything'] : [];
    const selects = zoom ? ['Enter selects'] : [];
    const help = [`Arrow keys: ${keys}`, ...selects, ...zooms, 'Esc leaves'].join(' · ');
    canvas.tabIndex = 0;
    // Text can be read as text; on a canvas only keys tell what is there.
    canvas.setAttribute('role', this.#surface ? 'application' : 'group');
    if (this.#surface) canvas.setAttribute('aria-roledescription', this.#definition.title);
    else canvas.setAttribute('aria-label', this.#definition.title);
    canvas.setAttribute('aria-description', help);
    figure.append(this.#spoken);
    canvas.addEventListener(
      'keydown',
      (event) => this.#press(/** @type {KeyboardEvent} */ (event)),
      {
        signal,
      },
    );
    canvas.addEventListener(
      'focus',
      () => {
        if (canvas.matches(':focus-visible')) this.#how.show(help);
      },
      { signal },
    );
    canvas.addEventListener(
      'blur',
      () => {
        this.#how.hide();
        this.#keep(null);
      },
      { signal },
    );
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    // A button in the view has keys of its own.
    if (event.target !== this.#canvas) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { frame } = this;
    const { key } = event;
    const { zoom } = this.#definition;
    if (key === 'Escape') {
      if (this.#kept || this.#state.selection >= 0) {
        this.#keep(null);
        this.#state.select(-1);
      } else this.#canvas.blur();
    } else if (frame.models.length > 0 && steps[key]) this.#step(steps[key]);
    else if (key === 'Enter' || key === ' ') this.#select(this.#kept);
    else if (zoom && zoomKeys[key]) this.#zoom(zoomKeys[key], this.#centre);
    else if (zoom && key === '0') this.#zoomed(zoom.reset(frame, this.#show));
    else return;
    this.#how.hide();
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {Step} step */
  #step(step) {
    const { frame } = this;
    const at = this.#definition.step?.(step, this.#kept, frame, this.#show) ?? this.#kept;
    if (!at) return;
    this.#pointer = null;
    this.#kept = at;
    this.#state.active = this;
    this.touch('all');
    this.#spoken.textContent = this.#definition.words(frame, at).join(', ');
  }

  /** What keys zoom about. @returns {Point} */
  get #centre() {
    const { width, height } = this.frame.viewport;
    const kept = this.#kept;
    const { place } = this.#definition;
    return (kept && place?.(kept, this.frame)) ?? { x: width / 2, y: height / 2 };
  }
}

/**
 * @param {string} title of the view
 * @param {() => void} onClick
 */
function createSaveButton(title, onClick) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'save-picture';
  button.textContent = 'Download SVG';
  button.setAttribute('aria-label', `Download SVG: ${title}`);
  button.addEventListener('click', onClick);
  return button;
}

/**
 * A short hint over a view, on how it is used.
 *
 * @param {HTMLElement} figure
 */
function createHow(figure) {
  const element = document.createElement('p');
  element.className = 'how';
  element.hidden = true;
  element.setAttribute('aria-hidden', 'true');
  figure.append(element);
  element.addEventListener('animationend', () => (element.hidden = true));
  return {
    /** Shows it until it is hidden. @param {string} text */
    show(text) {
      element.classList.remove('passing');
      element.textContent = text;
      element.hidden = false;
    },
    /** Shows it for a moment. @param {string} text */
    flash(text) {
      element.textContent = text;
      element.hidden = false;
      element.classList.add('passing');
    },
    hide() {
      element.hidden = true;
    },
  };
}
