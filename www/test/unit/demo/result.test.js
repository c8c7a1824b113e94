import { describe, expect, test } from 'vitest';
import { createResult } from '../../../src/demo/result.js';
import { outcomeOf } from '../model/recordings.js';

/** @import { Outcome, TargetValue } from '../../../src/engine/protocol.js' */

/** @type {(value: number) => TargetValue & { kind: 'scalar' }} */
const scalar = (value) => ({ kind: 'scalar', value });

/**
 * What is shown after the first value, and the number of values that are not.
 *
 * @param {Partial<Outcome>} outcome
 */
function shownOf(outcome) {
  /** @type {any} */
  let shown = null;
  const parts = {
    shown: /** @type {any} */ ({}),
    show: (/** @type {any} */ given) => (shown = given),
  };
  createResult(parts).show({ ...outcomeOf(), ...outcome }, { label: 'value', unit: '' });
  const { others, more } = shown.result;
  const text = (/** @type {{ text: string }[]} */ texts) =>
    texts.map((part) => part.text).join(' ');
  return { others: others.map(text), more };
}

describe('a result shows', () => {
  test('the values of the targets of a graph, with their keys', () => {
    const targets = [
      { key: 'sum-0', value: scalar(3) },
      { key: 'wait-0', value: null },
      { key: 'qr-0', value: { kind: /** @type {const} */ ('tuple'), values: [scalar(1), null] } },
    ];
    expect(shownOf({ targets })).toEqual({
      others: ['sum-0 3', 'qr-0: tuple of 2 (1,\n None)'],
      more: 0,
    });
  });

  test('at most eight, and counts those that it does not show and those that it does not have', () => {
    const targets = Array.from({ length: 10 }, (_, i) => ({ key: `sum-${i}`, value: scalar(i) }));
    const { others, more } = shownOf({ targets, more: 5 });
    expect(others).toHaveLength(8);
    expect(more).toBe(7);
  });
});
