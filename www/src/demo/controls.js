/*
 * The controls of a demo, made from parameters: a slider with its number (which can be typed over)
 * for a whole number, buttons or a menu to choose from for a choice, a box to tick for a switch, a
 * text for a size of memory. What is rarely wanted is folded away under "More". It holds the values that are shown; what
 * they mean, and what follows from a change, is the demo's.
 */
import { bytesText } from './bytes.js';
import { allowed, valueOf } from './settings.js';
import { placeOf, stopsOf } from './slider-scale.js';

/** @import { ChoiceParameter, IntegerParameter } from '../engine/protocol.js' */
/** @import { BytesParameter, Setting, SettingValue, SettingValues, SwitchParameter } from './settings.js' */

/**
 * @typedef {Object} Control
 * @property {HTMLElement} element
 * @property {(value: SettingValue) => void} set shows a value; does not call back
 */

/** More choices than this are a menu. */
const MOST_BUTTONS = 4;

/** From how many values on a whole number gets no slider: its stops would be too far apart. */
const TOO_WIDE = 2 ** 32;

let nextId = 0;

/**
 * @param {Setting[]} parameters
 * @param {(name: string, value: SettingValue) => void} onChange
 * @param {Record<string, { disabled: string[], why: string }>} [limits] choices that cannot be made here
 * @param {Record<string, (value: number) => string>} [hints] what to say about a number; empty for nothing
 * @returns {{ element: HTMLFieldSetElement, set: (values: SettingValues) => void }}
 */
export function createControls(parameters, onChange, limits = {}, hints = {}) {
  const element = document.createElement('fieldset');
  element.className = 'controls';
  const legend = document.createElement('legend');
  legend.textContent = 'Parameters';
  element.append(legend);
  /** @type {Map<string, Control>} */
  const controls = new Map();
  const more = createMore();
  for (const parameter of parameters) {
    const { name } = parameter;
    const change = (/** @type {SettingValue} */ value) => onChange(name, value);
    const control = createControl(parameter, change, limits[name], hints[name]);
    control.element.dataset.name = name;
    control.element.title = parameter.help;
    controls.set(name, control);
    (parameter.extra === 'folded' ? more : element).append(control.element);
  }
  if (more.childElementCount > 1) element.append(more);
  return {
    element,
    set(values) {
      for (const [name, value] of Object.entries(values)) controls.get(name)?.set(value);
    },
  };
}

/** Where controls are folded away. */
function createMore() {
  const more = document.createElement('details');
  more.className = 'more';
  const summary = document.createElement('summary');
  summary.textContent = 'More';
  more.append(summary);
  return more;
}

/**
 * @param {Setting} parameter
 * @param {(value: SettingValue) => void} onChange
 * @param {{ disabled: string[], why: string }} [limit]
 * @param {(value: number) => string} [hintOf]
 * @returns {Control}
 */
function createControl(parameter, onChange, limit, hintOf) {
  if (parameter.kind === 'integer') return createNumber(parameter, onChange, hintOf);
  if (parameter.kind === 'switch') return createSwitch(parameter, onChange);
  if (parameter.kind === 'bytes') return createBytes(parameter, onChange);
  const menu = parameter.choices.length > MOST_BUTTONS;
  return menu ? createMenu(parameter, onChange) : createChoice(parameter, onChange, limit);
}

/**
 * @param {IntegerParameter} parameter
 * @param {(value: number) => void} onChange
 * @param {(value: number) => string} [hintOf]
 * @returns {Control}
 */
function createNumber(parameter, onChange, hintOf) {
  const id = `control-${nextId++}`;
  const element = div('control number');
  const label = document.createElement('label');
  label.htmlFor = id;
  label.textContent = parameter.label;

  const number = document.createElement('input');
  number.type = 'text';
  number.inputMode = 'numeric';
  number.autocomplete = 'off';
  number.id = id;
  let value = parameter.default;

  const slider = document.createElement('input');
  const hasSlider = parameter.max - parameter.min < TOO_WIDE;
  const stops = hasSlider ? stopsOf(parameter) : [];
  slider.type = 'range';
  slider.min = '0';
  slider.max = String(stops.length - 1);
  slider.step = '1';
  slider.setAttribute('aria-label', `${parameter.label}, slider`);

  const hint = div('hint');
  hint.id = `${id}-hint`;

  const show = (/** @type {number} */ next) => {
    value = next;
    number.value = String(next);
    number.setCustomValidity('');
    hint.textContent = hintOf?.(next) ?? '';
    if (!hasSlider) return;
    slider.value = String(placeOf(stops, next));
    slider.setAttribute('aria-valuetext', String(next));
    const share = stops.length > 1 ? Number(slider.value) / (stops.length - 1) : 0;
    slider.style.setProperty('--share', String(share));
  };

  slider.addEventListener('input', () => {
    const next = stops[Number(slider.value)];
    if (next === value) return;
    show(next);
    onChange(next);
  });
  number.addEventListener('change', () => {
    const next = valueOf(parameter, number.value);
    if (typeof next !== 'number') {
      number.setCustomValidity(`${parameter.label}: ${allowed(parameter)}`);
      number.reportValidity();
      return;
    }
    if (next === value) {
      show(next);
      return;
    }
    show(next);
    onChange(next);
  });
  number.addEventListener('blur', () => {
    if (!number.validity.valid) show(value);
  });

  element.append(label, hasSlider ? slider : div('no-slider'), number);
  if (hintOf) {
    number.setAttribute('aria-describedby', hint.id);
    element.append(hint);
  }
  show(value);
  return { element, set: (next) => show(Number(next)) };
}

/**
 * @param {ChoiceParameter} parameter
 * @param {(value: string) => void} onChange
 * @param {{ disabled: string[], why: string }} [limit]
 * @returns {Control}
 */
function createChoice(parameter, onChange, limit) {
  const group = `control-${nextId++}`;
  const element = div('control choice');
  element.setAttribute('role', 'radiogroup');
  element.setAttribute('aria-labelledby', `${group}-label`);
  const label = document.createElement('span');
  label.className = 'label';
  label.id = `${group}-label`;
  label.textContent = parameter.label;

  const options = div('options');
  /** @type {HTMLInputElement[]} */
  const radios = parameter.choices.map((choice) => {
    const option = document.createElement('label');
    const radio = document.createElement('input');
    radio.type = 'radio';
    radio.name = group;
    radio.value = choice;
    radio.disabled = limit?.disabled.includes(choice) ?? false;
    option.classList.toggle('unavailable', radio.disabled);
    radio.addEventListener('change', () => onChange(choice));
    const text = document.createElement('span');
    text.textContent = choice;
    option.append(radio, text);
    options.append(option);
    return radio;
  });

  element.append(label, options);
  if (limit && limit.disabled.length > 0) {
    const why = div('why');
    why.textContent = limit.why;
    element.append(why);
  }
  const set = (/** @type {SettingValue} */ value) => {
    for (const radio of radios) radio.checked = radio.value === value;
  };
  set(parameter.default);
  return { element, set };
}

/**
 * @param {ChoiceParameter} parameter
 * @param {(value: string) => void} onChange
 * @returns {Control}
 */
function createMenu(parameter, onChange) {
  const element = div('control menu');
  const menu = document.createElement('select');
  menu.append(...parameter.choices.map((choice) => new Option(choice, choice)));
  menu.value = parameter.default;
  menu.addEventListener('change', () => onChange(menu.value));
  element.append(labelOf(parameter.label, menu), menu);
  return { element, set: (value) => void (menu.value = String(value)) };
}

/**
 * @param {SwitchParameter} parameter
 * @param {(value: boolean) => void} onChange
 * @returns {Control}
 */
function createSwitch(parameter, onChange) {
  const element = div('control switch');
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.checked = parameter.default;
  box.addEventListener('change', () => onChange(box.checked));
  element.append(labelOf(parameter.label, box), box);
  return { element, set: (value) => void (box.checked = value === true) };
}

/**
 * @param {BytesParameter} parameter
 * @param {(value: number | null) => void} onChange
 * @returns {Control}
 */
function createBytes(parameter, onChange) {
  const element = div('control bytes');
  const size = document.createElement('input');
  size.type = 'text';
  size.autocomplete = 'off';
  size.placeholder = parameter.otherwise;
  /** @type {number | null} */
  let value = null;
  const show = (/** @type {number | null} */ next) => {
    value = next;
    size.value = next === null ? '' : bytesText(next);
    size.setCustomValidity('');
  };
  size.addEventListener('change', () => {
    const next = valueOf(parameter, size.value);
    if (next !== null && typeof next !== 'number') {
      size.setCustomValidity(`${parameter.label}: ${allowed(parameter)}`);
      size.reportValidity();
      return;
    }
    const changed = next !== value;
    show(next);
    if (changed) onChange(next);
  });
  size.addEventListener('blur', () => {
    if (!size.validity.valid) show(value);
  });
  element.append(labelOf(parameter.label, size), size);
  return { element, set: (next) => show(typeof next === 'number' ? next : null) };
}

/**
 * @param {string} text
 * @param {HTMLElement} control gets an id, to be labelled by
 */
function labelOf(text, control) {
  control.id = `control-${nextId++}`;
  const label = document.createElement('label');
  label.htmlFor = control.id;
  label.textContent = text;
  return label;
}

/** @param {string} className */
function div(className) {
  const element = document.createElement('div');
  element.className = className;
  return element;
}
