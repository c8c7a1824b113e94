import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../src/engine/client.js';
import { subjectOf } from '../../../src/demo/subject.js';
import { outcomeOf } from '../model/recordings.js';
import { programs } from '../schemas.js';

/** @param {Record<string, string>} attributes */
function subject(attributes) {
  return subjectOf({ programs }, { getAttribute: (name) => attributes[name] ?? null });
}

const array = (/** @type {number[]} */ ...data) => ({
  kind: /** @type {const} */ ('array'),
  data: Float64Array.from(data),
  shape: [data.length],
  dtype: /** @type {const} */ ('float64'),
});

describe('a demo runs', () => {
  test('a program with its parameters', () => {
    const { name, parameters, work } = subject({ program: 'array-mean' });
    expect([name, parameters]).toEqual(['array-mean', programs[0].parameters]);
    expect(work({ n: 7 })).toEqual({ kind: 'program', program: 'array-mean', params: { n: 7 } });
  });

  test('an expression, and shows the value of its first array', () => {
    const text = '{ "dagdeck": 1, "arrays": [{ "op": "ones", "shape": [2] }], "targets": [0] }';
    const { parameters, work, outcomeOf: shown } = subject({ expression: text });
    expect(parameters).toEqual([]);
    expect(work({})).toEqual({ kind: 'expression', expression: text, optimize: true });
    const value = array(1, 1);
    expect(shown({ ...outcomeOf(), value: null, values: [value] }).value).toEqual(value);
  });

  test('an expression of several arrays, and shows all their values', () => {
    const values = [array(1), null, { kind: /** @type {const} */ ('scalar'), value: 2 }];
    const shown = subject({ expression: '{}' }).outcomeOf({ ...outcomeOf(), value: null, values });
    expect([shown.value, ...(shown.others ?? [])]).toEqual(values);
    expect(shown).not.toHaveProperty('values');
  });

  test('a graph, and shows how many tasks have run', () => {
    const text = '{ "dagdeck": 1, "tasks": { "a-0": { "op": "no-op" } }, "targets": ["a-0"] }';
    const { work, outcomeOf: shown } = subject({ graph: text });
    expect(work({})).toEqual({ kind: 'graph', graph: text });
    expect(shown({ ...outcomeOf(), tasks: 1 }).value).toEqual({ kind: 'scalar', value: 1 });
  });

  test('two different expressions under two names', () => {
    expect(subject({ expression: '{}' }).id).not.toBe(subject({ expression: '[]' }).id);
  });
});

describe('a message names the attribute and what to write', () => {
  test.each([
    [{}, 'program: “” is not known; choose one of array-mean, no-op'],
    [{ program: 'men' }, 'program: “men” is not known; choose one of array-mean, no-op'],
    [
      { program: 'no-op', expression: '{}' },
      'program, expression: a demo runs one of these; remove the other attributes.',
    ],
  ])('%o', (attributes, message) => {
    expect(() => subject(attributes)).toThrow(message);
  });

  test.each([
    ['expression', 'arrays[2].op: unknown operation'],
    ['graph', "sum-0: unknown operation 'foo'"],
  ])('when the engine refuses the %s', (name, message) => {
    const error = subject({ [name]: '{}' }).refused(new Error(message));
    expect(/** @type {Error} */ (error).message).toBe(`${name}: ${message}`);
  });

  test('but no attribute when the engine has died', () => {
    const died = new EngineError('The engine stopped.');
    expect(subject({ expression: '{}' }).refused(died)).toBe(died);
  });
});
