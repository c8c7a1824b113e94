/*
 * <dag-demo program="array-mean" scheduler="threads" workers="4" n="4000">: one program as a thing
 * to play with: its Python listing, controls, a run, and the views of that run.
 *
 *     +-----------+--------------+
 *     | listing   | graph        |      Attributes preset the controls. A change of an attribute
 *     |           +--------------+      sets its control again; a moved control changes no
 *     | controls  | task stream  |      attribute, so Reset knows where to go back to.
 *     | Run Reset | progress     |
 *     | result    | summary      |
 *     +-----------+--------------+
 *
 * It lives in a shadow tree: slide themes style every heading, table and button below them, and a
 * page that embeds a demo has styles of its own; neither may break the controls. Colours follow the
 * page's `color-scheme`, sizes its `font-size`. Keys that a control uses go no further.
 *
 * The page's one engine is started when the first demo comes into sight; a demo with the attribute
 * `preview` starts none and only shows its listing. While the demo runs its
 * controls rest; leaving the page cancels the run. Events, all with the settings as `detail`:
 * `dag-demo-change`, `dag-demo-run`, `dag-demo-end`.
 */
import { sharedEngine } from '../engine/shared.js';
import { createRunModel } from '../model/run.js';
import { frameLoop } from '../views/frame-loop.js';
import { readTheme, themes } from '../views/theme.js';
import { createControls } from './controls.js';
import css from './dag-demo.css?inline';
import { highlightedLines, listingOf, withValues } from './listing.js';
import { startLiveRun } from './live-run.js';
import { flatten, parametersOf, readSettings } from './settings.js';
import { arrayText, numberText, shapeText } from './value-text.js';
import { createViewsPanel } from './views-panel.js';

/** @import { Engine } from '../engine/client.js' */
/** @import { Outcome, Params, ProgramSchema } from '../engine/protocol.js' */
/** @import { LiveRun } from './live-run.js' */
/** @import { Settings } from './settings.js' */

/**
 * loading: no engine yet; ready: a graph is drawn, nothing has run; the last four: how the last run
 * went, or (failed) why there is no graph.
 *
 * @typedef {'loading' | 'ready' | 'running' | 'finished' | 'cancelled' | 'failed'} DemoState
 */

/** How long the controls must rest before the graph is built anew. */
const REPLAN_AFTER_MS = 120;

/** Arrays with more items than this are shown by their ends. */
const LONG_ARRAY = 12;

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

export class DagDemo extends HTMLElement {
  #parts = createParts();
  #views = createViewsPanel();
  #controls = createControls([], () => {});
  /** @type {Engine | null} */
  #engine = null;
  /** @type {ProgramSchema | null} */
  #schema = null;
  /** @type {Settings | null} */
  #settings = null;
  /** @type {LiveRun | null} */
  #run = null;
  /** Counts what makes an answer stale that is still on its way. */
  #generation = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #replanTimer;
  #planning = false;
  #planStale = false;
  /** @type {Promise<void> | null} */
  #loading = null;
  /** What ends with the demo's stay on the page. */
  #leave = new AbortController();
  #frames = () => {};
  /** @type {DemoState} */
  #state = 'loading';

  constructor() {
    super();
    const { root, run, reset, side } = this.#parts;
    const shadow = this.attachShadow({ mode: 'open', delegatesFocus: false });
    shadow.adoptedStyleSheets = [sheet];
    side.querySelector('.controls-place')?.replaceWith(this.#controls.element);
    root.append(this.#views.element);
    shadow.append(root);
    run.addEventListener('click', () => {
      if (this.#state === 'running') this.cancel();
      else this.run().catch(() => {});
    });
    reset.addEventListener('click', () => this.reset());
    for (const type of ['keydown', 'keyup', 'keypress']) {
      shadow.addEventListener(type, keepKeys);
    }
  }

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    // Swipes over a demo are meant for its sliders, not for the slides.
    this.setAttribute('data-prevent-swipe', '');

    const attributes = new MutationObserver((changes) => {
      const names = changes.map(({ attributeName }) => attributeName ?? '');
      if (names.includes('program')) this.#begin();
      else this.#readAttributes(names);
    });
    attributes.observe(this, { attributes: true });
    signal.addEventListener('abort', () => attributes.disconnect());

    const looks = new MutationObserver(() => this.#readTheme());
    looks.observe(document.documentElement, { attributes: true });
    signal.addEventListener('abort', () => looks.disconnect());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#readTheme(), {
      signal,
    });
    this.#readTheme();

    this.#frames = frameLoop.add({
      read: () => this.#run?.read(),
      draw: () => this.#views.draw(),
      busy: () => this.#run?.busy() ?? false,
    });

    this.#showListing();
    this.#setState('loading');
    if (this.hasAttribute('preview')) return;
    const sight = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      sight.disconnect();
      this.#begin();
    });
    sight.observe(this);
    signal.addEventListener('abort', () => sight.disconnect());
  }

  disconnectedCallback() {
    this.#leave.abort();
    clearTimeout(this.#replanTimer);
    this.#generation++;
    this.#frames();
    this.#run?.dispose();
    this.#run = null;
    this.#loading = null;
  }

  /** @returns {DemoState} */
  get state() {
    return this.#state;
  }

  /** The settings that the controls show, by name; null before the program is known. */
  get settings() {
    return this.#settings && flatten(this.#settings);
  }

  /**
   * Runs the program with the settings that the controls show.
   *
   * @returns {Promise<Outcome>} rejects when the run fails or is cancelled
   */
  async run() {
    if (!this.#schema || this.#engine?.lost) await this.#begin();
    if (this.#state === 'running') throw new Error('a run is under way: cancel it first');
    const engine = this.#engine;
    const settings = this.#settings;
    const schema = this.#schema;
    if (!engine || !settings || !schema) throw new Error('there is no program to run');

    clearTimeout(this.#replanTimer);
    const generation = ++this.#generation;
    const run = startLiveRun(engine, schema.name, settings);
    this.#run = run;
    this.#setState('running');
    this.#say('progress', 'Running …');
    this.#tell('dag-demo-run');
    try {
      const model = await run.started;
      if (generation === this.#generation) {
        this.#views.setModel(model);
        frameLoop.wake();
      }
      const outcome = await run.finished;
      if (generation === this.#generation) this.#showOutcome(outcome);
      return outcome;
    } catch (error) {
      if (generation === this.#generation) this.#showFailure(error);
      throw error;
    } finally {
      if (generation === this.#generation) {
        // The last events are read by the next frames.
        frameLoop.wake();
        this.#tell('dag-demo-end');
      }
    }
  }

  /** Cancels the run under way, if there is one. */
  cancel() {
    this.#run?.cancel();
  }

  /** Back to the presets, with nothing run. */
  reset() {
    this.#run?.dispose();
    this.#run = null;
    this.#readAttributes(null);
  }

  /** Gets the engine, and reads what the program is. */
  #begin() {
    const loading = this.#load().finally(() => {
      if (this.#loading === loading) this.#loading = null;
    });
    this.#loading = loading;
    return loading;
  }

  async #load() {
    const generation = ++this.#generation;
    this.#run?.dispose();
    this.#run = null;
    this.#setState('loading');
    this.#say('progress', 'Starting the engine …');
    this.#showListing();
    try {
      const engine = await sharedEngine();
      if (generation !== this.#generation) return;
      this.#engine = engine;
      const name = this.getAttribute('program') ?? '';
      const schema = engine.programs.find((program) => program.name === name);
      if (!schema) {
        const names = engine.programs.map((program) => program.name).join(', ');
        throw new Error(`program: “${name}” is not known; choose one of ${names}`);
      }
      this.#schema = schema;
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#schema = null;
      this.#settings = null;
      this.#views.setModel(null);
      this.#replaceControls(createControls([], () => {}));
      this.#showFailure(error);
      return;
    }
    const parameters = parametersOf(this.#schema, this.#engine);
    /** @type {Parameters<typeof createControls>[2]} */
    const limits = {};
    if (!this.#engine.isolated) {
      limits.scheduler = {
        disabled: ['threads'],
        why: 'Threads need a cross-origin isolated page; this one is not.',
      };
    }
    this.#replaceControls(
      createControls(parameters, (name, value) => this.#change(name, value), limits),
    );
    this.#readAttributes(null);
  }

  /**
   * Takes settings from attributes.
   *
   * @param {string[] | null} names which ones have changed; null for all, as after a reset
   */
  #readAttributes(names) {
    if (!this.#schema || !this.#engine) return;
    const known = parametersOf(this.#schema, this.#engine).map(({ name }) => name);
    if (names && !names.some((name) => known.includes(name))) return;
    const current = names && this.#settings ? flatten(this.#settings) : null;
    const { settings, problems } = readSettings(this.#schema, this.#engine, (name) => {
      if (current && !names?.includes(name)) return String(current[name]);
      return this.getAttribute(name);
    });
    this.#settings = settings;
    this.#controls.set(flatten(settings));
    const { notice } = this.#parts;
    notice.textContent = problems.join(' ');
    notice.hidden = problems.length === 0;
    this.#showListing();
    this.#replan();
    this.#tell('dag-demo-change');
  }

  /**
   * @param {string} name
   * @param {number | string} value
   */
  #change(name, value) {
    const settings = this.#settings;
    if (!settings) return;
    /** @type {Params} */
    const values = { ...flatten(settings), [name]: value };
    const { scheduler, workers, seed, ...params } = values;
    this.#settings = {
      params,
      scheduler: scheduler === 'sync' ? 'sync' : 'threads',
      workers: Number(workers),
      seed: Number(seed),
    };
    this.#parts.notice.hidden = true;
    this.#showListing();
    clearTimeout(this.#replanTimer);
    this.#replanTimer = setTimeout(() => this.#replan(), REPLAN_AFTER_MS);
    this.#tell('dag-demo-change');
  }

  /** Draws the graph that a run would execute. One plan at a time, the newest settings last. */
  async #replan() {
    if (this.#planning) {
      this.#planStale = true;
      return;
    }
    const engine = this.#engine;
    const schema = this.#schema;
    const settings = this.#settings;
    if (!engine || !schema || !settings || this.#state === 'running') return;
    this.#run = null;
    const generation = ++this.#generation;
    this.#planning = true;
    this.#planStale = false;
    try {
      const graph = await engine.plan(schema.name, settings.params, settings.seed);
      if (generation !== this.#generation) return;
      this.#views.setModel(
        createRunModel(graph, settings.scheduler === 'sync' ? 1 : settings.workers),
      );
      this.#say('hint', `${schema.summary}`);
      this.#setState('ready');
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#views.setModel(null);
      this.#showFailure(error);
    } finally {
      this.#planning = false;
      frameLoop.wake();
      if (this.#planStale) this.#replan();
    }
  }

  /** @param {DemoState} state */
  #setState(state) {
    this.#state = state;
    this.#parts.root.dataset.state = state;
    this.#controls.element.disabled = state === 'running' || state === 'loading';
    this.#showButton();
  }

  #showButton() {
    const { run, reset } = this.#parts;
    const running = this.#state === 'running';
    run.textContent = running ? 'Cancel' : 'Run';
    run.classList.toggle('cancel', running);
    run.disabled = this.#state === 'loading';
    reset.disabled = this.#state === 'loading';
  }

  #showListing() {
    const { listing, file } = this.#parts;
    const program = this.getAttribute('program') ?? '';
    const source = listingOf(program);
    listing.parentElement?.toggleAttribute('hidden', source === null);
    if (source === null) return;
    file.textContent = `${program}.py`;
    const code = withValues(source, this.#settings ? flatten(this.#settings) : {}).trimEnd();
    const before = listing.childElementCount > 0 ? [...listing.children] : [];
    const lines = highlightedLines(code).map(({ html, name }) => {
      const line = document.createElement('span');
      line.className = 'line';
      line.classList.toggle('parameter', name !== null);
      line.classList.toggle('blank', html === '');
      // The colouring escapes the code; nothing but its own tags is left in it.
      line.innerHTML = `${html}\n`;
      return line;
    });
    if (before.length === lines.length) {
      lines.forEach((line, i) => {
        if (before[i].innerHTML !== line.innerHTML) before[i].innerHTML = line.innerHTML;
      });
    } else {
      listing.replaceChildren(...lines);
    }
  }

  /** @param {Outcome} outcome */
  #showOutcome(outcome) {
    this.#setState('finished');
    const { label, unit } = this.#schema?.result ?? { label: 'result', unit: '' };
    const { result } = this.#parts;
    result.className = 'result value';
    const name = document.createElement('span');
    name.className = 'label';
    const value = document.createElement('span');
    if (typeof outcome.value === 'number') {
      name.textContent = label;
      value.className = 'number';
      value.textContent = numberText(outcome.value) + (unit ? ` ${unit}` : '');
    } else {
      const { shape, dtype } = outcome.value;
      name.textContent = `${label}: shape ${shapeText(shape)}, ${dtype}${unit ? `, ${unit}` : ''}`;
      value.className = 'array';
      value.textContent = arrayText(outcome.value, LONG_ARRAY);
    }
    result.replaceChildren(name, value);
  }

  /** @param {unknown} error */
  #showFailure(error) {
    if (error instanceof DOMException && error.name === 'AbortError') {
      this.#setState('cancelled');
      this.#say('hint', 'Cancelled.');
      return;
    }
    this.#setState('failed');
    this.#say('error', error instanceof Error ? error.message : String(error));
  }

  /**
   * @param {'hint' | 'progress' | 'error'} kind
   * @param {string} text
   */
  #say(kind, text) {
    const { result } = this.#parts;
    result.className = `result ${kind}`;
    result.textContent = text;
  }

  /** @param {ReturnType<typeof createControls>} controls */
  #replaceControls(controls) {
    this.#controls.element.replaceWith(controls.element);
    this.#controls = controls;
  }

  /** @param {string} type */
  #tell(type) {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail: this.settings }));
  }

  #readTheme() {
    const scheme = getComputedStyle(this).colorScheme;
    const both = scheme.includes('dark') && scheme.includes('light');
    const dark = both
      ? matchMedia('(prefers-color-scheme: dark)').matches
      : scheme.includes('dark');
    this.#views.setTheme(readTheme(this, dark ? themes.dark : themes.light));
    frameLoop.wake();
  }
}

/** The fixed parts of a demo. */
function createParts() {
  const root = document.createElement('div');
  root.className = 'demo';
  root.innerHTML = `
    <div class="side">
      <figure class="listing">
        <figcaption></figcaption>
        <pre tabindex="0" aria-label="Python listing"><code></code></pre>
      </figure>
      <div class="controls-place"></div>
      <p class="notice" role="alert" hidden></p>
      <div class="buttons">
        <button type="button" class="run">Run</button>
        <button type="button" class="reset">Reset</button>
      </div>
      <output class="result" role="status"></output>
    </div>`;
  /**
   * @template {HTMLElement} T
   * @param {string} selector
   * @returns {T}
   */
  const part = (selector) => {
    const found = root.querySelector(selector);
    if (!found) throw new Error(`a demo has no part ${selector}`);
    return /** @type {T} */ (found);
  };
  return {
    root,
    side: part('.side'),
    listing: part('code'),
    file: part('.listing figcaption'),
    notice: part('.notice'),
    /** @type {HTMLButtonElement} */
    run: part('.run'),
    /** @type {HTMLButtonElement} */
    reset: part('.reset'),
    result: part('.result'),
  };
}

/**
 * Keys that a control uses stay with it, and never turn a slide. Escape leaves the control, so that
 * the next key is the deck's again.
 *
 * @param {Event} event
 */
function keepKeys(event) {
  if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.metaKey) return;
  const target = event.target;
  if (target instanceof HTMLInputElement) {
    event.stopPropagation();
    if (event.key === 'Escape' && event.type === 'keydown') target.blur();
  } else if (target instanceof HTMLButtonElement) {
    if (event.key === ' ' || event.key === 'Enter') event.stopPropagation();
  } else if (target instanceof HTMLElement && target.tabIndex >= 0) {
    if (/^(Arrow|Page|Home|End)/.test(event.key)) event.stopPropagation();
  }
}

customElements.define('dag-demo', DagDemo);
