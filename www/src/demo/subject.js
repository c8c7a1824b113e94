/*
 * What a demo runs, by its attributes: a program of the engine, the arrays of an expression, or a task graph. All
 * have the form in which the engine describes its programs, so that the rest of the demo treats them alike.
 * Expressions and graphs have no parameters of their own.
 */
import { EngineError } from '../engine/client.js';

/** @import { Engine } from '../engine/client.js' */
/** @import { Outcome, Params, ProgramSchema, Work } from '../engine/protocol.js' */

/**
 * `id` tells it from all others. `work` is what the engine is asked to do; `outcomeOf` gives the outcome with
 * the value that is shown; `refused` says in which attribute the engine found a mistake.
 *
 * @typedef {ProgramSchema & {
 *   id: string,
 *   work: (params: Params) => Work,
 *   outcomeOf: (outcome: Outcome) => Outcome,
 *   refused: (error: unknown) => unknown,
 * }} Subject
 */

/** The attributes of which a demo has one. */
export const SUBJECTS = ['program', 'expression', 'graph'];

/**
 * @param {Pick<Engine, 'programs'>} engine
 * @param {Pick<Element, 'getAttribute'>} host
 * @returns {Subject}
 * @throws {Error} that names the attribute and says what to write
 */
export function subjectOf(engine, host) {
  const given = SUBJECTS.filter((name) => host.getAttribute(name) !== null);
  if (given.length > 1) {
    throw new Error(`${given.join(', ')}: a demo runs one of these; remove the other attributes.`);
  }
  const [kind = 'program'] = given;
  const text = host.getAttribute(kind) ?? '';
  if (kind === 'program') return programNamed(engine, text);
  return kind === 'graph' ? graphOf(text) : expressionOf(text);
}

/**
 * @param {Pick<Engine, 'programs'>} engine
 * @param {string} name
 * @returns {Subject}
 */
function programNamed({ programs }, name) {
  const schema = programs.find((program) => program.name === name);
  if (!schema) {
    const names = programs.map((program) => program.name).join(', ');
    throw new Error(`program: “${name}” is not known; choose one of ${names}`);
  }
  return {
    ...schema,
    id: name,
    work: (params) => ({ kind: 'program', program: name, params }),
    outcomeOf: (outcome) => outcome,
    // The engine names the parameter.
    refused: (error) => error,
  };
}

/** @param {string} text @returns {Subject} */
function expressionOf(text) {
  return {
    name: 'expression',
    title: 'Expression',
    summary: 'The arrays of an expression.',
    parameters: [],
    result: { label: 'value', unit: '' },
    runs: 'graph',
    id: `expression ${text}`,
    work: () => ({ kind: 'expression', expression: text, optimize: true }),
    outcomeOf: ({ values = [], ...outcome }) => {
      const [value = null, ...others] = values;
      return { ...outcome, value, ...(others.length > 0 && { others }) };
    },
    refused: (error) => inAttribute('expression', error),
  };
}

/** @param {string} text @returns {Subject} */
function graphOf(text) {
  return {
    name: 'graph',
    title: 'Graph',
    summary: 'A task graph.',
    parameters: [],
    result: { label: 'tasks', unit: '' },
    runs: 'graph',
    id: `graph ${text}`,
    work: () => ({ kind: 'graph', graph: text }),
    // The values of its targets are shown after it.
    outcomeOf: (outcome) => ({ ...outcome, value: { kind: 'scalar', value: outcome.tasks } }),
    refused: (error) => inAttribute('graph', error),
  };
}

/**
 * @param {string} name of the attribute
 * @param {unknown} error
 */
function inAttribute(name, error) {
  // What is wrong with the engine is not wrong with the attribute.
  if (!(error instanceof Error) || error instanceof EngineError) return error;
  return new Error(`${name}: ${error.message}`, { cause: error });
}
