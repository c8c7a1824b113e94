/*
 * The result of a run, below its buttons: the value, or the error message; the tasks that erred when
 * the run kept going; and an offer of what can be done, with a button. It runs nothing.
 */
import { h } from '../page/h.js';
import { ResultTable } from './result-table.js';
import { arrayText, scalarText, shapeText } from './value-text.js';

/** @import { Outcome, ResultSchema, TableValue, TargetValue, TaskError } from '../engine/protocol.js' */

/**
 * @typedef {{ name: string, text: string }} ValueText a part of a value; `name` is what the style sheet calls it
 *
 * @typedef {{ kind: 'hint' | 'progress' | 'error', text: string }
 *   | { kind: 'value', value: ValueText[], others: ValueText[][], more: number, errors: TaskError[],
 *     notes: string[] }
 *   | { kind: 'table', label: string, table: TableValue, notes: string[] }} ResultText
 *   `more` is the number of values that are not shown
 *
 * @typedef {{ text: string, label: string, act: () => void }} Offer
 */

/** Arrays with more items than this are shown by their ends. */
const LONG_ARRAY = 12;

/** The number of erred tasks that are named; the others are counted. */
const MOST_ERRORS = 8;

/** The number of values that are shown after the first; the others are counted. */
const MOST_OTHERS = 8;

/**
 * @param {{
 *   shown: { result: ResultText },
 *   show: (changes: { result?: ResultText, offer?: Offer | null }) => void,
 * }} parts
 */
export function createResult(parts) {
  return {
    /**
     * @param {'hint' | 'progress' | 'error'} kind
     * @param {string} text
     */
    say(kind, text) {
      parts.show({ result: { kind, text } });
    },

    /**
     * Shows the value in figures, unless it is a picture that is drawn elsewhere; and what erred.
     *
     * @param {Outcome} outcome
     * @param {ResultSchema} schema
     */
    show({ value, others = [], targets = [], more = 0, errors, notes = [] }, schema) {
      if (value?.kind === 'table') {
        parts.show({ result: { kind: 'table', label: schema.label, table: value, notes } });
        return;
      }
      // Targets without a value are left out: those that erred are listed with their messages.
      const named = targets.filter((target) => target.value !== null);
      const after = [
        ...others.map((other) => ({ label: schema.label, value: other })),
        ...named.map(({ key, value: of }) => ({ label: key, value: of })),
      ];
      const shown = after.slice(0, MOST_OTHERS);
      const result = {
        kind: /** @type {const} */ ('value'),
        value: valueTexts(value, schema),
        others: shown.map((other) => valueTexts(other.value, { ...schema, label: other.label })),
        more: more + after.length - shown.length,
        errors,
        notes,
      };
      parts.show({ result });
    },

    /**
     * Offers something to do about what is said. The next call takes its place.
     *
     * @param {string} text
     * @param {string} label of the button
     * @param {() => void} act
     */
    offer(text, label, act) {
      parts.show({ offer: { text, label, act } });
    },

    /** Removes the offer. */
    withdraw() {
      parts.show({ offer: null });
    },

    /** @returns {() => void} shows again what is shown now, without an offer */
    keep() {
      const { result } = parts.shown;
      return () => parts.show({ result });
    },
  };
}

/** @param {{ result: ResultText, offer: Offer | null }} props */
export function Result({ result, offer }) {
  return h('div', { class: 'outcome' }, [
    h('div', { class: 'offer', role: 'alert', hidden: offer === null }, [
      offer?.text && h('span', null, offer.text),
      offer && h('button', { type: 'button', onClick: offer.act }, offer.label),
    ]),
    // Too much to be read aloud at once: a table is no status message.
    h(
      result.kind === 'table' ? 'div' : 'output',
      { class: `result ${result.kind}` },
      contentOf(result),
    ),
  ]);
}

/** @param {ResultText} result */
function contentOf(result) {
  if (result.kind === 'value') return h(Value, result);
  if (result.kind !== 'table') return result.text;
  return [
    h(ResultTable, result),
    result.notes.map((note) => h('p', { key: note, class: 'note' }, note)),
  ];
}

/** @param {ValueText[]} texts */
function spans(texts) {
  return texts.map(({ name, text }) => h('span', { key: name, class: name }, text));
}

/** @param {Extract<ResultText, { kind: 'value' }>} props */
function Value({ value, others, more, errors, notes }) {
  const unnamed = errors.length - MOST_ERRORS;
  return [
    spans(value),
    others.map((texts, i) => h('span', { key: i, class: 'other' }, spans(texts))),
    more > 0 && h('span', { class: 'more' }, `… ${more} more`),
    errors.length > 0 && [
      h(
        'span',
        { class: 'erred' },
        `${errors.length} ${errors.length === 1 ? 'target' : 'targets'} erred`,
      ),
      h('ul', { class: 'errors' }, [
        errors.slice(0, MOST_ERRORS).map(({ key, message }) =>
          // Most messages begin with the key of the task they speak of.
          h('li', { key }, message.startsWith(key) ? message : `${key}: ${message}`),
        ),
        unnamed > 0 && h('li', null, `and ${unnamed} ${unnamed === 1 ? 'other' : 'others'}`),
      ]),
    ],
    notes.map((note) => h('span', { key: note, class: 'note' }, note)),
  ];
}

/**
 * @param {TargetValue | null} value
 * @param {ResultSchema} schema
 * @returns {ValueText[]}
 */
function valueTexts(value, { label, unit, picture }) {
  const labelled = (/** @type {string} */ text) => ({ name: 'label', text });
  if (value === null) {
    return [labelled(label), { name: 'none', text: 'No value: a required task failed.' }];
  }
  if (value.kind === 'scalar') {
    return [
      labelled(label),
      { name: 'number', text: scalarText(value.value) + (unit ? ` ${unit}` : '') },
    ];
  }
  if (value.kind === 'tuple') {
    return [
      labelled(`${label}: tuple of ${value.values.length}`),
      { name: 'array', text: tupleText(value.values) },
    ];
  }
  const { shape, dtype } = value;
  const what = `${label}: shape ${shapeText(shape)}, ${dtype}${unit ? `, ${unit}` : ''}`;
  if (picture) return [labelled(what)];
  return [labelled(what), { name: 'array', text: arrayText(value, LONG_ARRAY) }];
}

/**
 * @param {(TargetValue | null)[]} values
 * @returns {string}
 */
function tupleText(values) {
  const texts = values.map((value) => {
    if (value === null) return 'None';
    if (value.kind === 'scalar') return scalarText(value.value);
    if (value.kind === 'tuple') return tupleText(value.values);
    return arrayText(value, LONG_ARRAY);
  });
  return `(${texts.join(',\n').replaceAll('\n', '\n ')}${texts.length === 1 ? ',' : ''})`;
}
