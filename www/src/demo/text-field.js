/*
 * A text field for a setting. What the user types belongs to the field until it is committed (Enter, or leaving the
 * field), so a new rendering of the controls does not touch it. A text that is not allowed is reported when it is
 * committed; leaving the field then shows the value again.
 */
import { Component } from 'preact';
import { h } from '../page/h.js';
import { allowed, textOf, valueOf } from './settings.js';

/** @import { BytesParameter, SettingValue } from './settings.js' */
/** @import { IntegerParameter } from '../engine/protocol.js' */

/**
 * @typedef {Object} TextFieldProps
 * @property {IntegerParameter | BytesParameter} parameter
 * @property {SettingValue} value
 * @property {(value: SettingValue) => void} onChange
 * @property {string} id
 * @property {string} describedBy ids of its descriptions
 */

/** @extends {Component<TextFieldProps, { typed: string | null }>} */
export class TextField extends Component {
  /** `typed` is null when nothing has been typed since the last commit. @override */
  state = { typed: /** @type {string | null} */ (null) };

  /**
   * @override
   * @param {TextFieldProps} props
   * @param {{ typed: string | null }} state
   */
  render({ parameter, value, id, describedBy }, { typed }) {
    return h('input', {
      id,
      type: 'text',
      inputMode: parameter.kind === 'integer' ? 'numeric' : undefined,
      placeholder: parameter.kind === 'bytes' ? parameter.otherwise : undefined,
      'aria-describedby': describedBy,
      autocomplete: 'off',
      value: typed ?? textOf(parameter, value),
      onInput: ({ currentTarget }) => this.setState({ typed: currentTarget.value }),
      onChange: ({ currentTarget }) => this.#commit(currentTarget),
      onBlur: ({ currentTarget }) => this.#clear(currentTarget),
    });
  }

  /** @param {HTMLInputElement} field */
  #commit(field) {
    const { parameter, value, onChange } = this.props;
    const next = valueOf(parameter, field.value);
    if (next === undefined) {
      field.setCustomValidity(`${parameter.label}: ${allowed(parameter)}`);
      field.reportValidity();
      return;
    }
    this.#clear(field);
    if (next !== value) onChange(next);
  }

  /** @param {HTMLInputElement} field */
  #clear(field) {
    field.setCustomValidity('');
    this.setState({ typed: null });
  }
}
