/*
 * The controls of a demo, made from parameters: a slider with its number (which can be typed over)
 * for a whole number, buttons to choose from for a choice. It holds the values that are shown; what
 * they mean, and what follows from a change, is the demo's.
 */
import { allowed, valueOf } from './settings.js';
import { placeOf, stopsOf } from './slider-scale.js';

/** @import { ChoiceParameter, IntegerParameter, Parameter, Params } from '../engine/protocol.js' */

/**
 * @typedef {Object} Control
 * @property {HTMLElement} element
 * @property {(value: number | string) => void} set shows a value; does not call back
 */

/** From how many values on a whole number gets no slider: its stops would be too far apart. */
const TOO_WIDE = 2 ** 32;

let nextId = 0;

/**
 * @param {Parameter[]} parameters
 * @param {(name: string, value: number | string) => void} onChange
 * @param {Record<string, { disabled: string[], why: string }>} [limits] choices that cannot be made here
 * @returns {{ element: HTMLFieldSetElement, set: (values: Params) => void }}
 */
export function createControls(parameters, onChange, limits = {}) {
  const element = document.createElement('fieldset');
  element.className = 'controls';
  const legend = document.createElement('legend');
  legend.textContent = 'Parameters';
  element.append(legend);
  /** @type {Map<string, Control>} */
  const controls = new Map();
  for (const parameter of parameters) {
    const change = (/** @type {number | string} */ value) => onChange(parameter.name, value);
    const control =
      parameter.kind === 'choice'
        ? createChoice(parameter, change, limits[parameter.name])
        : createNumber(parameter, change);
    control.element.dataset.name = parameter.name;
    control.element.title = parameter.help;
    controls.set(parameter.name, control);
    element.append(control.element);
  }
  return {
    element,
    set(values) {
      for (const [name, value] of Object.entries(values)) controls.get(name)?.set(value);
    },
  };
}

/**
 * @param {IntegerParameter} parameter
 * @param {(value: number) => void} onChange
 * @returns {Control}
 */
function createNumber(parameter, onChange) {
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

  const show = (/** @type {number} */ next) => {
    value = next;
    number.value = String(next);
    number.setCustomValidity('');
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
  const set = (/** @type {number | string} */ value) => {
    for (const radio of radios) radio.checked = radio.value === value;
  };
  set(parameter.default);
  return { element, set };
}

/** @param {string} className */
function div(className) {
  const element = document.createElement('div');
  element.className = className;
  return element;
}
