/*
 * The settings of a demo's next run, and where they are shown: the controls, the listing that follows
 * them, and the problems of the presets. It runs nothing.
 */
import { attributeProblems, controlProblems, isSetting } from './attributes.js';
import { createControls } from './controls.js';
import { coresText } from '../views/format.js';
import { coresReported } from './cores.js';
import { showListing, showParameters } from './listing-panel.js';
import { flatten, parametersOf, readSettings, settingsOf, textsOf } from './settings.js';

/** @import { ProgramSchema } from '../engine/protocol.js' */
/** @import { Parts } from './parts.js' */
/** @import { Abilities, Settings } from './settings.js' */

export class SettingsPanel {
  /** The program; null before it is known. @type {ProgramSchema | null} */
  schema = null;
  /** What the controls show. @type {Settings | null} */
  settings = null;
  #parts;
  #host;
  #onChange;
  /** @type {Abilities | null} */
  #abilities = null;
  /** What is wrong with the presets. */
  #problems = '';
  #controls = createControls([], () => {});

  /**
   * @param {Parts} parts
   * @param {Element} host whose attributes are the presets
   * @param {() => void} onChange a control was moved
   */
  constructor(parts, host, onChange) {
    this.#parts = parts;
    this.#host = host;
    this.#onChange = onChange;
    parts.controlsPlace.replaceWith(this.#controls.element);
  }

  /** All settings by name; null before the program is known. */
  get values() {
    return this.settings && flatten(this.settings);
  }

  /** Whether the controls show something else than the presets. */
  get changed() {
    if (!this.schema || !this.#abilities || !this.settings) return false;
    const preset = (/** @type {string} */ name) => this.#host.getAttribute(name);
    const { settings } = readSettings(this.schema, this.#abilities, preset);
    return JSON.stringify(flatten(settings)) !== JSON.stringify(flatten(this.settings));
  }

  /**
   * Makes the controls of a program: those that the attribute `controls` names, `all`, or the usual ones.
   *
   * @param {ProgramSchema} schema
   * @param {Abilities} abilities
   */
  open(schema, abilities) {
    this.schema = schema;
    this.#abilities = abilities;
    const wanted = this.#host.getAttribute('controls')?.trim();
    const names = wanted?.split(/\s+/) ?? [];
    // Why there are no threads is said beside the scheduler.
    if (!abilities.isolated) names.push('scheduler');
    const shown = parametersOf(schema, abilities).filter(({ name, extra }) =>
      wanted ? wanted === 'all' || names.includes(name) : !extra,
    );
    /** @type {Parameters<typeof createControls>[2]} */
    const limits = {};
    if (!abilities.isolated) {
      limits.scheduler = {
        disabled: ['threads'],
        why: 'Threads need a cross-origin isolated page; this page is not isolated.',
      };
    }
    const controls = createControls(
      shown,
      (name, value) => {
        if (!this.settings) return;
        this.settings = settingsOf({ ...flatten(this.settings), [name]: value });
        // The hint at the number of workers depends on the scheduler.
        if (name === 'scheduler') this.#controls.set({ workers: this.settings.workers });
        this.#problems = '';
        this.notify('');
        this.showListing();
        this.#onChange();
      },
      limits,
      { workers: (workers) => (this.settings?.scheduler === 'sync' ? '' : crowdText(workers)) },
    );
    this.#replaceControls(controls);
    this.read(null);
    showParameters(this.#parts.listing);
  }

  /** There is no program. */
  close() {
    this.schema = null;
    this.settings = null;
    this.#replaceControls(createControls([], () => {}));
  }

  /**
   * Takes settings from attributes.
   *
   * @param {string[] | null} names which ones have changed; null for all, as after a reset
   * @returns {boolean} whether any of them is a setting, known or not
   */
  read(names) {
    const { schema } = this;
    const abilities = this.#abilities;
    if (!schema || !abilities) return false;
    const known = parametersOf(schema, abilities).map(({ name }) => name);
    if (names && !names.some(isSetting)) return false;
    const current = names && this.settings ? textsOf(flatten(this.settings)) : null;
    const { settings, problems } = readSettings(schema, abilities, (name) => {
      if (current && !names?.includes(name)) return current[name] ?? null;
      return this.#host.getAttribute(name);
    });
    this.settings = settings;
    this.#controls.set(flatten(settings));
    this.#problems = [
      ...attributeProblems(this.#host.getAttributeNames(), known, schema.name),
      ...controlProblems(this.#host.getAttribute('controls') ?? '', known),
      ...problems,
    ].join(' ');
    this.show();
    return true;
  }

  /** Shows listing and problems, after something else was in their place. */
  show() {
    this.notify(this.#problems);
    this.showListing();
  }

  /** @param {string} text empty: nothing */
  notify(text) {
    const { notice } = this.#parts;
    notice.textContent = text;
    notice.hidden = text === '';
  }

  showListing() {
    const program = this.#host.getAttribute('program') ?? '';
    const values = this.values ?? presetsOf(this.#host);
    showListing(this.#parts.listing, program, values, this.#host.getAttribute('lines'));
  }

  /**
   * @param {{ hidden: boolean, disabled: boolean }} state
   */
  setState({ hidden, disabled }) {
    const { element } = this.#controls;
    const focused = element.querySelector(':focus');
    // Firefox keeps the focus on a disabled control, which then swallows every key.
    if ((disabled || hidden) && focused instanceof HTMLElement) focused.blur();
    element.hidden = hidden;
    element.disabled = disabled;
  }

  /** @param {ReturnType<typeof createControls>} controls */
  #replaceControls(controls) {
    this.#controls.element.replaceWith(controls.element);
    this.#controls = controls;
  }
}

/**
 * What the attributes say, before it is known what the program takes.
 *
 * @param {Element} host
 */
function presetsOf({ attributes }) {
  const numbers = /^-?\d+$/;
  return Object.fromEntries(
    [...attributes].map(({ name, value }) => [name, numbers.test(value) ? Number(value) : value]),
  );
}

/**
 * Marks workers beyond the cores that there are for them.
 *
 * @param {number} workers
 */
function crowdText(workers) {
  const cores = coresReported();
  if (cores === null || workers <= cores) return '';
  return `${workers} workers share ${coresText(cores)}.`;
}
