/*
 * The controls of a demo, made from parameters: a slider and a text field for a whole number, buttons or a menu for a
 * choice, a checkbox for a switch, a text field for a size of memory. Controls that are rarely needed are folded away
 * under "More". What the values mean, and what follows from a change, is up to the demo.
 */
import { h } from '../page/h.js';
import { ClusterField, NEEDS_CLUSTER } from './cluster-field.js';
import { placeOf, stopsOf } from './slider-scale.js';
import { TextField } from './text-field.js';

/** @import { ChoiceParameter, IntegerParameter } from '../engine/protocol.js' */
/** @import { BytesParameter, Setting, SettingMarks, SettingValue, SettingValues, SwitchParameter } from './settings.js' */

/**
 * @typedef {Object} ControlsProps
 * @property {string} program
 * @property {Setting[]} parameters
 * @property {SettingValues} values
 * @property {(name: string, value: SettingValue) => void} onChange
 * @property {Record<string, (value: number) => string>} hints what to say about a number; empty for nothing
 * @property {boolean} hidden
 * @property {boolean} disabled
 */

/**
 * @typedef {Object} ChoiceProps
 * @property {ChoiceParameter & SettingMarks} parameter
 * @property {string} value
 * @property {(value: string) => void} onChange
 */

/** A choice with more options than this is a menu. */
const MOST_BUTTONS = 4;

/** A whole number with this many values or more has no slider: the stops would be too far apart. */
const TOO_WIDE = 2 ** 32;

/** @param {ControlsProps} props */
export function Controls({ parameters, values, onChange, hints, hidden, disabled }) {
  const control = (/** @type {Setting} */ parameter) => {
    const { name } = parameter;
    const value = values[name] ?? parameter.default;
    const change = (/** @type {SettingValue} */ next) => onChange(name, next);
    if (parameter.kind === 'integer') {
      return h(NumberControl, {
        key: name,
        parameter,
        value: Number(value),
        onChange: change,
        hint: hints[name]?.(Number(value)),
      });
    }
    if (parameter.kind === 'switch') {
      return h(Switch, { key: name, parameter, value: value === true, onChange: change });
    }
    if (parameter.kind === 'bytes') {
      return h(Bytes, { key: name, parameter, value, onChange: change });
    }
    const props = { key: name, parameter, value: String(value), onChange: change };
    const isMenu = parameter.choices.length > MOST_BUTTONS && !parameter.inSight;
    return h(isMenu ? Menu : Buttons, props);
  };
  const folded = parameters.filter(({ extra }) => extra === 'folded').map(control);
  return h('fieldset', { class: 'controls', hidden, disabled }, [
    h('legend', null, 'Parameters'),
    parameters.filter(({ extra }) => extra !== 'folded').map(control),
    values.scheduler === NEEDS_CLUSTER &&
      h(ClusterField, { onChange: () => onChange('scheduler', NEEDS_CLUSTER) }),
    folded.length > 0 && h('details', { class: 'more' }, [h('summary', null, 'More'), folded]),
  ]);
}

/**
 * @param {{
 *   parameter: IntegerParameter,
 *   value: number,
 *   onChange: (value: number) => void,
 *   hint: string | undefined,
 * }} props without a hint there is no room for one
 */
function NumberControl({ parameter, value, onChange, hint }) {
  const id = idOf(parameter);
  const hintId = hint === undefined ? '' : `${id}-hint`;
  const hasSlider = parameter.max - parameter.min < TOO_WIDE;
  return h('div', boxOf('number', parameter), [
    labelOf(parameter),
    hasSlider ? h(Slider, { parameter, value, onChange }) : h('div', { class: 'no-slider' }),
    h(TextField, {
      parameter,
      value,
      onChange: (next) => onChange(Number(next)),
      id,
      describedBy: `${helpIdOf(parameter)} ${hintId}`.trim(),
    }),
    hintId && h('div', { class: 'hint', id: hintId }, hint),
    helpOf(parameter),
  ]);
}

/** @param {{ parameter: IntegerParameter, value: number, onChange: (value: number) => void }} props */
function Slider({ parameter, value, onChange }) {
  const stops = stopsOf(parameter);
  const last = stops.length - 1;
  const place = placeOf(stops, value);
  return h('input', {
    type: 'range',
    min: '0',
    max: String(last),
    step: '1',
    'aria-label': `${parameter.label}, slider`,
    'aria-describedby': helpIdOf(parameter),
    'aria-valuetext': String(value),
    style: { '--share': last > 0 ? place / last : 0 },
    value: String(place),
    onInput({ currentTarget }) {
      const next = stops[Number(currentTarget.value)];
      if (next !== value) onChange(next);
    },
  });
}

/** @param {ChoiceProps} props */
function Buttons({ parameter, value, onChange }) {
  const unavailable = parameter.unavailable ?? {};
  const id = idOf(parameter);
  const option = (/** @type {string} */ choice) => {
    const disabled = Object.hasOwn(unavailable, choice);
    return h('label', { key: choice, class: disabled ? 'unavailable' : '' }, [
      h('input', {
        type: 'radio',
        name: id,
        value: choice,
        checked: choice === value,
        disabled,
        onChange: () => onChange(choice),
      }),
      h('span', null, choice),
    ]);
  };
  const group = {
    ...boxOf('choice', parameter),
    'aria-labelledby': `${id}-label`,
    'aria-describedby': helpIdOf(parameter),
  };
  return h('div', { ...group, role: 'radiogroup' }, [
    h('span', { class: 'label', id: `${id}-label` }, parameter.label),
    h('div', { class: 'options' }, parameter.choices.map(option)),
    reasonsOf(parameter),
    helpOf(parameter),
  ]);
}

/** @param {ChoiceProps} props */
function Menu({ parameter, value, onChange }) {
  const id = idOf(parameter);
  const unavailable = parameter.unavailable ?? {};
  const options = parameter.choices.map((choice) =>
    h('option', { value: choice, disabled: Object.hasOwn(unavailable, choice) }, choice),
  );
  return h('div', boxOf('menu', parameter), [
    labelOf(parameter),
    h(
      'select',
      {
        id,
        value,
        'aria-describedby': helpIdOf(parameter),
        onChange: ({ currentTarget }) => onChange(currentTarget.value),
      },
      options,
    ),
    reasonsOf(parameter),
    helpOf(parameter),
  ]);
}

/** @param {{ parameter: SwitchParameter, value: boolean, onChange: (value: boolean) => void }} props */
function Switch({ parameter, value, onChange }) {
  return h('div', boxOf('switch', parameter), [
    labelOf(parameter),
    h('input', {
      type: 'checkbox',
      id: idOf(parameter),
      checked: value,
      'aria-describedby': helpIdOf(parameter),
      onChange: ({ currentTarget }) => onChange(currentTarget.checked),
    }),
    helpOf(parameter),
  ]);
}

/** @param {{ parameter: BytesParameter, value: SettingValue, onChange: (value: SettingValue) => void }} props */
function Bytes({ parameter, value, onChange }) {
  return h('div', boxOf('bytes', parameter), [
    labelOf(parameter),
    h(TextField, {
      parameter,
      value,
      onChange,
      id: idOf(parameter),
      describedBy: helpIdOf(parameter),
    }),
    helpOf(parameter),
  ]);
}

/** Says why some choices are unavailable. @param {SettingMarks} parameter */
function reasonsOf({ unavailable = {} }) {
  return [...new Set(Object.values(unavailable))].map((why) => h('div', { class: 'why' }, why));
}

/**
 * The attributes of the element around a control.
 *
 * @param {string} kind
 * @param {Setting} parameter
 */
function boxOf(kind, { name, help }) {
  return { class: `control ${kind}`, 'data-name': name, title: help };
}

/** The help as a description of the control, for screen readers. @param {Setting} parameter */
function helpOf(parameter) {
  return h('span', { id: helpIdOf(parameter), hidden: true }, parameter.help);
}

/** @param {Setting} parameter */
function helpIdOf(parameter) {
  return `${idOf(parameter)}-help`;
}

/** @param {Setting} parameter */
function labelOf(parameter) {
  return h('label', { for: idOf(parameter) }, parameter.label);
}

/** An id needs to be unique in its demo only: each demo has a shadow root. @param {Setting} parameter */
function idOf({ name }) {
  return `control-${name}`;
}
