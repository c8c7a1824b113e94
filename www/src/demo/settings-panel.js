/*
 * The settings of a demo's next run, and the parts that show them: the controls, the listing that follows
 * them, and a notice about presets that cannot be used. It does not run anything.
 */
import { workersOf } from '../engine/schedulers.js';
import { attributeProblems, controlProblems, isSetting } from './attributes.js';
import { coresText } from '../views/format.js';
import { coresReported } from './cores.js';
import { listingText, showParameters } from './listing-panel.js';
import { flatten, parametersOf, readSettings, settingsOf, textsOf } from './settings.js';

/** @import { ProgramSchema } from '../engine/protocol.js' */
/** @import { Parts } from './parts.js' */
/** @import { Abilities, Setting, Settings, SettingValue } from './settings.js' */

export class SettingsPanel {
  /** The program; null until the engine has started. @type {ProgramSchema | null} */
  schema = null;
  /** The settings that the controls show. @type {Settings | null} */
  settings = null;
  #parts;
  #host;
  #onChange;
  /** @type {Abilities | null} */
  #abilities = null;
  /** Messages about presets that cannot be used. */
  #problems = '';
  /** The parameters that have a control. @type {Setting[]} */
  #parameters = [];
  #hidden = false;
  #disabled = false;

  /**
   * @param {Parts} parts
   * @param {Element} host its attributes are the presets
   * @param {() => void} onChange a control was moved
   */
  constructor(parts, host, onChange) {
    this.#parts = parts;
    this.#host = host;
    this.#onChange = onChange;
  }

  /** All settings by name; null until the program is known. */
  get values() {
    return this.settings && flatten(this.settings);
  }

  /** Whether the settings differ from the presets. */
  get changed() {
    if (!this.schema || !this.#abilities || !this.settings) return false;
    const preset = (/** @type {string} */ name) => this.#host.getAttribute(name);
    const { settings } = readSettings(this.schema, this.#abilities, preset);
    return JSON.stringify(flatten(settings)) !== JSON.stringify(flatten(this.settings));
  }

  /**
   * Shows the controls of a program: those that the attribute `controls` names, all of them for `all`, or the usual ones.
   *
   * @param {ProgramSchema} schema
   * @param {Abilities} abilities
   */
  open(schema, abilities) {
    this.schema = schema;
    this.#abilities = abilities;
    const wanted = this.#host.getAttribute('controls')?.trim();
    const names = wanted?.split(/\s+/) ?? [];
    this.#parameters = parametersOf(schema, abilities).filter(({ name, extra, unavailable }) => {
      if (!wanted) return !extra;
      // A choice that this page cannot offer has a control that says why.
      const explains = Object.keys(unavailable ?? {}).length > 0;
      return wanted === 'all' || names.includes(name) || explains;
    });
    this.read(null);
    showParameters(this.#parts.root);
  }

  /** There is no program. */
  close() {
    this.schema = null;
    this.settings = null;
    this.#parameters = [];
    this.#showControls();
  }

  /**
   * Reads settings from attributes.
   *
   * @param {string[] | null} names the attributes that have changed; null for all, as after a reset
   * @returns {boolean} whether any of them is, or could be, a setting
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
    this.#showControls();
    this.#problems = [
      ...attributeProblems(this.#host.getAttributeNames(), known, schema.name),
      ...controlProblems(this.#host.getAttribute('controls') ?? '', known),
      ...problems,
    ].join(' ');
    this.show();
    return true;
  }

  /** Shows the listing and the messages again, after a recording. */
  show() {
    this.notify(this.#problems);
    this.showListing();
  }

  /** @param {string} text empty: nothing */
  notify(text) {
    this.#parts.show({ notice: text });
  }

  showListing() {
    const program = this.#host.getAttribute('program') ?? '';
    const values = this.values ?? presetsOf(this.#host);
    this.#parts.show({ listing: listingText(program, values, this.#host.getAttribute('lines')) });
  }

  /**
   * @param {{ hidden: boolean, disabled: boolean }} state
   */
  setState({ hidden, disabled }) {
    const focused = this.#parts.root.querySelector('.controls :focus');
    // Firefox leaves the focus on a disabled control, which then swallows every key.
    if ((disabled || hidden) && focused instanceof HTMLElement) focused.blur();
    this.#hidden = hidden;
    this.#disabled = disabled;
    this.#showControls();
  }

  /** @param {number} workers */
  #crowdHint(workers) {
    const { schedulers = [] } = this.#abilities ?? {};
    return crowdText(workersOf(schedulers, this.settings?.scheduler ?? '', workers));
  }

  #showControls() {
    this.#parts.show({
      controls: {
        program: this.schema?.name ?? '',
        parameters: this.#parameters,
        values: this.values ?? {},
        hints: { workers: (workers) => this.#crowdHint(workers) },
        hidden: this.#hidden,
        disabled: this.#disabled,
        onChange: (name, value) => this.#change(name, value),
      },
    });
  }

  /**
   * A control was moved.
   *
   * @param {string} name
   * @param {SettingValue} value
   */
  #change(name, value) {
    if (!this.settings || !this.#abilities) return;
    const values = { ...flatten(this.settings), [name]: value };
    this.settings = settingsOf(values, this.#abilities);
    this.#problems = '';
    this.#showControls();
    this.show();
    this.#onChange();
  }
}

/**
 * Settings from the attributes, before the program's parameters are known.
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
 * Says when there are more workers than cores.
 *
 * @param {number} workers
 */
function crowdText(workers) {
  const cores = coresReported();
  if (cores === null || workers <= cores) return '';
  return `${workers} workers share ${coresText(cores)}.`;
}
