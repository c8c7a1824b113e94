/*
 * The result of a run, below its buttons: the value, or the error message; the tasks that erred when
 * the run kept going; and an offer of what can be done, with a button. It runs nothing.
 */
import { arrayText, scalarText, shapeText } from './value-text.js';

/** @import { Outcome, ResultSchema, TaskError } from '../engine/protocol.js' */

/** Arrays with more items than this are shown by their ends. */
const LONG_ARRAY = 12;

/** Erred tasks that are named; the others are counted. */
const MOST_ERRORS = 8;

export function createResult() {
  const element = document.createElement('div');
  element.className = 'outcome';
  const output = document.createElement('output');
  output.className = 'result';
  const offered = document.createElement('div');
  offered.className = 'offer';
  offered.setAttribute('role', 'alert');
  offered.hidden = true;
  element.append(offered, output);

  return {
    element,

    /**
     * @param {'hint' | 'progress' | 'error'} kind
     * @param {string} text
     */
    say(kind, text) {
      output.className = `result ${kind}`;
      output.textContent = text;
    },

    /**
     * The value in figures, unless it is a picture that is drawn elsewhere; and what erred.
     *
     * @param {Outcome} outcome
     * @param {ResultSchema} schema
     */
    show({ value, errors }, schema) {
      output.className = 'result value';
      output.replaceChildren(...valueParts(value, schema), ...errorParts(errors));
    },

    /**
     * Offers something to do about what is said. The next call takes its place.
     *
     * @param {string} text
     * @param {string} label of the button
     * @param {() => void} act
     */
    offer(text, label, act) {
      const words = document.createElement('span');
      words.textContent = text;
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = label;
      button.addEventListener('click', act);
      offered.replaceChildren(...(text ? [words] : []), button);
      offered.hidden = false;
    },

    /** Removes the offer. */
    withdraw() {
      offered.replaceChildren();
      offered.hidden = true;
    },

    /** @returns {() => void} shows again what is shown now, without an offer */
    keep() {
      const { className } = output;
      const nodes = [...output.childNodes];
      return () => {
        output.className = className;
        output.replaceChildren(...nodes);
      };
    },
  };
}

/**
 * @param {Outcome['value']} value
 * @param {ResultSchema} schema
 */
function valueParts(value, { label, unit, picture }) {
  if (value === null) {
    return [span('label', label), span('none', 'No value: a required task failed.')];
  }
  if (typeof value !== 'object') {
    return [span('label', label), span('number', scalarText(value) + (unit ? ` ${unit}` : ''))];
  }
  const { shape, dtype } = value;
  const what = `${label}: shape ${shapeText(shape)}, ${dtype}${unit ? `, ${unit}` : ''}`;
  return [span('label', what), ...(picture ? [] : [span('array', arrayText(value, LONG_ARRAY))])];
}

/** @param {TaskError[]} errors */
function errorParts(errors) {
  if (errors.length === 0) return [];
  const list = document.createElement('ul');
  list.className = 'errors';
  for (const { key, message } of errors.slice(0, MOST_ERRORS)) {
    const item = document.createElement('li');
    // Most messages begin with the key of the task they speak of.
    item.textContent = message.startsWith(key) ? message : `${key}: ${message}`;
    list.append(item);
  }
  const others = errors.length - MOST_ERRORS;
  if (others > 0) {
    const item = document.createElement('li');
    item.textContent = `and ${others} ${others === 1 ? 'other' : 'others'}`;
    list.append(item);
  }
  const count = `${errors.length} ${errors.length === 1 ? 'target' : 'targets'} erred`;
  return [span('erred', count), list];
}

/**
 * @param {string} className
 * @param {string} text
 */
function span(className, text) {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}
